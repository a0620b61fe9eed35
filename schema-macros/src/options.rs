//! Lists of options: `key`, `key = value`, `key(…)`, in any order.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Ident, Meta, Token, parenthesized};

use crate::errors::Errors;
use crate::suggest::did_you_mean;

/// Expands the whole input of a function-like macro: what it gives, after the errors.
pub(crate) fn whole(
    input: TokenStream,
    parse: fn(ParseStream<'_>, &mut Errors) -> syn::Result<TokenStream>,
) -> TokenStream {
    let mut errors = Errors::default();
    let parser = |input: ParseStream<'_>| parse(input, &mut errors);
    match parser.parse2(input) {
        Ok(tokens) => {
            let errors = errors.into_tokens();
            quote!(#errors #tokens)
        }
        Err(error) => {
            errors.add(error);
            errors.into_tokens()
        }
    }
}

/// Reads what stands in the parentheses of an attribute; `#[attribute]` alone is an empty list.
pub(crate) fn of_attribute(
    attribute: &Attribute,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    let tokens = match &attribute.meta {
        Meta::Path(_) => return,
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            errors.push_at(
                &pair.path,
                format_args!(
                    "expected `#[{}(…)]`",
                    pair.path
                        .get_ident()
                        .map(ToString::to_string)
                        .unwrap_or_default()
                ),
            );
            return;
        }
    };
    let parser = |input: ParseStream<'_>| {
        each(input, errors, &mut read);
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.add(error);
    }
}

/// Reads items up to the end; what follows a mistake up to the next comma is passed over.
pub(crate) fn each(
    input: ParseStream<'_>,
    errors: &mut Errors,
    read: &mut impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        if let Err(error) = read(input, errors) {
            errors.add(error);
            skip_to_comma(input);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            errors.add(input.error("expected `,`"));
            skip_to_comma(input);
        }
        if input.peek(Token![,]) {
            let _comma = input.parse::<Token![,]>();
        }
    }
}

/// The next option's key, keywords included.
pub(crate) fn key(input: ParseStream<'_>) -> syn::Result<Ident> {
    input.call(Ident::parse_any)
}

/// `= value`
pub(crate) fn value<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `= word`, one of a list.
pub(crate) fn word<T: Copy>(
    input: ParseStream<'_>,
    what: &str,
    words: &[(&str, T)],
) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    let word = key(input)?;
    words
        .iter()
        .find(|(known, _)| word == known)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
            let near = did_you_mean(&word.to_string(), known.iter().copied());
            let list = if near.is_empty() {
                format!("; expected one of `{}`", known.join("`, `"))
            } else {
                near
            };
            syn::Error::new(word.span(), format!("unknown {what} `{word}`{list}"))
        })
}

/// A flag that may be spelled `flag = true` or `flag = false`.
pub(crate) fn flag(input: ParseStream<'_>) -> syn::Result<bool> {
    if input.peek(Token![=]) {
        return Ok(value::<syn::LitBool>(input)?.value);
    }
    Ok(true)
}

/// `(k = v, …)` of storage parameters; values are literals or words.
pub(crate) fn parameters(input: ParseStream<'_>) -> syn::Result<Vec<(String, String)>> {
    let content;
    parenthesized!(content in input);
    let mut parameters: Vec<(String, String)> = Vec::new();
    while !content.is_empty() {
        let name = key(&content)?;
        content.parse::<Token![=]>()?;
        let value = if content.peek(syn::LitStr) {
            content.parse::<syn::LitStr>()?.value()
        } else if content.peek(Ident::peek_any) {
            key(&content)?.to_string()
        } else {
            let minus = content.parse::<Option<Token![-]>>()?.map_or("", |_| "-");
            match content.parse::<syn::Lit>()? {
                syn::Lit::Int(int) => format!("{minus}{}", int.base10_digits()),
                syn::Lit::Float(float) => format!("{minus}{}", float.base10_digits()),
                syn::Lit::Bool(bool) => bool.value.to_string(),
                other => {
                    return Err(syn::Error::new(
                        other.span(),
                        "expected a number, a word or a string",
                    ));
                }
            }
        };
        let text = name.to_string();
        if parameters.iter().any(|(known, _)| *known == text) {
            return Err(syn::Error::new(
                name.span(),
                format!("`{text}` is given twice"),
            ));
        }
        parameters.push((text, value));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(parameters)
}

/// An unknown option, with the nearest one that there is.
pub(crate) fn unknown(key: &Ident, what: &str, known: &[&str]) -> syn::Error {
    let near = did_you_mean(&key.to_string(), known.iter().copied());
    let message = if PLANNED.iter().any(|word| key == word) {
        format!("the {what} option `{key}` is not supported yet")
    } else if near.is_empty() {
        format!(
            "unknown {what} option `{key}`; expected one of `{}`",
            known.join("`, `")
        )
    } else {
        format!("unknown {what} option `{key}`{near}")
    };
    syn::Error::new(key.span(), message)
}

/// Options of the grammar whose objects are not supported yet.
const PLANNED: &[&str] = &["partition_of", "virtual"];

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _skipped = input.parse::<TokenTree>();
    }
}
