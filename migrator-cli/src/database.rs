//! The database that a command works on, and how safely it is talked to.

use std::fmt;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::cli::DatabaseArgs;
use crate::config;
use crate::context::Context;
use crate::database_url::DatabaseUrl;
use crate::environment::{self, TlsDefaults};
use crate::exit_code::Exit;
use crate::failure::Failure;

/// Where the name of a database comes from, in the order in which they count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// `--url`.
    Flag,
    /// A variable of the environment.
    Variable(&'static str),
    /// `database-url` of the configuration.
    Configuration,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => formatter.write_str("--url"),
            Self::Variable(name) => formatter.write_str(name),
            Self::Configuration => write!(formatter, "`database-url` in {}", config::FILE_NAME),
        }
    }
}

/// How to connect to it: `--url`, `DATABASE_URL_MIGRATION`, `DATABASE_URL`, then the configuration.
pub(crate) fn target(context: &Context, args: &DatabaseArgs) -> Result<PgConnectOptions, Failure> {
    let (text, source) = named(context, args)?;
    let options = read(context, &text, &source)?;
    context.note_target(format!("{}, from {source}", place(&options)));
    Ok(options)
}

fn named(context: &Context, args: &DatabaseArgs) -> Result<(String, Source), Failure> {
    if let Some(url) = args.url.as_ref().filter(|url| !url.is_empty()) {
        return Ok((url.clone(), Source::Flag));
    }
    if let Some((name, url)) = environment::database_url()? {
        return Ok((url, Source::Variable(name)));
    }
    let Some(url) = &context.config.database_url else {
        return Err(Failure::new(Exit::Usage, "no database to work on").with_help(format!(
            "give --url, set DATABASE_URL_MIGRATION or DATABASE_URL, or write `database-url` (without a password) into {}",
            config::FILE_NAME
        )));
    };
    if DatabaseUrl::parse(url).is_ok_and(|url| url.get("password").is_some()) {
        return Err(Failure::new(
            Exit::Project,
            format!("{} holds a password", Source::Configuration),
        )
        .with_help(
            "secrets come from the environment: set DATABASE_URL_MIGRATION, or PGPASSWORD or PGPASSFILE beside the URL without its password",
        ));
    }
    Ok((url.clone(), Source::Configuration))
}

/// How to connect to the database of a URL, and who named it. The URL may hold a password: it is
/// never repeated.
pub(crate) fn read(
    context: &Context,
    text: &str,
    source: &dyn fmt::Display,
) -> Result<PgConnectOptions, Failure> {
    let wrong = |error: &dyn fmt::Display, help: String| {
        Failure::new(
            Exit::Usage,
            format!("the database URL of {source} cannot be used"),
        )
        .because(error.to_string())
        .with_help(help)
    };
    let mut url = DatabaseUrl::parse(text).map_err(|error| wrong(&error, error.help()))?;
    for name in &url.without_effect {
        let note = format!("`{name}` in {source} has no effect on migrations");
        context.printer.note(note);
    }
    environment::check_libpq(|parameter| url.get(parameter).is_some())?;
    let defaults = environment::tls_defaults()?;
    let tls =
        Tls::new(&mut url, defaults, &context.cwd).map_err(|error| wrong(&error, error.help()))?;
    if let Some(address) = url.take("hostaddr") {
        if url.get("host").is_some() && matches!(tls.mode, PgSslMode::VerifyFull) {
            let error = TlsError::HostAddress;
            return Err(wrong(&error, error.help()));
        }
        url.put("host", address);
    }
    let options = PgConnectOptions::from_str(&url.canonical()).map_err(|error| {
        wrong(
            &error,
            "write it as postgres://user:password@host:5432/database".to_owned(),
        )
    })?;
    Ok(tls.of(options))
}

/// A database as one would name it to somebody: without the password.
pub(crate) fn place(options: &PgConnectOptions) -> String {
    let user = options.get_username();
    let host = options.get_socket().map_or_else(
        || options.get_host().to_owned(),
        |socket| socket.display().to_string(),
    );
    let database = options.get_database().unwrap_or(user);
    let port = options.get_port();
    format!("database {database} at {host}, port {port}, as role {user}")
}

/// The TLS of a connection, by libpq's rules, in what sqlx has.
#[derive(Debug)]
struct Tls {
    mode: PgSslMode,
    root: Root,
    client: Option<(Utf8PathBuf, Utf8PathBuf)>,
}

/// Whose word is taken for the server.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    /// Whom the system trusts.
    System,
    /// Whom a file names.
    File(Utf8PathBuf),
}

