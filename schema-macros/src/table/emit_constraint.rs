//! Keys, indexes and other constraints to code.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::constraint::{Element, ElementKey, ForeignKeyOptions};
use super::input::{Check, Exclude, ForeignKey, Index, IndexKind, Table};
use crate::paths::line;
use crate::predicate::Rendered;

/// The `KeyDef` of a primary key or unique constraint.
pub(super) fn key(table: &Table<'_>, index: &Index) -> TokenStream {
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
pub(super) fn index(table: &Table<'_>, index: &Index) -> TokenStream {
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
pub(super) fn foreign_key(table: &Table<'_>, at: usize, key: &ForeignKey) -> TokenStream {
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
pub(super) fn check(table: &Table<'_>, check: &Check) -> TokenStream {
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
pub(super) fn exclude(table: &Table<'_>, exclude: &Exclude) -> TokenStream {
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

/// `Type { fields, ..plain }`, or the plain value if there are no fields.
fn over(ty: &TokenStream, set: &[TokenStream], plain: TokenStream) -> TokenStream {
    if set.is_empty() {
        plain
    } else {
        quote!(#ty { #(#set,)* ..#plain })
    }
}

/// `&["id", "email"]`
pub(super) fn names(table: &Table<'_>, fields: &[usize]) -> TokenStream {
    let names = fields
        .iter()
        .map(|index| &table.fields.list[*index].name.text);
    quote!(&[#(#names),*])
}

pub(super) fn element_fields(elements: &[Element]) -> Vec<usize> {
    elements.iter().filter_map(Element::as_field).collect()
}

pub(super) fn pairs(parameters: &[(String, String)]) -> TokenStream {
    let pairs = parameters
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    quote!(#(#pairs),*)
}
