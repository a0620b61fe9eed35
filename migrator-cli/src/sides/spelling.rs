//! How a side is written.

use camino::Utf8PathBuf;

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The structs of the crate.
    Code,
    /// A migration directory, the project's without a path, as far as a version.
    Directory {
        path: Option<Utf8PathBuf>,
        version: Option<String>,
    },
    /// A script for psql.
    File(Utf8PathBuf),
    /// A database.
    Url(String),
    /// A database whose URL is in this variable.
    Variable(String),
    /// A program or library that carries its schema.
    Binary(Utf8PathBuf),
}

/// Why a text is no side. It never repeats what may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SideError {
    #[error("a side is empty, as a variable is that is not set")]
    Empty,
    #[error("`{0}:` names nothing")]
    NoName(&'static str),
    #[error("`{0}@` names no version")]
    NoVersion(String),
    #[error("`code` has no versions; `dir@VERSION` has")]
    CodeVersion,
    #[error("`{0}:` is no kind of side")]
    Kind(String),
    #[error("a side is written as a list of settings, not as a URL")]
    Settings,
    #[error("`{0}` is no side")]
    Unknown(String),
}

impl SideError {
    /// What to write.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Settings => "write it as postgres://user:password@host:5432/database".to_owned(),
            Self::Unknown(text) => format!(
                "a file with SQL is `file:{text}` unless its name ends with .sql, a folder `dir:{text}`; the others are code, dir[@VERSION], postgres://…, env:NAME, binary:FILE"
            ),
            _ => "a side is code, dir[@VERSION], dir:PATH[@VERSION], FILE.sql, file:PATH, postgres://…, env:NAME or binary:FILE".to_owned(),
        }
    }
}

impl Side {
    /// Reads a side.
    pub(crate) fn parse(text: &str) -> Result<Self, SideError> {
        let named = |kind, name: &str| match name {
            "" => Err(SideError::NoName(kind)),
            name => Ok(Utf8PathBuf::from(name)),
        };
        if text.trim().is_empty() {
            return Err(SideError::Empty);
        }
        match text.split_once(':') {
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                return Ok(Self::Url(text.to_owned()));
            }
            Some(("env", name)) => {
                return named("env", name).map(|name| Self::Variable(name.into_string()));
            }
            Some(("binary", path)) => return named("binary", path).map(Self::Binary),
            Some(("file", path)) => return named("file", path).map(Self::File),
            Some(("dir", path)) => {
                let (path, version) = versioned(path)?;
                return Ok(Self::Directory {
                    path: Some(named("dir", &path)?),
                    version,
                });
            }
            _ => {}
        }
        if text == "code" {
            return Ok(Self::Code);
        }
        if text.starts_with("code@") {
            return Err(SideError::CodeVersion);
        }
        if text == "dir" || text.starts_with("dir@") {
            let (_, version) = versioned(text)?;
            return Ok(Self::Directory {
                path: None,
                version,
            });
        }
        if text.to_ascii_lowercase().ends_with(".sql") && !text.contains("://") {
            return Ok(Self::File(text.into()));
        }
        Err(match text.split_once(':') {
            // Not more of it than the kind: it may be a URL of another scheme.
            Some((kind, _)) if !kind.contains(['/', '=', ' ']) => SideError::Kind(kind.to_owned()),
            _ if text.contains('=') => SideError::Settings,
            _ => SideError::Unknown(text.to_owned()),
        })
    }
}

/// A path and the version behind its last `@`; an `@` before a `/` is the path's.
fn versioned(text: &str) -> Result<(String, Option<String>), SideError> {
    match text.rsplit_once('@') {
        Some((path, "")) => Err(SideError::NoVersion(path.to_owned())),
        Some((path, version)) if !version.contains('/') => {
            Ok((path.to_owned(), Some(version.to_owned())))
        }
        _ => Ok((text.to_owned(), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_by_their_spelling() {
        let directory = |path: Option<&str>, version: Option<&str>| Side::Directory {
            path: path.map(Into::into),
            version: version.map(Into::into),
        };
        for (text, expected) in [
            ("code", Side::Code),
            ("dir", directory(None, None)),
            (
                "dir@20260101000000",
                directory(None, Some("20260101000000")),
            ),
            ("dir:a@b/c", directory(Some("a@b/c"), None)),
            ("dir:a@b@1", directory(Some("a@b"), Some("1"))),
            ("x/Schema.SQL", Side::File("x/Schema.SQL".into())),
            ("file:dump", Side::File("dump".into())),
            ("env:SHOP_URL", Side::Variable("SHOP_URL".to_owned())),
            (
                "binary:target/release/shop",
                Side::Binary("target/release/shop".into()),
            ),
            (
                "postgres://a@b/c.sql",
                Side::Url("postgres://a@b/c.sql".to_owned()),
            ),
        ] {
            assert_eq!(Side::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_side_is_refused_without_its_secrets() {
        for (text, expected) in [
            ("", "a side is empty, as a variable is that is not set"),
            ("dir@", "`dir@` names no version"),
            ("dir:", "`dir:` names nothing"),
            ("binary:", "`binary:` names nothing"),
            ("code@1", "`code` has no versions; `dir@VERSION` has"),
            ("mysql://root:secret@h/d.sql", "`mysql:` is no kind of side"),
            (
                "host=db password=secret",
                "a side is written as a list of settings, not as a URL",
            ),
            ("schema", "`schema` is no side"),
        ] {
            let error = Side::parse(text).unwrap_err();
            assert_eq!(error.to_string(), expected, "{text}");
            assert!(!error.help().contains("secret"), "{text}");
        }
    }
}
