//! The desired state as Rust says it: the records of all artifacts, indexed by name and verified
//! as a whole.

mod cycles;
mod error;
mod hints;
mod names;
mod references;
mod renames;
mod requirements;
mod rows;
mod verify;

pub use error::{Claim, SchemaError};
pub use hints::{Hints, ObjectKey, Renames};
pub use rows::{DeclaredRow, DeclaredRows, DeclaredValue};

use std::collections::{BTreeMap, BTreeSet};

use crate::def::{
    DomainDef, EnumDef, ExtensionDef, NameDef, Record, RowsDef, SchemaDef, SourceDef, SqlDef,
    TableDef,
};
use crate::diagnostic::Place;
use crate::ident::{Ident, QualifiedName};

/// Everything that the structs say, by name.
///
/// A schema exists because something is in it: `pg_schema!` is only needed for an empty one, or
/// to give it a comment. An extension has to be declared, because installing one is a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema<'a> {
    /// `pg_schema!(…)`.
    pub schemas: BTreeMap<Ident, SchemaDef<'a>>,
    /// `extension!(…)`.
    pub extensions: BTreeMap<Ident, ExtensionDef<'a>>,
    /// Enums.
    pub enums: BTreeMap<QualifiedName, EnumDef<'a>>,
    /// Domains.
    pub domains: BTreeMap<QualifiedName, DomainDef<'a>>,
    /// Tables, also those with `managed = false`.
    pub tables: BTreeMap<QualifiedName, TableDef<'a>>,
    /// Rows of tables of configuration.
    pub rows: BTreeMap<QualifiedName, RowsDef<'a>>,
}

/// Indexes records by name and verifies them as a whole: every error at once, sorted by place.
pub fn build<'a>(records: &[Record<'a>]) -> Result<Schema<'a>, Vec<SchemaError>> {
    let mut schema = Schema::default();
    // Of two that clash, the first stays; `verify` sees the records and names both.
    for record in records {
        match *record {
            Record::Table(it) => {
                schema.tables.entry(qualified(it.name)).or_insert(it);
            }
            Record::Enum(it) => {
                schema.enums.entry(qualified(it.name)).or_insert(it);
            }
            Record::Domain(it) => {
                schema.domains.entry(qualified(it.name)).or_insert(it);
            }
            Record::Schema(it) => {
                schema.schemas.entry(Ident::from(it.name)).or_insert(it);
            }
            Record::Extension(it) => {
                schema.extensions.entry(Ident::from(it.name)).or_insert(it);
            }
            Record::Newtype(_) => {}
            Record::Rows(it) => {
                schema.rows.entry(qualified(it.table)).or_insert(it);
            }
        }
    }
    let errors = verify::verify(&schema, records);
    if errors.is_empty() {
        Ok(schema)
    } else {
        Err(errors)
    }
}

impl Schema<'_> {
    /// The names of all schemas that something is in, or that are declared.
    pub fn schema_names(&self) -> BTreeSet<Ident> {
        let objects = [
            self.tables.keys().collect::<Vec<_>>(),
            self.enums.keys().collect(),
            self.domains.keys().collect(),
        ];
        let used = objects.into_iter().flatten().map(|it| it.schema.clone());
        let extensions = self.extensions.values().map(|it| it.schema);
        let extensions = extensions.filter(|it| !it.is_empty()).map(Ident::from);
        let declared = self.schemas.keys().cloned();
        used.chain(extensions).chain(declared).collect()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A recorded name, in the default schema if it says none.
pub fn qualified(name: NameDef<'_>) -> QualifiedName {
    name.qualified()
}

/// A recorded text, joined.
pub fn sql_text(sql: &SqlDef<'_>) -> String {
    sql.parts.concat()
}

/// `renamed_from` of a table or type: `old` in the schema of the new name, or `schema.old`.
fn renamed_from(new: &QualifiedName, old: &str) -> QualifiedName {
    match old.split_once('.') {
        Some((schema, name)) => QualifiedName::new(schema, name),
        None => new.sibling(old),
    }
}

fn item_place(source: &SourceDef<'_>, label: String) -> Place {
    Place {
        column: source.column,
        ..line_place(source, source.line, label)
    }
}

/// A line of an item that is not its first one.
fn line_place(source: &SourceDef<'_>, line: u32, label: String) -> Place {
    Place {
        label,
        ..Place::line(source.file, line)
    }
}

#[cfg(test)]
mod tests;
