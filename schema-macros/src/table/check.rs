//! Rules over more than one option, that the macro can check by itself.

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::constraint::{Element, IndexOptions};
use super::field::Field;
use super::input::{ForeignKey, Index, IndexKind, Table};
use crate::default::{DefaultValue, LiteralKind};
use crate::errors::Errors;
use crate::name::unraw;

/// All rules.
pub(crate) fn check(table: &Table<'_>, errors: &mut Errors) {
    columns_are_distinct(table, errors);
    constraint_names_are_distinct(table, errors);
    primary_key_is_one(table, errors);
    renames_are_of_others(table, errors);
    for field in &table.fields.list {
        column_values_exclude_each_other(field, errors);
        literal_fits_modifiers(field, errors);
    }
    for index in table.primary_keys.iter().chain(&table.indexes) {
        index_is_possible(table, index, errors);
    }
    for exclude in &table.excludes {
        elements_are_distinct(
            exclude.elements.iter().map(|(element, _)| element),
            table,
            errors,
        );
        if exclude.options.nulls_not_distinct.is_set() {
            at(
                errors,
                exclude.options.nulls_not_distinct.span(),
                "`nulls_not_distinct` belongs to a unique constraint or index",
            );
        }
    }
    for key in &table.foreign_keys {
        foreign_key_is_possible(table, key, errors);
    }
}

fn at(errors: &mut Errors, span: Option<Span>, message: impl std::fmt::Display) {
    errors.push(span.unwrap_or_else(Span::call_site), message);
}

fn columns_are_distinct(table: &Table<'_>, errors: &mut Errors) {
    const MAX_COLUMNS: usize = 1600;
    let mut seen: BTreeMap<&str, &Field<'_>> = BTreeMap::new();
    for field in &table.fields.list {
        if let Some(first) = seen.insert(&field.name.text, field) {
            errors.push(
                field.name.span,
                format_args!(
                    "the column `{}` is already the field `{}`",
                    field.name.text,
                    first.rust_name()
                ),
            );
        }
    }
    if table.fields.list.len() > MAX_COLUMNS {
        errors.push(
            table.item.ident.span(),
            format_args!(
                "{} columns: PostgreSQL takes {MAX_COLUMNS}",
                table.fields.list.len()
            ),
        );
    }
    for ignored in table.options.ignore_columns.get().into_iter().flatten() {
        if seen.contains_key(ignored.value().as_str()) {
            errors.push(
                ignored.span(),
                format_args!(
                    "`{}` is ignored, but there is a field for it",
                    ignored.value()
                ),
            );
        }
    }
}

fn constraint_names_are_distinct(table: &Table<'_>, errors: &mut Errors) {
    let indexes = table
        .primary_keys
        .first()
        .into_iter()
        .chain(&table.indexes)
        .map(|index| &index.name);
    let names = indexes
        .chain(table.foreign_keys.iter().map(|key| &key.name))
        .chain(table.checks.iter().map(|check| &check.name))
        .chain(table.excludes.iter().map(|exclude| &exclude.name));
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(&name.text) {
            errors.push(
                name.span,
                format_args!(
                    "the name `{}` is taken by another index or constraint of this table: give another one with `name = \"…\"`",
                    name.text
                ),
            );
        }
    }
}

fn primary_key_is_one(table: &Table<'_>, errors: &mut Errors) {
    if let [_, others @ ..] = &table.primary_keys[..] {
        for other in others {
            errors.push(other.span, "a second primary key");
        }
    }
    match (table.options.no_primary_key.span(), table.primary_keys.first()) {
        (Some(span), Some(_)) => errors.push(span, "`no_primary_key`, but there is a primary key"),
        (None, None) if errors.is_empty() => errors.push(
            table.item.ident.span(),
            format_args!(
                "`{}` has no primary key: mark a field with `#[column(primary_key)]`, list several with `#[primary_key(…)]`, or say `#[table(no_primary_key)]`",
                unraw(&table.item.ident)
            ),
        ),
        _ => {}
    }
}

fn renames_are_of_others(table: &Table<'_>, errors: &mut Errors) {
    let mut claimed = BTreeMap::new();
    for field in &table.fields.list {
        let Some(old) = field.options.renamed_from.get() else {
            continue;
        };
        let text = old.value();
        if text == field.name.text {
            errors.push(
                old.span(),
                format_args!("`{text}` is the column's own name"),
            );
        } else if let Some(other) = table
            .fields
            .list
            .iter()
            .find(|other| other.name.text == text && !other.options.renamed_from.is_set())
        {
            errors.push(
                old.span(),
                format_args!(
                    "`{text}` is still a column: the field `{}`",
                    other.rust_name()
                ),
            );
        } else if let Some(first) = claimed.insert(text.clone(), field.rust_name()) {
            errors.push(
                old.span(),
                format_args!("`{text}` became the field `{first}` already"),
            );
        }
    }
    if let Some(old) = table.options.renamed_from.get()
        && old.value() == table.name.text
    {
        errors.push(old.span(), "that is the table's own name");
    }
}

