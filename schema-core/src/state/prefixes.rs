//! The states along a directory: what a database had after each of its files.

use super::current::{CATALOG, keys_of, restore_observed};
use super::{StateError, empty};
use crate::apply::{Observer, replay};
use crate::catalog::{Catalog, Difference, Filter};
use crate::dev_db::{DevServer, Scratch};
use crate::directory::{Directory, MigrationFile, Version};
use crate::introspect::{Scope, introspect};

/// Where in a directory a database is, judged by what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It holds what the files up to and with this one make.
    At {
        /// The newest version of which that is true.
        version: Version,
        /// Versions before it that make the same: the files after them change no object.
        alike: Vec<Version>,
    },
    /// It holds nothing, as before the first file.
    Empty,
    /// It holds what no version makes.
    Between {
        /// The version that comes nearest; `None` where that is an empty database.
        nearest: Option<Version>,
        /// What that one makes, and what the database holds instead.
        differences: Vec<Difference>,
    },
}

/// Finds the newest version after which a database holds what `live` says, as far as `filter` looks.
pub async fn place(
    dev: &DevServer,
    directory: &Directory,
    live: &Catalog,
    filter: &Filter,
    observer: &mut dyn Observer,
) -> Result<Place, StateError> {
    let live = filter.apply(live);
    let mut states = States {
        dev,
        directory,
        keys: keys_of(&directory.files),
        scratch: None,
    };
    let mut alike = Vec::new();
    // Most databases are at the newest version, or close to it.
    for count in (1..=directory.files.len()).rev() {
        let made = states.after(count, observer).await?;
        if filter.apply(&made).same_as(&live) {
            alike.push(directory.files[count - 1].version.clone());
        } else {
            break;
        }
    }
    if alike.is_empty() {
        return states.search(&live, filter, observer).await;
    }
    let version = alike.remove(0);
    alike.reverse();
    Ok(Place::At { version, alike })
}

/// The catalogs after so many files, each from the cache or from a database that goes along.
struct States<'a> {
    dev: &'a DevServer,
    directory: &'a Directory,
    /// What the state after each file is kept under.
    keys: Vec<String>,
    /// A database, and how many files have run on it.
    scratch: Option<(Scratch, usize)>,
}

impl States<'_> {
    /// Looks at all states in order, for the newest that is the same, or the one that is nearest.
    async fn search(
        &mut self,
        live: &Catalog,
        filter: &Filter,
        observer: &mut dyn Observer,
    ) -> Result<Place, StateError> {
        let mut nearest = (None, filter.apply(&empty()).compare(live));
        if nearest.1.is_empty() {
            return Ok(Place::Empty);
        }
        // The last run of states that are the same one after the other.
        let mut same: Vec<Version> = Vec::new();
        let mut goes_on = false;
        for (index, file) in self.directory.files.iter().enumerate() {
            let made = self.after(index + 1, observer).await?;
            let differences = filter.apply(&made).compare(live);
            if differences.is_empty() {
                if !goes_on {
                    same.clear();
                }
                same.push(file.version.clone());
            } else if differences.len() <= nearest.1.len() {
                nearest = (Some(file.version.clone()), differences.clone());
            }
            goes_on = differences.is_empty();
        }
        Ok(match same.pop() {
            Some(version) => Place::At {
                version,
                alike: same,
            },
            None => Place::Between {
                nearest: nearest.0,
                differences: nearest.1,
            },
        })
    }

    async fn after(
        &mut self,
        count: usize,
        observer: &mut dyn Observer,
    ) -> Result<Catalog, StateError> {
        let key = &self.keys[count - 1];
        if let Some(catalog) = self.dev.cache().get(CATALOG, key) {
            return Ok(catalog);
        }
        let files = &self.directory.files[..count];
        let checkpoint = files.iter().rposition(MigrationFile::is_checkpoint);
        let scratch = match self.scratch.take() {
            // A checkpoint begins anew.
            Some((scratch, done)) if done <= count && checkpoint.is_none_or(|it| done > it) => {
                let mut connection = scratch.connect().await?;
                replay(&mut connection, &files[done..], observer).await?;
                scratch
            }
            _ => {
                let mut prefix = self.directory.clone();
                prefix.files.truncate(count);
                restore_observed(self.dev, &prefix, observer).await?.0
            }
        };
        let mut connection = scratch.connect().await?;
        let catalog = introspect(&mut connection, &Scope::default()).await?;
        drop(connection);
        self.dev.cache().put(CATALOG, key, &catalog)?;
        self.scratch = Some((scratch, count));
        Ok(catalog)
    }
}
