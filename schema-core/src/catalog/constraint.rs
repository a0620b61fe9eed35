//! Constraints of a table.

use super::IndexElement;
use super::Parameters;
use crate::ident::{Ident, QualifiedName};

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// False for `NOT VALID`.
    pub validated: bool,
    /// False for `NOT ENFORCED` (PostgreSQL 18 and later).
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enforced: bool,
    /// It is only there because a parent table has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherited: bool,
    /// The constraint of the partitioned table that a key or foreign key is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Ident>,
    /// `COMMENT ON CONSTRAINT`.
    pub comment: Option<String>,
}

impl Constraint {
    /// A constraint of which nothing is said but what it demands.
    pub fn new(kind: ConstraintKind) -> Self {
        Self {
            kind,
            deferrable: Deferrable::No,
            validated: true,
            enforced: true,
            inherited: false,
            parent: None,
            comment: None,
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_true(value: &bool) -> bool {
    *value
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    PrimaryKey(Key),
    /// `UNIQUE`.
    Unique(Key),
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// `CHECK`.
    Check(Check),
    /// `EXCLUDE`.
    Exclusion(Exclusion),
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// `NOT DEFERRABLE`.
    #[default]
    No,
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    InitiallyImmediate,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    InitiallyDeferred,
}

/// The columns of a primary key or unique constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Key columns, in order.
    pub columns: Vec<Ident>,
    /// `INCLUDE`.
    pub include: Vec<Ident>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15 and later).
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` behind the last column (PostgreSQL 18 and later).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_overlaps: bool,
    /// `WITH (…)`.
    pub storage_parameters: Parameters,
    /// `USING INDEX TABLESPACE`, unless the database's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<Ident>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// Referencing columns, in order.
    pub columns: Vec<Ident>,
    /// The referenced table.
    pub references: QualifiedName,
    /// Referenced columns, in the order of `columns`.
    pub referenced_columns: Vec<Ident>,
    /// `ON DELETE`.
    pub on_delete: ReferentialAction,
    /// `ON DELETE SET NULL (columns)`; empty for all (PostgreSQL 15 and later).
    pub on_delete_columns: Vec<Ident>,
    /// `ON UPDATE`.
    pub on_update: ReferentialAction,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// `PERIOD` before the last column of both sides (PostgreSQL 18 and later).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub period: bool,
}

/// What a foreign key does when the referenced row goes or changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferentialAction {
    /// `NO ACTION`.
    #[default]
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The expression, without the outer `CHECK (…)`.
    pub expression: String,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Columns that it uses, sorted; empty in a provisional catalog where not known.
    pub columns: Vec<Ident>,
}

/// An exclusion constraint.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Access method: `gist`.
    pub method: Ident,
    /// Elements, each with its operator as SQL spells it.
    pub elements: Vec<(IndexElement, String)>,
    /// `INCLUDE`.
    pub include: Vec<Ident>,
    /// `WHERE (…)`, without the word and the outer parentheses.
    pub predicate: Option<String>,
    /// `WITH (…)`.
    pub storage_parameters: Parameters,
    /// `USING INDEX TABLESPACE`, unless the database's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<Ident>,
    /// Columns that elements and predicate use, sorted; as in [`Check::columns`].
    pub columns: Vec<Ident>,
}
