//! `serde_json::Value`.

use crate::sql_type::stored;

stored! { ::serde_json::Value = jsonb, json; }
