//! Artifacts to records: finds the sections in object files, archives and executables.

use std::fs::File;

use bumpalo::Bump;
use camino::{Utf8Path, Utf8PathBuf};
use object::read::archive::ArchiveFile;
use object::{FileKind, Object, ObjectSection, ReadCache, ReadRef};

use super::decode::{DecodeError, decode};
use crate::def::{ExtensionDef, NameDef, Record, SchemaDef, SourceDef};

/// What the section is called on ELF, Mach-O (in the segment `__DATA`), and PE, where a name has
/// room for eight bytes.
const SECTION_NAMES: [&[u8]; 3] = [b".pgschema", b"__pgschema", b".pgsch"];

/// What LLVM bitcode starts with, plain and wrapped.
const BITCODE: [&[u8]; 2] = [b"BC\xC0\xDE", b"\xDE\xC0\x17\x0B"];

/// What an artifact says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionBytes {
    /// All its sections, one after the other.
    pub bytes: Vec<u8>,
    /// Whether a part of it is LLVM bitcode without machine code, as in the rlibs of a profile
    /// with link-time optimisation. Such a part has no sections yet; they are in the executable.
    pub bitcode: bool,
}

/// What several artifacts say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records<'a> {
    /// Every record once, by file and line.
    pub records: Vec<Record<'a>>,
    /// Artifacts that are bitcode, see [`SectionBytes::bitcode`].
    pub bitcode: Vec<Utf8PathBuf>,
}

/// Why an artifact cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// It cannot be opened.
    #[error("the artifact cannot be opened")]
    Open {
        /// The file and the reason.
        #[from]
        source: std::io::Error,
    },
    /// It is no object file, or a broken one.
    #[error("`{path}` is no object file, archive or executable that can be read")]
    Object {
        /// The artifact.
        path: Utf8PathBuf,
        /// The reason.
        source: object::Error,
    },
    /// Its section does not hold records that we can read.
    #[error("the schema section of `{path}` cannot be read")]
    Decode {
        /// The artifact.
        path: Utf8PathBuf,
        /// The reason.
        source: DecodeError,
    },
}

/// The records of several artifacts, whose texts and lists go to the arena.
///
/// A library's records are in its rlib, and again in each executable that it is linked into:
/// identical records are one.
pub fn records<'a>(paths: &[Utf8PathBuf], arena: &'a Bump) -> Result<Records<'a>, ExtractError> {
    let mut found = Records::default();
    for path in paths {
        let section = extract(path)?;
        if section.bitcode {
            found.bitcode.push(path.clone());
        }
        let bytes: &'a [u8] = arena.alloc_slice_copy(&section.bytes);
        let records = decode(bytes, arena).map_err(|source| ExtractError::Decode {
            path: path.clone(),
            source,
        })?;
        found.records.extend(records);
    }
    found.records = sorted(found.records);
    Ok(found)
}

/// The sections of one artifact. Only the headers and these sections are read from the disk.
pub fn extract(path: &Utf8Path) -> Result<SectionBytes, ExtractError> {
    let file = fs_err::File::open(path)?;
    let cache = ReadCache::new(file.into_file());
    read(&cache).map_err(|source| ExtractError::Object {
        path: path.to_owned(),
        source,
    })
}

fn read(file: &ReadCache<File>) -> object::Result<SectionBytes> {
    let mut found = SectionBytes::default();
    if FileKind::parse(file)? != FileKind::Archive {
        read_object(file, &mut found)?;
        return Ok(found);
    }
    let archive = ArchiveFile::parse(file)?;
    for member in archive.members() {
        let (offset, size) = member?.file_range();
        let member = file.range(offset, size);
        let magic = member.read_bytes_at(0, size.min(4)).unwrap_or_default();
        if BITCODE.contains(&magic) {
            found.bitcode = true;
        } else if FileKind::parse(member).is_ok() {
            // rustc also puts files of its own there, which are no objects on all platforms.
            read_object(member, &mut found)?;
        }
    }
    Ok(found)
}

fn read_object<'data>(data: impl ReadRef<'data>, found: &mut SectionBytes) -> object::Result<()> {
    for section in object::File::parse(data)?.sections() {
        if SECTION_NAMES.contains(&section.name_bytes()?) {
            found.bytes.extend_from_slice(section.data()?);
        }
    }
    Ok(())
}

/// By file and line; `macro_rules!` may put many items on one line, which go by name.
fn sorted(mut records: Vec<Record<'_>>) -> Vec<Record<'_>> {
    records.sort_by_key(place);
    let mut sorted: Vec<Record<'_>> = Vec::with_capacity(records.len());
    for record in records {
        let same_place = sorted.iter().rev();
        let mut same_place = same_place.take_while(|it| place(it) == place(&record));
        if !same_place.any(|it| *it == record) {
            sorted.push(record);
        }
    }
    sorted
}

fn place<'a>(record: &Record<'a>) -> (SourceDef<'a>, NameDef<'a>) {
    let name = match record {
        Record::Table(it) => it.name,
        Record::Enum(it) => it.name,
        Record::Domain(it) => it.name,
        Record::Schema(SchemaDef { name, .. }) | Record::Extension(ExtensionDef { name, .. }) => {
            NameDef { schema: "", name }
        }
    };
    (record.source(), name)
}
