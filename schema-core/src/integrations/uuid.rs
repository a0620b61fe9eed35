//! `uuid::Uuid`.

use crate::sql_type::stored;

stored! { ::uuid::Uuid = uuid; }
