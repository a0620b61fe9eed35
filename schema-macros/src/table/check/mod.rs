//! Rules over more than one option, that the macro can check by itself.

mod column;
mod foreign_key;
mod index;

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::field::Field;
use super::input::Table;
use crate::errors::Errors;
use crate::name::unraw;

/// All rules.
pub(crate) fn check(table: &Table<'_>, errors: &mut Errors) {
    columns_are_distinct(table, errors);
    constraint_names_are_distinct(table, errors);
    primary_key_is_one(table, errors);
    renames_are_of_others(table, errors);
    for field in &table.fields.list {
        column::check(field, errors);
    }
    for index in table.primary_keys.iter().chain(&table.indexes) {
        index::check(table, index, errors);
    }
    for exclude in &table.excludes {
        index::elements_are_distinct(
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
        foreign_key::check(table, key, errors);
    }
}

/// A mistake at an option.
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
    if table.is_view {
        return;
    }
    if let [_, others @ ..] = &table.primary_keys[..] {
        for other in others {
            errors.push(
                other.span,
                "a second primary key; a table has one, either `#[primary_key(…)]` on the struct or `primary_key` on a field",
            );
        }
    }
    match (table.options.no_primary_key.span(), table.primary_keys.first()) {
        (Some(span), Some(_)) => errors.push(span, "`no_primary_key`, but there is a primary key: leave one of them out"),
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
        errors.push(
            old.span(),
            format_args!("`{}` is the table's own name", table.name.text),
        );
    }
}
