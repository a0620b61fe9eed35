//! What the source says of a table or a type, as a fingerprint: the same whether the compiler hands
//! the item to a derive or `check_migrations!` finds it in a file.
//!
//! Only what the schema can depend on counts: names, types, our attributes, doc comments that become
//! comments. White space, visibility, other derives and attributes do not.

mod canonical;

use std::fmt::{self, Write as _};

use heck::ToSnakeCase;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Data, DeriveInput, LitStr};

pub(crate) use self::canonical::canonical;
use self::canonical::{hash, short};
use crate::name::unraw;
use crate::{doc, sqlx};

/// Attributes beside `#[table(…)]` itself that say something about the schema.
const ATTRIBUTES: &[&str] = &[
    "pg",
    "sqlx",
    "column",
    "primary_key",
    "unique",
    "index",
    "foreign_key",
    "check",
    "exclude",
    "embed",
    "policy",
    "trigger",
    "grant",
    "statistics",
    "partition",
];

/// The part that is what is said of the item itself.
pub(crate) const WHOLE: &str = "*";

/// What an item is, by its attribute or derive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Table,
    Enum,
    Domain,
    Newtype,
    View,
    Composite,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Table,
        Self::Enum,
        Self::Domain,
        Self::Newtype,
        Self::View,
        Self::Composite,
    ];

    /// The word for it in the record, and in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Newtype => "newtype",
            Self::View => "view",
            Self::Composite => "composite",
        }
    }
}

/// The fingerprint of an item and of its parts: `0123456789abcdef *=89ab id=4567 email=cdef`. The
/// part `*` is what is said of the item itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// Of everything.
    pub(crate) whole: String,
    /// Names, each with a short fingerprint; `*` is the first.
    pub(crate) parts: Vec<(String, String)>,
}

impl Spelling {
    /// What an item says: as the compiler hands it to a derive, or as it stands in the source.
    pub(crate) fn of(kind: Kind, item: &DeriveInput) -> Self {
        let mut texts = vec![(WHOLE.to_owned(), head(kind, item))];
        match &item.data {
            Data::Enum(data) => texts.extend(data.variants.iter().map(|variant| {
                let name = unraw(&variant.ident);
                let text = attributes(&variant.attrs);
                (name, text)
            })),
            Data::Struct(data) => {
                let columns = data.fields.iter().filter(|field| !is_skipped(&field.attrs));
                texts.extend(columns.enumerate().map(|(at, field)| {
                    let name = field.ident.as_ref().map_or_else(|| at.to_string(), unraw);
                    let mut text = attributes(&field.attrs);
                    text.push_str(&canonical(field.ty.to_token_stream()));
                    if [Kind::Table, Kind::View, Kind::Composite].contains(&kind) {
                        text.push_str(&comment(&field.attrs));
                    }
                    (name, text)
                }));
            }
            Data::Union(_) => {}
        }
        let all: Vec<String> = texts
            .iter()
            .map(|(name, text)| format!("{name}\n{text}"))
            .collect();
        let parts = texts.into_iter().map(|(name, text)| (name, short(&text)));
        Self {
            whole: hash(&all.join("\n\n")),
            parts: parts.collect(),
        }
    }

    /// Reads what `Display` writes.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let whole = words.next().filter(|whole| whole.len() == 16)?.to_owned();
        let parts = words.map(|word| {
            let (name, part) = word.rsplit_once('=')?;
            Some((name.to_owned(), part.to_owned()))
        });
        let parts = parts.collect::<Option<_>>()?;
        Some(Self { whole, parts })
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.whole)?;
        for (name, part) in &self.parts {
            write!(formatter, " {name}={part}")?;
        }
        Ok(())
    }
}

/// The name in the database without its schema, as the macros choose it; of a newtype, which has
/// none, that of the struct.
pub(crate) fn sql_name(kind: Kind, item: &DeriveInput) -> String {
    let ident = unraw(&item.ident);
    let given = |attribute: &str| {
        let mut options = item.attrs.iter().filter(|it| is(it, attribute));
        options.find_map(|it| name_option(arguments(it)?))
    };
    let loaded = || sqlx::type_name(&item.attrs).map(|(name, _)| name);
    match kind {
        Kind::Newtype => return ident,
        Kind::Table => given("table").or_else(|| given("__table")),
        Kind::View => ["view", "materialized_view", "__view"]
            .into_iter()
            .find_map(given),
        Kind::Enum | Kind::Domain | Kind::Composite => given("pg").or_else(loaded),
    }
    .unwrap_or_else(|| ident.to_snake_case())
}

/// Whether the last segment of an attribute's path is this.
pub(crate) fn is(attribute: &Attribute, name: &str) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == name)
}

/// Whether an attribute of this name says something about the schema.
pub(crate) fn is_ours(name: &str) -> bool {
    ATTRIBUTES.contains(&name) || ["table", "view", "materialized_view", "doc"].contains(&name)
}

/// What is said of the item itself.
fn head(kind: Kind, item: &DeriveInput) -> String {
    let mut text = format!("{} {}\n", kind.word(), sql_name(kind, item));
    for attribute in &item.attrs {
        if (is(attribute, "table") || is(attribute, "__table"))
            && let Some(arguments) = arguments(attribute).filter(|it| !it.is_empty())
        {
            let _infallible = writeln!(text, "table({})", canonical(arguments));
        }
        let materialized = is(attribute, "materialized_view");
        if (materialized || is(attribute, "view") || is(attribute, "__view"))
            && let Some(arguments) = arguments(attribute)
        {
            let word = if materialized {
                "__materialized , "
            } else {
                ""
            };
            let arguments = canonical(arguments);
            let _infallible = writeln!(text, "view({word}{arguments})");
        }
    }
    text.push_str(&attributes(&item.attrs));
    if kind != Kind::Newtype {
        text.push_str(&comment(&item.attrs));
    }
    text
}

/// Our attributes, in their order, a line each.
fn attributes(attributes: &[Attribute]) -> String {
    let ours = attributes
        .iter()
        .filter(|it| ATTRIBUTES.iter().any(|name| it.path().is_ident(name)));
    ours.map(|it| canonical(it.meta.to_token_stream()) + "\n")
        .collect()
}

/// The doc comment, if there is one.
fn comment(attributes: &[Attribute]) -> String {
    doc::comment(attributes).map_or_else(String::new, |text| format!("\ndoc {text}"))
}

/// `#[column(skip)]`: no column.
fn is_skipped(attributes: &[Attribute]) -> bool {
    let columns = attributes.iter().filter(|it| it.path().is_ident("column"));
    let words = columns.filter_map(arguments).flatten();
    words
        .into_iter()
        .any(|word| matches!(word, TokenTree::Ident(word) if word == "skip"))
}

/// What stands in the parentheses.
pub(crate) fn arguments(attribute: &Attribute) -> Option<TokenStream> {
    let list = attribute.meta.require_list().ok()?;
    Some(list.tokens.clone())
}

/// The text of `name = "…"` among options.
fn name_option(options: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = options.into_iter().collect();
    let text = tokens.windows(3).find_map(|three| match three {
        [TokenTree::Ident(key), TokenTree::Punct(equals), value]
            if key == "name" && equals.as_char() == '=' =>
        {
            Some(value.to_token_stream())
        }
        _ => None,
    })?;
    syn::parse2::<LitStr>(text).ok().map(|text| text.value())
}
