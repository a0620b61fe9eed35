//! Which part of a database is read.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::ident::{Ident, QualifiedName};

/// The history table, in whatever schema; it is never part of a catalog.
pub const HISTORY_TABLE: &str = "atlas_schema_revisions";

/// Which part of a database is read. The default is everything that is not PostgreSQL's own, an
/// extension's, or the [history table](HISTORY_TABLE).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only these schemas.
    pub schemas: Option<BTreeSet<Ident>>,
    /// Only these tables, with the sequences that they own. Types and other objects are read as
    /// if no table were named.
    pub tables: Option<BTreeSet<QualifiedName>>,
    /// Not these tables.
    pub excluded_tables: BTreeSet<QualifiedName>,
    /// Owners, grants and default privileges too.
    pub privileges: bool,
}

impl Scope {
    /// Only these tables, and everything else that is not a table.
    pub fn of_tables(tables: impl IntoIterator<Item = QualifiedName>) -> Self {
        Self {
            tables: Some(tables.into_iter().collect()),
            ..Self::default()
        }
    }

    pub(super) fn has_schema(&self, schema: &str) -> bool {
        self.schemas
            .as_ref()
            .is_none_or(|schemas| schemas.contains(schema))
    }

    pub(super) fn has_table(&self, table: &QualifiedName) -> bool {
        table.name != HISTORY_TABLE && !self.excluded_tables.contains(table)
    }
}

/// By default the history table lives in a schema of its own, which is then not ours to manage.
pub(super) fn forget_empty_history_schema(catalog: &mut Catalog) {
    let within = |name: &QualifiedName| name.schema == HISTORY_TABLE;
    let used = catalog.tables.keys().any(within)
        || catalog.enums.keys().any(within)
        || catalog.domains.keys().any(within)
        || catalog.sequences.keys().any(within)
        || catalog.objects.iter().any(|(id, _)| {
            id.schema
                .as_ref()
                .is_some_and(|schema| *schema == *HISTORY_TABLE)
        });
    if !used {
        catalog.schemas.remove(HISTORY_TABLE);
    }
}
