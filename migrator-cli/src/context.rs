//! What every command works with: folders, configuration, environment, clock, output.

use std::env;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::Global;
use crate::config::{self, Config};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// The surroundings of a command.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The working directory.
    pub(crate) cwd: Utf8PathBuf,
    /// The folder that the configuration belongs to.
    pub(crate) root: Utf8PathBuf,
    /// The configuration.
    pub(crate) config: Config,
    /// The migration directory.
    pub(crate) dir: Utf8PathBuf,
    /// Output.
    pub(crate) printer: Printer,
    /// The database that the command was told to work on, once it knows.
    target: OnceLock<String>,
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
            printer,
            target: OnceLock::new(),
        })
    }

    /// The same with another printer: for a command that is a part of another.
    pub(crate) fn printing_by(&self, printer: Printer) -> Self {
        Self {
            printer,
            ..self.clone()
        }
    }

    /// Remembers which database the command works on, and who said so: without a password.
    pub(crate) fn note_target(&self, target: String) {
        // The first is the one that the command is about.
        let _ = self.target.set(target);
    }

    /// A failure with the database that cannot be reached.
    pub(crate) fn with_target(&self, failure: Failure) -> Failure {
        match (failure.exit, self.target.get()) {
            (Exit::Database, Some(target)) => failure.because(format!("this was {target}")),
            _ => failure,
        }
    }

    /// A path as the user would type it from here.
    pub(crate) fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        path.strip_prefix(&self.cwd)
            .map_or_else(|_| path.to_owned(), Utf8Path::to_owned)
    }
}
