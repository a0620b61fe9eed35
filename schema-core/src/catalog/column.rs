//! A column.

use std::collections::BTreeMap;

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
    /// It is there because a parent table has it. Every column of a partition is inherited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherited: bool,
    /// What is said of its NOT NULL, where that is not what PostgreSQL says by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_constraint: Option<NotNull>,
    /// `OPTIONS (…)` of a foreign table's column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
}

impl Column {
    /// A column of a name and type of which nothing else is said.
    pub fn new(name: impl Into<Ident>, data_type: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: data_type.into(),
            type_name: None,
            not_null: false,
            generation: Generation::None,
            collation: None,
            storage: None,
            compression: None,
            inherited: false,
            not_null_constraint: None,
            options: BTreeMap::new(),
            comment: None,
        }
    }
}

/// NOT NULL as a constraint (PostgreSQL 18 and later). The default is what PostgreSQL says.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotNull {
    /// Its name, where it is not one that PostgreSQL gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Ident>,
    /// `NO INHERIT`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// `NOT VALID`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// Said here too, although a parent table says it; not of a partition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
    /// `COMMENT ON CONSTRAINT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl NotNull {
    /// The name that PostgreSQL gives.
    pub fn implicit_name(table: &QualifiedName, column: &Ident) -> Ident {
        implicit_name(table, column, "_not_null").name
    }
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
    /// `GENERATED ALWAYS AS (expression) VIRTUAL` (PostgreSQL 18 and later).
    Virtual(String),
}

/// `GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY (…)`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `ALWAYS`, not `BY DEFAULT`.
    pub always: bool,
    /// Its sequence, where the name is not one that PostgreSQL gives: a sequence keeps its name
    /// when its table or column gets another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<QualifiedName>,
    /// Its sequence's options.
    pub options: SequenceOptions,
}

impl Identity {
    /// The name that PostgreSQL gives to the sequence of an identity column: the first, by number,
    /// that is free. The longer of the two names is cut until all has room in 63 bytes.
    pub fn implicit_sequence(table: &QualifiedName, column: &Ident, number: u32) -> QualifiedName {
        let number = (number > 0).then(|| number.to_string());
        implicit_name(
            table,
            column,
            &format!("_seq{}", number.unwrap_or_default()),
        )
    }

    /// True where PostgreSQL may have given this name by itself.
    pub fn is_implicit_sequence(
        name: &QualifiedName,
        table: &QualifiedName,
        column: &Ident,
    ) -> bool {
        let stem = name
            .name
            .as_str()
            .trim_end_matches(|c: char| c.is_ascii_digit());
        let number = &name.name.as_str()[stem.len()..];
        let number = if number.is_empty() {
            Ok(0)
        } else {
            number.parse()
        };
        number.is_ok_and(|number| Self::implicit_sequence(table, column, number) == *name)
    }
}

/// The name that PostgreSQL makes of those of a table and a column, and a label: the longer of the
/// two is cut until all has room.
fn implicit_name(table: &QualifiedName, column: &Ident, label: &str) -> QualifiedName {
    let (stem, column) = (table.name.as_str(), column.as_str());
    let room = 62 - label.len();
    let (mut stem_length, mut column_length) = (stem.len(), column.len());
    while stem_length + column_length > room {
        if stem_length > column_length {
            stem_length -= 1;
        } else {
            column_length -= 1;
        }
    }
    let stem = &stem[..stem.floor_char_boundary(stem_length)];
    let column = &column[..column.floor_char_boundary(column_length)];
    table.sibling(format!("{stem}_{column}{label}"))
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
