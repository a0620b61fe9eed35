//! A role that the server does not have, and how it gets there.

use std::fmt;

/// A migration names a role that the dev database's server lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRole {
    /// The role.
    pub name: String,
}

impl MissingRole {
    /// Whether an error of the server, by its SQLSTATE and message, means that there is no such
    /// role there.
    pub fn new(sqlstate: Option<&str>, message: &str) -> Option<Self> {
        // undefined_object; invalid_parameter_value, for SET ROLE
        if !matches!(sqlstate, Some("42704" | "22023")) {
            return None;
        }
        let name = message.strip_prefix("role \"")?;
        Some(Self {
            name: name.strip_suffix("\" does not exist")?.to_owned(),
        })
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        let name = &self.name;
        format!(
            "add it to `roles` in migrate.toml, which every dev database of our own has then: \
             `roles = [\"{name}\"]`; on the server of a --dev-url, create it yourself: \
             `CREATE ROLE {name}`"
        )
    }
}

impl fmt::Display for MissingRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the dev database has no role {}", self.name)
    }
}

impl std::error::Error for MissingRole {}
