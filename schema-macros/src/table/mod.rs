//! `#[table]`: attribute, then derive; parse, check, emit.

mod attached;
mod attribute;
mod attributes;
mod check;
pub(crate) mod constraint;
pub(crate) mod emit;
mod emit_attached;
mod emit_check;
mod emit_constraint;
mod emit_queries;
mod fallback;
mod field;
mod foreign_key;
pub(crate) mod input;
pub(crate) mod rows;
pub(crate) mod view;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) use self::attribute::attribute;
use self::rows::Rows;
use crate::errors::Errors;

/// The attributes that stand on the struct.
pub(crate) const STRUCT_ATTRIBUTES: &[&str] = &[
    "primary_key",
    "unique",
    "index",
    "foreign_key",
    "check",
    "exclude",
    "policy",
    "trigger",
    "grant",
    "statistics",
    "partition",
];

/// The derive, which sees the fields that are left after `cfg`.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let Some(table) = input::Table::parse(&item, &mut errors) else {
        return errors.into_tokens();
    };
    check::check(&table, &mut errors);
    let _key = table.partition_key(&mut errors);
    let rows = match table.options.rows.get() {
        None => None,
        Some(Rows::Named(list)) => Some(rows::ask(&table, list)),
        Some(Rows::Here(list)) => {
            let resolved = rows::check(&table, list, &mut errors);
            resolved.map(|resolved| rows::emit(&table, &resolved))
        }
    };
    if errors.is_empty() {
        let attached = emit_attached::emit(&table);
        let table = emit::emit(&table);
        return quote!(#table #rows #attached);
    }
    let stub = fallback::stub(&table);
    let errors = errors.into_tokens();
    quote!(#errors #stub)
}
