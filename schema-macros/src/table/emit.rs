//! Facts to code; cannot fail. What is emitted is kept small, because every crate compiles it.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path};

use super::constraint::{Element, ElementKey, ForeignKeyOptions};
use super::field::Field;
use super::input::{Check, Exclude, ForeignKey, Index, IndexKind, Table};
use crate::paths::{line, private_at, scoped, source};
use crate::predicate::Rendered;

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
fn base(field: &Field<'_>, private: &TokenStream) -> TokenStream {
    let ty = field.ty;
    match field.options.stored.get() {
        None => quote!(<<#ty as #private::ColumnType>::Value as #private::SqlType>::BASE),
        Some(stored) => match stored.path(private) {
            Some(path) => quote!(<#path as #private::SqlType>::BASE),
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
        .map(|index| self::index(table, index))
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
        .map(|check| self::check(table, check))
        .collect();
    let excludes: Vec<_> = table
        .excludes
        .iter()
        .map(|exclude| self::exclude(table, exclude))
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
    let plain = match options.stored.get() {
        None => quote!(#private::column::<#ty>(#name, #line)),
        Some(stored) => match (stored.path(private), stored.raw()) {
            (Some(path), _) => {
                let modifiers = stored.modifiers();
                quote!(#private::column_as::<#ty, #path>(#name, #line, &[#(#modifiers),*]))
            }
            (None, raw) => {
                let raw = raw.unwrap_or_default();
                quote!(#private::column_raw(#name, #line, #raw, {
                    use #private::NotOption as _;
                    #private::Probe::<#ty>::NULLABLE
                }))
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

/// The `KeyDef` of a primary key or unique constraint.
fn key(table: &Table<'_>, index: &Index) -> TokenStream {
    let private = &table.private;
    let columns = names(table, &element_fields(&index.elements));
    let (name, line) = (&index.name.text, line(index.span));
    let mut set = index_options(table, index);
    if let Some(deferrable) = index.options.deferrable.get() {
        let variant = format_ident!("{}", deferrable.variant());
        set.push(quote!(deferrable: #private::DeferrableDef::#variant));
    }
    over(
        &quote!(#private::KeyDef),
        &set,
        quote!(#private::key(#name, #columns, #line)),
    )
}

/// The `IndexDef`.
fn index(table: &Table<'_>, index: &Index) -> TokenStream {
    let private = &table.private;
    let elements = index
        .elements
        .iter()
        .map(|element| self::element(table, element));
    let (name, line) = (&index.name.text, line(index.span));
    let mut set = index_options(table, index);
    if index.kind == IndexKind::UniqueIndex {
        set.push(quote!(unique: true));
    }
    if let Some(method) = index.options.using.get() {
        let method = method.to_string();
        set.push(quote!(method: #method));
    }
    set.extend(predicate(index.predicate.as_ref(), private));
    set.push(quote!(elements: &[#(#elements),*]));
    let plain = quote!(#private::index(#name, #line));
    over(&quote!(#private::IndexDef), &set, plain)
}

/// The options that keys and indexes have.
fn index_options(table: &Table<'_>, index: &Index) -> Vec<TokenStream> {
    let mut set = Vec::new();
    let options = &index.options;
    if let Some(old) = options.renamed_from.get() {
        set.push(quote!(renamed_from: Some(#old)));
    }
    if !index.include.is_empty() {
        let include = names(table, &index.include);
        set.push(quote!(include: #include));
    }
    if options.nulls_not_distinct.is_set() {
        set.push(quote!(nulls_not_distinct: true));
    }
    if let Some(parameters) = options.with.get() {
        let parameters = pairs(parameters);
        set.push(quote!(storage_parameters: &[#parameters]));
    }
    set
}

fn predicate(rendered: Option<&Rendered>, private: &TokenStream) -> Option<TokenStream> {
    let sql = rendered?.sql.emit(private);
    Some(quote!(predicate: Some(#sql)))
}

/// The `ElementDef`.
fn element(table: &Table<'_>, element: &Element) -> TokenStream {
    let private = &table.private;
    let plain = match &element.key {
        ElementKey::Field(index, _) => {
            let name = &table.fields.list[*index].name.text;
            quote!(#private::element(#name))
        }
        ElementKey::Expression(sql) => {
            let sql = sql.emit(private);
            quote!(#private::expression(#sql))
        }
    };
    let mut set = Vec::new();
    if element.descending.is_some() {
        set.push(quote!(descending: true));
    }
    if let Some(first) = element.nulls_first {
        set.push(quote!(nulls_first: Some(#first)));
    }
    if let Some(opclass) = &element.opclass {
        set.push(quote!(opclass: Some(#opclass)));
    }
    if let Some(collation) = &element.collate {
        set.push(quote!(collation: Some(#collation)));
    }
    over(&quote!(#private::ElementDef), &set, plain)
}

/// The `ForeignKeyDef`.
fn foreign_key(table: &Table<'_>, at: usize, key: &ForeignKey) -> TokenStream {
    let private = &table.private;
    let (name, line) = (&key.name.text, line(key.span));
    let columns = names(table, &key.columns);
    let constant = format_ident!("REFERENCES_{at}");
    let referenced =
        (0..key.references.len()).map(|index| quote!(#constant.columns[#index].name()));
    let mut set = foreign_key_options(&key.options, private);
    set.push(quote!(referenced_columns: &[#(#referenced),*]));
    let plain = quote!(#private::foreign_key(#name, #columns, #constant.table, #line));
    over(&quote!(#private::ForeignKeyDef), &set, plain)
}

fn foreign_key_options(options: &ForeignKeyOptions, private: &TokenStream) -> Vec<TokenStream> {
    let mut set = Vec::new();
    if let Some(old) = options.renamed_from.get() {
        set.push(quote!(renamed_from: Some(#old)));
    }
    if let Some(action) = options.on_delete.get() {
        let action = format_ident!("{action}");
        set.push(quote!(on_delete: #private::ActionDef::#action));
    }
    if let Some(action) = options.on_update.get() {
        let action = format_ident!("{action}");
        set.push(quote!(on_update: #private::ActionDef::#action));
    }
    if options.match_full.is_set() {
        set.push(quote!(match_full: true));
    }
    if options.not_valid.is_set() {
        set.push(quote!(not_valid: true));
    }
    if let Some(deferrable) = options.deferrable.get() {
        let variant = format_ident!("{}", deferrable.variant());
        set.push(quote!(deferrable: #private::DeferrableDef::#variant));
    }
    set
}

/// The `CheckDef`.
fn check(table: &Table<'_>, check: &Check) -> TokenStream {
    let private = &table.private;
    let (name, line) = (&check.name.text, line(check.span));
    let sql = check.predicate.sql.emit(private);
    let columns = names(table, &check.predicate.fields);
    let mut set = Vec::new();
    if let Some(old) = &check.renamed_from {
        set.push(quote!(renamed_from: Some(#old)));
    }
    if check.not_valid {
        set.push(quote!(not_valid: true));
    }
    set.push(quote!(predicate: #sql));
    let plain = quote!(#private::check(#name, #columns, #line));
    over(&quote!(#private::CheckDef), &set, plain)
}

/// The `ExcludeDef`.
fn exclude(table: &Table<'_>, exclude: &Exclude) -> TokenStream {
    let private = &table.private;
    let (name, line) = (&exclude.name.text, line(exclude.span));
    let options = &exclude.options;
    let elements = exclude.elements.iter().map(|(element, operator)| {
        let element = self::element(table, element);
        quote!((#element, #operator))
    });
    let method = options
        .using
        .get()
        .map_or_else(|| "gist".to_owned(), ToString::to_string);
    let mut set = Vec::new();
    if let Some(old) = options.renamed_from.get() {
        set.push(quote!(renamed_from: Some(#old)));
    }
    if !exclude.include.is_empty() {
        let include = names(table, &exclude.include);
        set.push(quote!(include: #include));
    }
    if let Some(deferrable) = options.deferrable.get() {
        let variant = format_ident!("{}", deferrable.variant());
        set.push(quote!(deferrable: #private::DeferrableDef::#variant));
    }
    if let Some(parameters) = options.with.get() {
        let parameters = pairs(parameters);
        set.push(quote!(storage_parameters: &[#parameters]));
    }
    set.extend(predicate(exclude.predicate.as_ref(), private));
    set.push(quote!(elements: &[#(#elements),*]));
    let plain = quote!(#private::exclude(#name, #method, #line));
    over(&quote!(#private::ExcludeDef), &set, plain)
}

/// What the compiler has to prove: facts about types and other tables.
///
/// Bounds are asked for in one function body; what may panic has a constant of its own, so that
/// each mistake is reported.
fn checks(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let ident = &table.item.ident;
    let mut checks = Vec::new();
    for field in &table.fields.list {
        let (ty, name) = (field.ty, field.ident);
        let column = quote!(<#ident as #private::Table>::COLUMNS.#name);
        if let Some(default) = field.options.default.get() {
            checks.extend(default.check(ty, &column));
        }
        if let Some(backfill) = field.options.backfill.get() {
            checks.extend(backfill.check(ty, &column));
        }
        if let Some(span) = field.options.identity.span() {
            let private = private_at(span);
            checks.push(quote_spanned!(span=> #private::check_literal::<#ty, #private::literal::identity>()));
        }
        if let Some(rendered) = &field.generated {
            checks.extend(rendered.checks.iter().cloned());
        }
    }
    let rendered = table
        .indexes
        .iter()
        .filter_map(|index| index.predicate.as_ref())
        .chain(
            table
                .excludes
                .iter()
                .filter_map(|exclude| exclude.predicate.as_ref()),
        )
        .chain(table.checks.iter().map(|check| &check.predicate));
    for rendered in rendered {
        checks.extend(rendered.checks.iter().cloned());
    }
    for index in &table.primary_keys {
        for field in element_fields(&index.elements) {
            checks.extend(primary_key_check(&table.fields.list[field]));
        }
    }
    for (at, key) in table.foreign_keys.iter().enumerate() {
        checks.extend(set_null_checks(table, key));
        let constant = format_ident!("REFERENCES_{at}");
        let columns = key.columns.iter().map(|index| {
            let name = table.fields.list[*index].ident;
            quote!(<#ident as #private::Table>::COLUMNS.#name.untyped())
        });
        let span = key.references[0]
            .segments
            .last()
            .map_or(key.span, |segment| segment.ident.span());
        let private = private_at(span);
        checks
            .push(quote_spanned!(span=> #private::check_foreign_key(&[#(#columns),*], &#constant)));
    }
    quote!(#(const _: () = #checks;)*)
}

fn primary_key_check(field: &Field<'_>) -> Option<TokenStream> {
    if field
        .options
        .stored
        .get()
        .is_some_and(|stored| stored.raw().is_some())
    {
        return None;
    }
    let ty = field.ty;
    let private = private_at(field.span());
    let message = format!(
        "`{}` is in the primary key and cannot be null: take the `Option` away",
        field.rust_name()
    );
    Some(quote_spanned!(field.span()=>
        #private::check_not_null(<#ty as #private::ColumnType>::NULLABLE, #message)
    ))
}

fn set_null_checks(table: &Table<'_>, key: &ForeignKey) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    for (slot, word) in [
        (&key.options.on_delete, "on_delete"),
        (&key.options.on_update, "on_update"),
    ] {
        let (Some(action), Some(span)) = (slot.get(), slot.span()) else {
            continue;
        };
        if *action != "SetNull" {
            continue;
        }
        let private = private_at(span);
        for index in &key.columns {
            let field = &table.fields.list[*index];
            if field
                .options
                .stored
                .get()
                .is_some_and(|stored| stored.raw().is_some())
            {
                continue;
            }
            let ty = field.ty;
            let message = format!(
                "`{word} = set_null` on `{}`, a NOT NULL column: make it an `Option` or choose another action",
                field.rust_name()
            );
            checks.push(quote_spanned!(span=>
                #private::check_nullable(<#ty as #private::ColumnType>::NULLABLE, #message)
            ));
        }
    }
    checks
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

/// `Type { fields, ..plain }`, or the plain value if there are no fields.
fn over(ty: &TokenStream, set: &[TokenStream], plain: TokenStream) -> TokenStream {
    if set.is_empty() {
        plain
    } else {
        quote!(#ty { #(#set,)* ..#plain })
    }
}

/// `&["id", "email"]`
fn names(table: &Table<'_>, fields: &[usize]) -> TokenStream {
    let names = fields
        .iter()
        .map(|index| &table.fields.list[*index].name.text);
    quote!(&[#(#names),*])
}

fn element_fields(elements: &[Element]) -> Vec<usize> {
    elements.iter().filter_map(Element::as_field).collect()
}

fn pairs(parameters: &[(String, String)]) -> TokenStream {
    let pairs = parameters
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    quote!(#(#pairs),*)
}