fn column_values_exclude_each_other(field: &Field<'_>, errors: &mut Errors) {
    let options = &field.options;
    let name = field.rust_name();
    if options.identity.is_set() && options.default.is_set() {
        at(
            errors,
            options.default.span(),
            format_args!("`{name}` is an identity, so it cannot have a default"),
        );
    }
    if options.generated.is_set() && options.default.is_set() {
        at(
            errors,
            options.default.span(),
            format_args!("`{name}` is generated, so it cannot have a default"),
        );
    }
    if options.generated.is_set() && options.identity.is_set() {
        at(
            errors,
            options.identity.span(),
            format_args!("`{name}` is generated, so it cannot be an identity"),
        );
    }
    if options.generated.is_set() && options.backfill.is_set() {
        at(
            errors,
            options.backfill.span(),
            format_args!("`{name}` is generated, so there is nothing to backfill"),
        );
    }
}

fn literal_fits_modifiers(field: &Field<'_>, errors: &mut Errors) {
    let Some(stored) = field.options.stored.get() else {
        return;
    };
    let (Some(name), modifiers) = (stored.scalar_name(), stored.modifiers()) else {
        return;
    };
    for value in [&field.options.default, &field.options.backfill] {
        let Some(literal) = value.get().and_then(DefaultValue::literal) else {
            continue;
        };
        let written = literal.to_sql();
        match (&literal.kind, name.as_str(), modifiers) {
            (LiteralKind::Text(text), "varchar" | "bpchar", [length])
                if text.chars().count() > usize::try_from(*length).unwrap_or(0) =>
            {
                errors.push(
                    literal.span,
                    format_args!(
                        "the text has {} characters, and the column takes {length}",
                        text.chars().count()
                    ),
                );
            }
            (
                LiteralKind::Integer(_) | LiteralKind::Number(_),
                "numeric",
                [precision, rest @ ..],
            ) => {
                let scale = rest.first().copied().unwrap_or(0);
                if !fits_numeric(&written, *precision, scale) {
                    errors.push(
                        literal.span,
                        format_args!("{written} does not fit numeric({precision}, {scale})"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether a number has at most `scale` digits after the point, and the rest before it.
fn fits_numeric(number: &str, precision: i32, scale: i32) -> bool {
    if number.contains(['e', 'E']) {
        return true;
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.trim_start_matches(['-', '0']).len();
    let fraction = fraction.trim_end_matches('0').len();
    let limit = |digits: i32| usize::try_from(digits).unwrap_or(0);
    whole <= limit(precision - scale) && fraction <= limit(scale)
}

fn index_is_possible(table: &Table<'_>, index: &Index, errors: &mut Errors) {
    const MAX_KEYS: usize = 32;
    elements_are_distinct(index.elements.iter(), table, errors);
    if index.elements.len() + index.include.len() > MAX_KEYS {
        errors.push(
            index.span,
            format_args!("an index has at most {MAX_KEYS} columns"),
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

fn elements_are_distinct<'e>(
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

fn foreign_key_is_possible(table: &Table<'_>, key: &ForeignKey, errors: &mut Errors) {
    if key.columns.len() != key.references.len() {
        errors.push(
            key.span,
            format_args!(
                "{} columns reference {}",
                key.columns.len(),
                key.references.len()
            ),
        );
    }
    let target = |path: &syn::Path| {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        segments[..segments.len().saturating_sub(1)].join("::")
    };
    for path in &key.references {
        if path.segments.len() < 2 {
            errors.push_at(path, "expected the column too: a path such as `User::id`");
        }
    }
    if let [first, rest @ ..] = &key.references[..] {
        for path in rest {
            if target(path) != target(first) {
                errors.push_at(
                    path,
                    format_args!(
                        "a foreign key references one table, and this is not `{}`",
                        target(first)
                    ),
                );
            }
        }
    }
    for (slot, word) in [
        (&key.options.on_delete, "on_delete"),
        (&key.options.on_update, "on_update"),
    ] {
        if slot.get() != Some(&"SetDefault") {
            continue;
        }
        for index in &key.columns {
            let field = &table.fields.list[*index];
            if !field.options.default.is_set() {
                at(
                    errors,
                    slot.span(),
                    format_args!(
                        "`{word} = set_default`, but `{}` has no default",
                        field.rust_name()
                    ),
                );
            }
        }
    }
}
