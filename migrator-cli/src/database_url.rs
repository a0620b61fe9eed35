//! A database URL as PostgreSQL's own clients read it, with nothing in it passed over.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What sqlx takes as it is, by the names that libpq has for it.
const TAKEN: [&str; 13] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Other spellings that sqlx has for them.
const SPELLINGS: [(&str, &str); 5] = [
    ("ssl-ca", "sslrootcert"),
    ("ssl-cert", "sslcert"),
    ("ssl-key", "sslkey"),
    ("ssl-mode", "sslmode"),
    ("ssl-root-cert", "sslrootcert"),
];

/// What has no bearing on what migrations do, of libpq and of programs that share the URL with us.
const WITHOUT_EFFECT: [&str; 15] = [
    "connect_timeout",
    "connection_limit",
    "fallback_application_name",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "pgbouncer",
    "pool_timeout",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "statement_cache_size",
    "tcp_user_timeout",
    "prepared_statements",
];

/// A promise that cannot be kept here, unless it has one of these values.
const KEPT_ONLY_AS: [(&str, &[&str]); 11] = [
    ("channel_binding", &["disable", "prefer"]),
    ("client_encoding", &["auto", "utf8", "utf-8", "unicode"]),
    ("gssencmode", &["disable", "prefer"]),
    ("load_balance_hosts", &["disable"]),
    ("require_auth", &[]),
    ("ssl_min_protocol_version", &["tlsv1", "tlsv1.1", "tlsv1.2"]),
    ("ssl_max_protocol_version", &["tlsv1.3"]),
    ("sslcertmode", &["allow"]),
    ("sslnegotiation", &["postgres"]),
    ("target_session_attrs", &["any", "read-write", "primary"]),
    ("replication", &["false", "off", "no", "0"]),
];

/// Why a URL cannot be used. A message repeats nothing that may be a part of the password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UrlError {
    /// Something else, such as `host=… dbname=…`.
    #[error("it does not begin with `postgres://` or `postgresql://`")]
    Scheme,
    /// `%` without two hexadecimal digits, or what is no text.
    #[error("it has a `%` that is not followed by the two hexadecimal digits of a character")]
    Percent,
    /// A `[` that does not end, or what stands behind the `]`.
    #[error("its IPv6 address is not of the form `[address]`")]
    Address,
    /// Not a number of a port.
    #[error("its port is not a number from 1 to 65535")]
    Port,
    /// Two hosts, of which libpq would take the first that answers.
    #[error("it names more than one host")]
    Hosts,
    /// A part of the query that is no `name=value`.
    #[error("a parameter of it is not of the form `name=value`")]
    Parameter,
    /// A parameter that is there twice.
    #[error("it has `{name}` twice, with different values")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A parameter that nobody knows.
    #[error("it has an unknown parameter{}", name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default())]
    Unknown {
        /// Its name, where it is one.
        name: Option<String>,
        /// One that there is.
        near: Option<&'static str>,
    },
    /// A parameter whose promise cannot be kept.
    #[error("`{name}={value}` cannot be kept here")]
    NotKept {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
    },
}

impl UrlError {
    /// What to do about it.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Hosts => "name one, that of the primary: which of several answers is no way to choose where to migrate".to_owned(),
            Self::Percent | Self::Port | Self::Parameter | Self::Address => {
                "write it as postgres://user:password@host:5432/database, with `%40` for `@`, `%2F` for `/`, `%3A` for `:` and `%25` for `%` in the password".to_owned()
            }
            Self::Unknown { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::NotKept { name: "channel_binding", .. } => {
                "leave it out, with `sslmode=verify-full`: the certificate then vouches for the server".to_owned()
            }
            Self::NotKept { name: "target_session_attrs", .. } => "migrations need the primary".to_owned(),
            Self::Twice { .. } | Self::Unknown { .. } | Self::NotKept { .. } => {
                "take it out; DATABASE_URL_MIGRATION can differ from the app's DATABASE_URL".to_owned()
            }
            Self::Scheme => "write it as postgres://user:password@host:5432/database".to_owned(),
        }
    }
}

/// What a URL says, by the names that libpq has for it.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct DatabaseUrl {
    parameters: BTreeMap<String, String>,
    /// Parameters that were passed over, and do no harm.
    pub(crate) without_effect: Vec<&'static str>,
}

