//! PostgreSQL's view of a schema: what both sides of a diff are made of.
//!
//! A catalog that was [introspected](crate::introspect) holds every expression, type and default
//! as PostgreSQL deparses it with `search_path = public`, so two of them can be compared as text.
//! One that was [lowered](crate::lower) from Rust is provisional: the same facts, spelled as the
//! source spells them. It is only good for making DDL that a server then normalises.

mod column;
mod constraint;
mod difference;
mod filter;
mod fingerprint;
mod index;
mod object;
mod pairs;
mod part;
mod projection;
mod table;
mod types;

pub use column::{Column, Generation, Identity, NotNull, SequenceOptions};
pub use constraint::{
    Check, Constraint, ConstraintKind, Deferrable, Exclusion, ForeignKey, Key, ReferentialAction,
};
pub use difference::Difference;
pub use filter::{Filter, Pattern, PatternError};
pub use fingerprint::Fingerprint;
pub use index::{Index, IndexElement, IndexKey};
pub use object::{Object, ObjectId, ObjectKind};
pub use part::{Dependencies, Part};
pub use projection::Projection;
pub use table::{ForeignTable, PartitionOf, Persistence, Table};
pub use types::{Domain, DomainCheck, Enum, Extension, SchemaObject, Sequence};

use std::collections::{BTreeMap, BTreeSet};

use crate::ident::{Ident, QualifiedName};

/// `WITH (…)`: names and values in the order in which they were said, which is no difference.
pub type Parameters = indexmap::IndexMap<String, String>;

/// Everything of a database that the project manages, by name.
///
/// Left out: what belongs to an extension, system schemas, and the history table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// Schemas; `public` is in it when it exists.
    pub schemas: BTreeMap<Ident, SchemaObject>,
    /// Extensions, without `plpgsql`.
    pub extensions: BTreeMap<Ident, Extension>,
    /// Enum types.
    pub enums: BTreeMap<QualifiedName, Enum>,
    /// Domains.
    pub domains: BTreeMap<QualifiedName, Domain>,
    /// Sequences that are not the inside of an identity column.
    pub sequences: BTreeMap<QualifiedName, Sequence>,
    /// Ordinary, partitioned and foreign tables.
    pub tables: BTreeMap<QualifiedName, Table>,
    /// Everything else, each made by one statement.
    #[serde(default, with = "pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// What uses what.
    #[serde(default, skip_serializing_if = "Dependencies::is_empty")]
    pub dependencies: Dependencies,
    /// What is in the database but not in this model, as `kind schema.name`. A plan never touches
    /// it, and is proved on a full copy where there is any.
    pub unmodelled: BTreeSet<String>,
}

impl Catalog {
    /// True where tables, types and sequences are all that there is: then a part of it can be made
    /// without the rest.
    pub fn is_plain(&self) -> bool {
        self.objects.is_empty() && self.unmodelled.is_empty()
    }

    /// Whether a part is there: what an object can be part of.
    pub(crate) fn has(&self, part: &Part) -> bool {
        match part {
            Part::Schema(name) => self.schemas.contains_key(name),
            Part::Extension(name) => self.extensions.contains_key(name),
            Part::Type(name) | Part::Aside(name) => {
                self.enums.contains_key(name) || self.domains.contains_key(name)
            }
            Part::Sequence(name) => self.sequences.contains_key(name),
            Part::Table(name) | Part::Key(name, _) => self.tables.contains_key(name),
            Part::Column(table, name) | Part::NotNull(table, name) => {
                let table = self.tables.get(table);
                table.is_some_and(|table| table.column(name.as_str()).is_some())
            }
            Part::Constraint(table, name) => {
                let of_table = self.tables.get(table);
                of_table.is_some_and(|it| it.constraints.contains_key(name))
                    || self.domains.contains_key(table)
            }
            // The index of a key has the name of that.
            Part::Index(name) => self.tables.iter().any(|(table, it)| {
                table.schema == name.schema
                    && (it.indexes.contains_key(&name.name)
                        || it.constraints.contains_key(&name.name))
            }),
            Part::Object(id) => self.objects.contains_key(id),
        }
    }
}
