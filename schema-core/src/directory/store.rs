//! Files are written whole or not at all.

use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;

use camino::Utf8Path;

use super::error::DirectoryError;

/// Writes a file atomically: to a temporary file beside it, synced to the disk, then renamed.
///
/// Whoever reads `path` sees the old bytes or the new ones. On an error nothing is left behind.
pub fn store(path: &Utf8Path, bytes: &[u8]) -> Result<(), DirectoryError> {
    store_file(path, bytes, OnExisting::Replace)
}

/// What to do where the file is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnExisting {
    Replace,
    Refuse,
}

pub(super) fn store_file(
    path: &Utf8Path,
    bytes: &[u8],
    existing: OnExisting,
) -> Result<(), DirectoryError> {
    let directory = path
        .parent()
        .filter(|parent| !parent.as_str().is_empty())
        .unwrap_or(Utf8Path::new("."));
    write(directory, path, bytes, existing).map_err(|source| DirectoryError::Write {
        path: path.to_owned(),
        source,
    })
}

fn write(
    directory: &Utf8Path,
    path: &Utf8Path,
    bytes: &[u8],
    existing: OnExisting,
) -> io::Result<()> {
    // The name ends in no `.sql`, so that a file left by a crash is no migration.
    let mut file = tempfile::Builder::new()
        .prefix(".cargo-migrate-")
        .suffix(".tmp")
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    file.as_file()
        .set_permissions(std::fs::Permissions::from_mode(0o644))?;
    file.as_file().sync_all()?;
    match existing {
        OnExisting::Replace => file.persist(path).map_err(|error| error.error)?,
        OnExisting::Refuse => file.persist_noclobber(path).map_err(|error| error.error)?,
    };
    // The rename itself is on the disk once the directory is.
    #[cfg(unix)]
    fs_err::File::open(directory)?.sync_all()?;
    Ok(())
}
