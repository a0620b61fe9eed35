//! The current state: what the migrations that exist make of an empty database.

use super::{StateError, creation, empty, run, scope};
use crate::apply::{Observer, Silent, replay};
use crate::catalog::{Catalog, Fingerprint};
use crate::dev_db::{DevServer, Scratch};
use crate::directory::{Directory, MigrationFile};
use crate::introspect::introspect;

/// Kind of the cache entries that hold catalogs of states.
pub(super) const CATALOG: &str = "catalog";

/// The current state.
#[derive(Clone, Debug)]
pub struct Current {
    /// Its catalog.
    pub catalog: Catalog,
    /// Whether it had to be computed, because nothing was cached.
    pub replayed: usize,
}

/// The catalog after all files of a directory, from the cache where it is known.
///
/// Otherwise the longest prefix of the chain that has a snapshot is restored, only the files
/// after it are replayed, and both the catalog and a snapshot are kept.
pub async fn current(
    dev: &DevServer,
    directory: &Directory,
    observer: &mut dyn Observer,
) -> Result<Current, StateError> {
    let key = key(directory);
    if let Some(catalog) = dev.cache().get(CATALOG, &key) {
        return Ok(Current {
            catalog,
            replayed: 0,
        });
    }
    if directory.files.is_empty() {
        return Ok(Current {
            catalog: empty(),
            replayed: 0,
        });
    }
    let (scratch, replayed) = restore_observed(dev, directory, observer).await?;
    let mut connection = scratch.connect().await?;
    let catalog = introspect(&mut connection, &scope(dev)).await?;
    drop(connection);
    dev.cache().put(CATALOG, &key, &catalog)?;
    dev.store(&scratch, &key).await?;
    scratch.close().await?;
    Ok(Current { catalog, replayed })
}

/// Keeps the catalog of a state that a proof has shown to follow from a directory.
pub fn remember(
    dev: &DevServer,
    directory: &Directory,
    catalog: &Catalog,
) -> Result<(), StateError> {
    let key = key(directory);
    Ok(dev.cache().put(CATALOG, &key, catalog)?)
}

/// What the state after all files of a directory is kept under.
pub(crate) fn key(directory: &Directory) -> String {
    keys(directory).pop().unwrap_or_default()
}

/// A scratch database that holds the current state in full.
pub async fn restore(
    dev: &DevServer,
    directory: &Directory,
    observer: &mut dyn Observer,
) -> Result<Scratch, StateError> {
    let (scratch, _) = restore_observed(dev, directory, observer).await?;
    Ok(scratch)
}

/// A scratch database for plans on the current state: all of it where there are objects that the
/// model does not know, which may stand in the way; else the part that they touch, made anew.
pub(super) async fn touchable(
    dev: &DevServer,
    directory: &Directory,
    current: &Catalog,
    part: &Catalog,
) -> Result<Scratch, StateError> {
    if !current.is_plain() {
        return restore(dev, directory, &mut Silent).await;
    }
    let scratch = dev.scratch().await?;
    let mut connection = scratch.connect().await?;
    run(&mut connection, &creation(&empty(), part)?.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::PlanFails))?;
    Ok(scratch)
}

pub(super) async fn restore_observed(
    dev: &DevServer,
    directory: &Directory,
    observer: &mut dyn Observer,
) -> Result<(Scratch, usize), StateError> {
    let keys = keys(directory);
    for (before, key) in keys.iter().enumerate().rev() {
        let done = before + 1;
        if let Some(scratch) = dev.restore(key).await? {
            replay(
                &mut scratch.connect().await?,
                &directory.from_checkpoint()[done..],
                observer,
            )
            .await?;
            return Ok((scratch, keys.len() - done));
        }
    }
    let scratch = dev.scratch().await?;
    replay(
        &mut scratch.connect().await?,
        directory.from_checkpoint(),
        observer,
    )
    .await?;
    Ok((scratch, keys.len()))
}

/// What the state after each file is kept under: a hash of everything up to it. Unlike the chain
/// of `atlas.sum`, it covers files that ask to be left out of that.
fn keys(directory: &Directory) -> Vec<String> {
    keys_of(directory.from_checkpoint())
}

/// The same for some files, at each of which a state may begin anew: a checkpoint does.
pub(super) fn keys_of(files: &[MigrationFile]) -> Vec<String> {
    let mut before = String::new();
    let mut keys = Vec::new();
    for file in files {
        if file.is_checkpoint() {
            before.clear();
        }
        before = Fingerprint::of(&(&before, &file.file_name, &file.text)).to_string();
        keys.push(before.clone());
    }
    keys
}
