//! A stable hash of a catalog.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest, Sha256};

use super::{Catalog, Domain, Enum, Extension, Object, ObjectId, SchemaObject, Sequence, Table};
use crate::ident::{Ident, QualifiedName};

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
        /// What the fingerprint is of: dependencies follow from the rest.
        #[derive(serde::Serialize)]
        struct Identity<'a> {
            schemas: &'a BTreeMap<Ident, SchemaObject>,
            extensions: &'a BTreeMap<Ident, Extension>,
            enums: &'a BTreeMap<QualifiedName, Enum>,
            domains: &'a BTreeMap<QualifiedName, Domain>,
            sequences: &'a BTreeMap<QualifiedName, Sequence>,
            tables: &'a BTreeMap<QualifiedName, Table>,
            objects: Vec<(&'a ObjectId, &'a Object)>,
            unmodelled: &'a BTreeSet<String>,
        }
        Fingerprint::of(&Identity {
            schemas: &self.schemas,
            extensions: &self.extensions,
            enums: &self.enums,
            domains: &self.domains,
            sequences: &self.sequences,
            tables: &self.tables,
            objects: self.objects.iter().collect(),
            unmodelled: &self.unmodelled,
        })
    }
}
