//! For queries: names as they stand between quotes, labels of enums, and values within wrappers.

use crate::def::NameDef;

/// An enum that derives `PgEnum`, by its labels.
pub trait Labelled: Sized {
    /// The label of a variant.
    fn label(&self) -> &'static str;
    /// The variant of a label.
    fn of_label(label: &str) -> Option<Self>;
}

/// A `PgDomain` or `PgNewtype`, by the value within.
pub trait Wrapper: Sized {
    /// The type of the value.
    type Inner;
    /// Around a value.
    fn wrap(inner: Self::Inner) -> Self;
    /// The value.
    fn inner(&self) -> &Self::Inner;
    /// The value alone.
    fn into_inner(self) -> Self::Inner;
}

/// How long [`quoted`] is.
pub const fn quoted_len(name: NameDef<'_>) -> usize {
    let schema = if name.schema.is_empty() {
        0
    } else {
        doubled_len(name.schema) + 3
    };
    schema + doubled_len(name.name) + 2
}

/// `"sales"."orders"`, with the quotes within doubled.
pub const fn quoted<const N: usize>(name: NameDef<'_>) -> [u8; N] {
    let mut bytes = [b'"'; N];
    let mut at = 1;
    if !name.schema.is_empty() {
        at = doubled(name.schema, &mut bytes, at);
        bytes[at + 1] = b'.';
        at += 3;
    }
    let _ = doubled(name.name, &mut bytes, at);
    bytes
}

/// Bytes of [`quoted`] as text.
pub const fn quoted_text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("whole names are put between quotes"),
    }
}

/// The text without the first and the last quote.
pub const fn unquoted(text: &'static str) -> &'static str {
    let (text, _quote) = text.split_at(text.len() - 1);
    text.split_at(1).1
}

const fn doubled_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut len = bytes.len();
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] == b'"' {
            len += 1;
        }
        index += 1;
    }
    len
}

/// Writes a text from a place on; gives the place behind it.
const fn doubled<const N: usize>(text: &str, into: &mut [u8; N], mut at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        into[at] = bytes[index];
        at += 1;
        if bytes[index] == b'"' {
            into[at] = b'"';
            at += 1;
        }
        index += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{NameDef, quoted, quoted_len, quoted_text, unquoted};

    const ODD: NameDef<'_> = NameDef {
        schema: "a\"b",
        name: "ü.x",
    };
    const BYTES: [u8; quoted_len(ODD)] = quoted(ODD);

    #[test]
    fn names_with_quotes_are_put_between_quotes() {
        assert_eq!(quoted_text(&BYTES), "\"a\"\"b\".\"ü.x\"");
        assert_eq!(unquoted(quoted_text(&BYTES)), "a\"\"b\".\"ü.x");
    }
}
