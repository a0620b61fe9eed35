//! JSON documents.

use super::{SqlType, StoredAs, pg};
use crate::def::TypeDef;

/// A value kept as a `jsonb` document. `sqlx::types::Json` can be used instead under another
/// name with `#[column(type = sql("jsonb"))]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json<T>(pub T);

impl<T> SqlType for Json<T> {
    const TYPE: TypeDef<'static> = <pg::jsonb as SqlType>::TYPE;
}
impl<T> StoredAs<pg::jsonb> for Json<T> {}
impl<T> StoredAs<pg::json> for Json<T> {}
