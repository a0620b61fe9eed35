//! The records in an artifact: their bytes, and how they are written, found and read.
//!
//! A section is a sequence of records, possibly with zero bytes between them. A record is
//!
//! ```text
//! magic             8 bytes, "PGSCHEMA"
//! format version    u32
//! crate version     u32 length and text: the schema-core that wrote it, for messages
//! payload length    u32
//! payload           one record, as `format` describes it
//! ```
//!
//! with little-endian integers. Everything up to and including the payload length stays as it is
//! for ever; only the payload changes with the format version. In it, lengths and `u32` take seven
//! bits a byte, the lowest first, because const evaluation pays for every byte.

mod codec;
pub mod encode;
mod format;

#[cfg(feature = "engine")]
pub mod decode;
#[cfg(feature = "engine")]
pub mod extract;

/// What each record starts with.
pub(crate) const MAGIC: [u8; 8] = *b"PGSCHEMA";

/// Version of the payload's format; changed with every change of [`crate::def`].
pub(crate) const FORMAT_VERSION: u32 = 3;

/// The oldest format that is still read, so that the gate can compare with a release that was built
/// before an upgrade.
#[cfg(feature = "engine")]
pub(crate) const OLDEST_FORMAT: u32 = 1;

/// The version of this crate.
pub(crate) const CRATE_VERSION: &str = env!("CARGO_PKG_VERSION");
