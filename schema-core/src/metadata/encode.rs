//! Pieces to records, in const evaluation: every step costs compile time, so the macros have
//! written into bytes what they know.
#![expect(
    clippy::cast_possible_truncation,
    reason = "only the low bits are wanted"
)]

use super::{CRATE_VERSION, FORMAT_VERSION, MAGIC};
use crate::def::TypeDef;

/// A piece of a record's payload.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Bytes as they are.
    Bytes(&'static [u8]),
    /// A text, which its length comes before.
    Text(&'static str),
    /// A number.
    Number(u32),
    /// A type.
    Type(&'static TypeDef<'static>),
}

/// How many bytes the record has.
pub const fn record_len(known: &[u8], resolved: &[Piece]) -> usize {
    let mut len = HEADER.len() + 4 + count_len(known.len()) + known.len();
    let mut index = 0;
    while index < resolved.len() {
        len += match resolved[index] {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::Text(text) => count_len(text.len() + 1) + text.len(),
            Piece::Number(number) => count_len(number as usize),
            Piece::Type(ty) => {
                let mut writer = Writer {
                    buffer: &mut [],
                    at: 0,
                };
                ty.write(&mut writer);
                writer.at
            }
        };
        index += 1;
    }
    len
}

/// The record with its header, as it stands in the section.
///
/// # Panics
///
/// If `N` is not its length.
pub const fn record<const N: usize>(known: &[u8], resolved: &[Piece]) -> [u8; N] {
    let mut buffer = [0; N];
    let mut writer = Writer {
        buffer: &mut buffer,
        at: 0,
    };
    writer.header(N);
    count!(writer, known.len());
    writer.bytes(known);
    let mut index = 0;
    while index < resolved.len() {
        match resolved[index] {
            Piece::Bytes(bytes) => writer.bytes(bytes),
            Piece::Text(text) => writer.str(text),
            Piece::Number(number) => count!(writer, number),
            Piece::Type(ty) => ty.write(&mut writer),
        }
        index += 1;
    }
    assert!(writer.at == N, "`N` is not the record's length");
    buffer
}

/// How many bytes [`count`] takes.
const fn count_len(value: usize) -> usize {
    let mut len = 1;
    let mut rest = value;
    while rest >= 128 {
        rest /= 128;
        len += 1;
    }
    len
}

/// What comes before the payload's length.
const HEADER: [u8; MAGIC.len() + 8 + CRATE_VERSION.len()] = {
    let mut buffer = [0; MAGIC.len() + 8 + CRATE_VERSION.len()];
    let mut writer = Writer {
        buffer: &mut buffer,
        at: 0,
    };
    writer.bytes(&MAGIC);
    writer.bytes(&FORMAT_VERSION.to_le_bytes());
    writer.bytes(&(CRATE_VERSION.len() as u32).to_le_bytes());
    writer.bytes(CRATE_VERSION.as_bytes());
    buffer
};

/// The bytes of a type and whether its column takes NULL, evaluated once for each.
#[derive(Debug)]
pub struct TypeBytes {
    bytes: [u8; CAPACITY],
    /// Where the type ends; a byte for NULL follows.
    len: usize,
}

/// More than names of 63 bytes need.
const CAPACITY: usize = 2048;

impl TypeBytes {
    /// A type, and whether its column takes NULL.
    ///
    /// # Panics
    ///
    /// If the type is longer than any name can be.
    pub(crate) const fn new(ty: &TypeDef<'_>, nullable: bool) -> Self {
        let mut bytes = [0; CAPACITY];
        let mut writer = Writer {
            buffer: &mut bytes,
            at: 0,
        };
        ty.write(&mut writer);
        let len = writer.at;
        assert!(len < CAPACITY, "the name of the SQL type is too long");
        bytes[len] = nullable as u8;
        Self { bytes, len }
    }

    /// The type.
    pub(crate) const fn ty(&'static self) -> Piece {
        Piece::Bytes(self.bytes.split_at(self.len).0)
    }

    /// The type and the byte for NULL.
    pub(crate) const fn column(&'static self) -> Piece {
        Piece::Bytes(self.bytes.split_at(self.len + 1).0)
    }
}

/// Writes into a buffer as far as it goes, and counts on.
pub(super) struct Writer<'b> {
    pub(super) buffer: &'b mut [u8],
    pub(super) at: usize,
}

/// One byte, without a call.
macro_rules! byte {
    ($writer:ident, $value:expr) => {
        if $writer.at < $writer.buffer.len() {
            $writer.buffer[$writer.at] = $value;
        }
        $writer.at += 1;
    };
}
pub(super) use byte;

/// Seven bits a byte, the lowest first; nearly always a single byte.
macro_rules! count {
    ($writer:ident, $value:expr) => {{
        let mut rest = $value;
        while rest >= 128 {
            byte!($writer, (rest % 128) as u8 + 128);
            rest /= 128;
        }
        byte!($writer, rest as u8);
    }};
}
pub(super) use count;

impl Writer<'_> {
    /// The header of a record of this length.
    pub(super) const fn header(&mut self, len: usize) {
        self.bytes(&HEADER);
        let payload = len - HEADER.len() - 4;
        self.bytes(&(payload as u32).to_le_bytes());
    }

    pub(super) const fn str(&mut self, value: &str) {
        count!(self, value.len() + 1);
        self.bytes(value.as_bytes());
    }

    /// A loop takes fewer steps than the calls of a copy, for a few bytes.
    const fn few_bytes(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let [byte, more @ ..] = rest {
            byte!(self, *byte);
            rest = more;
        }
    }

    pub(super) const fn bytes(&mut self, bytes: &[u8]) {
        if bytes.len() <= 24 {
            return self.few_bytes(bytes);
        }
        let end = self.at + bytes.len();
        if end <= self.buffer.len() {
            self.buffer
                .split_at_mut(self.at)
                .1
                .split_at_mut(bytes.len())
                .0
                .copy_from_slice(bytes);
        }
        self.at = end;
    }
}

/// A record as a whole.
#[cfg(test)]
pub(super) fn encode(record: &crate::def::Record<'_>) -> Vec<u8> {
    let mut known = vec![0; 1 << 16];
    let mut writer = Writer {
        buffer: &mut known,
        at: 0,
    };
    record.write(&mut writer);
    let len = writer.at;
    known.truncate(len);
    let len = record_len(&known, &[]);
    let mut bytes = vec![0; len];
    let mut writer = Writer {
        buffer: &mut bytes,
        at: 0,
    };
    writer.header(len);
    count!(writer, known.len());
    writer.bytes(&known);
    bytes
}
