//! Types whose name says all: what the compiler need not be asked about.

use syn::{GenericArgument, PathArguments, Type};

use crate::default::LiteralKind;

/// A type of the language, by its own name, perhaps in an `Option`.
#[derive(Clone, Copy)]
pub(crate) struct Primitive {
    kind: Kind,
    pub(crate) nullable: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Float,
    Bool,
    Text,
}

impl Primitive {
    pub(crate) fn of(ty: &Type) -> Option<Self> {
        let Type::Path(path) = ty else { return None };
        if path.qself.is_some() || path.path.leading_colon.is_some() {
            return None;
        }
        let mut segments = path.path.segments.iter();
        let (segment, None) = (segments.next()?, segments.next()) else {
            return None;
        };
        let kind = match (&segment.arguments, &segment.ident) {
            (PathArguments::AngleBracketed(arguments), ident) if ident == "Option" => {
                let GenericArgument::Type(inner) = arguments.args.first()? else {
                    return None;
                };
                let inner = Self::of(inner)?;
                return (!inner.nullable).then_some(Self {
                    nullable: true,
                    ..inner
                });
            }
            (PathArguments::None, ident) if ["i16", "i32", "i64"].iter().any(|it| ident == it) => {
                Kind::Integer
            }
            (PathArguments::None, ident) if ident == "f32" || ident == "f64" => Kind::Float,
            (PathArguments::None, ident) if ident == "bool" => Kind::Bool,
            (PathArguments::None, ident) if ident == "String" => Kind::Text,
            _ => return None,
        };
        Some(Self {
            kind,
            nullable: false,
        })
    }

    /// Whether an integer can be counted up.
    pub(crate) fn takes_identity(self) -> bool {
        self.kind == Kind::Integer
    }

    /// Whether a literal certainly fits.
    pub(crate) fn takes(self, literal: &LiteralKind) -> bool {
        match literal {
            LiteralKind::Integer(value) => {
                matches!(self.kind, Kind::Integer | Kind::Float) && i16::try_from(*value).is_ok()
            }
            LiteralKind::Number(_) => self.kind == Kind::Float,
            LiteralKind::Text(_) => self.kind == Kind::Text,
            LiteralKind::Bool(_) => self.kind == Kind::Bool,
        }
    }
}
