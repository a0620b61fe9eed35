//! Schemas, extensions, enums, domains and sequences.

use std::collections::BTreeMap;

use super::SequenceOptions;
use crate::ident::{Ident, QualifiedName};

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaObject {
    /// `COMMENT ON SCHEMA`; the stock comment of `public` counts as none.
    pub comment: Option<String>,
}

/// An extension. Its version is the server's business and not compared.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The schema of its objects; `None` in a provisional catalog that leaves it open.
    pub schema: Option<Ident>,
}

/// An enum type.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// Labels, in order.
    pub labels: Vec<String>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// `format_type` of the type below it.
    pub base: String,
    /// The enum or domain of this catalog that the type below it is.
    pub base_name: Option<QualifiedName>,
    /// Collation as SQL spells it, where it is not the base type's own.
    pub collation: Option<String>,
    /// `DEFAULT`.
    pub default: Option<String>,
    /// NOT NULL.
    pub not_null: bool,
    /// Checks by name.
    pub checks: BTreeMap<Ident, DomainCheck>,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<String>,
}

/// A check of a domain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainCheck {
    /// The expression, without the outer `CHECK (…)`.
    pub expression: String,
    /// False for `NOT VALID`.
    pub validated: bool,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// Its options.
    pub options: SequenceOptions,
    /// `OWNED BY table.column`.
    pub owned_by: Option<(QualifiedName, Ident)>,
    /// `COMMENT ON SEQUENCE`.
    pub comment: Option<String>,
}
