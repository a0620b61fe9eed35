//! The settings of a repository, and where its hooks are.

use camino::Utf8PathBuf;

use super::{GitError, Repository, command};

/// The folder that git takes hooks from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hooks {
    /// The folder.
    pub(crate) folder: Utf8PathBuf,
    /// Whether `core.hooksPath` names it.
    pub(crate) is_configured: bool,
}

impl Repository {
    /// Where git looks for hooks: shared by all working trees, or where `core.hooksPath` says.
    pub(crate) fn hooks(&self) -> Result<Hooks, GitError> {
        Ok(Hooks {
            folder: self.git_path("hooks")?,
            is_configured: !self.settings("core.hooksPath")?.is_empty(),
        })
    }

    /// The folder that all working trees of the repository share.
    pub(crate) fn common_folder(&self) -> Result<Utf8PathBuf, GitError> {
        let folder = command::text(&self.root, &["rev-parse", "--git-common-dir"])?;
        Ok(self.root.join(folder))
    }

    /// The values of a setting, of whatever file; none where it is not set.
    pub(crate) fn settings(&self, name: &str) -> Result<Vec<String>, GitError> {
        match command::text(&self.root, &["config", "--get-all", name]) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(GitError::Command { message, .. }) if message.is_empty() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Gives a setting of this repository one value.
    pub(crate) fn set(&self, name: &str, value: &str) -> Result<(), GitError> {
        command::text(&self.root, &["config", "--local", name, value]).map(drop)
    }

    /// Adds a value to a setting of this repository.
    pub(crate) fn add_setting(&self, name: &str, value: &str) -> Result<(), GitError> {
        command::text(&self.root, &["config", "--local", "--add", name, value]).map(drop)
    }

    /// Takes a value of a setting of this repository away.
    pub(crate) fn remove_setting(&self, name: &str, value: &str) -> Result<(), GitError> {
        let pattern = format!("^{}$", regex::escape(value));
        let arguments = ["config", "--local", "--unset-all", name, &pattern];
        command::text(&self.root, &arguments).map(drop)
    }

    /// Takes a section of this repository's settings away.
    pub(crate) fn remove_section(&self, name: &str) -> Result<(), GitError> {
        let arguments = ["config", "--local", "--remove-section", name];
        command::text(&self.root, &arguments).map(drop)
    }
}
