//! Records to bytes, in const evaluation: every step costs compile time.

use super::{CRATE_VERSION, FORMAT_VERSION, MAGIC};
use crate::def::Record;

/// How many bytes [`encode`] makes of the record.
pub const fn encoded_len(record: &Record<'_>) -> usize {
    let mut writer = Writer {
        buffer: &mut [],
        at: 0,
        counting: true,
    };
    writer.header(0);
    record.write(&mut writer);
    writer.at
}

/// The record with its header, as it stands in the section.
///
/// # Panics
///
/// If `N` is not [`encoded_len`] of the record.
pub const fn encode<const N: usize>(record: &Record<'_>) -> [u8; N] {
    let mut bytes = [0; N];
    let mut writer = Writer {
        buffer: &mut bytes,
        at: 0,
        counting: false,
    };
    writer.header(N - HEADER_LEN);
    record.write(&mut writer);
    assert!(writer.at == N, "`N` is not the record's encoded length");
    bytes
}

const HEADER_LEN: usize = MAGIC.len() + 4 + 4 + CRATE_VERSION.len() + 4;

/// Writes into a buffer that is long enough, or only counts.
pub(super) struct Writer<'b> {
    buffer: &'b mut [u8],
    at: usize,
    counting: bool,
}

impl Writer<'_> {
    const fn header(&mut self, payload: usize) {
        self.bytes(&MAGIC);
        self.u32(FORMAT_VERSION);
        self.str(CRATE_VERSION);
        self.count(payload);
    }

    pub(super) const fn bool(&mut self, value: bool) {
        self.u8(value as u8);
    }

    pub(super) const fn u8(&mut self, value: u8) {
        if !self.counting {
            self.buffer[self.at] = value;
        }
        self.at += 1;
    }

    pub(super) const fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) const fn i32(&mut self, value: i32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) const fn i64(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) const fn str(&mut self, value: &str) {
        self.count(value.len());
        self.bytes(value.as_bytes());
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the compiler's memory ends long before a list or text of 4 GiB"
    )]
    pub(super) const fn count(&mut self, count: usize) {
        self.u32(count as u32);
    }

    const fn bytes(&mut self, bytes: &[u8]) {
        if !self.counting {
            let (_, rest) = self.buffer.split_at_mut(self.at);
            let (target, _) = rest.split_at_mut(bytes.len());
            target.copy_from_slice(bytes);
        }
        self.at += bytes.len();
    }
}
