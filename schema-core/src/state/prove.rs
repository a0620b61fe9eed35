//! The proof of a plan: run on the current state it gives the desired catalog.

use std::collections::BTreeSet;

use super::rename::objects;
use super::run::probe;
use super::{StateError, creation, current, run, scope};
use crate::apply::Silent;
use crate::catalog::{Catalog, Projection};
use crate::dev_db::{DevServer, Scratch};
use crate::diff::{Change, Changes, Rename};
use crate::directory::Directory;
use crate::ident::QualifiedName;
use crate::introspect::introspect;
use crate::plan::Plan;

/// Runs a plan on the current state and compares what it gives with the desired catalog.
///
/// `current` is what the directory gives; `plan` may begin with renames, so `changes.from` is what
/// those make of it.
///
/// Where the model knows everything in the database, it is enough to run the plan on the part of
/// the state that it touches, which is made anew from the catalog: cost grows with the change. A
/// database with objects that the model does not know (a view on a column, say) is restored in
/// full, because they may stand in the way.
pub async fn prove(
    dev: &DevServer,
    directory: &Directory,
    current: &Catalog,
    renames: &[Rename],
    changes: &Changes<'_>,
    plan: &Plan,
) -> Result<(), StateError> {
    let roots: BTreeSet<_> = touched(changes).chain(objects(renames, current)).collect();
    let projection = Projection::new(&[current, changes.from, changes.to], &roots);
    let whole = !current.is_plain();
    let scratch = current::touchable(dev, directory, current, &projection.apply(current)).await?;
    let mut connection = scratch.connect().await?;
    let adopted = projection.apply(&adopted(current, renames, changes.from));
    run(&mut connection, &creation(current, &adopted)?.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::Schema))?;
    run(&mut connection, &plan.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::PlanFails))?;
    probe(&mut connection, &plan.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::PlanFails))?;
    let mut made = introspect(&mut connection, &scope(dev)).await?;
    drop(connection);
    scratch.close().await?;
    // Shims are on neither side: what they do is proved by `probe`.
    made.objects.retain(|id, _| {
        changes.from.objects.contains_key(id) || changes.to.objects.contains_key(id)
    });
    // What the source leaves alone follows the types of what it reads.
    for (id, object) in &mut made.objects {
        let (was, wanted) = (changes.from.objects.get(id), changes.to.objects.get(id));
        if let Some(wanted) = wanted.filter(|wanted| was == Some(*wanted)) {
            object.signature.clone_from(&wanted.signature);
        }
    }
    let left_over = if whole {
        Catalog {
            unmodelled: BTreeSet::new(),
            ..made
        }
        .differences(changes.to)
    } else {
        projection
            .apply(&made)
            .differences(&projection.apply(changes.to))
    };
    if left_over.is_empty() {
        Ok(())
    } else {
        Err(StateError::LeftOver(left_over))
    }
}

/// The tables that are taken to be there although the migrations do not make them, because the
/// source says that somebody else does.
fn adopted(current: &Catalog, renames: &[Rename], from: &Catalog) -> Catalog {
    let moved = |name: &QualifiedName| {
        let mut renames = renames.iter();
        renames.any(|rename| matches!(rename, Rename::Table { to, .. } if to == name))
    };
    let tables = from.tables.iter();
    let tables = tables.filter(|(name, _)| !current.tables.contains_key(*name) && !moved(name));
    Catalog {
        tables: tables
            .map(|(name, table)| (name.clone(), table.clone()))
            .collect(),
        ..Catalog::default()
    }
}

/// A scratch database with all that the migrations make, rows included, and the tables that are
/// taken to be there.
pub(super) async fn whole(
    dev: &DevServer,
    directory: &Directory,
    current: &Catalog,
    renames: &[Rename],
    changes: &Changes<'_>,
) -> Result<Scratch, StateError> {
    let roots: BTreeSet<_> = touched(changes).chain(objects(renames, current)).collect();
    let projection = Projection::new(&[current, changes.from, changes.to], &roots);
    let scratch = current::restore(dev, directory, &mut Silent).await?;
    let mut connection = scratch.connect().await?;
    let adopted = projection.apply(&adopted(current, renames, changes.from));
    run(&mut connection, &creation(current, &adopted)?.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::Schema))?;
    drop(connection);
    Ok(scratch)
}

/// The tables, types and sequences that the changes are about.
pub(super) fn touched(changes: &Changes<'_>) -> impl Iterator<Item = QualifiedName> {
    changes.list.iter().filter_map(|change| match *change {
        Change::Schema(..) | Change::Extension(..) | Change::Object(..) => None,
        Change::Enum(name, _)
        | Change::Domain(name, _)
        | Change::Sequence(name, _)
        | Change::Table(name, _)
        | Change::Column(name, ..)
        | Change::Constraint(name, ..)
        | Change::Index(name, ..) => Some(name.clone()),
    })
}
