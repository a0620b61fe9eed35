//! A column.

use crate::ident::{Ident, QualifiedName};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// `format_type(atttypid, atttypmod)`: `character varying(80)`, `order_status[]`.
    pub data_type: String,
    /// The enum or domain of this catalog that the type is, or is an array of.
    pub type_name: Option<QualifiedName>,
    /// NOT NULL.
    pub not_null: bool,
    /// How it gets its value when none is given.
    pub generation: Generation,
    /// Collation as SQL spells it, where it is not the type's own.
    pub collation: Option<String>,
    /// `STORAGE`, in lower case, where it is not the type's own.
    pub storage: Option<String>,
    /// `COMPRESSION`, where it is not the server's default.
    pub compression: Option<String>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
}

/// How a column gets its value when none is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// It does not: NULL.
    #[default]
    None,
    /// `DEFAULT expression`.
    Default(String),
    /// `GENERATED … AS IDENTITY`.
    Identity(Identity),
    /// `GENERATED ALWAYS AS (expression) STORED`.
    Stored(String),
}

/// `GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY (…)`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `ALWAYS`, not `BY DEFAULT`.
    pub always: bool,
    /// Its sequence's options.
    pub options: SequenceOptions,
}

/// Options of a sequence; `None` is PostgreSQL's default for its type and direction, on both
/// sides of a diff.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceOptions {
    /// `START WITH`.
    pub start: Option<i64>,
    /// `INCREMENT BY`.
    pub increment: Option<i64>,
    /// `MINVALUE`.
    pub min: Option<i64>,
    /// `MAXVALUE`.
    pub max: Option<i64>,
    /// `CACHE`.
    pub cache: Option<i64>,
    /// `CYCLE`.
    pub cycle: bool,
}
