//! Bytes to records: strict, so that what is read is exactly what was written.

use bumpalo::Bump;

use super::{CRATE_VERSION, FORMAT_VERSION, MAGIC, OLDEST_FORMAT};
use crate::def::{Record, TypeDef};

/// All records of a section, in order; their texts are the section's, their lists the arena's.
///
/// Zero bytes between records are the linker's padding and skipped.
pub fn decode<'a>(bytes: &'a [u8], arena: &'a Bump) -> Result<Vec<Record<'a>>, DecodeError> {
    let mut reader = Reader {
        bytes,
        at: 0,
        resolved: 0,
        format: FORMAT_VERSION,
        arena,
    };
    let mut records = Vec::new();
    loop {
        while reader.bytes.get(reader.at) == Some(&0) {
            reader.at += 1;
        }
        if reader.at == bytes.len() {
            return Ok(records);
        }
        records.push(reader.record()?);
    }
}

/// Why the bytes of a section are not records; `offset` is where in the section.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Something else is in the section.
    #[error("no schema record at byte {offset} of the section")]
    Magic {
        /// Where a record should start.
        offset: usize,
    },
    /// Another format.
    #[error(
        "the schema record at byte {offset} was built with schema-core {crate_version} (format {format}); this cargo-migrate reads schema-core {CRATE_VERSION} (format {FORMAT_VERSION}): {}",
        if *.format > FORMAT_VERSION { "upgrade cargo-migrate" } else { "upgrade the application's schema-core" }
    )]
    Version {
        /// Where the record starts.
        offset: usize,
        /// Its format.
        format: u32,
        /// The schema-core that wrote it.
        crate_version: String,
    },
    /// A record ends before its last field.
    #[error("the schema record is cut off at byte {offset} of the section")]
    Truncated {
        /// Where the bytes end.
        offset: usize,
    },
    /// A record goes on after its last field.
    #[error("the schema record has bytes after its end at byte {offset} of the section")]
    Surplus {
        /// Where the surplus starts.
        offset: usize,
    },
    /// A value that is never written.
    #[error("no valid {kind} at byte {offset} of the section")]
    Invalid {
        /// Where it stands.
        offset: usize,
        /// What it should be.
        kind: &'static str,
    },
}

/// Reads a record from a section.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where to read on what the compiler resolved.
    resolved: usize,
    /// The format of the record.
    pub(super) format: u32,
    pub(super) arena: &'a Bump,
}

impl<'a> Reader<'a> {
    fn record(&mut self) -> Result<Record<'a>, DecodeError> {
        let offset = self.at;
        if self.bytes(MAGIC.len()) != Ok(&MAGIC[..]) {
            return Err(DecodeError::Magic { offset });
        }
        let format = self.fixed()?;
        let length = self.fixed()? as usize;
        let crate_version = self.text(length)?;
        if !(OLDEST_FORMAT..=FORMAT_VERSION).contains(&format) {
            return Err(DecodeError::Version {
                offset,
                format,
                crate_version: crate_version.to_owned(),
            });
        }
        let length = self.fixed()? as usize;
        let start = self.at;
        self.bytes(length)?;
        let mut reader = Reader {
            bytes: &self.bytes[..self.at],
            at: start,
            resolved: start,
            format,
            arena: self.arena,
        };
        let known = reader.count()?;
        let end = reader.at + known;
        reader.resolved = end;
        let record = Record::read(&mut reader)?;
        for (read, end) in [(reader.at, end), (reader.resolved, self.at)] {
            if read != end {
                return Err(DecodeError::Surplus { offset: read });
            }
        }
        Ok(record)
    }

    /// What the compiler resolved, which stands behind what the macro knew.
    pub(super) fn resolved<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let mut reader = Self {
            bytes: self.bytes,
            at: self.resolved,
            resolved: self.bytes.len(),
            format: self.format,
            arena: self.arena,
        };
        let value = read(&mut reader)?;
        self.resolved = reader.at;
        Ok(value)
    }

    pub(super) fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.invalid("bool")),
        }
    }

    pub(super) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(u8::from_le_bytes)
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn u32(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(value).map_err(|_| self.invalid("number"));
            }
        }
        Err(self.invalid("number"))
    }

    fn fixed(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, DecodeError> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, DecodeError> {
        self.array().map(i64::from_le_bytes)
    }

    /// The length and one, or 0 for a text that is [resolved](Self::resolved).
    pub(super) fn str(&mut self) -> Result<&'a str, DecodeError> {
        match self.u32()? {
            0 => self.resolved(|reader| match reader.u32()? {
                0 => Err(reader.invalid("text")),
                length => reader.text(length as usize - 1),
            }),
            length => self.text(length as usize - 1),
        }
    }

    /// The number and one, or 0 if it is resolved.
    pub(super) fn resolved_u32(&mut self) -> Result<u32, DecodeError> {
        match self.u32()? {
            0 => self.resolved(Self::u32),
            number => Ok(number - 1),
        }
    }

    /// 2 if it is resolved.
    pub(super) fn resolved_bool(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            2 => self.resolved(Self::bool),
            _ => Err(self.invalid("bool")),
        }
    }

    /// 0 if it is resolved, 1 if it is not, 2 if it is but for its modifiers.
    pub(super) fn resolved_type(&mut self) -> Result<TypeDef<'a>, DecodeError> {
        match self.u8()? {
            0 => self.resolved(TypeDef::read),
            1 => TypeDef::read(self),
            2 => {
                let modifiers = self.modifiers()?;
                let ty = self.resolved(TypeDef::read)?;
                Ok(TypeDef { modifiers, ..ty })
            }
            _ => Err(self.invalid("type")),
        }
    }

    fn modifiers(&mut self) -> Result<&'a [i32], DecodeError> {
        let mut modifiers = bumpalo::collections::Vec::new_in(self.arena);
        for _ in 0..self.count()? {
            modifiers.push(self.i32()?);
        }
        Ok(modifiers.into_bump_slice())
    }

    fn text(&mut self, length: usize) -> Result<&'a str, DecodeError> {
        let offset = self.at;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| DecodeError::Invalid {
            offset,
            kind: "text",
        })
    }

    /// The number of items of a list; each takes at least a byte, so it cannot exceed what is left.
    pub(super) fn count(&mut self) -> Result<usize, DecodeError> {
        let count = self.u32()? as usize;
        if count > self.bytes.len() - self.at {
            return Err(DecodeError::Truncated {
                offset: self.bytes.len(),
            });
        }
        Ok(count)
    }

    /// The byte just read is not a `kind`.
    pub(super) fn invalid(&self, kind: &'static str) -> DecodeError {
        DecodeError::Invalid {
            offset: self.at - 1,
            kind,
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let bytes = self.bytes(N)?;
        Ok(bytes.try_into().expect("has N bytes"))
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let rest = &self.bytes[self.at..];
        let (bytes, _) = rest
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated {
                offset: self.bytes.len(),
            })?;
        self.at += length;
        Ok(bytes)
    }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