impl DatabaseUrl {
    /// Reads a URL.
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let mut url = Self::default();
        let rest = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| text.trim().strip_prefix(scheme))
            .ok_or(UrlError::Scheme)?;
        let (authority, rest) = rest.split_at(end_of_authority(rest));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let (host, port) = host_and_port(host)?;
        let database = path.strip_prefix('/').unwrap_or(path);
        for (name, value) in [
            ("user", user),
            ("password", password),
            ("host", host),
            ("port", port),
            ("dbname", database),
        ] {
            if !value.is_empty() {
                url.set(name, decoded(value)?)?;
            }
        }
        // What looks like a port may be a password: then the rest is not to be told either.
        url.check_port()?;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or(UrlError::Parameter)?;
            url.parameter(&decoded(name)?, decoded(value)?)?;
        }
        if url.get("host").is_some_and(|host| host.contains(',')) {
            return Err(UrlError::Hosts);
        }
        url.check_port()?;
        Ok(url)
    }

    fn check_port(&self) -> Result<(), UrlError> {
        match self.get("port").map(str::parse::<u16>) {
            None | Some(Ok(1..)) => Ok(()),
            Some(Ok(0) | Err(_)) => Err(UrlError::Port),
        }
    }

    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// Gives a parameter a value, whatever it had.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<String>) {
        self.parameters.insert(name.to_owned(), value.into());
    }

    /// Takes a parameter out.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.parameters.remove(name)
    }

    /// The same as a URL of one form, which every reader of URLs takes alike.
    pub(crate) fn canonical(&self) -> String {
        let pairs = self.parameters.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        format!("postgres:///?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    fn parameter(&mut self, name: &str, value: String) -> Result<(), UrlError> {
        let spelling = SPELLINGS.iter().find(|(other, _)| *other == name);
        let name = spelling.map_or(name, |(_, name)| name);
        if (name, value.as_str()) == ("ssl", "true") {
            // What JDBC writes, and libpq reads.
            return self.set("sslmode", "require".to_owned());
        }
        if TAKEN.contains(&name) || (name.starts_with("options[") && name.ends_with(']')) {
            // An empty one is the default, as it is for libpq.
            return if value.is_empty() {
                Ok(())
            } else {
                self.set(name, value)
            };
        }
        if let Some(known) = WITHOUT_EFFECT.iter().find(|known| **known == name) {
            self.without_effect.push(known);
            return Ok(());
        }
        let promise = KEPT_ONLY_AS.iter().find(|(known, _)| *known == name);
        match promise {
            None => Err(unknown(name)),
            Some((_, kept)) if kept.contains(&value.to_lowercase().as_str()) => Ok(()),
            Some(("channel_binding", _)) if value == "require" => {
                self.set("channel_binding", value)
            }
            Some((known, _)) => Err(UrlError::NotKept { name: known, value }),
        }
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), UrlError> {
        match self.parameters.insert(name.to_owned(), value) {
            Some(before) if self.get(name) != Some(&before) => Err(UrlError::Twice {
                name: name.to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// Up to the database's name or the parameters. A `?` in a password is part of it, as for libpq.
fn end_of_authority(text: &str) -> usize {
    let slash = text.find('/').unwrap_or(text.len());
    let before = &text[..slash];
    match (before.find('@'), before.find('?')) {
        (Some(at), Some(_)) => before[at..].find('?').map_or(slash, |mark| at + mark),
        (None, Some(mark)) => mark,
        (_, None) => slash,
    }
}

fn host_and_port(text: &str) -> Result<(&str, &str), UrlError> {
    if text.contains(',') {
        return Err(UrlError::Hosts);
    }
    let Some(address) = text.strip_prefix('[') else {
        return Ok(text.split_once(':').unwrap_or((text, "")));
    };
    let (address, port) = address.split_once(']').ok_or(UrlError::Address)?;
    match port.strip_prefix(':') {
        Some(port) => Ok((address, port)),
        None if port.is_empty() => Ok((address, "")),
        None => Err(UrlError::Address),
    }
}

fn unknown(name: &str) -> UrlError {
    let known = TAKEN
        .iter()
        .chain(KEPT_ONLY_AS.iter().map(|(name, _)| name));
    let near = known.min_by_key(|known| strsim::damerau_levenshtein(known, name));
    let near = near.filter(|known| strsim::damerau_levenshtein(known, name) <= 2);
    // What does not look like a name may be the rest of a password.
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    UrlError::Unknown {
        name: (near.is_some() || name.chars().all(is_name)).then(|| name.to_owned()),
        near: near.copied(),
    }
}

/// With `%41` as `A`; a `+` is a plus.
fn decoded(text: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend(before.as_bytes());
        let digits = after.get(..2).ok_or(UrlError::Percent)?;
        let byte = u8::from_str_radix(digits, 16).map_err(|_| UrlError::Percent)?;
        if byte == 0 || digits.starts_with('+') {
            return Err(UrlError::Percent);
        }
        bytes.push(byte);
        rest = &after[2..];
    }
    bytes.extend(rest.as_bytes());
    String::from_utf8(bytes).map_err(|_| UrlError::Percent)
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"_-.~[]".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes all");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(String, String)> {
        let url = DatabaseUrl::parse(text).expect("a URL");
        url.parameters.into_iter().collect()
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        let expected = expected.iter();
        let expected: Vec<(String, String)> = expected
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(parsed(text), expected, "{text}");
        // What sqlx reads is the same.
        let canonical = DatabaseUrl::parse(text).expect("a URL").canonical();
        assert_eq!(parsed(&canonical), expected, "{canonical}");
    }

    fn refused(text: &str) -> UrlError {
        let result = DatabaseUrl::parse(text).map(|url| url.canonical());
        result.expect_err("not a URL that can be used")
    }

    #[test]
    fn urls_are_read_as_libpq_reads_them() {
        check("postgres://", &[]);
        check("postgresql://db", &[("host", "db")]);
        check(
            "postgres://me:p%40ss@db:6000/shop",
            &[
                ("dbname", "shop"),
                ("host", "db"),
                ("password", "p@ss"),
                ("port", "6000"),
                ("user", "me"),
            ],
        );
        check(
            "postgresql:///shop?host=/run/pg%20dir&port=6000",
            &[
                ("dbname", "shop"),
                ("host", "/run/pg dir"),
                ("port", "6000"),
            ],
        );
        check(
            "postgres://%2Frun%2Fpg/shop",
            &[("dbname", "shop"), ("host", "/run/pg")],
        );
        check("postgres://me@/shop", &[("dbname", "shop"), ("user", "me")]);
        check(
            "postgres://[::1]:6000/shop",
            &[("dbname", "shop"), ("host", "::1"), ("port", "6000")],
        );
        check(
            "postgres://db?user=me&dbname=shop",
            &[("dbname", "shop"), ("host", "db"), ("user", "me")],
        );
        // A plus is a plus, and a password may have what other readers of URLs stumble over.
        check(
            "postgres://me:a+b#c?d@db/x",
            &[
                ("dbname", "x"),
                ("host", "db"),
                ("password", "a+b#c?d"),
                ("user", "me"),
            ],
        );
        check("postgres:///?password=a+b", &[("password", "a+b")]);
        check("postgres:///?ssl=true", &[("sslmode", "require")]);
        check(
            "postgres:///?ssl-mode=prefer&options=-c%20geqo%3Doff",
            &[("options", "-c geqo=off"), ("sslmode", "prefer")],
        );
        check("postgres:///?sslrootcert=&host=", &[]);
        check(
            "postgres://db/x?dbname=x",
            &[("dbname", "x"), ("host", "db")],
        );
    }

    #[test]
    fn nothing_is_passed_over_that_could_matter() {
        let unknown = |name: &str, near| UrlError::Unknown {
            name: Some(name.to_owned()),
            near,
        };
        assert_eq!(
            refused("postgres:///?sslmod=verify-full"),
            unknown("sslmod", Some("sslmode"))
        );
        assert_eq!(
            refused("postgres:///?schema=tenant"),
            unknown("schema", None)
        );
        let kept = |name, value: &str| UrlError::NotKept {
            name,
            value: value.to_owned(),
        };
        assert_eq!(
            refused("postgres:///?gssencmode=require"),
            kept("gssencmode", "require")
        );
        assert_eq!(
            refused("postgres:///?target_session_attrs=standby"),
            kept("target_session_attrs", "standby")
        );
        assert_eq!(refused("postgres://one,two/shop"), UrlError::Hosts);
        assert_eq!(refused("postgres:///?host=one,two"), UrlError::Hosts);
        assert_eq!(refused("postgres://db:0/shop"), UrlError::Port);
        assert_eq!(refused("host=db dbname=shop"), UrlError::Scheme);
        assert_eq!(refused("mysql://db/shop"), UrlError::Scheme);
        assert_eq!(refused("postgres://me:50%@db"), UrlError::Percent);
        assert_eq!(refused("postgres://db/a%00"), UrlError::Percent);
        assert_eq!(refused("postgres://[::1/x"), UrlError::Address);
        assert!(matches!(
            refused("postgres://one/x?host=two"),
            UrlError::Twice { .. }
        ));
        let url = DatabaseUrl::parse("postgres:///?connect_timeout=5&target_session_attrs=primary");
        assert_eq!(url.expect("a URL").without_effect, ["connect_timeout"]);
    }

    #[test]
    fn no_message_has_a_part_of_the_password() {
        for text in [
            "postgres://me:geheim@2@db:geheim/x",
            "postgres://me:geheim",
            "postgres://me:geheim/2@db/x",
            "postgres://me:a?geheim",
            "postgres://me:a?geheim=2",
            "postgres://me:geheim%zz@db",
            "postgres://db?password=geheim&password=geheim2",
            "me:geheim@db",
        ] {
            let error = refused(text);
            let told = format!("{error} {}", error.help());
            assert!(!told.contains("geheim"), "{text}: {told}");
        }
    }
}
