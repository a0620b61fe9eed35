//! SQL that is more than an expression: a literal, a constant or a file.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::errors::Errors;
use crate::paths::line;
use crate::record::Text;
use crate::sql;

/// SQL and where it stands.
pub(crate) enum SqlText {
    /// As it stands in the source.
    Here(LitStr),
    /// An expression of the type `&'static str`.
    Constant(Box<Expr>),
    /// A file, as `include_str!` finds it.
    File(LitStr),
}

impl SqlText {
    /// A literal or a constant.
    pub(crate) fn parse(
        input: ParseStream<'_>,
        statements: bool,
        errors: &mut Errors,
    ) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(input.error("expected SQL text: a string, or a constant that holds one"));
        }
        match input.parse()? {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => {
                if let Err(message) = sql::check(&text.value(), statements) {
                    errors.push(text.span(), message);
                }
                Ok(Self::Here(text))
            }
            Expr::Lit(other) => Err(syn::Error::new_spanned(
                other,
                "expected SQL text: a string, or a constant that holds one",
            )),
            constant => Ok(Self::Constant(Box::new(constant))),
        }
    }

    /// The path of a file.
    pub(crate) fn parse_file(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(LitStr) {
            return Err(input.error("expected a path, relative to this file: \"sql/views.sql\""));
        }
        let path: LitStr = input.parse()?;
        if path.value().is_empty() {
            return Err(syn::Error::new(path.span(), "the path is empty"));
        }
        Ok(Self::File(path))
    }

    /// The text, as it is recorded. The compiler reads a file, so that a change of it is seen.
    pub(crate) fn text(&self) -> Text {
        match self {
            Self::Here(text) => text.into(),
            Self::Constant(constant) => Text::Resolved(quote!(#constant)),
            Self::File(path) => {
                let include: TokenStream =
                    quote_spanned!(path.span()=> ::core::include_str!(#path));
                Text::Resolved(include)
            }
        }
    }

    /// The path, if it is in a file.
    pub(crate) fn file(&self) -> Option<Text> {
        match self {
            Self::File(path) => Some(path.into()),
            Self::Here(_) | Self::Constant(_) => None,
        }
    }

    /// The line of the text; 0 if it is somewhere else.
    pub(crate) fn line(&self) -> u32 {
        match self {
            Self::Here(text) => line(text.span()),
            Self::Constant(_) | Self::File(_) => 0,
        }
    }
}
