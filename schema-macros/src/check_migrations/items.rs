//! The items of a file or module, as far as they may be tables, types, or modules with such.
//!
//! Only their tokens are looked at: what a function or another item holds is never parsed.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Attribute;
use syn::parse::Parser as _;

use super::conditions::DERIVES;

/// An item.
pub(super) enum Item {
    /// `mod name;` or `mod name { … }`
    Module {
        attributes: Vec<Attribute>,
        ident: Ident,
        content: Option<TokenStream>,
    },
    /// A struct or an enum with one of our attributes or derives, or with an attribute that may
    /// bring them.
    Marked(TokenStream),
    /// Another struct or enum, and whether it has an attribute that could be a macro.
    Plain { ident: Ident, may_expand: bool },
    /// What a macro is called with or made of: it may make tables.
    Macro(TokenStream),
}

/// Attributes that expand to nothing more than they stand on.
const INERT: &[&str] = &[
    "doc",
    "derive",
    "allow",
    "expect",
    "warn",
    "deny",
    "forbid",
    "cfg",
    "cfg_attr",
    "must_use",
    "non_exhaustive",
    "repr",
    "deprecated",
    "serde",
    "sqlx",
];

/// Splits the tokens of a module into its items.
pub(super) fn items(tokens: TokenStream) -> Vec<Item> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    for token in tokens {
        let is_end = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        item.push(token);
        // `#![…]` is the module's own.
        if let [
            TokenTree::Punct(hash),
            TokenTree::Punct(bang),
            TokenTree::Group(_),
        ] = &item[..]
            && (hash.as_char(), bang.as_char()) == ('#', '!')
        {
            item.clear();
        }
        if is_end {
            items.extend(read(std::mem::take(&mut item)));
        }
    }
    items
}

/// One item by its tokens.
fn read(tokens: Vec<TokenTree>) -> Option<Item> {
    let keyword = tokens.iter().position(|token| {
        matches!(token, TokenTree::Ident(word) if word == "mod" || word == "struct" || word == "enum")
    });
    let Some((keyword, TokenTree::Ident(ident))) =
        keyword.and_then(|at| Some((at, tokens.get(at + 1)?)))
    else {
        return is_macro(&tokens).then(|| Item::Macro(tokens.into_iter().collect()));
    };
    let ident = ident.clone();
    let is_module = matches!(&tokens[keyword], TokenTree::Ident(word) if word == "mod");
    let attributes = attribute_len(&tokens);
    if is_module {
        let content = match tokens.last() {
            Some(TokenTree::Group(group)) => Some(group.stream()),
            _ => None,
        };
        let attributes = tokens.into_iter().take(attributes).collect();
        let attributes = Attribute::parse_outer.parse2(attributes).ok()?;
        return Some(Item::Module {
            attributes,
            ident,
            content,
        });
    }
    let groups = tokens[..attributes].iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    let mut may_expand = false;
    for group in groups {
        let path: Vec<String> = group
            .clone()
            .into_iter()
            .map_while(|token| match token {
                TokenTree::Ident(word) => Some(word.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' => Some(String::new()),
                _ => None,
            })
            .collect();
        let last = path.last().map_or("", String::as_str);
        let marks: &[&str] = match last {
            "table" | "view" | "materialized_view" => {
                return Some(Item::Marked(tokens.into_iter().collect()));
            }
            "derive" => DERIVES,
            "cfg_attr" => &[
                "table",
                "view",
                "materialized_view",
                "PgEnum",
                "PgDomain",
                "PgNewtype",
                "PgComposite",
            ],
            _ => &[],
        };
        if !marks.is_empty() && mentions(group, marks) {
            return Some(Item::Marked(tokens.into_iter().collect()));
        }
        may_expand |= !INERT.contains(&last);
    }
    Some(Item::Plain { ident, may_expand })
}

/// `name! { … }` or `macro_rules! name { … }`
fn is_macro(tokens: &[TokenTree]) -> bool {
    let is_bang =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!');
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_));
    let is_group = |token: &TokenTree| matches!(token, TokenTree::Group(_));
    tokens
        .windows(3)
        .any(|three| is_word(&three[0]) && is_bang(&three[1]) && is_group(&three[2]))
        || tokens.windows(4).any(|four| {
            is_word(&four[0]) && is_bang(&four[1]) && is_word(&four[2]) && is_group(&four[3])
        })
}

/// How many of the tokens are attributes.
fn attribute_len(tokens: &[TokenTree]) -> usize {
    let is_hash =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#');
    tokens
        .chunks(2)
        .take_while(|pair| is_hash(&pair[0]))
        .count()
        * 2
}

/// Whether one of the words is somewhere in the tokens.
fn mentions(tokens: TokenStream, words: &[&str]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => words.iter().any(|word| ident == word),
        TokenTree::Group(group) => mentions(group.stream(), words),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
