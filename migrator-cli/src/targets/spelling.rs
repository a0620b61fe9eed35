//! How a target is written, and how it is called.

use std::fmt::Write as _;

use schema_core::apply::FleetTarget;
use schema_core::ident::MAX_IDENT_BYTES;

const DATABASE: &str = "db:";
const SCHEMA: &str = "schema:";
const URLS: [&str; 2] = ["postgres://", "postgresql://"];

/// A target as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// A database, or with Atlas's parameter `search_path` one schema of it.
    Url { url: String, schema: Option<String> },
    /// A database on the server of the command.
    Database(String),
    /// A schema of the database of the command.
    Schema(String),
}

/// Why a text is no target. It never repeats what may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SpellingError {
    #[error("`{kind}:` is no kind of target; write db:NAME for a database of such a name")]
    Kind { kind: String },
    #[error("the name is missing")]
    Empty,
    #[error("a name of {bytes} bytes is too long: PostgreSQL has {MAX_IDENT_BYTES} at most")]
    TooLong { bytes: usize },
    #[error("a name cannot hold a zero byte")]
    Zero,
    #[error("`search_path` has to name one schema")]
    SearchPath,
}

impl Spelling {
    pub(super) fn parse(text: &str) -> Result<Self, SpellingError> {
        if URLS.iter().any(|scheme| text.starts_with(scheme)) {
            return url(text);
        }
        if let Some(name) = text.strip_prefix(SCHEMA) {
            return checked(name).map(Self::Schema);
        }
        if let Some(name) = text.strip_prefix(DATABASE) {
            return checked(name).map(Self::Database);
        }
        match text.split_once(':') {
            // Not more of it than the kind: it may be a URL of another scheme.
            Some((kind, _)) => Err(SpellingError::Kind { kind: shown(kind) }),
            None => checked(text).map(Self::Database),
        }
    }

    /// What the target is called, which can be written in a list again: without the password that a
    /// URL may hold.
    pub(super) fn name(&self, target: &FleetTarget) -> String {
        match self {
            Self::Url { schema, .. } => {
                let options = &target.options;
                let host = match options.get_socket() {
                    Some(socket) => socket.to_string_lossy().into_owned(),
                    None => options.get_host().to_owned(),
                };
                let port = match options.get_port() {
                    5432 => String::new(),
                    port => format!(":{port}"),
                };
                let database = options.get_database().unwrap_or(options.get_username());
                let schema = schema.as_ref().map(|it| format!(" {SCHEMA}{it}"));
                format!("{host}{port}/{database}{}", schema.unwrap_or_default())
            }
            Self::Database(name) if Self::parse(name).as_ref() == Ok(self) => name.clone(),
            Self::Database(name) => format!("{DATABASE}{name}"),
            Self::Schema(name) => format!("{SCHEMA}{name}"),
        }
    }
}

/// A name as one line of a terminal shows it.
pub(super) fn shown(name: &str) -> String {
    name.chars().fold(String::new(), |mut shown, character| {
        if character.is_control() {
            let _ = write!(shown, "{}", character.escape_default());
        } else {
            shown.push(character);
        }
        shown
    })
}

fn checked(name: &str) -> Result<String, SpellingError> {
    match name.len() {
        0 => Err(SpellingError::Empty),
        _ if name.contains('\0') => Err(SpellingError::Zero),
        bytes if bytes > MAX_IDENT_BYTES => Err(SpellingError::TooLong { bytes }),
        _ => Ok(name.to_owned()),
    }
}

/// Takes `search_path=NAME` out of the URL, which is how Atlas names a schema.
fn url(text: &str) -> Result<Spelling, SpellingError> {
    let Some((base, query)) = text.split_once('?') else {
        return Ok(Spelling::Url {
            url: text.to_owned(),
            schema: None,
        });
    };
    let mut schema = None;
    let mut rest = Vec::new();
    for parameter in query.split('&') {
        match parameter.strip_prefix("search_path=") {
            None => rest.push(parameter),
            Some(value) => {
                let name = decoded(value).filter(|name| schema.is_none() && !name.contains(','));
                schema = Some(checked(&name.ok_or(SpellingError::SearchPath)?)?);
            }
        }
    }
    let query = rest.join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(Spelling::Url {
        url: format!("{base}{mark}{query}"),
        schema,
    })
}

