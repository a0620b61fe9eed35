//! The `#[table]` attribute and the derives of `schema-core`; use them through that crate.

mod default;
mod doc;
mod errors;
mod extension;
mod name;
mod options;
mod paths;
mod pg_domain;
mod pg_enum;
mod pg_newtype;
mod pg_schema;
mod predicate;
mod slot;
mod sql;
mod sql_type;
mod sqlx;
mod suggest;
mod table;

use proc_macro::TokenStream;

/// Makes a struct a table.
#[proc_macro_attribute]
pub fn table(arguments: TokenStream, item: TokenStream) -> TokenStream {
    table::attribute(arguments.into(), item.into()).into()
}

/// What `#[table]` puts on a struct; not meant to be written by hand.
#[proc_macro_derive(
    Table,
    attributes(
        __table,
        column,
        primary_key,
        unique,
        index,
        foreign_key,
        check,
        exclude
    )
)]
pub fn derive_table(item: TokenStream) -> TokenStream {
    table::derive(item.into()).into()
}

/// Makes an enum without fields an enum type.
#[proc_macro_derive(PgEnum, attributes(pg))]
pub fn derive_pg_enum(item: TokenStream) -> TokenStream {
    pg_enum::derive(item.into()).into()
}

/// Makes a struct around one value a domain.
#[proc_macro_derive(PgDomain, attributes(pg))]
pub fn derive_pg_domain(item: TokenStream) -> TokenStream {
    pg_domain::derive(item.into()).into()
}

/// Makes a struct around one value the same SQL type as that value.
#[proc_macro_derive(PgNewtype, attributes(pg))]
pub fn derive_pg_newtype(item: TokenStream) -> TokenStream {
    pg_newtype::derive(item.into()).into()
}

/// Declares a schema.
#[proc_macro]
pub fn pg_schema(input: TokenStream) -> TokenStream {
    pg_schema::expand(input.into()).into()
}

/// Declares an extension that the tables need.
#[proc_macro]
pub fn extension(input: TokenStream) -> TokenStream {
    extension::expand(input.into()).into()
}
