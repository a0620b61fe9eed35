//! What is worth keeping between runs: catalogs, templates, snapshots and downloaded binaries.
//!
//! Nothing in it is precious. An entry that cannot be read is a miss, writes are atomic, several
//! processes may work on it at once, and what was not used for longest goes first.

use std::{
    cmp::Reverse,
    fs::{File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rustix::fs::{Timespec, Timestamps, UTIME_NOW};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::binaries::Engine;

/// Entries of another format are misses.
const FORMAT: u32 = 2;
/// How long a half-written file may lie before it is taken for that of a killed run.
const ABANDONED: Duration = Duration::from_hours(1);
/// How the names of unfinished files begin.
pub(super) const HALF: &str = ".half-";
const ENTRIES: Bound = Bound {
    files: 256,
    bytes: 256 << 20,
};
const SNAPSHOTS: Bound = Bound {
    files: 8,
    bytes: 2 << 30,
};
const TEMPLATES: Bound = Bound {
    files: 8,
    bytes: 1 << 30,
};

/// A directory of things that are cheaper to keep than to make again.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
    /// The engine that entries belong to.
    engine: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<T> {
    format: u32,
    engine: String,
    kind: String,
    key: String,
    value: T,
}

struct Bound {
    files: usize,
    bytes: u64,
}

impl Cache {
    /// The cache in this directory, which need not exist yet.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            engine: "any".to_owned(),
        }
    }

    /// The same directory, for entries that hold for one engine only.
    #[must_use]
    pub fn for_engine(&self, key: &str) -> Self {
        Self {
            dir: self.dir.clone(),
            engine: key.to_owned(),
        }
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The value that was put under this kind and key, unless it is gone, damaged or of another
    /// format.
    pub fn get<T: DeserializeOwned>(&self, kind: &str, key: &str) -> Option<T> {
        let path = self.entry(kind, key);
        let bytes = fs_err::read(&path).ok()?;
        let entry: Entry<T> = serde_json::from_slice(&bytes).ok()?;
        let same = entry.format == FORMAT
            && (&*entry.engine, &*entry.kind, &*entry.key) == (&*self.engine, kind, key);
        same.then(|| {
            touch(&path);
            entry.value
        })
    }

    /// Keeps a value under this kind and key, in place of the one that is there.
    pub fn put<T: Serialize>(&self, kind: &str, key: &str, value: &T) -> io::Result<()> {
        let path = self.entry(kind, key);
        let entry = Entry {
            format: FORMAT,
            engine: self.engine.clone(),
            kind: kind.to_owned(),
            key: key.to_owned(),
            value,
        };
        let bytes = serde_json::to_vec(&entry)?;
        let mut file = half(&path)?;
        file.write_all(&bytes)?;
        file.persist(&path).map_err(|error| error.error)?;
        shrink(&self.entries_dir(), &ENTRIES);
        Ok(())
    }

    /// The file of the prepared data directory of the engine.
    pub(super) fn template(&self, engine: &Engine) -> PathBuf {
        self.templates_dir().join(format!("{}.tar", engine.key))
    }

    /// The file of a state that was kept.
    pub(super) fn snapshot(&self, key: &str) -> PathBuf {
        let name = name_of(&[&self.engine, key]);
        self.snapshots_dir()
            .join(format!("{}-{name}.tar", self.engine))
    }

    /// Puts a template or snapshot in its place: even after a power cut, it is there whole or not at all.
    pub(super) fn finish(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        file.as_file().sync_data()?;
        file.persist(path).map_err(|error| error.error)?;
        shrink(&self.snapshots_dir(), &SNAPSHOTS);
        shrink(&self.templates_dir(), &TEMPLATES);
        Ok(())
    }

    /// Directories of binaries that were downloaded.
    pub(super) fn downloaded(&self) -> Vec<PathBuf> {
        let mut dirs: Vec<PathBuf> = files(&self.binaries_dir())
            .into_iter()
            .map(|file| file.path.join("bin"))
            .filter(|bin| bin.is_dir())
            .collect();
        dirs.sort();
        dirs
    }

    pub(super) fn entries_dir(&self) -> PathBuf {
        self.dir.join("entries")
    }

    pub(super) fn templates_dir(&self) -> PathBuf {
        self.dir.join("templates")
    }

    pub(super) fn snapshots_dir(&self) -> PathBuf {
        self.dir.join("snapshots")
    }

    pub(super) fn binaries_dir(&self) -> PathBuf {
        self.dir.join("binaries")
    }

    /// Waits until no other run makes the same thing, and keeps it so while the file lives.
    pub(crate) async fn lock(&self, name: &str) -> io::Result<File> {
        let dir = self.dir.join("locks");
        fs_err::create_dir_all(&dir)?;
        let file = fs_err::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join(name))?
            .into_parts()
            .0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                // Not a blocking call: whoever has it may be another task of this thread.
                Err(TryLockError::WouldBlock) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    fn entry(&self, kind: &str, key: &str) -> PathBuf {
        let name = name_of(&[&self.engine, kind, key]);
        self.entries_dir().join(format!("{kind}-{name}.json"))
    }
}

/// A new file beside `path`, under a name that says that it is not finished.
pub(super) fn half(path: &Path) -> io::Result<NamedTempFile> {
    let dir = path.parent().unwrap_or(path);
    fs_err::create_dir_all(dir)?;
    tempfile::Builder::new().prefix(HALF).tempfile_in(dir)
}

/// A file or directory of the cache.
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) used: SystemTime,
}