/// A value of a URL without its `%` and `+`.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(name: &str) -> Spelling {
        Spelling::Database(name.to_owned())
    }

    fn url(url: &str, schema: Option<&str>) -> Spelling {
        Spelling::Url {
            url: url.to_owned(),
            schema: schema.map(str::to_owned),
        }
    }

    #[test]
    fn a_target_is_a_url_a_database_or_a_schema() {
        for (text, expected) in [
            ("acme", database("acme")),
            ("Acme & Söhne \"50%\"", database("Acme & Söhne \"50%\"")),
            ("db:acme", database("acme")),
            ("db:schema:acme", database("schema:acme")),
            ("db: # ", database(" # ")),
            ("schema:acme", Spelling::Schema("acme".to_owned())),
            ("schema:db:acme", Spelling::Schema("db:acme".to_owned())),
            ("postgres://u:p@h/d", url("postgres://u:p@h/d", None)),
            (
                "postgresql://h/d?search_path=a%20%22b%C3%A4+c",
                url("postgresql://h/d", Some("a \"bä c")),
            ),
            (
                "postgres://h/d?sslmode=require&search_path=a&application_name=x",
                url(
                    "postgres://h/d?sslmode=require&application_name=x",
                    Some("a"),
                ),
            ),
        ] {
            assert_eq!(Spelling::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_target_is_told_without_its_password() {
        for (text, expected) in [
            (
                "mysql://me:secret@h/d",
                "`mysql:` is no kind of target; write db:NAME for a database of such a name",
            ),
            (
                "shcema:acme",
                "`shcema:` is no kind of target; write db:NAME for a database of such a name",
            ),
            ("db:", "the name is missing"),
            ("schema:", "the name is missing"),
            ("", "the name is missing"),
            ("a\0b", "a name cannot hold a zero byte"),
            (
                "postgres://me:secret@h/d?search_path=a,b",
                "`search_path` has to name one schema",
            ),
            (
                "postgres://me:secret@h/d?search_path=a&search_path=b",
                "`search_path` has to name one schema",
            ),
            (
                "postgres://me:secret@h/d?search_path=%zz",
                "`search_path` has to name one schema",
            ),
        ] {
            let error = Spelling::parse(text).unwrap_err();
            assert_eq!(error.to_string(), expected, "{text}");
        }
        let error = Spelling::parse(&"ä".repeat(40)).unwrap_err();
        assert_eq!(error, SpellingError::TooLong { bytes: 80 });
    }

    #[test]
    fn a_name_can_be_written_again() {
        let target = |url: &str| FleetTarget {
            name: String::new(),
            options: url.parse().unwrap(),
            schema: None,
        };
        let any = target("postgres://localhost/any");
        for (text, expected) in [
            ("acme", "acme"),
            ("db:acme", "acme"),
            ("db:a:b", "db:a:b"),
            ("schema:acme", "schema:acme"),
        ] {
            assert_eq!(Spelling::parse(text).unwrap().name(&any), expected);
        }
        for (text, expected) in [
            ("postgres://me:secret@h.example/shop", "h.example/shop"),
            ("postgres://me:secret@h:5433/a%20b", "h:5433/a b"),
            ("postgres:///shop?host=/run/pg", "/run/pg/shop"),
            ("postgres://h/shop?search_path=a", "h/shop schema:a"),
        ] {
            let spelling = Spelling::parse(text).unwrap();
            assert_eq!(spelling.name(&target(text)), expected);
        }
        assert_eq!(shown("a\n\u{1b}[31mb"), "a\\n\\u{1b}[31mb");
    }
}