/// Why a connection would not be as safe as it looks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum TlsError {
    #[error("`sslmode={0}` is none of libpq's modes")]
    Mode(String),
    #[error(
        "`sslrootcert=system` with `sslmode={0}`: anybody has a certificate that the system trusts"
    )]
    WeakSystem(String),
    #[error(
        "`sslmode=verify-ca` without `sslrootcert`: anybody has a certificate that the system trusts"
    )]
    NoRoot,
    #[error("`{name}` names {path}, which is not there")]
    NoFile {
        name: &'static str,
        path: Utf8PathBuf,
    },
    #[error("`{given}` without `{missing}`")]
    HalfClient {
        given: &'static str,
        missing: &'static str,
    },
    #[error("`channel_binding=require` with `sslmode={0}` cannot be kept here")]
    ChannelBinding(String),
    #[error(
        "`hostaddr` beside `host` with `sslmode=verify-full`: the certificate would be compared with the address"
    )]
    HostAddress,
}

impl TlsError {
    fn help(&self) -> String {
        match self {
            Self::Mode(_) => "the modes are disable, allow, prefer, require, verify-ca and verify-full",
            Self::WeakSystem(_) => "use `sslmode=verify-full`",
            Self::NoRoot => "use `sslmode=verify-full`, or name the authority's certificate with `sslrootcert=FILE`",
            Self::NoFile { .. } => "a relative path counts from the working directory",
            Self::HalfClient { .. } => "give both, or neither",
            Self::ChannelBinding(_) => "use `sslmode=verify-full`: the certificate then vouches for the server, and `channel_binding` can go",
            Self::HostAddress => "take `hostaddr` out",
        }
        .to_owned()
    }
}

impl Tls {
    /// Takes what the URL and the environment say of it, and finds what libpq would make of it.
    fn new(url: &mut DatabaseUrl, defaults: TlsDefaults, cwd: &Utf8Path) -> Result<Self, TlsError> {
        let mut given = |name, default: Option<String>| url.take(name).or(default);
        let mode = given("sslmode", defaults.mode);
        let root = given("sslrootcert", defaults.root);
        let certificate = given("sslcert", defaults.certificate);
        let key = given("sslkey", defaults.key);
        let binding = url.take("channel_binding").is_some();
        let system = root.as_deref() == Some("system");
        let named =
            mode.unwrap_or_else(|| if system { "verify-full" } else { "prefer" }.to_owned());
        let mode = mode_of(&named)?;
        if system && !matches!(mode, PgSslMode::VerifyFull) {
            return Err(TlsError::WeakSystem(named));
        }
        if binding && !matches!(mode, PgSslMode::VerifyFull) {
            return Err(TlsError::ChannelBinding(named));
        }
        let file = |name, path: String| {
            let path = cwd.join(path);
            if path.is_file() {
                Ok(path)
            } else {
                Err(TlsError::NoFile { name, path })
            }
        };
        let usual = |path: Option<Utf8PathBuf>| path.filter(|path| path.is_file());
        let verifies = matches!(
            mode,
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
        );
        let root = match root {
            _ if system || !verifies => Root::System,
            Some(path) => Root::File(file("sslrootcert", path)?),
            None => usual(defaults.usual_root).map_or(Root::System, Root::File),
        };
        let mode = match (mode, &root) {
            // As libpq: who names an authority wants it asked.
            (PgSslMode::Require, Root::File(_)) => PgSslMode::VerifyCa,
            (PgSslMode::VerifyCa, Root::System) => return Err(TlsError::NoRoot),
            (mode, _) => mode,
        };
        let half = |given, missing| TlsError::HalfClient { given, missing };
        let client = match (certificate, key) {
            _ if matches!(mode, PgSslMode::Disable) => None,
            (Some(certificate), Some(key)) => {
                Some((file("sslcert", certificate)?, file("sslkey", key)?))
            }
            (Some(_), None) => return Err(half("sslcert", "sslkey")),
            (None, Some(_)) => return Err(half("sslkey", "sslcert")),
            (None, None) => usual(defaults.usual_certificate).zip(usual(defaults.usual_key)),
        };
        Ok(Self { mode, root, client })
    }

    /// The options of a connection that has it.
    fn of(self, options: PgConnectOptions) -> PgConnectOptions {
        let options = options.ssl_mode(self.mode);
        let options = match self.root {
            // What sqlx has read from the environment is none to add.
            Root::System => options.ssl_root_cert_from_pem(Vec::new()),
            Root::File(path) => options.ssl_root_cert(path),
        };
        match self.client {
            None => options,
            Some((certificate, key)) => options.ssl_client_cert(certificate).ssl_client_key(key),
        }
    }
}

fn mode_of(name: &str) -> Result<PgSslMode, TlsError> {
    Ok(match name {
        "disable" => PgSslMode::Disable,
        "allow" => PgSslMode::Allow,
        "prefer" => PgSslMode::Prefer,
        "require" => PgSslMode::Require,
        "verify-ca" => PgSslMode::VerifyCa,
        "verify-full" => PgSslMode::VerifyFull,
        _ => return Err(TlsError::Mode(name.to_owned())),
    })
}

/// The schema of the history table, where the flag or the configuration names one.
pub(crate) fn revisions_schema(context: &Context, args: &DatabaseArgs) -> Option<String> {
    args.revisions_schema
        .clone()
        .or_else(|| context.config.revisions_schema.clone())
}
