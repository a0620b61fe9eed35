//! Our own types in `sqlx`, and what `#[table]` and the derives need to implement its traits.
//!
//! With the feature `sqlx` a struct with `#[table]` is a row, and enums, domains and newtypes are
//! types of `sqlx`, by the names that they have in the database:
//!
//! ```
//! use schema_core::prelude::*;
//!
//! #[derive(PgEnum)]
//! enum Role {
//!     Admin,
//!     Member,
//! }
//!
//! #[table(name = "users")]
//! struct User {
//!     #[column(primary_key, identity)]
//!     id: i64,
//!     #[column(name = "mail")]
//!     email: Option<String>,
//!     role: Role,
//! }
//!
//! async fn admins(pool: &sqlx::PgPool) -> sqlx::Result<Vec<User>> {
//!     sqlx::query_as("SELECT id, mail, role FROM users WHERE role = $1")
//!         .bind(Role::Admin)
//!         .fetch_all(pool)
//!         .await
//! }
//! ```

pub use ::sqlx::encode::IsNull;
pub use ::sqlx::error::BoxDynError;
pub use ::sqlx::postgres::types::PgRange;
pub use ::sqlx::postgres::{
    PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgTypeKind, PgValueRef, Postgres,
};
pub use ::sqlx::{
    ColumnIndex, Database, Decode, Encode, Error, FromRow, Result, Row, Type, TypeInfo,
};

use crate::def::NameDef;
use crate::sql_type::{Json, Range};

/// The value of a field that is no column, while a row of the kind `R` is read: the bound names a
/// parameter, so that a struct without a `Default` for it has a message only where it is read.
pub trait LeftOut<R>: Sized {
    /// The value.
    fn left_out() -> Self;
}

impl<T: Default, R> LeftOut<R> for T {
    fn left_out() -> Self {
        T::default()
    }
}

/// Whether a value of this type is one of the enum, which may be kept as text too.
pub fn is_enum(ty: &PgTypeInfo, name: NameDef<'_>, own: &PgTypeInfo) -> bool {
    let base = match ty.kind() {
        PgTypeKind::Domain(base) => base,
        _ => ty,
    };
    *base == *own || is_named(base.name(), name) || <str as Type<Postgres>>::compatible(base)
}

/// Whether the elements of an array are such.
pub fn has_elements(
    array: &PgTypeInfo,
    own: &PgTypeInfo,
    compatible: fn(&PgTypeInfo) -> bool,
) -> bool {
    match array.kind() {
        PgTypeKind::Array(element) => compatible(element),
        _ => *array == *own,
    }
}

/// Whether a value of this type, or of the type below a domain, is compatible.
pub fn is_domain_over(ty: &PgTypeInfo, compatible: fn(&PgTypeInfo) -> bool) -> bool {
    compatible(ty) || matches!(ty.kind(), PgTypeKind::Domain(base) if compatible(base))
}

/// Whether `sales."State"`, as the server spells it, is this name. Without a schema in one of
/// them, that is found on the search path.
fn is_named(spelled: &str, name: NameDef<'_>) -> bool {
    let Some((start, rest)) = first(spelled) else {
        return false;
    };
    let (schema, last) = match rest.strip_prefix('.').and_then(first) {
        Some((last, "")) => (Some(start), last),
        None if rest.is_empty() => (None, start),
        _ => return false,
    };
    last == name.name && (name.schema.is_empty() || schema.is_none_or(|it| it == name.schema))
}

/// The first identifier of a text, without quotes, and what is behind it.
fn first(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, rest)),
        }
    }
}

/// What is read that is no label.
pub fn no_label(found: &str, name: NameDef<'_>, rust: &str) -> BoxDynError {
    format!(
        "`{found}` is a label of `{}` in the database and no variant of `{rust}`: the database is of another version than this program",
        name.name
    )
    .into()
}

impl<T> Type<Postgres> for Json<T> {
    fn type_info() -> PgTypeInfo {
        <::sqlx::types::Json<T> as Type<Postgres>>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        <::sqlx::types::Json<T> as Type<Postgres>>::compatible(ty)
    }
}

impl<T> PgHasArrayType for Json<T> {
    fn array_type_info() -> PgTypeInfo {
        <::sqlx::types::Json<T> as PgHasArrayType>::array_type_info()
    }

    fn array_compatible(ty: &PgTypeInfo) -> bool {
        <::sqlx::types::Json<T> as PgHasArrayType>::array_compatible(ty)
    }
}

impl<T: serde::Serialize> Encode<'_, Postgres> for Json<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        ::sqlx::types::Json(&self.0).encode_by_ref(buffer)
    }
}

impl<T: serde::de::DeserializeOwned> Decode<'_, Postgres> for Json<T> {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        let json: ::sqlx::types::Json<T> = Decode::<Postgres>::decode(value)?;
        Ok(Self(json.0))
    }
}

impl<T> Type<Postgres> for Range<T>
where
    PgRange<T>: Type<Postgres>,
{
    fn type_info() -> PgTypeInfo {
        PgRange::<T>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        PgRange::<T>::compatible(ty)
    }
}

impl<T> PgHasArrayType for Range<T>
where
    PgRange<T>: PgHasArrayType,
{
    fn array_type_info() -> PgTypeInfo {
        PgRange::<T>::array_type_info()
    }

    fn array_compatible(ty: &PgTypeInfo) -> bool {
        PgRange::<T>::array_compatible(ty)
    }
}

impl<'q, T: Encode<'q, Postgres>> Encode<'q, Postgres> for Range<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let range = PgRange {
            start: self.start.as_ref(),
            end: self.end.as_ref(),
        };
        range.encode_by_ref(buffer)
    }
}

impl<'r, T> Decode<'r, Postgres> for Range<T>
where
    T: Type<Postgres> + for<'a> Decode<'a, Postgres>,
{
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let range: PgRange<T> = Decode::<Postgres>::decode(value)?;
        Ok(Self {
            start: range.start,
            end: range.end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{NameDef, is_named};

    #[test]
    fn names_are_compared_without_quotes_and_with_schemas_where_both_have_one() {
        let state = |schema| NameDef {
            schema,
            name: "State",
        };
        assert!(is_named("\"State\"", state("")));
        assert!(is_named("sales.\"State\"", state("")));
        assert!(is_named("sales.\"State\"", state("sales")));
        assert!(!is_named("other.\"State\"", state("sales")));
        assert!(!is_named("state", state("")));
        assert!(!is_named("\"State\".x", state("")));
        let odd = NameDef {
            schema: "",
            name: "a\"b.c",
        };
        assert!(is_named("\"a\"\"b.c\"", odd));
    }
}
