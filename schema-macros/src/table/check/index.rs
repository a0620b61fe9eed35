//! Keys and indexes: what PostgreSQL can build.

use super::at;
use crate::errors::Errors;
use crate::table::constraint::{Element, IndexOptions};
use crate::table::input::{Index, IndexKind, Table};

/// All rules.
pub(super) fn check(table: &Table<'_>, index: &Index, errors: &mut Errors) {
    const MAX_KEYS: usize = 32;
    elements_are_distinct(index.elements.iter(), table, errors);
    if index.elements.len() + index.include.len() > MAX_KEYS {
        errors.push(
            index.span,
            format_args!(
                "an index has at most {MAX_KEYS} columns, included ones too; this has {}",
                index.elements.len() + index.include.len()
            ),
        );
    }
    for included in &index.include {
        if index
            .elements
            .iter()
            .any(|element| element.as_field() == Some(*included))
        {
            at(
                errors,
                index.options.include.span(),
                format_args!(
                    "`{}` is in the index already",
                    table.fields.list[*included].rust_name()
                ),
            );
        }
    }
    options_fit_kind(index, errors);
    options_fit_method(index, errors);
}

/// No field twice, unless with another operator class or collation.
pub(super) fn elements_are_distinct<'e>(
    elements: impl Iterator<Item = &'e Element>,
    table: &Table<'_>,
    errors: &mut Errors,
) {
    let mut seen = std::collections::BTreeSet::new();
    for element in elements {
        if let Some(field) = element.as_field()
            && !seen.insert((field, element.opclass.clone(), element.collate.clone()))
        {
            errors.push(
                element.span(),
                format_args!("`{}` is listed twice", table.fields.list[field].rust_name()),
            );
        }
    }
}

fn options_fit_kind(index: &Index, errors: &mut Errors) {
    let options = &index.options;
    match index.kind {
        IndexKind::PrimaryKey => {
            for element in index.elements.iter().filter(|element| !element.is_plain()) {
                errors.push(
                    element.span(),
                    "a primary key lists fields and nothing else",
                );
            }
            for (span, word) in [
                (options.using.span(), "using"),
                (options.predicate.span(), "where"),
                (options.nulls_not_distinct.span(), "nulls_not_distinct"),
            ] {
                if span.is_some() {
                    at(errors, span, format_args!("a primary key has no `{word}`"));
                }
            }
        }
        IndexKind::UniqueConstraint => {}
        IndexKind::UniqueIndex => {
            if options.deferrable.is_set() {
                at(
                    errors,
                    options.deferrable.span(),
                    "`deferrable` belongs to a constraint; with `where`, `using`, an expression or an order this is a unique index",
                );
            }
        }
        IndexKind::Index => {
            for (span, word) in [
                (options.nulls_not_distinct.span(), "nulls_not_distinct"),
                (options.deferrable.span(), "deferrable"),
            ] {
                if span.is_some() {
                    at(
                        errors,
                        span,
                        format_args!("`{word}` belongs to `unique`, not to a plain index"),
                    );
                }
            }
        }
    }
}

/// What PostgreSQL's own index methods cannot do.
fn options_fit_method(index: &Index, errors: &mut Errors) {
    let IndexOptions { using, include, .. } = &index.options;
    let Some(method) = using.get() else {
        return;
    };
    let name = method.to_string();
    let built_in = matches!(
        name.as_str(),
        "btree" | "hash" | "gin" | "gist" | "spgist" | "brin"
    );
    if !built_in || name == "btree" {
        return;
    }
    if matches!(name.as_str(), "hash" | "gin" | "brin") && include.is_set() {
        at(
            errors,
            include.span(),
            format_args!("a {name} index has no `include`"),
        );
    }
    for element in &index.elements {
        if let Some(span) = element.descending {
            errors.push(span, format_args!("a {name} index has no order"));
        }
    }
    if index.kind == IndexKind::UniqueIndex {
        errors.push(
            method.span(),
            format_args!("a {name} index cannot be unique"),
        );
    }
    if matches!(name.as_str(), "hash" | "spgist") && index.elements.len() > 1 {
        errors.push(method.span(), format_args!("a {name} index has one column"));
    }
}
