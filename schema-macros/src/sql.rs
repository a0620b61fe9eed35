//! `sql("…", Path, …)`: SQL text as it is, with what it depends on.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Path, Token, parenthesized};

use crate::paths;
use crate::record::{NameDef, SqlDef, Text};

/// SQL text and where it stands.
#[derive(Clone)]
pub(crate) struct Sql {
    pub(crate) parts: Vec<Part>,
    pub(crate) depends_on: Vec<Path>,
    pub(crate) span: Span,
}

/// A piece of SQL.
#[derive(Clone)]
pub(crate) enum Part {
    /// Text.
    Text(String),
    /// An expression of the type `&'static str`, for the compiler to resolve.
    Constant(TokenStream),
}

impl Sql {
    /// SQL that is all text.
    pub(crate) fn text(text: impl Into<String>, span: Span) -> Self {
        Self {
            parts: vec![Part::Text(text.into())],
            depends_on: Vec::new(),
            span,
        }
    }

    /// The text, as far as it is known here.
    pub(crate) fn plain(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Constant(tokens) => tokens.to_string(),
        });
        parts.collect()
    }

    /// Whether `sql(` comes next.
    pub(crate) fn peek(input: ParseStream<'_>) -> bool {
        input.peek2(syn::token::Paren)
            && Ident::parse_any(&input.fork()).is_ok_and(|ident| ident == "sql")
    }

    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let keyword = input.call(Ident::parse_any)?;
        let content;
        parenthesized!(content in input);
        if content.is_empty() {
            return Err(syn::Error::new(
                keyword.span(),
                "expected SQL text: `sql(\"…\")`",
            ));
        }
        let literal: LitStr = content.parse()?;
        let text = literal.value();
        check(&text, false).map_err(|message| syn::Error::new(literal.span(), message))?;
        let mut depends_on = Vec::new();
        while !content.is_empty() {
            content.parse::<Token![,]>()?;
            if !content.is_empty() {
                depends_on.push(content.parse()?);
            }
        }
        Ok(Self {
            parts: vec![Part::Text(text)],
            depends_on,
            span: literal.span(),
        })
    }

    /// The `SqlDef`.
    pub(crate) fn record(&self, private: &TokenStream) -> SqlDef {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.into(),
            Part::Constant(tokens) => Text::Resolved(tokens.clone()),
        });
        let depends_on = self.depends_on.iter().map(|path| {
            let name = quote!({
                use #private::{TableName as _, TypeName as _};
                #private::Probe::<#path>::SQL_NAME
            });
            NameDef {
                schema: Text::Resolved(quote!(#name.schema)),
                name: Text::Resolved(quote!(#name.name)),
            }
        });
        SqlDef {
            parts: parts.collect(),
            depends_on: depends_on.collect(),
            line: paths::line(self.span),
        }
    }
}

/// What can be seen without knowing SQL: quotes and parentheses are balanced, and it is one piece
/// unless it is statements.
pub(crate) fn check(text: &str, statements: bool) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the SQL text is empty".to_owned());
    }
    if text.contains('\0') {
        return Err("the SQL text has a NUL character".to_owned());
    }
    let mut open = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        match bytes[at] {
            b'\'' => {
                let escapes = at > 0
                    && matches!(bytes[at - 1], b'e' | b'E')
                    && (at < 2 || !is_word(bytes[at - 2]));
                at = end_of_quoted(bytes, at, b'\'', escapes)
                    .ok_or("a string in the SQL text has no closing `'`")?;
                continue;
            }
            b'"' => {
                at = end_of_quoted(bytes, at, b'"', false)
                    .ok_or("a name in the SQL text has no closing `\"`")?;
                continue;
            }
            b'-' if rest.starts_with("--") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            b'/' if rest.starts_with("/*") => {
                at += rest
                    .find("*/")
                    .ok_or("a comment in the SQL text has no end")?
                    + 2;
                continue;
            }
            b'$' if at == 0 || !is_word(bytes[at - 1]) => {
                if let Some(tag) = dollar_tag(rest) {
                    let body = at + tag.len();
                    at = body
                        + text[body..]
                            .find(tag)
                            .ok_or_else(|| format!("the SQL text has no closing `{tag}`"))?
                        + tag.len();
                    continue;
                }
            }
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            close @ (b')' | b']') if open.pop() != Some(close) => {
                return Err(format!("the SQL text has a `{}` too many", close as char));
            }
            b';' if !statements => {
                return Err("expected one SQL expression, but there is a `;`".to_owned());
            }
            _ => {}
        }
        at += 1;
    }
    match open.pop() {
        Some(close) => Err(format!("the SQL text lacks a `{}`", close as char)),
        None => Ok(()),
    }
}

fn end_of_quoted(bytes: &[u8], start: usize, quote: u8, escapes: bool) -> Option<usize> {
    let mut at = start + 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
    None
}

/// `$tag$` at the start of the text.
fn dollar_tag(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let tag = &text[1..end];
    let plain = tag.bytes().all(is_word) && !tag.starts_with(|c: char| c.is_ascii_digit());
    plain.then(|| &text[..=end])
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn balanced_text_passes() {
        for text in [
            "to_tsvector('simple', display_name)",
            "'it''s (' || \"odd)\" || E'\\''",
            "$$ ; ( $$",
            "a[1] -- (",
            "/* ' */ now()",
        ] {
            assert_eq!(check(text, false), Ok(()), "{text}");
        }
    }

    #[test]
    fn statements_end_in_semicolons() {
        assert_eq!(check("SELECT 1; SELECT ';';", true), Ok(()));
        assert!(check("SELECT 'open;", true).is_err());
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "", "f(", "f)", "(]", "'open", "\"open", "a; b", "$x$ y", "/* z",
        ] {
            assert!(check(text, false).is_err(), "{text}");
        }
    }
}
