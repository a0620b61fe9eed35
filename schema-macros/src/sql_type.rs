//! `type = …`: an SQL type with its modifiers, an own type, or SQL text.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitInt, Path, Token, bracketed, parenthesized};

use crate::paths::private_at;
use crate::sql::{Part, Sql};
use crate::suggest::did_you_mean;

/// The type that an option chooses.
pub(crate) enum Stored {
    /// A built-in type, or one of a well-known extension.
    Named {
        name: Ident,
        modifiers: Vec<i32>,
        dimensions: usize,
    },
    /// A `PgEnum` or `PgDomain`.
    Path(Path),
    /// `sql("…")`.
    Raw(Sql),
}

impl Stored {
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if Sql::peek(input) {
            let sql = Sql::parse(input)?;
            return Ok(Self::Raw(sql));
        }
        if !input.peek2(Token![::])
            && input.peek(Ident::peek_any)
            && let Some((name, modifiers)) =
                lookup(&input.fork().call(Ident::parse_any)?.to_string())
        {
            let word = input.call(Ident::parse_any)?;
            return Self::parse_named(&word, name, modifiers, input);
        }
        if input.peek(syn::LitStr) {
            return Err(
                input.error("expected a type such as `varchar(80)`; SQL text is `sql(\"…\")`")
            );
        }
        let path: Path = input.parse()?;
        if let Some(ident) = path.get_ident()
            && !ident.to_string().starts_with(char::is_uppercase)
        {
            let known = TYPES.iter().flat_map(|(_, names)| names.iter().copied());
            let aliases = ALIASES.iter().map(|(alias, _)| *alias);
            let near = did_you_mean(&ident.to_string(), known.chain(aliases));
            return Err(syn::Error::new(
                ident.span(),
                format!("unknown SQL type `{ident}`{near} (any type can be given as `sql(\"…\")`)"),
            ));
        }
        Ok(Self::Path(path))
    }

    fn parse_named(
        word: &Ident,
        name: &str,
        allowed: Modifiers,
        input: ParseStream<'_>,
    ) -> syn::Result<Self> {
        let mut modifiers = Vec::new();
        if input.peek(syn::token::Paren) {
            let content;
            let parens = parenthesized!(content in input);
            let literals =
                content.call(syn::punctuated::Punctuated::<Signed, Token![,]>::parse_terminated)?;
            for literal in &literals {
                modifiers.push(literal.0);
            }
            allowed.check(&modifiers).map_err(|message| {
                syn::Error::new(parens.span.join(), format!("`{word}` {message}"))
            })?;
        } else if word == "char" || word == "character" || name == "bit" {
            modifiers.push(1);
        }
        let mut dimensions = 0;
        while input.peek(syn::token::Bracket) {
            let _content;
            bracketed!(_content in input);
            dimensions += 1;
        }
        Ok(Self::Named {
            name: if name == "box" {
                Ident::new_raw(name, word.span())
            } else {
                Ident::new(name, word.span())
            },
            modifiers,
            dimensions,
        })
    }

    /// The type in `schema-core`, or the user's own; `None` for SQL text.
    pub(crate) fn path(&self) -> Option<TokenStream> {
        match self {
            Self::Named {
                name, dimensions, ..
            } => {
                let private = private_at(name.span());
                let mut path = quote_spanned!(name.span()=> #private::pg::#name);
                for _ in 0..*dimensions {
                    path = quote_spanned!(name.span()=> #private::pg::Array<#path>);
                }
                Some(path)
            }
            Self::Path(path) => Some(quote_spanned!(path_span(path)=> #path)),
            Self::Raw(_) => None,
        }
    }

    /// The modifiers, for types that have them.
    pub(crate) fn modifiers(&self) -> &[i32] {
        match self {
            Self::Named { modifiers, .. } => modifiers,
            Self::Path(_) | Self::Raw(_) => &[],
        }
    }

    /// The text of `sql("…")`.
    pub(crate) fn raw(&self) -> Option<&str> {
        match self {
            Self::Raw(sql) => sql.parts.iter().find_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Constant(_) => None,
            }),
            Self::Named { .. } | Self::Path(_) => None,
        }
    }

    /// The SQL name of a type without array brackets.
    pub(crate) fn scalar_name(&self) -> Option<String> {
        match self {
            Self::Named {
                name,
                dimensions: 0,
                ..
            } => Some(name.unraw().to_string()),
            _ => None,
        }
    }
}

fn path_span(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(Span::call_site, |segment| segment.ident.span())
}

/// `-2` or `2`.
struct Signed(i32);

impl syn::parse::Parse for Signed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        let value: i32 = input.parse::<LitInt>()?.base10_parse()?;
        Ok(Self(if negative { -value } else { value }))
    }
}

