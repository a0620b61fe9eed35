//! What the process knows: the clock, variables, places. Nothing else asks for them.

use std::env::{self, VarError};
use std::ffi::OsString;
use std::path::PathBuf;

use camino::Utf8PathBuf;
use schema_core::dev_db::default_cache_dir;

use crate::exit_code::Exit;
use crate::failure::Failure;

/// The time, to name a migration after.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock enters here, as a value"
)]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The database to work on, and which variable says so: `DATABASE_URL_MIGRATION`, then
/// `DATABASE_URL`.
pub(crate) fn database_url() -> Result<Option<(&'static str, String)>, Failure> {
    for name in ["DATABASE_URL_MIGRATION", "DATABASE_URL"] {
        if let Some(url) = variable(name)? {
            return Ok(Some((name, url)));
        }
    }
    Ok(None)
}

/// The URL in a variable that the user has named.
pub(crate) fn named(name: &str) -> Result<String, Failure> {
    variable(name)?.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("the environment variable {name} is not set"),
        )
        .with_help("set it to the URL of a database: postgres://user:password@host:5432/database")
    })
}

/// What libpq makes of TLS where the URL does not say.
#[derive(Debug)]
pub(crate) struct TlsDefaults {
    /// `PGSSLMODE`.
    pub(crate) mode: Option<String>,
    /// `PGSSLROOTCERT`.
    pub(crate) root: Option<String>,
    /// `PGSSLCERT`.
    pub(crate) certificate: Option<String>,
    /// `PGSSLKEY`.
    pub(crate) key: Option<String>,
    /// Where the authority's certificate is by custom.
    pub(crate) usual_root: Option<Utf8PathBuf>,
    /// Where the client's is.
    pub(crate) usual_certificate: Option<Utf8PathBuf>,
    /// Where its key is.
    pub(crate) usual_key: Option<Utf8PathBuf>,
}

/// What libpq makes of TLS where the URL does not say.
pub(crate) fn tls_defaults() -> Result<TlsDefaults, Failure> {
    let home = variable("HOME")?.map(Utf8PathBuf::from);
    let usual = |name: &str| {
        home.as_ref()
            .map(|home| home.join(".postgresql").join(name))
    };
    Ok(TlsDefaults {
        mode: variable("PGSSLMODE")?,
        root: variable("PGSSLROOTCERT")?,
        certificate: variable("PGSSLCERT")?,
        key: variable("PGSSLKEY")?,
        usual_root: usual("root.crt"),
        usual_certificate: usual("postgresql.crt"),
        usual_key: usual("postgresql.key"),
    })
}

/// Refuses what sqlx would misunderstand: it takes an empty variable for a value, and a port that is
/// none for none. `given` are the parameters of the URL, which win.
pub(crate) fn check_libpq(given: impl Fn(&str) -> bool) -> Result<(), Failure> {
    let set = |name: &str| env::var_os(name);
    let wrong = |name: &str, what: &str| {
        Failure::new(
            Exit::Usage,
            format!("the environment variable {name} {what}"),
        )
        .with_help("unset it, or give it a value")
    };
    for (name, parameter) in [
        ("PGHOSTADDR", "host"),
        ("PGHOST", "host"),
        ("PGUSER", "user"),
        ("PGSSLCERT", "sslcert"),
        ("PGSSLKEY", "sslkey"),
    ] {
        if set(name).is_some_and(|value| value.is_empty()) && !given(parameter) {
            return Err(wrong(name, "is set, but empty"));
        }
    }
    match variable("PGPORT")?.map(|port| port.parse::<u16>()) {
        Some(Ok(0) | Err(_)) if !given("port") => Err(wrong("PGPORT", "is no port")),
        _ => Ok(()),
    }
}

/// Where caches of this user go: `CARGO_MIGRATE_CACHE`, else the system's place for them.
pub(crate) fn cache_dir() -> Result<PathBuf, Failure> {
    default_cache_dir(|name| env::var_os(name)).ok_or_else(|| {
        Failure::new(
            Exit::Project,
            "no folder for caches: neither XDG_CACHE_HOME nor HOME is set",
        )
        .with_help("set CARGO_MIGRATE_CACHE to a folder")
    })
}

/// The cargo that called us, so that its toolchain is kept.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The editor of this user: `VISUAL`, then `EDITOR`, then vi.
pub(crate) fn editor() -> Result<String, Failure> {
    Ok(match variable("VISUAL")? {
        Some(editor) => editor,
        None => variable("EDITOR")?.unwrap_or_else(|| "vi".to_owned()),
    })
}

/// `PATH`, to look for server binaries.
pub(crate) fn path() -> Option<OsString> {
    env::var_os("PATH")
}

/// Where short-lived files go when memory is not to be had.
pub(crate) fn temp_dir() -> PathBuf {
    env::temp_dir()
}

/// The largest resident size of this process so far; 0 where the system does not say.
pub(crate) fn peak_memory_kb() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

/// GitHub's REST API of the server that runs the workflow.
pub(crate) fn github_api_url() -> Result<Option<String>, Failure> {
    variable("GITHUB_API_URL")
}

/// The token for GitHub: `GITHUB_TOKEN`, then `GH_TOKEN`.
pub(crate) fn github_token() -> Result<Option<String>, Failure> {
    Ok(match variable("GITHUB_TOKEN")? {
        Some(token) => Some(token),
        None => variable("GH_TOKEN")?,
    })
}

/// The repository on GitHub, `owner/name`.
pub(crate) fn github_repository() -> Result<Option<String>, Failure> {
    variable("GITHUB_REPOSITORY")
}

/// The name and the file of the event that started the workflow.
pub(crate) fn github_event() -> Result<Option<(Option<String>, String)>, Failure> {
    let name = variable("GITHUB_EVENT_NAME")?;
    Ok(variable("GITHUB_EVENT_PATH")?.map(|path| (name, path)))
}

/// The index that git makes the commit of, where that is not the usual one: relative to the folder
/// that a hook runs in.
pub(crate) fn git_index_file() -> Result<Option<String>, Failure> {
    variable("GIT_INDEX_FILE")
}

/// What the pre-commit framework tells a hook about a push in place of git's lines: the local
/// branch and its commit, the branch there and its commit.
pub(crate) fn framework_push() -> Result<Option<[String; 4]>, Failure> {
    let value = |name| variable(name).map(Option::unwrap_or_default);
    let Some(commit) = variable("PRE_COMMIT_TO_REF")? else {
        return Ok(None);
    };
    Ok(Some([
        value("PRE_COMMIT_LOCAL_BRANCH")?,
        commit,
        value("PRE_COMMIT_REMOTE_BRANCH")?,
        value("PRE_COMMIT_FROM_REF")?,
    ]))
}

/// An environment variable; empty counts as unset.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::new(
            Exit::Usage,
            format!("the environment variable {name} is not UTF-8"),
        )),
    }
}
