//! Records as the macros write them: bytes, with what only the compiler knows in between.
//!
//! The types here mirror those of `schema_core::def`. Everything that stands in the source is
//! bytes already when the compiler sees it, because const evaluation pays for every step.
#![expect(dead_code, reason = "only the compiler knows of some types")]

mod format;
mod pieces;

use proc_macro2::TokenStream;

use self::format::records;
use self::pieces::Pieces;
use crate::spelling::Spelling;

macro_rules! codec {
    () => {};
    (struct $name:ident$(<$life:lifetime>)? { $($field:ident: $kind:tt,)* } $($rest:tt)*) => {
        pub(crate) struct $name { $(pub(crate) $field: kind!($kind),)* }

        impl $name {
            /// The fields, in the order of the description.
            fn write(&self, pieces: &mut Pieces<'_>) {
                $( put!(pieces, &self.$field, $kind); )*
            }
        }
        codec! { $($rest)* }
    };
    (enum $name:ident$(<$life:lifetime>)? { $($tag:literal => $variant:ident $(($value:ident: $kind:tt))?,)* } $($rest:tt)*) => {
        pub(crate) enum $name { $($variant $((kind!($kind)))?,)* }

        impl $name {
            /// The tag, then the value if there is one.
            fn write(&self, pieces: &mut Pieces<'_>) {
                match self {
                    $( Self::$variant $(($value))? => {
                        pieces.byte($tag);
                        $( put!(pieces, $value, $kind); )?
                    } )*
                }
            }
        }
        codec! { $($rest)* }
    };
}

/// The type that holds a value of a kind.
macro_rules! kind {
    ([$kind:tt]) => { Vec<kind!($kind)> };
    (($kind:tt ?)) => { Option<kind!($kind)> };
    (($kind:tt since $format:literal)) => { kind!($kind) };
    (($first:tt, $second:tt)) => { (kind!($first), kind!($second)) };
    (str) => { Text };
    (resolved_type) => { Type };
    (resolved_bool) => { Nullable };
    (resolved_u32) => { TokenStream };
    ($other:ident) => { $other };
}

/// Writes a reference to a value of a kind.
macro_rules! put {
    ($pieces:ident, $value:expr, [$kind:tt]) => {{
        $pieces.count($value.len());
        for item in $value {
            put!($pieces, item, $kind);
        }
    }};
    ($pieces:ident, $value:expr, ($kind:tt ?)) => {
        match $value {
            None => $pieces.byte(0),
            Some(value) => {
                $pieces.byte(1);
                put!($pieces, value, $kind);
            }
        }
    };
    ($pieces:ident, $value:expr, ($kind:tt since $format:literal)) => {
        put!($pieces, $value, $kind)
    };
    ($pieces:ident, $value:expr, ($first:tt, $second:tt)) => {{
        let (first, second) = $value;
        put!($pieces, first, $first);
        put!($pieces, second, $second);
    }};
    ($pieces:ident, $value:expr, str) => {
        $value.write($pieces)
    };
    ($pieces:ident, $value:expr, bool) => {
        $pieces.byte(u8::from(*$value))
    };
    ($pieces:ident, $value:expr, u8) => {
        $pieces.byte(*$value)
    };
    ($pieces:ident, $value:expr, u32) => {
        $pieces.count(*$value as usize)
    };
    ($pieces:ident, $value:expr, i32) => {
        $pieces.bytes(&$value.to_le_bytes())
    };
    ($pieces:ident, $value:expr, i64) => {
        $pieces.bytes(&$value.to_le_bytes())
    };
    ($pieces:ident, $value:expr, resolved_u32) => {{
        $pieces.byte(0);
        $pieces.number($value);
    }};
    ($pieces:ident, $value:expr, $described:ident) => {
        $value.write($pieces)
    };
}

records!(codec);

impl Record {
    /// The pieces that `schema-core` joins.
    pub(crate) fn emit(&self, private: &TokenStream) -> TokenStream {
        let mut pieces = Pieces::new(private);
        self.write(&mut pieces);
        pieces.into_tokens()
    }
}

/// A text, or an expression of the type `&'static str`.
#[derive(Clone)]
pub(crate) enum Text {
    Plain(String),
    Resolved(TokenStream),
}

impl Text {
    fn write(&self, pieces: &mut Pieces<'_>) {
        match self {
            Self::Plain(text) => {
                pieces.count(text.len() + 1);
                pieces.bytes(text.as_bytes());
            }
            Self::Resolved(text) => {
                pieces.byte(0);
                pieces.text(text);
            }
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::Plain(text.clone())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&syn::LitStr> for Text {
    fn from(literal: &syn::LitStr) -> Self {
        Self::Plain(literal.value())
    }
}

/// A type; expressions are pieces.
pub(crate) enum Type {
    /// As the compiler resolves it.
    Resolved(TokenStream),
    /// SQL text.
    Raw(String),
    /// The same with modifiers.
    Modified(Vec<i32>, TokenStream),
}

impl Type {
    fn write(&self, pieces: &mut Pieces<'_>) {
        match self {
            Self::Resolved(piece) => {
                pieces.byte(0);
                pieces.piece(piece);
            }
            Self::Raw(sql) => {
                pieces.byte(1);
                TypeDef {
                    modifiers: Vec::new(),
                    name: NameDef {
                        schema: "".into(),
                        name: sql.into(),
                    },
                    dimensions: 0,
                    origin: TypeOrigin::Raw,
                }
                .write(pieces);
            }
            Self::Modified(modifiers, piece) => {
                pieces.byte(2);
                put!(pieces, modifiers, [i32]);
                pieces.piece(piece);
            }
        }
    }
}

/// Whether a column takes NULL.
pub(crate) enum Nullable {
    /// The piece of its type says so.
    WithType,
    /// An expression of the type `bool`.
    Resolved(TokenStream),
}

impl Nullable {
    fn write(&self, pieces: &mut Pieces<'_>) {
        pieces.byte(2);
        if let Self::Resolved(nullable) = self {
            pieces.number(&quote::quote!(#nullable as u32));
        }
    }
}

impl SourceDef {
    /// The place of the macro's call; the compiler knows file and module.
    pub(crate) fn here(item: String) -> Self {
        Self {
            file: Text::Resolved(quote::quote!(file!())),
            line: quote::quote!(line!()),
            column: quote::quote!(column!()),
            module: Text::Resolved(quote::quote!(module_path!())),
            item: Text::Plain(item),
            spelling: "".into(),
        }
    }

    /// The same with what the source says there.
    pub(crate) fn spelled(self, spelling: &Spelling) -> Self {
        Self {
            spelling: spelling.to_string().into(),
            ..self
        }
    }
}
