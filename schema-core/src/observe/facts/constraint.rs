//! Constraints and indexes of a table.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Oid, Relation};
use crate::ident::Ident;

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Constraint {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// `c` check, `f` foreign key, `p` primary key, `u` unique, `x` exclusion.
    pub kind: char,
    /// `pg_get_constraintdef`.
    pub definition: String,
    /// False for NOT VALID.
    pub validated: bool,
    /// Columns, by number.
    pub columns: Vec<i16>,
    /// Its index, or that of the referenced key; 0 for none.
    pub index: Oid,
    /// The referenced table; 0 for none.
    pub references: Oid,
    /// `confdeltype`.
    pub on_delete: char,
    /// `confupdtype`.
    pub on_update: char,
}

impl Constraint {
    /// Whether a table had, or has, one that is the same: under another name, made again, or spelled
    /// for another type of its columns.
    pub fn continues_one_of(&self, own: &Relation, other: &Relation) -> bool {
        other.constraints.iter().any(|it| {
            let retyped = it.columns.iter().any(|number| {
                let types = |table: &Relation| {
                    table
                        .column(*number)
                        .map(|column| (column.type_oid, column.typmod))
                };
                types(own) != types(other)
            });
            it.oid == self.oid
                || it.kind == self.kind && it.rule() == self.rule()
                || it.kind == self.kind
                    && it.name == self.name
                    && it.columns == self.columns
                    && retyped
        })
    }

    /// What it demands, without whether it was validated.
    pub fn rule(&self) -> &str {
        self.definition.trim_end_matches(" NOT VALID")
    }

    /// Whether both are foreign keys of the same columns to the same table.
    pub fn links_like(&self, other: &Self) -> bool {
        self.kind == 'f'
            && other.kind == 'f'
            && self.columns == other.columns
            && self.references == other.references
    }

    /// What a foreign key does on DELETE and UPDATE.
    pub fn actions(&self) -> (char, char) {
        (self.on_delete, self.on_update)
    }

    /// What a check demands, in parentheses.
    pub fn condition(&self) -> Option<&str> {
        let rest = self.rule().strip_prefix("CHECK ")?;
        Some(rest.strip_suffix(" NO INHERIT").unwrap_or(rest))
    }
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "pg_index is a row of independent flags"
)]
pub struct Index {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// Access method.
    pub method: String,
    /// It is unique.
    pub unique: bool,
    /// It is the primary key's.
    pub primary: bool,
    /// False for one whose build failed.
    pub valid: bool,
    /// False for a deferrable constraint's.
    pub immediate: bool,
    /// Key columns and expressions.
    pub keys: Vec<String>,
    /// The same by number; 0 for an expression.
    pub columns: Vec<i16>,
    /// `WHERE`.
    pub predicate: Option<String>,
    /// All behind `USING`.
    pub definition: String,
}

/// A part of a key: a column by number, or an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPart {
    /// A column.
    Column(i16),
    /// An expression.
    Expression(String),
}

impl Index {
    /// What is unique, in no order.
    pub fn key(&self) -> BTreeSet<KeyPart> {
        let parts = self.columns.iter().zip(&self.keys);
        let part = |(number, text): (&i16, &String)| match number {
            0 => KeyPart::Expression(text.clone()),
            number => KeyPart::Column(*number),
        };
        parts.map(part).collect()
    }

    /// Whether `ON CONFLICT` can name it.
    pub fn arbitrates(&self) -> bool {
        self.unique && self.valid && self.immediate
    }

    /// Whether two NULLs are the same for it.
    pub fn equates_nulls(&self) -> bool {
        self.definition.contains(" NULLS NOT DISTINCT")
    }

    /// Whether rows that it lets in are unique for another index as well.
    pub fn is_as_strict_as(&self, other: &Self) -> bool {
        self.unique
            && self.valid
            && self.key().is_subset(&other.key())
            && (self.predicate.is_none() || self.predicate == other.predicate)
            && (self.equates_nulls() || !other.equates_nulls())
    }
}
