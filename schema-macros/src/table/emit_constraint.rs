//! Keys, indexes and other constraints as they are recorded.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::constraint::{Deferrable, Element, ElementKey};
use super::input::{Check, Exclude, ForeignKey, Index, IndexKind, Table};
use crate::paths::line;
use crate::record::{
    ActionDef, CheckDef, DeferrableDef, ElementDef, ElementKeyDef, ExcludeDef, ForeignKeyDef,
    IndexDef, KeyDef, NameDef, Text,
};
use crate::slot::Slot;

/// The `KeyDef` of a primary key or unique constraint.
pub(super) fn key(table: &Table<'_>, index: &Index) -> KeyDef {
    let options = &index.options;
    KeyDef {
        name: (&index.name.text).into(),
        renamed_from: options.renamed_from.get().map(Text::from),
        columns: texts(table, &element_fields(&index.elements)),
        include: texts(table, &index.include),
        nulls_not_distinct: options.nulls_not_distinct.is_set(),
        deferrable: deferrable(&options.deferrable),
        storage_parameters: pairs(options.with.get()),
        line: line(index.span),
    }
}

/// The `IndexDef`.
pub(super) fn index(table: &Table<'_>, index: &Index) -> IndexDef {
    let options = &index.options;
    IndexDef {
        name: (&index.name.text).into(),
        renamed_from: options.renamed_from.get().map(Text::from),
        unique: index.kind == IndexKind::UniqueIndex,
        method: match options.using.get() {
            Some(method) => method.to_string().into(),
            None => "btree".into(),
        },
        elements: index
            .elements
            .iter()
            .map(|element| self::element(table, element))
            .collect(),
        include: texts(table, &index.include),
        predicate: index
            .predicate
            .as_ref()
            .map(|rendered| rendered.sql.record(&table.private)),
        nulls_not_distinct: options.nulls_not_distinct.is_set(),
        storage_parameters: pairs(options.with.get()),
        line: line(index.span),
    }
}

fn element(table: &Table<'_>, element: &Element) -> ElementDef {
    ElementDef {
        key: match &element.key {
            ElementKey::Field(index, _) => {
                ElementKeyDef::Column((&table.fields.list[*index].name.text).into())
            }
            ElementKey::Expression(sql) => ElementKeyDef::Expression(sql.record(&table.private)),
        },
        descending: element.descending.is_some(),
        nulls_first: element.nulls_first,
        opclass: element.opclass.as_ref().map(Text::from),
        collation: element.collate.as_ref().map(Text::from),
    }
}

/// The `ForeignKeyDef`.
pub(super) fn foreign_key(table: &Table<'_>, at: usize, key: &ForeignKey) -> ForeignKeyDef {
    let options = &key.options;
    let constant = format_ident!("REFERENCES_{at}");
    ForeignKeyDef {
        name: (&key.name.text).into(),
        renamed_from: options.renamed_from.get().map(Text::from),
        columns: texts(table, &key.columns),
        references: NameDef {
            schema: Text::Resolved(quote!(#constant.table.schema)),
            name: Text::Resolved(quote!(#constant.table.name)),
        },
        referenced_columns: (0..key.references.len())
            .map(|index| Text::Resolved(quote!(#constant.columns[#index].name)))
            .collect(),
        on_delete: action(&options.on_delete),
        on_update: action(&options.on_update),
        match_full: options.match_full.is_set(),
        deferrable: deferrable(&options.deferrable),
        not_valid: options.not_valid.is_set(),
        line: line(key.span),
    }
}

/// The `CheckDef`.
pub(super) fn check(table: &Table<'_>, check: &Check) -> CheckDef {
    CheckDef {
        name: (&check.name.text).into(),
        renamed_from: check.renamed_from.as_ref().map(Text::from),
        predicate: check.predicate.sql.record(&table.private),
        columns: texts(table, &check.predicate.fields),
        not_valid: check.not_valid,
        line: line(check.span),
    }
}

/// The `ExcludeDef`.
pub(super) fn exclude(table: &Table<'_>, exclude: &Exclude) -> ExcludeDef {
    let options = &exclude.options;
    ExcludeDef {
        name: (&exclude.name.text).into(),
        renamed_from: options.renamed_from.get().map(Text::from),
        method: match options.using.get() {
            Some(method) => method.to_string().into(),
            None => "gist".into(),
        },
        elements: exclude
            .elements
            .iter()
            .map(|(element, operator)| (self::element(table, element), operator.into()))
            .collect(),
        include: texts(table, &exclude.include),
        predicate: exclude
            .predicate
            .as_ref()
            .map(|rendered| rendered.sql.record(&table.private)),
        deferrable: deferrable(&options.deferrable),
        storage_parameters: pairs(options.with.get()),
        line: line(exclude.span),
    }
}

pub(super) fn deferrable(slot: &Slot<Deferrable>) -> DeferrableDef {
    match slot.get() {
        None => DeferrableDef::No,
        Some(Deferrable::Immediate) => DeferrableDef::InitiallyImmediate,
        Some(Deferrable::Deferred) => DeferrableDef::InitiallyDeferred,
    }
}

fn action(slot: &Slot<&'static str>) -> ActionDef {
    match slot.get().copied() {
        Some("Restrict") => ActionDef::Restrict,
        Some("Cascade") => ActionDef::Cascade,
        Some("SetNull") => ActionDef::SetNull,
        Some("SetDefault") => ActionDef::SetDefault,
        _ => ActionDef::NoAction,
    }
}

/// `&["id", "email"]`
pub(super) fn names(table: &Table<'_>, fields: &[usize]) -> TokenStream {
    let names = fields
        .iter()
        .map(|index| &table.fields.list[*index].name.text);
    quote!(&[#(#names),*])
}

fn texts(table: &Table<'_>, fields: &[usize]) -> Vec<Text> {
    fields
        .iter()
        .map(|index| (&table.fields.list[*index].name.text).into())
        .collect()
}

pub(super) fn element_fields(elements: &[Element]) -> Vec<usize> {
    elements.iter().filter_map(Element::as_field).collect()
}

/// Storage parameters.
pub(super) fn pairs(parameters: Option<&Vec<(String, String)>>) -> Vec<(Text, Text)> {
    parameters
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}
