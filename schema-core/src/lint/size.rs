//! How bad it is to block a table depends on its size.

use super::Stats;
use crate::diagnostic::Severity;
use crate::rule::{Hit, Rule, Topic};

/// A table with fewer rows is small: PostgreSQL reads, sorts or writes them before anybody waits
/// for long. The planner's own threshold for parallel scans is of the same order (8 MB).
const SMALL_ROWS: u64 = 10_000;

/// A small table has fewer bytes, its TOAST table included and its indexes not.
const SMALL_BYTES: u64 = 10 << 20;

/// A hit about the app waiting, with the size of its table in production, where that is known. One
/// on a small table is a warning.
pub(crate) fn weigh(rule: &Rule, hit: Hit, stats: &Stats) -> Hit {
    let table = hit
        .object
        .as_ref()
        .filter(|_| rule.topic == Topic::Blocking);
    let Some((name, size)) = table.and_then(|it| stats.tables.get_key_value(it)) else {
        return hit;
    };
    let rows = size
        .rows
        .map_or("an unknown number of rows".to_owned(), |rows| {
            format!("{rows} rows")
        });
    let indexes = megabytes(size.index_bytes);
    let note = format!(
        "In production, table {name} has {rows} in {} and indexes of {indexes} ({}).",
        megabytes(size.bytes),
        stats.taken_at
    );
    let is_small = size.rows.is_some_and(|rows| rows < SMALL_ROWS) && size.bytes < SMALL_BYTES;
    let severity = if is_small {
        Some(Severity::Warning)
    } else {
        hit.severity
    };
    Hit {
        severity,
        ..hit.note(note)
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes >> 20, (bytes % (1 << 20)) * 10 >> 20)
}
