//! How big the tables of production are, as `cargo migrate stats` exports it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ident::QualifiedName;

/// A table that takes no more than this is rewritten, read or indexed before anybody waits long.
const SMALL: u64 = 16 << 20;

/// The version of the format.
const VERSION: u32 = 1;

/// Row counts and sizes of a database, and when they were taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stats {
    /// Version of the format.
    version: u32,
    /// When they were taken, as RFC 3339.
    pub taken_at: String,
    /// The tables.
    pub tables: BTreeMap<QualifiedName, TableStats>,
}

/// The size of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableStats {
    /// PostgreSQL's own estimate of the rows; `None` for a table that was never analysed.
    pub rows: Option<u64>,
    /// The table with its TOAST table, without indexes.
    pub bytes: u64,
    /// Its indexes.
    pub index_bytes: u64,
}

/// Why a file of sizes cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// It is not JSON, or says something else.
    #[error("this is no export of `cargo migrate stats`")]
    Malformed(#[source] serde_json::Error),
    /// Another version wrote it.
    #[error("the export has version {found}, and this release reads version {VERSION}")]
    Version {
        /// Its version.
        found: u64,
    },
}

impl Stats {
    /// Sizes that were read from a database.
    pub fn new(taken_at: String, tables: BTreeMap<QualifiedName, TableStats>) -> Self {
        Self {
            version: VERSION,
            taken_at,
            tables,
        }
    }

    /// Reads an export.
    ///
    /// ```
    /// use schema_core::ident::QualifiedName;
    /// use schema_core::lint::Stats;
    ///
    /// let text = r#"{"version": 1, "taken_at": "2026-01-01T00:00:00Z",
    ///     "tables": {"public.users": {"rows": 12, "bytes": 8192, "index_bytes": 16384}}}"#;
    /// let stats = Stats::parse(text)?;
    /// assert_eq!(stats.tables[&QualifiedName::new("public", "users")].rows, Some(12));
    /// # Ok::<(), schema_core::lint::StatsError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, StatsError> {
        // The version first: another one may have other fields.
        let value: serde_json::Value = serde_json::from_str(text).map_err(StatsError::Malformed)?;
        if let Some(found) = value.get("version").and_then(serde_json::Value::as_u64)
            && found != u64::from(VERSION)
        {
            return Err(StatsError::Version { found });
        }
        serde_json::from_value(value).map_err(StatsError::Malformed)
    }

    /// Whether a table is there and small: no more than 16 MB with its indexes.
    pub fn is_small(&self, table: &QualifiedName) -> bool {
        let table = self.tables.get(table);
        table.is_some_and(|table| table.bytes.saturating_add(table.index_bytes) <= SMALL)
    }

    /// How big a table is, as a sentence; nothing for one that is not there.
    pub fn describe(&self, table: &QualifiedName) -> Option<String> {
        let size = self.tables.get(table)?;
        let rows = size.rows.map_or_else(
            || "an unknown number of rows".to_owned(),
            |rows| format!("about {rows} rows"),
        );
        let (data, indexes) = (shown(size.bytes), shown(size.index_bytes));
        let when = &self.taken_at;
        Some(format!(
            "In production {table} had {rows}, {data} and {indexes} of indexes, at {when}."
        ))
    }
}

/// A size as people say it.
fn shown(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = bytes.div_ceil(1024);
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while size >= 10 * 1024
        && let Some(larger) = units.next()
    {
        size /= 1024;
        unit = Some(larger);
    }
    format!("{size} {}", unit.unwrap_or(&UNITS[0]))
}
