//! `#[table(…)]` itself: hands its arguments to the derive, which sees the item after `cfg`.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// The item behind `#[derive(::schema_core::Table)] #[__table(…)]`.
pub(crate) fn attribute(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let krate = crate_path(arguments).unwrap_or_else(|| quote!(::schema_core));
    let helper = if arguments.is_empty() {
        TokenStream::new()
    } else {
        quote!(#[__table(#arguments)])
    };
    quote!(#[derive(#krate::Table)] #helper #item)
}

/// The path of `crate = path`, without parsing anything else.
pub(super) fn crate_path(arguments: &TokenStream) -> Option<TokenStream> {
    let mut tokens = arguments.clone().into_iter().peekable();
    let mut start = true;
    while let Some(token) = tokens.next() {
        let is_crate = matches!(&token, TokenTree::Ident(ident) if ident == "crate");
        if start
            && is_crate
            && matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
        {
            let _equals = tokens.next();
            return Some(tokens.take_while(|token| !is_comma(token)).collect());
        }
        start = is_comma(&token);
    }
    None
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}
