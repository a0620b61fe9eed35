//! Ranges.

use std::ops::Bound;

use super::{SqlType, StoredAs};
use crate::def::TypeDef;

/// A range of `T`, with a bound at each end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range<T> {
    /// The lower bound.
    pub start: Bound<T>,
    /// The upper bound.
    pub end: Bound<T>,
}

/// A type that PostgreSQL has ranges of.
#[diagnostic::on_unimplemented(message = "PostgreSQL has no range of `{Self}`")]
pub trait RangeElement {
    /// The range type.
    type Range: SqlType;
}

impl<T: RangeElement> SqlType for Range<T> {
    const TYPE: TypeDef<'static> = T::Range::TYPE;
}
impl<T: RangeElement<Range = Sql>, Sql: SqlType> StoredAs<Sql> for Range<T> {}

/// `Rust = range;`
macro_rules! range_of {
    ($($rust:ty = $range:ident;)*) => { $(
        impl $crate::sql_type::RangeElement for $rust {
            type Range = $crate::sql_type::pg::$range;
        }
    )* };
}
#[cfg(any(
    feature = "chrono",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "time"
))]
pub(crate) use range_of;

range_of! {
    i32 = int4range;
    i64 = int8range;
}
