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
    AttachedDef, CompositeDef, DomainDef, EnumDef, ExtensionDef, NameDef, Record, RowsDef,
    SchemaDef, SourceDef, SqlDef, StatementsDef, TableDef, ViewDef,
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
    /// Composite types.
    pub composites: BTreeMap<QualifiedName, CompositeDef<'a>>,
    /// Views.
    pub views: BTreeMap<QualifiedName, ViewDef<'a>>,
    /// What is attached to tables.
    pub attached: BTreeMap<QualifiedName, AttachedDef<'a>>,
    /// Statements that make other objects, in the order of the sources.
    pub statements: Vec<StatementsDef<'a>>,
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
            Record::Composite(it) => {
                schema.composites.entry(qualified(it.name)).or_insert(it);
            }
            Record::View(it) => {
                schema.views.entry(qualified(it.name)).or_insert(it);
            }
            Record::Attached(it) => {
                schema.attached.entry(qualified(it.table)).or_insert(it);
            }
            Record::Statements(it) => schema.statements.push(it),
        }
    }
    schema.statements.sort_by_key(|it| it.source);
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
            self.composites.keys().collect(),
            self.views.keys().collect(),
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

pub(crate) fn item_place(source: &SourceDef<'_>, label: String) -> Place {
    Place {
        column: source.column,
        ..line_place(source, source.line, label)
    }
}

/// A line of an item that is not its first one.
pub(crate) fn line_place(source: &SourceDef<'_>, line: u32, label: String) -> Place {
    Place {
        label,
        ..Place::line(source.file, line)
    }
}

/// A place in a file that the source names: `file`, which is relative to that of the source.
pub(crate) fn file_place(source: &SourceDef<'_>, file: &str, line: u32, label: String) -> Place {
    let folder = source
        .file
        .rfind(['/', '\\'])
        .map_or("", |at| &source.file[..=at]);
    let mut parts: Vec<&str> = Vec::new();
    let path = format!("{folder}{file}");
    for part in path.split(['/', '\\']) {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|it| !["..", ""].contains(it)) => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    Place {
        label,
        ..Place::line(parts.join("/"), line)
    }
}

#[cfg(test)]
mod tests;
