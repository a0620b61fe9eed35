//! A stable hash of a catalog.

use std::fmt;

use sha2::{Digest, Sha256};

use super::Catalog;

/// SHA-256 over the canonical JSON of a catalog, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Hash of anything that serialises deterministically.
    ///
    /// # Panics
    ///
    /// If a map of the value has keys that JSON cannot have; no type of this crate has one.
    pub fn of(value: &impl serde::Serialize) -> Self {
        let json = serde_json::to_vec(value).expect("values with string keys always serialise");
        Self(format!("{:x}", Sha256::digest(&json)))
    }

    /// The hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Catalog {
    /// The fingerprint of this catalog.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }
}
