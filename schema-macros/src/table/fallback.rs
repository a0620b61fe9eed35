//! A struct with mistakes is still a table to the others, so that one mistake gives one message.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::columns_ident;
use super::emit_queries::queries;
use super::input::Table;
use crate::paths::{private, scoped};

/// `Table` with the columns that could be read; of unknown types, and every list of them a key.
pub(crate) fn stub(table: &Table<'_>) -> TokenStream {
    let private = private();
    let ident = &table.item.ident;
    let fields: Vec<_> = table.fields.list.iter().map(|field| field.ident).collect();
    let names = table.fields.list.iter().map(|field| &field.name.text);
    let name = &table.name.text;
    let columns = columns_ident(table);
    let queries = queries(table);
    scoped(
        table.options.krate.get(),
        &quote! {
            pub struct #columns { #(pub #fields: #private::Column<#ident, ()>),* }
            #[automatically_derived]
            impl #private::Table for #ident {
                type Columns = #columns;
                const COLUMNS: #columns = #columns {
                    #(#fields: #private::Column { name: #names, base: #private::UNKNOWN, types: #private::PhantomData }),*
                };
                const NAME: #private::NameDef<'static> = #private::NameDef { schema: "", name: #name };
                const KEYS: &'static [&'static [&'static str]] = &[&[]];
            }
            #queries
        },
        None,
    )
}
