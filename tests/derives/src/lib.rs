//! Stand-ins for the derives of sqlx: they take the same attributes and make nothing of them, so
//! that tests need not build sqlx a second time for its macros.

use proc_macro::TokenStream;

/// In place of `sqlx::FromRow`.
#[proc_macro_derive(FromRow, attributes(sqlx))]
pub fn from_row(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// In place of `sqlx::Type`.
#[proc_macro_derive(Type, attributes(sqlx))]
pub fn sql_type(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
