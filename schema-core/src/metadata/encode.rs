//! Records to bytes, in const evaluation: every step costs compile time, calls most of all.
#![expect(
    clippy::cast_possible_truncation,
    reason = "only the low bits are wanted"
)]

use super::{CRATE_VERSION, FORMAT_VERSION, MAGIC};
use crate::def::Record;

/// A record in a buffer that is long enough for nearly all; `len` is right in any case.
#[derive(Debug)]
pub struct Encoded {
    bytes: [u8; CAPACITY],
    /// How many bytes the record has.
    pub len: usize,
}

const CAPACITY: usize = 8192;

/// The record with its header, as it stands in the section.
pub const fn encode(record: &Record<'_>) -> Encoded {
    let mut bytes = [0; CAPACITY];
    let len = write(record, &mut bytes, 0);
    Encoded { bytes, len }
}

/// How many bytes the record has.
pub const fn encoded_len(record: &Record<'_>) -> usize {
    write(record, &mut [], 0)
}

/// The bytes of a record that `encoded` is the encoding of.
///
/// # Panics
///
/// If `N` is not its length.
pub const fn bytes<const N: usize>(record: &Record<'_>, encoded: &Encoded) -> [u8; N] {
    assert!(N == encoded.len, "`N` is not the record's encoded length");
    let mut bytes = [0; N];
    if N <= CAPACITY {
        bytes.copy_from_slice(encoded.bytes.split_at(N).0);
    }
    if N > CAPACITY {
        write(record, &mut bytes, N - HEADER_LEN);
    } else {
        Writer {
            buffer: &mut bytes,
            at: 0,
        }
        .header(N - HEADER_LEN);
    }
    bytes
}

const HEADER_LEN: usize = MAGIC.len() + 4 + 4 + CRATE_VERSION.len() + 4;

/// Writes what fits, and returns how much there is.
const fn write(record: &Record<'_>, buffer: &mut [u8], payload: usize) -> usize {
    let mut writer = Writer { buffer, at: 0 };
    writer.header(payload);
    record.write(&mut writer);
    writer.at
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
    const fn header(&mut self, payload: usize) {
        self.bytes(&MAGIC);
        self.fixed(FORMAT_VERSION as usize);
        self.fixed(CRATE_VERSION.len());
        self.bytes(CRATE_VERSION.as_bytes());
        self.fixed(payload);
    }

    /// Four bytes, in a place that must not move when the format changes.
    const fn fixed(&mut self, value: usize) {
        let mut rest = value;
        let mut index = 0;
        while index < 4 {
            byte!(self, (rest % 256) as u8);
            rest /= 256;
            index += 1;
        }
    }

    pub(super) const fn str(&mut self, value: &str) {
        let bytes = value.as_bytes();
        let mut index = 0;
        count!(self, bytes.len());
        if bytes.len() > SHORT {
            return self.bytes(bytes);
        }
        while index < bytes.len() {
            byte!(self, bytes[index]);
            index += 1;
        }
    }

    pub(super) const fn bytes(&mut self, bytes: &[u8]) {
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

/// Up to here a loop takes fewer steps than the calls of a copy.
const SHORT: usize = 16;
