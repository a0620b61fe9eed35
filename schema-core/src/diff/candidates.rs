//! What may have been renamed: questions for the user, never answers.

use std::fmt;

use super::{Change, Delta, Rename, diff};
use crate::catalog::{Catalog, Table};
use crate::ident::{Ident, QualifiedName};

/// Something that goes and something alike that comes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RenameCandidate {
    /// The rename that it would be.
    pub rename: Rename,
}

impl fmt::Display for RenameCandidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rename.fmt(f)
    }
}

/// What may be a rename between two states that all known renames were already applied to: tables
/// that share more than half of their columns, columns of one table with the same type, types of
/// one shape, and labels of one enum. The likeliest come first.
///
/// Ask about tables and types before columns and labels, apply what was answered, then ask again.
pub fn rename_candidates(from: &Catalog, to: &Catalog) -> Vec<RenameCandidate> {
    let changes = diff(from, to).list;
    let mut scored: Vec<(u8, usize, Rename)> = Vec::new();
    for (old, new) in pairs(&changes) {
        match (old, new) {
            (Change::Table(old, Delta::Drop(before)), Change::Table(new, Delta::Create(after))) => {
                let shared = shared_columns(before, after);
                let most = before.columns.len().max(after.columns.len());
                if shared * 2 > most {
                    let (from, to) = (old.clone(), new.clone());
                    scored.push((0, most - shared, Rename::Table { from, to }));
                }
            }
            (Change::Enum(old, Delta::Drop(before)), Change::Enum(new, Delta::Create(after)))
                if before.labels == after.labels =>
            {
                scored.push((0, 0, rename_type(old, new, false)));
            }
            (
                Change::Domain(old, Delta::Drop(before)),
                Change::Domain(new, Delta::Create(after)),
            ) if before.base == after.base => {
                let distance = usize::from(before.checks != after.checks);
                scored.push((0, distance, rename_type(old, new, true)));
            }
            (
                Change::Column(table, old, Delta::Drop(before)),
                Change::Column(other, new, Delta::Create(after)),
            ) if table == other && before.data_type == after.data_type => {
                let distance = usize::from(before.not_null != after.not_null)
                    + usize::from(before.generation != after.generation);
                let rename = Rename::Column {
                    table: table.clone(),
                    from: old.clone(),
                    to: new.clone(),
                };
                scored.push((1, distance, rename));
            }
            _ => {}
        }
    }
    for change in &changes {
        let Change::Enum(name, Delta::Alter { from, to }) = change else {
            continue;
        };
        for old in from.labels.iter().filter(|it| !to.labels.contains(it)) {
            for new in to.labels.iter().filter(|it| !from.labels.contains(it)) {
                let place = |labels: &[String], label| labels.iter().position(|it| it == label);
                let rename = Rename::Label {
                    r#enum: (*name).clone(),
                    from: old.clone(),
                    to: new.clone(),
                };
                let moved = place(&from.labels, old) != place(&to.labels, new);
                scored.push((1, usize::from(moved), rename));
            }
        }
    }
    scored.sort_by_key(|(kind, distance, _)| (*kind, *distance));
    let renames = scored.into_iter().map(|(.., rename)| rename);
    renames.map(|rename| RenameCandidate { rename }).collect()
}

/// Everything that goes with everything that comes.
fn pairs<'a>(changes: &'a [Change<'a>]) -> impl Iterator<Item = (Change<'a>, Change<'a>)> {
    let goes = |change: &&Change<'_>| {
        matches!(
            change,
            Change::Table(_, Delta::Drop(_))
                | Change::Enum(_, Delta::Drop(_))
                | Change::Domain(_, Delta::Drop(_))
                | Change::Column(_, _, Delta::Drop(_))
        )
    };
    let gone = changes.iter().filter(goes);
    gone.flat_map(move |old| changes.iter().map(move |new| (*old, *new)))
}

fn rename_type(from: &QualifiedName, to: &QualifiedName, domain: bool) -> Rename {
    Rename::Type {
        from: from.clone(),
        to: to.clone(),
        domain,
    }
}

fn shared_columns(from: &Table, to: &Table) -> usize {
    let type_of = |table: &'_ Table, name: &Ident| {
        let column = table.column(name.as_str());
        column.map(|column| column.data_type.clone())
    };
    let columns = from.columns.iter();
    columns
        .filter(|column| type_of(to, &column.name).as_ref() == Some(&column.data_type))
        .count()
}
