//! Facts to code; cannot fail. What is emitted is kept small, because every crate compiles it.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, Path};

use super::emit_check::checks;
use super::emit_constraint;
use super::emit_constraint::{element_fields, foreign_key, key, names, pairs};
use super::field::Field;
use super::input::{Index, IndexKind, Table};
use crate::paths::{column_type, line, nullable, scoped, source, stores};

/// The implementation of `Table`, the record, and what only the compiler can check.
pub(crate) fn emit(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let ident = &table.item.ident;
    let (columns, columns_ident) = (columns(table), columns_ident(table));
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
    let definition = definition(table);
    let checks = checks(table);
    let references = table.foreign_keys.iter().enumerate().map(|(index, key)| {
        let constant = format_ident!("REFERENCES_{index}");
        let count = key.references.len();
        let columns = key.references.iter().map(|path| referenced_column(table, path));
        quote!(const #constant: #private::References<#count> = #private::references([#(#columns.untyped()),*]);)
    });
    scoped(
        table.options.krate.get(),
        &quote! {
            #columns
            #(#references)*
            #[automatically_derived]
            impl #private::Table for #ident {
                type Columns = #columns_ident;
                const COLUMNS: #columns_ident = #columns_ident::ALL;
                const NAME: #private::NameDef<'static> = #name;
                const KEYS: &'static [&'static [&'static str]] = &[#(#keys),*];
                const DEF: #private::TableDef<'static> = #definition;
            }
            #checks
        },
        Some(&quote!(#private::Record::Table(<#ident as #private::Table>::DEF))),
    )
}

/// The struct with a `Column` per field.
pub(crate) fn columns(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let ident = &table.item.ident;
    let fields: Vec<_> = table.fields.list.iter().map(|field| field.ident).collect();
    let types = table.fields.list.iter().map(|field| field.ty);
    let values = table.fields.list.iter().map(|field| {
        let name = &field.name.text;
        let base = base(field, private);
        quote!(#private::Column::new(#name, #base))
    });
    let columns = columns_ident(table);
    quote! {
        pub struct #columns { #(pub #fields: #private::Column<#ident, #types>),* }
        impl #columns {
            const ALL: Self = Self { #(#fields: #values),* };
        }
    }
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

/// The `TableDef`: what was said, over what `private::table` fills in.
fn definition(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let options = &table.options;
    let columns = table.fields.list.iter().map(|field| column(field, private));
    let item = crate::name::unraw(&table.item.ident);
    let source = source(private, &item);
    let mut set = Vec::new();
    if let Some(old) = options.renamed_from.get() {
        set.push(quote!(renamed_from: Some(#old)));
    }
    if let Some(comment) = &table.comment {
        set.push(quote!(comment: Some(#comment)));
    }
    if options.unlogged.get() == Some(&true) {
        set.push(quote!(unlogged: true));
    }
    if options.managed.get() == Some(&false) {
        set.push(quote!(managed: false));
    }
    if let Some(parameters) = options.with.get() {
        let parameters = pairs(parameters);
        set.push(quote!(storage_parameters: &[#parameters]));
    }
    if let Some(tablespace) = options.tablespace.get() {
        set.push(quote!(tablespace: Some(#tablespace)));
    }
    if let Some(ignored) = options.ignore_columns.get() {
        set.push(quote!(ignore_columns: &[#(#ignored),*]));
    }
    if let Some(index) = table.primary_keys.first() {
        let key = key(table, index);
        set.push(quote!(primary_key: Some(#key)));
    }
    let of_kind = |constraint: bool| {
        let is_constraint = |index: &&Index| index.kind == IndexKind::UniqueConstraint;
        table
            .indexes
            .iter()
            .filter(move |index| is_constraint(index) == constraint)
    };
    let uniques: Vec<_> = of_kind(true).map(|index| key(table, index)).collect();
    let indexes: Vec<_> = of_kind(false)
        .map(|index| emit_constraint::index(table, index))
        .collect();
    let keys: Vec<_> = table
        .foreign_keys
        .iter()
        .enumerate()
        .map(|(at, key)| foreign_key(table, at, key))
        .collect();
    let checks: Vec<_> = table
        .checks
        .iter()
        .map(|check| emit_constraint::check(table, check))
        .collect();
    let excludes: Vec<_> = table
        .excludes
        .iter()
        .map(|exclude| emit_constraint::exclude(table, exclude))
        .collect();
    for (field, list) in [
        ("uniques", uniques),
        ("indexes", indexes),
        ("foreign_keys", keys),
        ("checks", checks),
        ("excludes", excludes),
    ] {
        if !list.is_empty() {
            let field = format_ident!("{field}");
            set.push(quote!(#field: &[#(#list),*]));
        }
    }
    quote!(#private::TableDef {
        columns: &[#(#columns),*],
        #(#set,)*
        ..#private::table(Self::NAME, #source)
    })
}

/// The `ColumnDef`: what was said, over what `private::column` fills in.
fn column(field: &Field<'_>, private: &TokenStream) -> TokenStream {
    let options = &field.options;
    let (name, ty, line) = (&field.name.text, field.ty, line(field.span()));
    let rust_name = field.rust_name();
    let column = column_type(ty);
    let plain = match options.stored.get() {
        None => quote!(#private::column(#name, #line, #column::TYPE, #column::NULLABLE)),
        Some(stored) => match (stored.path(), stored.raw()) {
            (Some(path), _) => {
                let modifiers = stored.modifiers();
                let nullable = stores(ty, &path, "NULLABLE");
                let ty = stores(ty, &path, "TYPE");
                let ty = if modifiers.is_empty() {
                    ty
                } else {
                    quote!(#private::modified(#ty, &[#(#modifiers),*]))
                };
                quote!(#private::column(#name, #line, #ty, #nullable))
            }
            (None, raw) => {
                let raw = raw.unwrap_or_default();
                let nullable = nullable(ty, field.span());
                quote!(#private::column(#name, #line, #private::raw(#raw), #nullable))
            }
        },
    };
    let mut set = Vec::new();
    if rust_name != *name {
        set.push(quote!(field: #rust_name));
    }
    if let Some(old) = options.renamed_from.get() {
        set.push(quote!(renamed_from: Some(#old)));
    }
    if let Some(default) = options.default.get() {
        let sql = default.to_sql(ty, private).emit(private);
        set.push(quote!(default: Some(#sql)));
    }
    if let Some(identity) = options.identity.get() {
        let always = identity.always;
        let values = identity
            .options
            .iter()
            .map(|(name, value)| quote!((#name, #value)));
        set.push(quote!(identity: Some(#private::IdentityDef { always: #always, options: &[#(#values),*] })));
    }
    if let Some(rendered) = &field.generated {
        let sql = rendered.sql.emit(private);
        set.push(quote!(generated: Some(#sql)));
    }
    if let Some(collation) = options.collate.get() {
        set.push(quote!(collation: Some(#collation)));
    }
    if let Some(storage) = options.storage.get() {
        set.push(quote!(storage: Some(#storage)));
    }
    if let Some(compression) = options.compression.get() {
        set.push(quote!(compression: Some(#compression)));
    }
    if let Some(comment) = &field.comment {
        set.push(quote!(comment: Some(#comment)));
    }
    if let Some(backfill) = options.backfill.get() {
        let sql = backfill.to_sql(ty, private).emit(private);
        set.push(quote!(backfill: Some(#sql)));
    }
    if let Some(using) = options.using.get() {
        let sql = using.emit(private);
        set.push(quote!(using: Some(#sql)));
    }
    if let Some(deprecated) = options.deprecated.get() {
        set.push(quote!(deprecated: Some(#deprecated)));
    }
    if set.is_empty() {
        plain
    } else {
        quote!(#private::ColumnDef { #(#set,)* ..#plain })
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