/// What may stand in the parentheses after a type.
#[derive(Clone, Copy)]
enum Modifiers {
    None,
    /// One length from 1 to this.
    Length(i32),
    /// Fractional digits of seconds, 0 to 6.
    Seconds,
    /// Precision and scale.
    Numeric,
}

impl Modifiers {
    fn check(self, modifiers: &[i32]) -> Result<(), String> {
        match (self, modifiers) {
            (_, []) => Err("has empty parentheses".to_owned()),
            (Self::None, _) => Err("takes no modifier".to_owned()),
            (Modifiers::Length(max), [length]) if (1..=max).contains(length) => Ok(()),
            (Modifiers::Length(max), _) => Err(format!("takes one length from 1 to {max}")),
            (Modifiers::Seconds, [0..=6]) => Ok(()),
            (Modifiers::Seconds, _) => Err("takes one precision from 0 to 6".to_owned()),
            (Modifiers::Numeric, [precision, ..]) if !(1..=1000).contains(precision) => {
                Err("takes a precision from 1 to 1000".to_owned())
            }
            (Modifiers::Numeric, [_]) => Ok(()),
            (Modifiers::Numeric, [precision, scale]) if (0..=*precision).contains(scale) => Ok(()),
            (Modifiers::Numeric, [_, _]) => Err("takes a scale from 0 to its precision".to_owned()),
            (Modifiers::Numeric, _) => Err("takes a precision and a scale".to_owned()),
        }
    }
}

/// The name and modifiers of a type, which may be given by another word of the standard.
fn lookup(word: &str) -> Option<(&'static str, Modifiers)> {
    let word = word.strip_prefix("r#").unwrap_or(word);
    let name = ALIASES
        .iter()
        .find(|(alias, _)| *alias == word)
        .map_or(word, |(_, name)| name);
    TYPES.iter().find_map(|(modifiers, names)| {
        names
            .iter()
            .find(|known| **known == name)
            .map(|known| (*known, *modifiers))
    })
}

/// The standard's words for PostgreSQL's types.
const ALIASES: &[(&str, &str)] = &[
    ("boolean", "bool"),
    ("smallint", "int2"),
    ("integer", "int4"),
    ("int", "int4"),
    ("bigint", "int8"),
    ("real", "float4"),
    ("decimal", "numeric"),
    ("char", "bpchar"),
    ("character", "bpchar"),
];

/// The built-in types by their modifiers, and those of well-known extensions; each is a struct of
/// `schema_core::sql_type::pg`.
const TYPES: &[(Modifiers, &[&str])] = &[
    (
        Modifiers::None,
        &[
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "money",
            "text",
            "name",
            "xml",
            "bytea",
            "date",
            "uuid",
            "json",
            "jsonb",
            "jsonpath",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "point",
            "line",
            "lseg",
            "box",
            "path",
            "polygon",
            "circle",
            "tsvector",
            "tsquery",
            "int4range",
            "int8range",
            "numrange",
            "tsrange",
            "tstzrange",
            "daterange",
            "int4multirange",
            "int8multirange",
            "nummultirange",
            "tsmultirange",
            "tstzmultirange",
            "datemultirange",
            "oid",
            "xid",
            "xid8",
            "pg_lsn",
            "regclass",
            "regproc",
            "regtype",
            "regrole",
            "regnamespace",
            "regconfig",
            "citext",
            "hstore",
            "ltree",
            "lquery",
            "ltxtquery",
            "geometry",
            "geography",
        ],
    ),
    (Modifiers::Length(10_485_760), &["varchar", "bpchar"]),
    (Modifiers::Length(83_886_080), &["bit", "varbit"]),
    (Modifiers::Length(16_000), &["vector", "halfvec"]),
    (Modifiers::Length(1_000_000_000), &["sparsevec"]),
    (
        Modifiers::Seconds,
        &["time", "timetz", "timestamp", "timestamptz", "interval"],
    ),
    (Modifiers::Numeric, &["numeric"]),
];
