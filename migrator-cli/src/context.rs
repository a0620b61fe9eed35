//! What every command works with: folders, configuration, environment, clock, output.

use std::env::{self, VarError};
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::{DatabaseArgs, Global};
use crate::config::{self, Config};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// The surroundings of a command. The only place that asks the process about itself.
#[derive(Debug)]
pub(crate) struct Context {
    /// The working directory.
    pub(crate) cwd: Utf8PathBuf,
    /// The folder that the configuration belongs to.
    pub(crate) root: Utf8PathBuf,
    /// The configuration.
    pub(crate) config: Config,
    /// The migration directory.
    pub(crate) dir: Utf8PathBuf,
    /// `--manifest-path`.
    pub(crate) manifest_path: Option<Utf8PathBuf>,
    /// Output.
    pub(crate) printer: Printer,
}

impl Context {
    /// The context for the global options.
    pub(crate) fn new(global: &Global, printer: Printer) -> Result<Self, Failure> {
        let cwd = env::current_dir().map_err(|error| Failure::from_error(Exit::Project, &error))?;
        let cwd = Utf8PathBuf::from_path_buf(cwd).map_err(|path| {
            Failure::new(
                Exit::Project,
                format!("the path of this folder is not UTF-8: {}", path.display()),
            )
        })?;
        let manifest_path = global.manifest_path.as_ref().map(|path| cwd.join(path));
        let start = manifest_path
            .as_deref()
            .and_then(Utf8Path::parent)
            .unwrap_or(&cwd)
            .to_owned();
        let (root, config) = config::load(&start)?;
        let dir = global
            .dir
            .as_ref()
            .map_or_else(|| root.join(&config.dir), |dir| cwd.join(dir));
        Ok(Self {
            cwd,
            root,
            config,
            dir,
            manifest_path,
            printer,
        })
    }

    /// The time, to name a migration after.
    #[expect(
        clippy::disallowed_methods,
        reason = "the clock enters here, as a value"
    )]
    pub(crate) fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    /// A path as the user would type it from here.
    pub(crate) fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        path.strip_prefix(&self.cwd)
            .map_or_else(|_| path.to_owned(), Utf8Path::to_owned)
    }

    /// The database to work on: the flag, then `DATABASE_URL_MIGRATION`, then `DATABASE_URL`.
    pub(crate) fn database_url(&self, args: &DatabaseArgs) -> Result<String, Failure> {
        if let Some(url) = &args.url {
            return Ok(url.clone());
        }
        for name in ["DATABASE_URL_MIGRATION", "DATABASE_URL"] {
            if let Some(url) = variable(name)? {
                return Ok(url);
            }
        }
        Err(Failure::new(Exit::Usage, "no database to work on")
            .with_help("give --url, or set DATABASE_URL_MIGRATION or DATABASE_URL"))
    }

    /// Where caches of this user go: `CARGO_MIGRATE_CACHE`, else the system's place for them.
    pub(crate) fn cache_dir(&self) -> Result<PathBuf, Failure> {
        if let Some(dir) = variable("CARGO_MIGRATE_CACHE")? {
            return Ok(dir.into());
        }
        // The server does not run as root, and may not look into root's home.
        if rustix::process::geteuid().is_root() {
            return Ok("/var/cache/cargo-migrate".into());
        }
        let base = match (variable("XDG_CACHE_HOME")?, variable("HOME")?) {
            (Some(cache), _) => PathBuf::from(cache),
            (None, Some(home)) if cfg!(target_os = "macos") => {
                PathBuf::from(home).join("Library/Caches")
            }
            (None, Some(home)) => PathBuf::from(home).join(".cache"),
            (None, None) => {
                return Err(Failure::new(
                    Exit::Project,
                    "no folder for caches: neither XDG_CACHE_HOME nor HOME is set",
                )
                .with_help("set CARGO_MIGRATE_CACHE to a folder"));
            }
        };
        Ok(base.join("cargo-migrate"))
    }

    /// `PATH`, to look for server binaries.
    pub(crate) fn path_variable(&self) -> Option<std::ffi::OsString> {
        env::var_os("PATH")
    }

    /// Where short-lived files go when memory is not to be had.
    pub(crate) fn temp_dir(&self) -> PathBuf {
        env::temp_dir()
    }
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

/// The largest resident size of this process so far; 0 where the system does not say.
pub(crate) fn peak_memory_kb() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}