impl Kept {
    fn is_half(&self) -> bool {
        let name = self.path.file_name();
        name.is_some_and(|name| name.to_string_lossy().starts_with(HALF))
    }
}

/// What a directory of the cache holds; nothing if it is not there.
pub(super) fn files(dir: &Path) -> Vec<Kept> {
    let mut files = all_files(dir);
    files.retain(|file| !file.is_half());
    files
}

fn all_files(dir: &Path) -> Vec<Kept> {
    let Ok(entries) = fs_err::read_dir(dir) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            Some(Kept {
                path: entry.path(),
                bytes: metadata.len(),
                used: metadata.modified().ok()?,
            })
        })
        .collect()
}

/// Notes that a file was used now, by the clock of the file system.
pub(super) fn touch(path: &Path) {
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: UTIME_NOW,
    };
    if let Ok(file) = File::open(path) {
        let times = Timestamps {
            last_access: now,
            last_modification: now,
        };
        let _ = rustix::fs::futimens(&file, &times);
    }
}

/// Removes what was not used for longest, beyond the bound.
///
/// A file that another run is reading stays readable for it.
fn shrink(dir: &Path, bound: &Bound) {
    remove_abandoned(dir);
    let mut files = files(dir);
    files.sort_by_key(|file| Reverse(file.used));
    let mut bytes = 0;
    for (count, file) in files.into_iter().enumerate() {
        bytes += file.bytes;
        // The one just written stays, whatever its size.
        if count > 0 && (count >= bound.files || bytes > bound.bytes) {
            let _ = fs_err::remove_file(&file.path);
        }
    }
}

/// Removes what killed runs left unfinished. What was written last tells the time.
pub(super) fn remove_abandoned(dir: &Path) {
    let all = all_files(dir);
    let Some(now) = all.iter().map(|file| file.used).max() else {
        return;
    };
    for file in all.into_iter().filter(Kept::is_half) {
        if now
            .duration_since(file.used)
            .is_ok_and(|age| age > ABANDONED)
        {
            let _ = fs_err::remove_file(&file.path).or_else(|_| fs_err::remove_dir_all(&file.path));
        }
    }
}

fn name_of(parts: &[&str]) -> String {
    short_hash(&parts.join("\0"), 16)
}

/// The first hexadecimal digits of a text's SHA-256: a name for it, not a proof of it.
pub(super) fn short_hash(text: &str, digits: usize) -> String {
    let mut hash = format!("{:x}", Sha256::digest(text));
    hash.truncate(digits);
    hash
}
