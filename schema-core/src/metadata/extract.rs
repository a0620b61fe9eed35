//! Artifacts to records: finds the sections in object files, archives and executables.

use std::fs::File;

use bumpalo::Bump;
use camino::{Utf8Path, Utf8PathBuf};
use object::read::archive::ArchiveFile;
use object::{FileKind, Object, ObjectSection, ReadCache, ReadRef};

use super::MAGIC;
use super::decode::{DecodeError, decode};
use crate::def::{ExtensionDef, NameDef, Record, SchemaDef, SourceDef};

/// What the section is called on ELF, Mach-O (in the segment `__DATA`), and PE, where a name has
/// room for eight bytes.
const SECTION_NAMES: [&[u8]; 3] = [b".pgschema", b"__pgschema", b".pgsch"];

/// What LLVM bitcode starts with, plain and wrapped.
const BITCODE: [&[u8]; 2] = [b"BC\xC0\xDE", b"\xDE\xC0\x17\x0B"];

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

/// The records of several artifacts, each once, by file and line. Texts and lists go to the arena.
///
/// A library's records are in its rlib, and again in each executable that it is linked into:
/// identical records are one.
pub fn records<'a>(
    paths: &[Utf8PathBuf],
    arena: &'a Bump,
) -> Result<Vec<Record<'a>>, ExtractError> {
    let mut records = Vec::new();
    for path in paths {
        let bytes: &'a [u8] = arena.alloc_slice_copy(&extract(path)?);
        let decoded = decode(bytes, arena).map_err(|source| ExtractError::Decode {
            path: path.clone(),
            source,
        })?;
        records.extend(decoded);
    }
    Ok(sorted(records))
}

/// All sections of one artifact, one after the other. Only these and the headers are read from
/// the disk.
pub fn extract(path: &Utf8Path) -> Result<Vec<u8>, ExtractError> {
    let file = fs_err::File::open(path)?;
    let cache = ReadCache::new(file.into_file());
    read(&cache).map_err(|source| ExtractError::Object {
        path: path.to_owned(),
        source,
    })
}

fn read(file: &ReadCache<File>) -> object::Result<Vec<u8>> {
    let mut found = Vec::new();
    if FileKind::parse(file)? != FileKind::Archive {
        read_object(file, &mut found)?;
        return Ok(found);
    }
    let archive = ArchiveFile::parse(file)?;
    for member in archive.members() {
        let member = member?;
        let (offset, size) = member.file_range();
        let part = file.range(offset, size);
        let magic = part.read_bytes_at(0, size.min(4)).unwrap_or_default();
        if BITCODE.contains(&magic) {
            read_bitcode(member.data(file)?, &mut found);
        } else if FileKind::parse(part).is_ok() {
            // rustc also puts files of its own there, which are no objects on all platforms.
            read_object(part, &mut found)?;
        }
    }
    Ok(found)
}

fn read_object<'data>(data: impl ReadRef<'data>, found: &mut Vec<u8>) -> object::Result<()> {
    for section in object::File::parse(data)?.sections() {
        if SECTION_NAMES.contains(&section.name_bytes()?) {
            found.extend_from_slice(section.data()?);
        }
    }
    Ok(())
}

/// With link-time optimisation, an rlib has LLVM bitcode instead of machine code, and no sections.
/// But LLVM writes constant bytes as they are, as an array of 8-bit fields (`CST_CODE_STRING`);
/// only that array may start at any bit. So the records are found by their magic.
fn read_bitcode(bitcode: &[u8], found: &mut Vec<u8>) {
    for shift in 0..8 {
        let pairs = bitcode.windows(2);
        let bytes =
            pairs.map(|pair| (u16::from_le_bytes([pair[0], pair[1]]) >> shift).to_le_bytes()[0]);
        let bytes: Vec<u8> = bytes.collect();
        let mut rest = &bytes[..];
        while let Some(start) = rest.windows(MAGIC.len()).position(|it| it == MAGIC) {
            rest = &rest[start..];
            let length = record_len(rest).unwrap_or(MAGIC.len());
            found.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
    }
}

/// The length of the record at the start of the bytes, if it is whole.
fn record_len(bytes: &[u8]) -> Option<usize> {
    let u32_at = |at: usize| {
        let field = bytes.get(at..at.checked_add(4)?)?;
        let field: [u8; 4] = field.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(field)).ok()
    };
    let version = MAGIC.len() + 4;
    let payload = (version + 4).checked_add(u32_at(version)?)?;
    let end = (payload + 4).checked_add(u32_at(payload)?)?;
    (end <= bytes.len()).then_some(end)
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
        Record::Rows(it) => it.table,
        Record::Schema(SchemaDef { name, .. }) | Record::Extension(ExtensionDef { name, .. }) => {
            NameDef { schema: "", name }
        }
        Record::View(it) => it.name,
        Record::Composite(it) => it.name,
        Record::Attached(it) => it.table,
        Record::Statements(it) => NameDef {
            schema: "",
            name: it.text,
        },
        Record::Newtype(it) => NameDef {
            schema: "",
            name: it.source.item,
        },
    };
    (record.source(), name)
}
