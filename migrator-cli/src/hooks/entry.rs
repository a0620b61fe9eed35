//! How a hook calls us: from a script, from a framework, or as git's merge driver.

use super::Hook;

/// The project that hooks are installed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Project {
    /// Its folder in the repository, with `/`; empty for the top.
    pub(crate) folder: String,
}

impl Project {
    /// What tells its blocks and settings from those of other projects.
    pub(crate) fn label(&self) -> &str {
        &self.folder
    }

    /// Its value of the setting that says where hooks of a shared folder are wanted.
    pub(crate) fn setting(&self) -> &str {
        if self.folder.is_empty() {
            "."
        } else {
            &self.folder
        }
    }

    /// The arguments behind `cargo migrate` or `cargo-migrate`.
    pub(crate) fn arguments(&self, hook: Hook) -> String {
        let name = hook.name();
        if self.folder.is_empty() {
            format!("hooks run {name}")
        } else {
            let manifest = quoted(&format!("{}/Cargo.toml", self.folder));
            format!("hooks run {name} --manifest-path {manifest}")
        }
    }
}

/// Where cargo puts what it installs is not always on the PATH of the program that runs git.
pub(crate) const PATH: &str = r#"PATH="$PATH:${CARGO_HOME:-${HOME:-}/.cargo}/bin""#;

/// What git runs to merge two sums.
pub(crate) fn merge_driver() -> String {
    format!("{PATH} cargo-migrate hooks merge %O %A %B %P")
}

/// A word for a shell.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/._-".contains(it);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
