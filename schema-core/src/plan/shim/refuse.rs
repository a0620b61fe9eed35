//! What has to wait until a shim is gone.

use super::{Shim, ShimError};
use crate::catalog::Catalog;
use crate::diff::{Change, Changes, Delta, Rename};
use crate::directory::{LiveShim, ShimName};
use crate::ident::{Ident, QualifiedName};

/// Refuses what the changes, the renames before them, and new shims would do to those that live.
///
/// The trigger of a column names its table and its columns, so those keep their names and types, and
/// no other trigger writes to them; a view keeps a name taken.
pub fn refuse(
    current: &Catalog,
    renames: &[Rename],
    changes: &Changes<'_>,
    shims: &[Shim],
    live: &[(LiveShim, Option<Shim>)],
) -> Result<(), ShimError> {
    for (shim, made) in live {
        match &shim.old {
            ShimName::Table(name) => {
                if !has(current, name) && has(changes.to, name) {
                    return Err(ShimError::NameTaken {
                        name: name.clone(),
                        shim: Box::new(shim.clone()),
                    });
                }
            }
            ShimName::Column(table, column) => {
                let mut columns = vec![column];
                if let Some(Shim::Sync { new, .. }) = made {
                    columns.push(new);
                }
                let by_rename = renames
                    .iter()
                    .filter(|rename| renames_part(rename, table, &columns))
                    .map(ToString::to_string);
                let by_change = changes
                    .list
                    .iter()
                    .filter(|change| breaks_part(change, table, &columns))
                    .map(ToString::to_string);
                let by_shim = shims
                    .iter()
                    .find_map(|shim| writes_to(shim, table, &columns));
                if let Some(what) = by_shim.into_iter().chain(by_rename).chain(by_change).next() {
                    return Err(ShimError::Busy {
                        what: format!("cannot {what}"),
                        shim: Box::new(shim.clone()),
                    });
                }
            }
        }
    }
    Ok(())
}

fn has(catalog: &Catalog, name: &QualifiedName) -> bool {
    catalog.tables.contains_key(name)
        || catalog.enums.contains_key(name)
        || catalog.domains.contains_key(name)
        || catalog.sequences.contains_key(name)
}

fn renames_part(rename: &Rename, table: &QualifiedName, columns: &[&Ident]) -> bool {
    match rename {
        Rename::Table { from, .. } => from == table,
        Rename::Column {
            table: of, from, ..
        } => of == table && columns.contains(&from),
        _ => false,
    }
}

fn breaks_part(change: &Change<'_>, table: &QualifiedName, columns: &[&Ident]) -> bool {
    match *change {
        Change::Table(name, Delta::Drop(_)) => name == table,
        Change::Column(of, name, delta) if of == table && columns.contains(&name) => match delta {
            Delta::Alter { from, to } => from.data_type != to.data_type,
            Delta::Drop(_) | Delta::Rename { .. } => true,
            Delta::Create(_) => false,
        },
        _ => false,
    }
}

fn writes_to(shim: &Shim, table: &QualifiedName, columns: &[&Ident]) -> Option<String> {
    match shim {
        Shim::Sync {
            table: of,
            old,
            new,
        } if of == table && columns.contains(&old) => {
            Some(format!("rename column {of}.{old} to {new}"))
        }
        Shim::Fill { table: of, column } if of == table && columns.contains(&column) => {
            Some(format!("require column {of}.{column}"))
        }
        _ => None,
    }
}
