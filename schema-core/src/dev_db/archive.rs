//! A stopped data directory as one file: quick to copy, atomic to store, safe to delete while read.

use std::{
    fmt,
    fs::{File, OpenOptions, Permissions},
    io::{self, BufReader, BufWriter, Read as _, Write},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, fchown},
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tar::{Archive, Builder, EntryType, Header};

/// The first entry; its absence or another format makes the file a stranger.
const MANIFEST: &str = "cargo-migrate.json";
const FORMAT: u32 = 1;

/// What an archive says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// The database whose state was kept.
    pub database: String,
    /// Its directory below `base`.
    pub oid: u32,
    /// The directory of the empty database, which is left out: it is made from the template's.
    pub empty_oid: u32,
    /// How many files follow: fewer mean that the file was cut off.
    files: u64,
}

impl Manifest {
    pub(super) fn new(database: &str, oid: u32, empty_oid: u32) -> Self {
        Self {
            format: FORMAT,
            database: database.to_owned(),
            oid,
            empty_oid,
            files: 0,
        }
    }
}

/// Writes the data directory `data` to `out`, with one database directory and no other.
pub(super) fn pack(data: &Path, mut manifest: Manifest, out: &mut File) -> io::Result<()> {
    let mut files = Vec::new();
    let mut directories = Vec::new();
    list(
        data,
        Path::new(""),
        manifest.oid,
        &mut directories,
        &mut files,
    )?;
    manifest.files = files.len() as u64;
    let text = serde_json::to_vec(&manifest)?;

    let mut tar = Builder::new(BufWriter::with_capacity(1 << 20, out));
    append(
        &mut tar,
        MANIFEST.as_ref(),
        EntryType::Regular,
        text.len() as u64,
        &*text,
    )?;
    for path in directories {
        append(&mut tar, &path, EntryType::Directory, 0, io::empty())?;
    }
    for path in files {
        let file = fs_err::File::open(data.join(&path))?;
        let size = file.metadata()?.len();
        append(&mut tar, &path, EntryType::Regular, size, file.take(size))?;
    }
    tar.into_inner()?.flush()
}

/// What an archive says about itself, without unpacking it.
pub(super) fn manifest(path: &Path) -> io::Result<Manifest> {
    let mut archive = Archive::new(fs_err::File::open(path)?);
    archive
        .entries()
        .and_then(|mut entries| read_manifest(&mut entries))
        .map_err(|error| damaged(path, &error))
}

/// Unpacks an archive into `data`, which must not exist.
pub(super) fn unpack(path: &Path, data: &Path, owner: Option<(u32, u32)>) -> io::Result<Manifest> {
    make_dir(data, owner)?;
    unpack_as(path, owner, |inside| Some(data.join(inside)))
}

/// Unpacks the database directory of a template once more, as that of its empty database.
pub(super) fn unpack_empty(
    path: &Path,
    data: &Path,
    owner: Option<(u32, u32)>,
) -> io::Result<Manifest> {
    let kept = manifest(path)?;
    let source = Path::new("base").join(kept.oid.to_string());
    let target = data.join("base").join(kept.empty_oid.to_string());
    make_dir(&target, owner)?;
    unpack_as(path, owner, |inside| {
        let name = inside.strip_prefix(&source).ok()?;
        (name != Path::new("")).then(|| target.join(name))
    })
}

