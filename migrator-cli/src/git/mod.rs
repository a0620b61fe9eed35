//! What git knows: the repository, the base branch, and files as they stood there.

mod command;
mod error;
mod tree;

use camino::{Utf8Path, Utf8PathBuf};

pub(crate) use self::error::GitError;
pub(crate) use self::tree::Entry;

/// The names that a base branch has, likeliest first.
const BASES: [&str; 5] = [
    "origin/HEAD",
    "origin/main",
    "origin/master",
    "main",
    "master",
];

/// A git repository with a working tree.
#[derive(Debug)]
pub(crate) struct Repository {
    /// The top of the working tree.
    pub(crate) root: Utf8PathBuf,
    /// Whether commits before some point were not fetched.
    is_shallow: bool,
}

/// How a base branch is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'a> {
    /// By `--base`: exactly this, or the branch of this name on `origin`.
    Flag(&'a str),
    /// By the configuration: a branch, rather as it is on `origin`.
    Config(&'a str),
    /// Not at all: the first of the usual names that exists.
    Nothing,
}

/// The base branch, and where the current one left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// Its name, as git resolves it.
    pub(crate) name: String,
    /// The commit that it points to.
    pub(crate) tip: String,
    /// The commit that both branches share.
    pub(crate) fork: String,
    /// Whether nothing was committed on top of it here.
    pub(crate) is_head: bool,
}

impl Repository {
    /// The repository that a folder is in. The folder need not exist.
    pub(crate) fn open(folder: &Utf8Path) -> Result<Self, GitError> {
        let folder = existing(folder);
        let answer = command::text(
            folder,
            &[
                "rev-parse",
                "--is-shallow-repository",
                "--is-inside-work-tree",
            ],
        )
        .map_err(|error| error.in_folder(folder))?;
        let (is_shallow, is_inside) = answer.split_once('\n').unwrap_or((&answer, "false"));
        if is_inside.trim() != "true" {
            return Err(GitError::NoWorkTree {
                folder: folder.to_owned(),
            });
        }
        let root = command::text(folder, &["rev-parse", "--show-toplevel"])?;
        Ok(Self {
            root: root.into(),
            is_shallow: is_shallow == "true",
        })
    }

    /// The path of a file or folder inside the repository, with `/`; empty for its root.
    pub(crate) fn inside(&self, path: &Utf8Path) -> Result<String, GitError> {
        // Git follows symbolic links on the way; what does not exist has none.
        let there = existing(path);
        let answer = command::text(there, &["rev-parse", "--show-toplevel", "--show-prefix"])?;
        let (root, prefix) = answer.split_once('\n').unwrap_or((&answer, ""));
        if root != self.root {
            return Err(GitError::Outside {
                path: path.to_owned(),
                root: self.root.clone(),
            });
        }
        let rest = path.strip_prefix(there).unwrap_or(Utf8Path::new(""));
        let rest = rest.as_str().replace('\\', "/");
        Ok(format!("{prefix}{rest}").trim_end_matches('/').to_owned())
    }

    /// The base branch, and where this branch left it.
    pub(crate) fn base(&self, asked: Asked<'_>) -> Result<Base, GitError> {
        let Some(head) = self.resolve("HEAD")? else {
            return Err(GitError::NoCommit);
        };
        let candidates: Vec<String> = match asked {
            Asked::Flag(name) => vec![name.to_owned(), format!("origin/{name}")],
            Asked::Config(name) => vec![format!("origin/{name}"), name.to_owned()],
            Asked::Nothing => BASES.map(str::to_owned).to_vec(),
        };
        let mut found = None;
        for name in candidates {
            if let Some(tip) = self.resolve(&name)? {
                found = Some((name, tip));
                break;
            }
        }
        let Some((name, tip)) = found else {
            return Err(self.no_base(asked));
        };
        let fork = self.fork(&name, &tip)?;
        Ok(Base {
            name: self.short(name),
            is_head: fork == head,
            tip,
            fork,
        })
    }

    /// The commit of a tag, branch or other name.
    pub(crate) fn commit(&self, name: &str) -> Result<String, GitError> {
        self.resolve(name)?.ok_or_else(|| GitError::NoSuchCommit {
            name: name.to_owned(),
            is_shallow: self.is_shallow,
        })
    }

    fn resolve(&self, name: &str) -> Result<Option<String>, GitError> {
        let wanted = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ];
        match command::text(&self.root, &arguments) {
            Ok(id) => Ok(Some(id)),
            Err(GitError::Command { message, .. }) if message.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The commit that HEAD and the base branch share. A merge that is not finished counts as if it
    /// were: what it brings in from the base branch is not new.
    fn fork(&self, name: &str, tip: &str) -> Result<String, GitError> {
        let mut arguments = vec!["merge-base", tip, "HEAD"];
        let merged = self.resolve("MERGE_HEAD")?;
        arguments.extend(merged.as_deref());
        match command::text(&self.root, &arguments) {
            Ok(id) => Ok(id),
            Err(GitError::Command { message, .. }) if message.is_empty() => {
                let base = name.to_owned();
                Err(if self.is_shallow {
                    GitError::Shallow { base }
                } else {
                    GitError::Unrelated { base }
                })
            }
            Err(error) => Err(error),
        }
    }

    /// `origin/main` for `origin/HEAD`.
    fn short(&self, name: String) -> String {
        if !name.ends_with("/HEAD") {
            return name;
        }
        let arguments = ["rev-parse", "--abbrev-ref", &name];
        command::text(&self.root, &arguments).unwrap_or(name)
    }

    fn no_base(&self, asked: Asked<'_>) -> GitError {
        let arguments = [
            "for-each-ref",
            "--format=%(refname:short)",
            "refs/remotes",
            "refs/heads",
        ];
        let branches = command::text(&self.root, &arguments).unwrap_or_default();
        let branches = branches.lines().map(str::to_owned).collect();
        match asked {
            Asked::Flag(name) | Asked::Config(name) => GitError::NoSuchBase {
                name: name.to_owned(),
                branches,
                is_shallow: self.is_shallow,
            },
            Asked::Nothing => GitError::NoBase {
                branches,
                is_shallow: self.is_shallow,
            },
        }
    }
}

/// The base branch, where a file was on it when this branch left it. `None` too where git does not
/// know the file, or there is no repository.
pub(crate) fn base_with(file: &Utf8Path) -> Option<String> {
    let repository = Repository::open(file.parent()?).ok()?;
    let base = repository.base(Asked::Nothing).ok()?;
    let path = repository.inside(file.parent()?).ok()?;
    let name = file.file_name()?;
    let entries = repository.tree(&base.fork, &path).ok()?;
    let mut entries = entries.iter();
    entries
        .any(|entry| entry.name_in(&path) == Some(name.as_bytes()))
        .then_some(base.name)
}

/// The nearest folder that exists.
fn existing(folder: &Utf8Path) -> &Utf8Path {
    folder
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(Utf8Path::new("/"))
}
