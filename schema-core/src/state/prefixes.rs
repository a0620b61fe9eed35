//! The states along a directory: what a database had after each of its files.

use super::current::{CATALOG, keys_of, restore_observed};
use super::{StateError, empty, scope};
use crate::apply::{Observer, replay};
use crate::catalog::{Catalog, Difference, Filter};
use crate::dev_db::{DevServer, Scratch};
use crate::directory::{Directory, MigrationFile, Version};
use crate::introspect::introspect;

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
///
/// The last file is looked at first, then the two before it, then four, and so on: a replay goes
/// forward, and what it costs grows with how far the database is behind.
pub async fn place(
    dev: &DevServer,
    directory: &Directory,
    live: &Catalog,
    filter: &Filter,
    observer: &mut dyn Observer,
) -> Result<Place, StateError> {
    let live = filter.apply(live);
    let nothing = filter.apply(&empty());
    if nothing.same_as(&live) {
        return Ok(Place::Empty);
    }
    let mut states = States {
        dev,
        directory,
        keys: keys_of(&directory.files),
        scratch: None,
    };
    let mut same = Run::default();
    let mut nearest = (nothing.distance(&live), 0, nothing);
    let (mut end, mut size) = (directory.files.len(), 1);
    while end > 0 && !same.over {
        let start = end.saturating_sub(size);
        let mut distances = Vec::new();
        for count in start + 1..=end {
            let made = filter.apply(&states.after(count, observer).await?);
            let distance = made.distance(&live);
            if distance < nearest.0 || distance == nearest.0 && count > nearest.1 {
                nearest = (distance, count, made);
            }
            distances.push((count, distance));
        }
        for (count, distance) in distances.into_iter().rev() {
            same.add(count, distance == 0);
        }
        (end, size) = (start, size * 2);
    }
    let version = |count: usize| directory.files[count - 1].version.clone();
    let (_, count, made) = nearest;
    Ok(match same.newest {
        Some(newest) => Place::At {
            version: version(newest),
            alike: (same.oldest..newest).map(version).collect(),
        },
        None => Place::Between {
            nearest: (count > 0).then(|| version(count)),
            differences: made.compare(&live),
        },
    })
}

/// The newest states that are the same one after the other, found from the newest on.
#[derive(Default)]
struct Run {
    newest: Option<usize>,
    oldest: usize,
    over: bool,
}

impl Run {
    fn add(&mut self, count: usize, is_same: bool) {
        match (self.newest, is_same) {
            (_, true) if !self.over => {
                self.newest.get_or_insert(count);
                self.oldest = count;
            }
            (Some(_), false) => self.over = true,
            _ => {}
        }
    }
}

/// The catalogs after so many files, each from the cache or from a database that goes along. They
/// are not kept: there may be many, and they are wanted once.
struct States<'a> {
    dev: &'a DevServer,
    directory: &'a Directory,
    /// What the state after each file is kept under.
    keys: Vec<String>,
    /// A database, and how many files have run on it.
    scratch: Option<(Scratch, usize)>,
}

impl States<'_> {
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
        let catalog = introspect(&mut connection, &scope(self.dev)).await?;
        drop(connection);
        self.scratch = Some((scratch, count));
        Ok(catalog)
    }
}
