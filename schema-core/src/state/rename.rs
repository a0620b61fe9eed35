//! What renames make of the current state.

use std::collections::BTreeSet;

use super::{StateError, current, run, scope};
use crate::catalog::{Catalog, ConstraintKind, Projection};
use crate::dev_db::DevServer;
use crate::diff::Rename;
use crate::directory::Directory;
use crate::ident::QualifiedName;
use crate::introspect::introspect;
use crate::plan::rename;

/// The current catalog after some renames, as PostgreSQL rewrites it: names in defaults, checks,
/// index predicates and foreign keys change with what they name.
///
/// The renames run on a scratch database with the part of the state that they touch, or with all
/// of it where there are objects that the model does not know.
pub async fn renamed(
    dev: &DevServer,
    directory: &Directory,
    current: &Catalog,
    renames: &[Rename],
) -> Result<Catalog, StateError> {
    let whole = !current.is_plain();
    let roots: BTreeSet<_> = objects(renames, current).collect();
    let projection = Projection::new(&[current], &roots);
    let part = projection.apply(current);
    let scratch = current::touchable(dev, directory, current, &part).await?;
    let mut connection = scratch.connect().await?;
    run(&mut connection, &[rename(&part, renames)])
        .await
        .map_err(|error| StateError::of_run(error, StateError::PlanFails))?;
    let made = introspect(&mut connection, &scope(dev)).await?;
    drop(connection);
    scratch.close().await?;
    if whole {
        return Ok(made);
    }
    let mut catalog = current.clone();
    catalog.schemas = made.schemas;
    // Of a table that is only there to be referenced, the part has not everything; it also keeps
    // its name and all that is said about it.
    catalog.tables.retain(|name, _| !projection.is_whole(name));
    for (name, table) in made.tables {
        catalog.tables.entry(name).or_insert(table);
    }
    catalog
        .enums
        .retain(|name, _| !part.enums.contains_key(name));
    catalog.enums.extend(made.enums);
    catalog
        .domains
        .retain(|name, _| !part.domains.contains_key(name));
    catalog.domains.extend(made.domains);
    catalog
        .sequences
        .retain(|name, _| !part.sequences.contains_key(name));
    catalog.sequences.extend(made.sequences);
    Ok(catalog)
}

/// What renames are about, by its old name, with the tables whose foreign keys mention it.
pub(super) fn objects<'a>(
    renames: &'a [Rename],
    current: &'a Catalog,
) -> impl Iterator<Item = QualifiedName> + 'a {
    // Parts of a table go by its new name.
    let before = |table: &QualifiedName| {
        let old_name = renames.iter().find_map(|rename| match rename {
            Rename::Table { from, to } | Rename::Type { from, to, .. } if to == table => Some(from),
            _ => None,
        });
        old_name.unwrap_or(table).clone()
    };
    let named: BTreeSet<QualifiedName> = renames
        .iter()
        .map(|rename| match rename {
            Rename::Table { from, .. } | Rename::Type { from, .. } => from.clone(),
            Rename::Label { r#enum: name, .. }
            | Rename::Column { table: name, .. }
            | Rename::Constraint { table: name, .. }
            | Rename::Index { table: name, .. } => before(name),
        })
        .collect();
    let referencing = current.tables.iter().filter(|(_, table)| {
        table.constraints.values().any(|constraint| {
            matches!(&constraint.kind, ConstraintKind::ForeignKey(key) if named.contains(&key.references))
        })
    });
    let referencing: Vec<_> = referencing.map(|(name, _)| name.clone()).collect();
    named.into_iter().chain(referencing)
}
