//! What the cache holds, and its removal.

use std::{
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    cache::{self, Cache, Kept},
    run_dir,
};

/// Everything that `cargo migrate` keeps on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The directory of the cache.
    pub dir: PathBuf,
    /// What is in it.
    pub items: Vec<Item>,
    /// Directories of servers, running or left behind.
    pub run_dirs: Vec<RunningDir>,
}

/// One thing that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What kind of thing.
    pub kind: ItemKind,
    /// The file or directory.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was used last.
    pub used: SystemTime,
}

/// The kinds of things that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// Downloaded PostgreSQL binaries.
    Binaries,
    /// An empty data directory, made by `initdb`.
    Template,
    /// A data directory in which migrations were replayed.
    State,
    /// A catalog that was introspected, or another small value.
    Entry,
}

impl ItemKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Binaries, Self::Template, Self::State, Self::Entry];
}

/// The directory of a server of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningDir {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether a process of ours uses it; the next server that starts removes it otherwise.
    pub in_use: bool,
}

impl Cache {
    /// What there is, with the servers whose directories are in `run_dirs`.
    pub fn inventory(&self, run_dirs: &[PathBuf]) -> Inventory {
        let mut items: Vec<Item> = ItemKind::ALL
            .into_iter()
            .flat_map(|kind| self.items(kind))
            .collect();
        items.sort_by(|one, other| (one.kind, &one.path).cmp(&(other.kind, &other.path)));
        let run_dirs = run_dir::leftovers(run_dirs)
            .into_iter()
            .map(|path| RunningDir {
                bytes: size(&path),
                in_use: run_dir::in_use(&path),
                path,
            })
            .collect();
        Inventory {
            dir: self.dir().to_owned(),
            items,
            run_dirs,
        }
    }

    /// Removes everything of these kinds; returns how many bytes that freed.
    pub fn clear(&self, kinds: &[ItemKind]) -> io::Result<u64> {
        let mut freed = 0;
        for item in kinds.iter().flat_map(|kind| self.items(*kind)) {
            if item.path.is_dir() {
                fs_err::remove_dir_all(&item.path)?;
            } else {
                fs_err::remove_file(&item.path)?;
            }
            freed += item.bytes;
        }
        Ok(freed)
    }

    fn items(&self, kind: ItemKind) -> Vec<Item> {
        let dir = match kind {
            ItemKind::Binaries => self.binaries_dir(),
            ItemKind::Template => self.templates_dir(),
            ItemKind::State => self.snapshots_dir(),
            ItemKind::Entry => self.entries_dir(),
        };
        let item = |Kept { path, used, .. }| Item {
            kind,
            bytes: size(&path),
            path,
            used,
        };
        cache::files(&dir).into_iter().map(item).collect()
    }
}

/// The size of a file, or of everything in a directory.
fn size(path: &Path) -> u64 {
    let Ok(metadata) = fs_err::symlink_metadata(path) else {
        return 0;
    };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = fs_err::read_dir(path).into_iter().flatten();
    entries
        .filter_map(Result::ok)
        .map(|entry| size(&entry.path()))
        .sum()
}
