//! An extension that the server does not have, and the package that brings it.

use std::fmt;

use super::{binaries::Engine, system::Packages};

/// A migration wants an extension that the dev database's server lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingExtension {
    /// The extension.
    pub name: String,
    /// The server, for people.
    pub engine: String,
    /// The command that installs it, where known.
    pub install: Option<String>,
}

impl MissingExtension {
    /// Whether an error of the server, by its SQLSTATE and message, means that an extension is not
    /// installed there.
    pub fn new(sqlstate: Option<&str>, message: &str, engine: &Engine) -> Option<Self> {
        // undefined_file, feature_not_supported
        if !matches!(sqlstate, Some("58P01" | "0A000")) {
            return None;
        }
        let name = name_in(message)?;
        Some(Self {
            name: name.to_owned(),
            engine: engine.to_string(),
            install: Packages::here().extension(name, engine.major),
        })
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        let install = match &self.install {
            Some(command) => format!("`{command}`"),
            None => format!("install the extension {} for this server", self.name),
        };
        format!("{install}, or name a server that has it with --dev-url")
    }
}

impl fmt::Display for MissingExtension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the extension {} is not installed for {}",
            self.name, self.engine
        )
    }
}

impl std::error::Error for MissingExtension {}

/// The extension that a message of the server is about.
fn name_in(message: &str) -> Option<&str> {
    let quoted = message.split('"').nth(1)?;
    if message.starts_with("could not open extension control file") {
        quoted.rsplit('/').next()?.strip_suffix(".control")
    } else if message.starts_with("extension ") && message.ends_with("is not available") {
        Some(quoted)
    } else if message.starts_with("could not access file") {
        quoted.strip_prefix("$libdir/")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn the_name_is_found_in_what_each_version_says() {
        let check = |message: &str, name: Option<&str>| assert_eq!(name_in(message), name);
        check(
            "could not open extension control file \
             \"/usr/share/postgresql/15/extension/vector.control\": No such file or directory",
            Some("vector"),
        );
        check(
            "extension \"uuid-ossp\" is not available",
            Some("uuid-ossp"),
        );
        check(
            "could not access file \"$libdir/postgis-3\": No such file or directory",
            Some("postgis-3"),
        );
        check("extension \"x\" already exists", None);
        check("unlogged sequences are not supported", None);
    }
}
