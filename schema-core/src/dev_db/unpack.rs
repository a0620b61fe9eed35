//! An archive of PostgreSQL binaries, unpacked strictly: nothing outside, nothing but files.

use std::{
    fs::Permissions,
    io::{self, Read as _},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Component, Path, PathBuf},
};

use flate2::read::GzDecoder;
use serde::Deserialize;
use tar::{Archive, EntryType};

use super::install::InstallError;

/// Where the npm packages say which links they would hold, if npm could pack links.
const LINKS: &str = "pg-symlinks.json";

#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Unpacks `archive` into the new directory `target`; returns the directory in it that holds
/// `bin/postgres`.
pub(super) fn unpack(archive: &Path, target: &Path) -> Result<PathBuf, InstallError> {
    let unusable = |reason: String| InstallError::Archive {
        file: archive.to_owned(),
        reason,
    };
    unpack_files(archive, target).map_err(|error| match error.kind() {
        // The disk's trouble, not the archive's.
        io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::ReadOnlyFilesystem => InstallError::Io {
            dir: target.to_owned(),
            source: error,
        },
        _ => unusable(error.to_string()),
    })?;
    let root =
        root(target, 3).ok_or_else(|| unusable("there is no bin/postgres in it".to_owned()))?;
    make_links(&root).map_err(|error| unusable(error.to_string()))?;
    Ok(root)
}

fn unpack_files(archive: &Path, target: &Path) -> io::Result<()> {
    let mut archive = Archive::new(GzDecoder::new(io::BufReader::new(fs_err::File::open(
        archive,
    )?)));
    make_dir(target)?;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let inside = entry.path()?.into_owned();
        let Some(path) = below(target, &inside) else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} leads out of it", inside.display()),
            ));
        };
        match entry.header().entry_type() {
            EntryType::Directory => make_dir(&path)?,
            EntryType::Regular => {
                make_dir(path.parent().unwrap_or(target))?;
                let executable = entry.header().mode()? & 0o100 != 0;
                let mut file = fs_err::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&path)?;
                io::copy(&mut entry, &mut file)?;
                // Readable for everybody: the server may have to run as somebody else.
                let mode = if executable { 0o755 } else { 0o644 };
                file.set_permissions(Permissions::from_mode(mode))?;
            }
            EntryType::Symlink => {
                let to = entry.link_name()?.unwrap_or_default().into_owned();
                make_dir(path.parent().unwrap_or(target))?;
                link(&to, &path)?;
            }
            // Metadata of the archive, and kinds of file that binaries do not need.
            _ => {
                io::copy(&mut entry.by_ref().take(1 << 20), &mut io::sink())?;
            }
        }
    }
    Ok(())
}

/// The links that the npm package lists, both ends relative to the directory above.
fn make_links(root: &Path) -> io::Result<()> {
    let Ok(text) = fs_err::read(root.join(LINKS)) else {
        return Ok(());
    };
    let links: Vec<Link> = serde_json::from_slice(&text)?;
    for Link { source, target } in links {
        let inside = |path: &Path| path.strip_prefix("native").ok().map(Path::to_owned);
        let (Some(source), Some(target)) = (inside(&source), inside(&target)) else {
            continue;
        };
        // All of them are between neighbours: libpq.so.5 to libpq.so.5.16.
        let (Some(name), true) = (source.file_name(), source.parent() == target.parent()) else {
            continue;
        };
        let Some(path) = below(root, &target) else {
            continue;
        };
        if !path.exists() {
            link(Path::new(name), &path)?;
        }
    }
    Ok(())
}

/// A link to a neighbour; links to elsewhere are no part of a set of binaries.
fn link(to: &Path, path: &Path) -> io::Result<()> {
    let mut parts = to.components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(_)), None) => symlink(to, path),
        _ => Ok(()),
    }
}

/// `inside` below `target`, unless it would lead out of it.
fn below(target: &Path, inside: &Path) -> Option<PathBuf> {
    let mut path = target.to_owned();
    for part in inside.components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(path)
}

/// The directory, at most `depth` below `dir`, in which `bin/postgres` is.
fn root(dir: &Path, depth: u32) -> Option<PathBuf> {
    if dir.join("bin/postgres").is_file() {
        return Some(dir.to_owned());
    }
    if depth == 0 {
        return None;
    }
    let entries = fs_err::read_dir(dir).ok()?;
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .find_map(|entry| root(&entry.path(), depth - 1))
}

fn make_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs_err::create_dir_all(path)?;
    fs_err::set_permissions(path, Permissions::from_mode(0o755))
}
