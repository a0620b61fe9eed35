//! Where the hooks of a repository are, and whose they are.

use camino::{Utf8Path, Utf8PathBuf};

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::Repository;

/// Names of lefthook's configuration that we can edit.
const LEFTHOOK: [&str; 6] = [
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
];

/// Names of lefthook's configuration in other languages.
const LEFTHOOK_OTHER: [&str; 6] = [
    "lefthook.toml",
    ".lefthook.toml",
    "lefthook.json",
    ".lefthook.json",
    "lefthook.jsonc",
    ".lefthook.jsonc",
];

/// A folder of scripts that git runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The folder.
    pub(crate) folder: Utf8PathBuf,
    /// Whether other repositories take their hooks from it as well.
    pub(crate) is_shared: bool,
    /// Whether it is in the working tree, to be committed.
    pub(crate) is_tracked: bool,
    /// Whether husky runs what is in it.
    pub(crate) is_husky: bool,
}

/// A program that runs hooks by a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framework {
    /// <https://pre-commit.com>.
    PreCommit,
    /// <https://lefthook.dev>.
    Lefthook,
}

/// Who runs hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// Git itself, or something that is told by scripts.
    Scripts(Place),
    /// A framework, by this file.
    Framework(Framework, Utf8PathBuf),
}

/// The folder of scripts.
pub(crate) fn scripts(repository: &Repository) -> Result<Place, Failure> {
    let hooks = repository.hooks()?;
    let folder = clean(&hooks.folder);
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::new(
            Exit::Project,
            format!("`core.hooksPath` is {folder}, which is no folder: hooks are switched off"),
        )
        .with_help("switch them on again: git config --unset core.hooksPath"));
    }
    let is_husky = folder.ends_with(".husky/_");
    let folder = match folder.parent() {
        Some(parent) if is_husky => parent.to_owned(),
        _ => folder,
    };
    let own = clean(&repository.common_folder()?);
    let is_tracked =
        hooks.is_configured && folder.starts_with(&repository.root) && !folder.starts_with(&own);
    let is_shared = hooks.is_configured && !is_tracked && !folder.starts_with(&own);
    Ok(Place {
        folder,
        is_shared,
        is_tracked,
        is_husky,
    })
}

/// Who runs hooks here. `core.hooksPath` wins: with it, frameworks do not install themselves.
pub(crate) fn runner(repository: &Repository) -> Result<Runner, Failure> {
    let place = scripts(repository)?;
    if repository.hooks()?.is_configured {
        return Ok(Runner::Scripts(place));
    }
    Ok(match frameworks(&repository.root).into_iter().next() {
        Some((framework, file)) => Runner::Framework(framework, file),
        None => Runner::Scripts(place),
    })
}

/// The files of frameworks that are there.
pub(crate) fn frameworks(root: &Utf8Path) -> Vec<(Framework, Utf8PathBuf)> {
    let pre_commit = [".pre-commit-config.yaml"].map(|name| (Framework::PreCommit, name));
    let lefthook = LEFTHOOK.into_iter().chain(LEFTHOOK_OTHER);
    let lefthook = lefthook.map(|name| (Framework::Lefthook, name));
    pre_commit
        .into_iter()
        .chain(lefthook)
        .map(|(framework, name)| (framework, root.join(name)))
        .filter(|(_, path)| path.is_file())
        .collect()
}

/// A path without symbolic links, as far as it exists.
fn clean(path: &Utf8Path) -> Utf8PathBuf {
    let mut missing = Vec::new();
    for ancestor in path.ancestors() {
        if let Ok(real) = ancestor.canonicalize_utf8() {
            return missing
                .into_iter()
                .rev()
                .fold(real, |path: Utf8PathBuf, name| path.join(name));
        }
        missing.extend(ancestor.file_name());
    }
    path.to_owned()
}
