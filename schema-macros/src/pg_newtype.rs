//! `pg_newtype`
use proc_macro2::TokenStream;
pub(crate) fn derive(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
