//! Tokens as one text, however they are spaced, and fingerprints of texts.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The tokens with one space between them. A comma before a closing bracket is no difference:
/// formatters put it there.
pub(crate) fn canonical(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let TokenTree::Punct(punct) = &token
            && punct.as_char() == ','
            && tokens.peek().is_none()
        {
            continue;
        }
        if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("( ", " )"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::Bracket => ("[ ", " ]"),
                    // What a macro's fragment brings along.
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            TokenTree::Ident(ident) => {
                let _infallible = write!(text, "{ident}");
            }
            TokenTree::Literal(literal) => {
                let _infallible = write!(text, "{literal}");
            }
        }
    }
}

/// The fingerprint of a text: 16 hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    format!("{:016x}", fnv(text))
}

/// Enough of a fingerprint to tell which part of an item changed: 4 hexadecimal digits.
pub(super) fn short(text: &str) -> String {
    let hash = fnv(text);
    let folded = [48, 32, 16, 0]
        .into_iter()
        .fold(0, |sum, shift| sum ^ (hash >> shift));
    format!("{:04x}", folded & 0xffff)
}

/// FNV-1a with 64 bits: the same on every machine and with every compiler.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
