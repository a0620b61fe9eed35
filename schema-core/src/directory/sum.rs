//! Hashes as only the engine needs them: in JSON, and over the statements of a file.

use sha2::{Digest as _, Sha256};

use super::chain::Hash;

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The running digest over statement texts that the history table keeps for half-done files.
#[derive(Clone, Default)]
pub(crate) struct StatementChain(Sha256);

impl StatementChain {
    /// The hash of all statements up to and with this one.
    pub(crate) fn add(&mut self, statement: &str) -> Hash {
        self.0.update(statement);
        Hash::of(self.0.clone())
    }
}