/// Unpacks what has a place. An error of the kind `InvalidData` is the archive's fault.
fn unpack_as(
    path: &Path,
    owner: Option<(u32, u32)>,
    place: impl Fn(&Path) -> Option<PathBuf>,
) -> io::Result<Manifest> {
    let unreadable = |error: io::Error| damaged(path, &error);
    let reader = BufReader::with_capacity(1 << 20, fs_err::File::open(path)?);
    let mut archive = Archive::new(reader);
    let mut entries = archive.entries().map_err(unreadable)?;
    let manifest = read_manifest(&mut entries).map_err(unreadable)?;
    let mut files = 0;
    let mut bytes = Vec::new();
    for entry in entries {
        let mut entry = entry.map_err(unreadable)?;
        let inside = entry.path().map_err(unreadable)?.into_owned();
        let mut parts = inside.components();
        if !parts.all(|part| matches!(part, Component::Normal(_))) {
            return Err(damaged(path, &"a path leads out of it"));
        }
        let kind = entry.header().entry_type();
        files += u64::from(kind.is_file());
        let Some(target) = place(&inside) else {
            continue;
        };
        if kind.is_dir() {
            make_dir(&target, owner)?;
        } else if kind.is_file() {
            let mut file = make_file(&target, owner)?;
            loop {
                bytes.clear();
                let chunk = (&mut entry).take(1 << 22).read_to_end(&mut bytes);
                if chunk.map_err(unreadable)? == 0 {
                    break;
                }
                file.write_all(&bytes)?;
            }
        } else {
            return Err(damaged(path, &"it holds something other than files"));
        }
    }
    if files == manifest.files {
        Ok(manifest)
    } else {
        Err(damaged(path, &"it was cut off"))
    }
}

fn read_manifest<R: io::Read>(entries: &mut tar::Entries<'_, R>) -> io::Result<Manifest> {
    let invalid = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    let mut entry = entries
        .next()
        .ok_or_else(|| invalid("an empty archive".to_owned()))??;
    if entry.path()? != Path::new(MANIFEST) {
        return Err(invalid(format!("no {MANIFEST} at its head")));
    }
    let mut text = String::new();
    entry.read_to_string(&mut text)?;
    let manifest: Manifest = serde_json::from_str(&text)?;
    if manifest.format == FORMAT {
        Ok(manifest)
    } else {
        Err(invalid(format!("format {}, not {FORMAT}", manifest.format)))
    }
}

/// Every directory and file worth keeping, relative to `data`.
fn list(
    data: &Path,
    inside: &Path,
    oid: u32,
    directories: &mut Vec<PathBuf>,
    files: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let database = oid.to_string();
    for entry in fs_err::read_dir(data.join(inside))? {
        let entry = entry?;
        let name = entry.file_name();
        let path = inside.join(&name);
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let other_database = inside == Path::new("base") && name != *database;
            if !other_database {
                directories.push(path.clone());
                list(data, &path, oid, directories, files)?;
            }
        } else if kind.is_file() {
            // The first three are of the running server; the last is a cache that it makes itself.
            let transient = [
                "postmaster.pid",
                "postmaster.opts",
                "global/pg_internal.init",
            ]
            .iter()
            .any(|name| path == Path::new(name))
                || name == "pg_internal.init";
            if !transient {
                files.push(path);
            }
        } else {
            return Err(io::Error::other(format!(
                "{} is neither a file nor a directory (a tablespace?)",
                path.display()
            )));
        }
    }
    Ok(())
}

fn append<W: Write>(
    tar: &mut Builder<W>,
    path: &Path,
    kind: EntryType,
    size: u64,
    content: impl io::Read,
) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(if kind.is_dir() { 0o700 } else { 0o600 });
    tar.append_data(&mut header, path, content)
}

fn make_dir(path: &Path, owner: Option<(u32, u32)>) -> io::Result<()> {
    fs_err::create_dir(path)?;
    fs_err::set_permissions(path, Permissions::from_mode(0o700))?;
    if let Some((uid, gid)) = owner {
        std::os::unix::fs::chown(path, Some(uid), Some(gid))?;
    }
    Ok(())
}

fn make_file(path: &Path, owner: Option<(u32, u32)>) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    if let Some((uid, gid)) = owner {
        fchown(&file, Some(uid), Some(gid))?;
    }
    Ok(file)
}

fn damaged(path: &Path, what: &dyn fmt::Display) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{}: {what}", path.display()),
    )
}
