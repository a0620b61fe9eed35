//! What git knows: the repository, the base branch, and files as they stood there.

mod command;
mod error;
mod settings;
mod staged;
mod tree;
mod unfinished;

use camino::{Utf8Path, Utf8PathBuf};

pub(crate) use self::command::LOCAL;
pub(crate) use self::error::GitError;
pub(crate) use self::staged::Change;
pub(crate) use self::tree::Entry;
pub(crate) use self::unfinished::Unfinished;

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
        let asked = ["--is-shallow-repository", "--show-toplevel"];
        let answer = command::text(folder, &["rev-parse", asked[0], asked[1]])
            .map_err(|error| error.in_folder(folder))?;
        let (is_shallow, root) = answer.split_once('\n').unwrap_or((&answer, ""));
        Ok(Self {
            root: root.into(),
            is_shallow: is_shallow == "true",
        })
    }

    /// The path of a file or folder inside the repository, with `/`; empty for its root.
    pub(crate) fn inside(&self, path: &Utf8Path) -> Result<String, GitError> {
        // Git names paths without symbolic links; what does not exist has none.
        let there = existing(path);
        let rest = path.strip_prefix(there).unwrap_or(Utf8Path::new(""));
        let real = there.canonicalize_utf8().ok();
        let inside = real
            .as_ref()
            .and_then(|it| it.strip_prefix(&self.root).ok());
        let Some(inside) = inside else {
            return Err(GitError::Outside {
                path: path.to_owned(),
                root: self.root.clone(),
            });
        };
        let inside = inside.join(rest);
        Ok(inside.as_str().trim_end_matches('/').replace('\\', "/"))
    }

    /// The base branch, and where this branch left it. A merge that is not finished counts as if it
    /// were: what it brings in from the base branch is not new.
    pub(crate) fn base(&self, asked: Asked<'_>) -> Result<Base, GitError> {
        self.base_of(asked, &["HEAD", "MERGE_HEAD"])
    }

    /// The base branch, and where the branch of a commit left it. Further names are those of commits
    /// that are about to be merged into it, where there are any.
    pub(crate) fn base_of(&self, asked: Asked<'_>, heads: &[&str]) -> Result<Base, GitError> {
        let candidates: Vec<String> = match asked {
            Asked::Flag(name) => vec![name.to_owned(), format!("origin/{name}")],
            Asked::Config(name) => vec![format!("origin/{name}"), name.to_owned()],
            Asked::Nothing => BASES.map(str::to_owned).to_vec(),
        };
        let mut names = heads.to_vec();
        names.extend(candidates.iter().map(String::as_str));
        let mut commits = self.resolve(&names)?;
        let there = commits.split_off(heads.len());
        let Some(Some(head)) = commits.first().cloned() else {
            return Err(GitError::NoCommit);
        };
        let heads: Vec<&str> = commits.iter().flatten().map(String::as_str).collect();
        let mut found = candidates.into_iter().zip(there);
        let found = found.find_map(|(name, commit)| Some((name, commit?)));
        let Some((name, tip)) = found else {
            return Err(self.no_base(asked));
        };
        let fork = self.fork(&name, &tip, &heads)?;
        Ok(Base {
            name: self.short(name),
            is_head: fork == head,
            tip,
            fork,
        })
    }

    /// The commit of a tag, branch or other name.
    pub(crate) fn commit(&self, name: &str) -> Result<String, GitError> {
        let found = self.resolve(&[name])?.pop().flatten();
        found.ok_or_else(|| GitError::NoSuchCommit {
            name: name.to_owned(),
            is_shallow: self.is_shallow,
        })
    }

    /// The commits of names, where there are any, in one call.
    pub(crate) fn resolve(&self, names: &[&str]) -> Result<Vec<Option<String>>, GitError> {
        let names: Vec<String> = names.iter().map(|it| format!("{it}^{{commit}}")).collect();
        self.objects(&names)
    }

    /// The objects of names, where there are any, in one call.
    pub(crate) fn objects(&self, names: &[String]) -> Result<Vec<Option<String>>, GitError> {
        let lines = names.iter().map(|name| name.replace('\n', " "));
        let asked: String = lines.flat_map(|name| [name, "\n".to_owned()]).collect();
        let arguments = ["cat-file", "--batch-check=%(objectname)"];
        let answer = command::bytes(&self.root, &arguments, asked.as_bytes())?;
        let answer = String::from_utf8_lossy(&answer);
        // What it does not find, it repeats, with a word behind it.
        let commits = answer
            .lines()
            .map(|line| (!line.contains(' ')).then(|| line.to_owned()));
        Ok(commits.collect())
    }

    /// The commit that the base branch and a branch share, with what is merged into that.
    pub(crate) fn fork(&self, name: &str, tip: &str, heads: &[&str]) -> Result<String, GitError> {
        let mut arguments = vec!["merge-base", tip];
        arguments.extend(heads);
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

/// The nearest folder that exists.
fn existing(folder: &Utf8Path) -> &Utf8Path {
    folder
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(Utf8Path::new("/"))
}
