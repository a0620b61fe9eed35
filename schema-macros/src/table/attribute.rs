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
    let loaded = loaded(item);
    quote!(#[derive(#krate::Table)] #helper #loaded #item)
}

/// The mark of an item that derives `sqlx::FromRow` behind this attribute.
pub(super) fn loaded(item: &TokenStream) -> Option<TokenStream> {
    derives_from_row(item).then(|| quote!(#[__loaded]))
}

/// Whether sqlx's own derive is among the attributes behind this one.
fn derives_from_row(item: &TokenStream) -> bool {
    if !cfg!(feature = "sqlx") {
        return false;
    }
    let mut tokens = item.clone().into_iter();
    while let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(attribute))) =
        (tokens.next(), tokens.next())
    {
        let words: Vec<TokenTree> = attribute.stream().into_iter().collect();
        if let [TokenTree::Ident(word), TokenTree::Group(paths)] = &words[..]
            && word == "derive"
        {
            let mut paths = paths.stream().into_iter();
            if paths.any(|word| matches!(word, TokenTree::Ident(word) if word == "FromRow")) {
                return true;
            }
        }
    }
    false
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
