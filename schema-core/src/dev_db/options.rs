//! What the caller decides about the dev database.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::ident::Ident;

/// How to come by a dev database. The environment is the caller's: nothing here looks it up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which server.
    pub source: Source,
    /// The major version wanted; the newest one at hand if none.
    pub major: Option<u32>,
    /// Where templates, snapshots, catalogs and downloaded binaries are kept.
    pub cache_dir: PathBuf,
    /// Where running servers may live, best first. Memory-backed storage and short paths are best.
    pub run_dirs: Vec<PathBuf>,
    /// Directories that may hold `postgres` and `initdb`, best first; see
    /// [`default_binary_dirs`](super::default_binary_dirs).
    pub search_path: Vec<PathBuf>,
    /// Roles that migrations name. Every server of our own has them, without a login; on a server
    /// of the user's nothing is made but databases.
    pub roles: BTreeSet<Ident>,
    /// Whether states hold owners, grants and default privileges too.
    pub privileges: bool,
}

impl Options {
    /// A server of our own, found automatically, with its cache in `cache_dir`.
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self {
            source: Source::Auto,
            major: None,
            cache_dir: cache_dir.into(),
            run_dirs: vec![PathBuf::from("/dev/shm"), PathBuf::from("/tmp")],
            search_path: Vec::new(),
            roles: BTreeSet::new(),
            privileges: false,
        }
    }
}

/// Where caches of this user go: what `CARGO_MIGRATE_CACHE` says, else the system's place for them.
/// `None` if the variables do not tell.
pub fn default_cache_dir(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let variable = |name| variable(name).filter(|value| !value.is_empty());
    if let Some(dir) = variable("CARGO_MIGRATE_CACHE") {
        return Some(dir.into());
    }
    // The server does not run as root, and may not look into root's home.
    if rustix::process::geteuid().is_root() {
        return Some("/var/cache/cargo-migrate".into());
    }
    let base = match (variable("XDG_CACHE_HOME"), variable("HOME")) {
        (Some(cache), _) => PathBuf::from(cache),
        (None, Some(home)) if cfg!(target_os = "macos") => {
            PathBuf::from(home).join("Library/Caches")
        }
        (None, Some(home)) => PathBuf::from(home).join(".cache"),
        (None, None) => return None,
    };
    Some(base.join("cargo-migrate"))
}

/// Which server scratch databases are made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The user's, at this URL. Only databases of our own names are made and dropped there.
    Url(String),
    /// One of our own, from the binaries in this directory.
    Bin(PathBuf),
    /// One of our own, from the binaries found on this machine or downloaded before.
    Auto,
}
