//! Names in the database: those given, and those that PostgreSQL would choose.

use proc_macro2::Span;
use syn::LitStr;

use crate::errors::Errors;

/// The longest name that PostgreSQL keeps.
const MAX_BYTES: usize = 63;

/// A name and where it comes from.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Name {
    /// A name that the user gives.
    pub(crate) fn given(literal: &LitStr, what: &str, errors: &mut Errors) -> Self {
        let name = Self {
            text: literal.value(),
            span: literal.span(),
        };
        name.check(what, errors);
        name
    }

    /// The name of a Rust item, as SQL has it.
    pub(crate) fn of_ident(ident: &syn::Ident, what: &str, errors: &mut Errors) -> Self {
        let name = Self {
            text: unraw(ident),
            span: ident.span(),
        };
        name.check(what, errors);
        name
    }

    /// A name that PostgreSQL would choose: `{table}_{columns}_{suffix}`.
    pub(crate) fn derived(
        table: &str,
        columns: &[String],
        suffix: &str,
        span: Span,
        errors: &mut Errors,
    ) -> Self {
        let mut text = table.to_owned();
        for column in columns {
            text.push('_');
            text.push_str(column);
        }
        text.push('_');
        text.push_str(suffix);
        // A table with too long a name is reported as that.
        if text.len() > MAX_BYTES && table.len() <= MAX_BYTES {
            errors.push(
                span,
                format_args!(
                    "the name `{text}` is {} bytes long, and PostgreSQL keeps {MAX_BYTES}: give a shorter one with `name = \"…\"`",
                    text.len()
                ),
            );
        }
        Self { text, span }
    }

    pub(crate) fn check(&self, what: &str, errors: &mut Errors) {
        let text = &self.text;
        if text.is_empty() {
            errors.push(self.span, format_args!("the {what} name is empty"));
        } else if text.contains('\0') {
            errors.push(
                self.span,
                format_args!("the {what} name has a NUL character"),
            );
        } else if text.len() > MAX_BYTES {
            errors.push(
                self.span,
                format_args!(
                    "the {what} name is {} bytes long, and PostgreSQL keeps {MAX_BYTES}",
                    text.len()
                ),
            );
        }
    }
}

/// An identifier without `r#`.
pub(crate) fn unraw(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    match text.strip_prefix("r#") {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// A name in double quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as an SQL string literal.
pub(crate) fn literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}
