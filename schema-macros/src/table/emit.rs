//! Facts to code; cannot fail. What is emitted is kept small, because every crate compiles it.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, Path};

use super::emit_check::checks;
use super::emit_constraint;
use super::emit_constraint::{element_fields, foreign_key, key, names, pairs};
use super::emit_queries::queries;
use super::field::Field;
use super::input::{IndexKind, Table};
use crate::default::DefaultValue;
use crate::name::unraw;
use crate::paths::{column_type, line, nullable, scoped, stores};
use crate::record::{
    ColumnDef, IdentityDef, NameDef, Nullable, Record, SourceDef, TableDef, Text,
    Type as RecordType,
};
use crate::spelling::{Kind, Spelling};

/// The implementation of `Table`, the record, and what only the compiler can check.
pub(crate) fn emit(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let ident = &table.item.ident;
    let columns_ident = columns_ident(table);
    let fields: Vec<_> = table.fields.list.iter().map(|field| field.ident).collect();
    let types = table.fields.list.iter().map(|field| field.ty);
    let values = table.fields.list.iter().map(|field| {
        let name = &field.name.text;
        let base = base(field, private);
        quote!(#private::Column { name: #name, base: #base, types: #private::PhantomData })
    });
    let name = name(table);
    let keys = table
        .primary_keys
        .iter()
        .chain(&table.indexes)
        .filter(|index| {
            matches!(
                index.kind,
                IndexKind::PrimaryKey | IndexKind::UniqueConstraint
            )
        })
        .map(|index| names(table, &element_fields(&index.elements)));
    let checks = checks(table);
    let queries = queries(table);
    let references = table.foreign_keys.iter().enumerate().map(|(index, key)| {
        let constant = format_ident!("REFERENCES_{index}");
        let count = key.references.len();
        let columns = key.references.iter().map(|path| referenced_column(table, path));
        let to = referenced_table(table, &key.references[0]);
        quote!(const #constant: #private::References<#count> = #private::references([#(#private::operand(#columns)),*], <#to as #private::Table>::NAME, <#to as #private::Table>::KEYS);)
    });
    scoped(
        table.options.krate.get(),
        &quote! {
            pub struct #columns_ident { #(pub #fields: #private::Column<#ident, #types>),* }
            #(#references)*
            #[automatically_derived]
            impl #private::Table for #ident {
                type Columns = #columns_ident;
                const COLUMNS: #columns_ident = #columns_ident { #(#fields: #values),* };
                const NAME: #private::NameDef<'static> = #name;
                const KEYS: &'static [&'static [&'static str]] = &[#(#keys),*];
            }
            #checks
            #queries
        },
        Some(&Record::Table(definition(table))),
    )
}

/// The name that rustc shows when a column is unknown.
pub(crate) fn columns_ident(table: &Table<'_>) -> Ident {
    format_ident!("{}Columns", table.item.ident, span = Span::call_site())
}

/// The type that the values of a column are compared as.
pub(crate) fn base(field: &Field<'_>, private: &TokenStream) -> TokenStream {
    let column = column_type(field.ty);
    match field.options.stored.get() {
        None => quote!(#column::BASE),
        Some(stored) => match stored.path() {
            Some(path) => stores(field.ty, &path, "BASE"),
            None => quote!(#private::UNKNOWN),
        },
    }
}

/// The `NameDef` of the table.
pub(crate) fn name(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let name = &table.name.text;
    let schema = match table.options.schema.get() {
        Some(schema) => schema.emit(private),
        None => quote!(""),
    };
    quote!(#private::NameDef { schema: #schema, name: #name })
}

/// The name as it is recorded.
pub(super) fn name_def(table: &Table<'_>) -> NameDef {
    NameDef {
        schema: match table.options.schema.get() {
            Some(schema) => schema.text(&table.private),
            None => "".into(),
        },
        name: (&table.name.text).into(),
    }
}

/// The `TableDef`.
fn definition(table: &Table<'_>) -> TableDef {
    let private = &table.private;
    let options = &table.options;
    let of_kind = |kinds: &'static [IndexKind]| {
        table
            .indexes
            .iter()
            .filter(|index| kinds.contains(&index.kind))
    };
    TableDef {
        name: name_def(table),
        renamed_from: options.renamed_from.get().map(Text::from),
        comment: table.comment.as_ref().map(Text::from),
        unlogged: options.unlogged.get() == Some(&true),
        storage_parameters: pairs(options.with.get()),
        tablespace: options.tablespace.get().map(Text::from),
        columns: table
            .fields
            .list
            .iter()
            .map(|field| column(field, private))
            .collect(),
        primary_key: table.primary_keys.first().map(|index| key(table, index)),
        uniques: of_kind(&[IndexKind::UniqueConstraint])
            .map(|index| key(table, index))
            .collect(),
        indexes: of_kind(&[IndexKind::UniqueIndex, IndexKind::Index])
            .map(|index| emit_constraint::index(table, index))
            .collect(),
        foreign_keys: table
            .foreign_keys
            .iter()
            .enumerate()
            .map(|(at, key)| foreign_key(table, at, key))
            .collect(),
        checks: table
            .checks
            .iter()
            .map(|check| emit_constraint::check(table, check))
            .collect(),
        excludes: table
            .excludes
            .iter()
            .map(|exclude| emit_constraint::exclude(table, exclude))
            .collect(),
        ignore_columns: options
            .ignore_columns
            .get()
            .into_iter()
            .flatten()
            .map(Text::from)
            .collect(),
        managed: options.managed.get() != Some(&false),
        source: SourceDef::here(unraw(&table.item.ident))
            .spelled(&Spelling::of(Kind::Table, table.item)),
    }
}

/// The `ColumnDef`.
fn column(field: &Field<'_>, private: &TokenStream) -> ColumnDef {
    let options = &field.options;
    let ty = field.ty;
    let (stored, nullable) = match options.stored.get() {
        None => {
            let column = column_type(ty);
            let piece = quote!(#column::COLUMN);
            (RecordType::Resolved(piece), Nullable::WithType)
        }
        Some(stored) => match stored.path() {
            Some(path) => (
                RecordType::Modified(stored.modifiers().to_vec(), stores(ty, &path, "COLUMN")),
                Nullable::WithType,
            ),
            None => (
                RecordType::Raw(stored.raw().unwrap_or_default().to_owned()),
                Nullable::Resolved(nullable(ty, field.span())),
            ),
        },
    };
    let value = |value: &DefaultValue| value.to_sql(ty, private).record(private);
    ColumnDef {
        name: (&field.name.text).into(),
        renamed_from: options.renamed_from.get().map(Text::from),
        ty: stored,
        nullable,
        default: options.default.get().map(value),
        identity: options.identity.get().map(|identity| IdentityDef {
            always: identity.always,
            options: identity
                .options
                .iter()
                .map(|(name, value)| ((*name).into(), *value))
                .collect(),
        }),
        generated: field
            .generated
            .as_ref()
            .map(|rendered| rendered.sql.record(private)),
        collation: options.collate.get().map(Text::from),
        storage: options.storage.get().copied().map(Text::from),
        compression: options.compression.get().copied().map(Text::from),
        comment: field.comment.as_ref().map(Text::from),
        backfill: options.backfill.get().map(value),
        using: options.using.get().map(|using| using.record(private)),
        deprecated: options.deprecated.get().map(Text::from),
        field: field.rust_name().into(),
        line: line(field.span()),
    }
}

/// The table of `path::Table::column`; `Self` is the struct.
pub(crate) fn referenced_table(table: &Table<'_>, path: &Path) -> TokenStream {
    let mut segments: Vec<_> = path.segments.iter().collect();
    let _column = segments.pop();
    if let [only] = &segments[..]
        && only.ident == "Self"
    {
        let mut ident = table.item.ident.clone();
        ident.set_span(only.ident.span());
        return quote!(#ident);
    }
    let leading = path.leading_colon;
    quote!(#leading #(#segments)::*)
}

/// `<path::Table as Table>::COLUMNS.column`, in the user's own tokens.
fn referenced_column(table: &Table<'_>, path: &Path) -> TokenStream {
    let private = &table.private;
    let to = referenced_table(table, path);
    let column = path.segments.last().map(|segment| &segment.ident);
    quote!(<#to as #private::Table>::COLUMNS.#column)
}
