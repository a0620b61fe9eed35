//! What the process knows: the clock, variables, places. Nothing else asks for them.

use std::env::{self, VarError};
use std::ffi::OsString;
use std::path::PathBuf;

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

/// The database to work on: `DATABASE_URL_MIGRATION`, then `DATABASE_URL`.
pub(crate) fn database_url() -> Result<String, Failure> {
    for name in ["DATABASE_URL_MIGRATION", "DATABASE_URL"] {
        if let Some(url) = variable(name)? {
            return Ok(url);
        }
    }
    Err(Failure::new(Exit::Usage, "no database to work on")
        .with_help("give --url, or set DATABASE_URL_MIGRATION or DATABASE_URL"))
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
