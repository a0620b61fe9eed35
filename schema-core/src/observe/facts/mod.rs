//! What an old release may see of an object: the parts of PostgreSQL's catalog that queries,
//! drivers and privileges depend on, by object identifier and column number, so that a rename is
//! a rename and an object made again is another one.

mod constraint;
mod relation;
mod types;

pub use constraint::{Constraint, Index, KeyPart};
pub use relation::{Column, Policy, Relation, Sequence, Trigger};
pub use types::{Attribute, DomainCheck, Label, Routine, Type};

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// PostgreSQL's number of an object, unique within one catalog table.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Oid(pub u32);

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known of the objects that a step touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Tables, views, sequences and the like.
    pub relations: BTreeMap<Oid, Relation>,
    /// Enums, domains, composite types, ranges.
    pub types: BTreeMap<Oid, Type>,
    /// Functions, procedures and aggregates.
    pub routines: BTreeMap<Oid, Routine>,
}
