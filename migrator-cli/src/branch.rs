//! The migration directory of a branch: what the base branch has of it, and what is the branch's own.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::directory::{Directory, MigrationFile, SUM_FILE};

use crate::context::Context;
use crate::directory::prefixes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{Asked, Base, Entry, GitError, Repository, Unfinished};

/// A directory as it is on the base branch.
#[derive(Debug)]
pub(crate) struct Branch {
    /// The repository.
    pub(crate) repository: Repository,
    /// The base branch.
    pub(crate) base: Base,
    /// The directory's path in the repository.
    pub(crate) inside: String,
    /// The directory where this branch left the base branch.
    pub(crate) fork: Directory,
    /// The directory on the base branch as it is now.
    pub(crate) tip: Directory,
    /// Its path where this branch left the base branch: it may have been somewhere else.
    pub(crate) there: String,
}

/// What a base branch has of a directory.
#[derive(Debug)]
pub(crate) struct OnBase {
    /// Its path where the branch left the base branch: it may have been somewhere else.
    pub(crate) there: String,
    /// The directory there.
    pub(crate) fork: Directory,
    /// The directory on the base branch as it is now.
    pub(crate) tip: Directory,
}

impl OnBase {
    /// Reads the directory that is `head` here, in `inside`, as the base branch has it.
    pub(crate) fn read(
        context: &Context,
        repository: &Repository,
        base: &Base,
        inside: &str,
        head: &Directory,
    ) -> Result<Self, GitError> {
        let mut there = inside.to_owned();
        let mut tree = repository.tree(&base.fork, inside)?;
        let sum = SUM_FILE.as_bytes();
        if !tree.iter().any(|entry| entry.name_in(inside) == Some(sum)) {
            let whole = repository.tree(&base.fork, "")?;
            if let Some(moved) = moved_from(repository, &whole, inside, head) {
                (there, tree) = (moved, whole);
            }
        }
        let fork = directory(context, repository, &tree, &there)?;
        let tip = if base.tip == base.fork {
            fork.clone()
        } else {
            let tree = repository.tree(&base.tip, &there)?;
            directory(context, repository, &tree, &there)?
        };
        Ok(Self { there, fork, tip })
    }
}

/// How the base branch is asked for: by a flag, by the configuration, or not at all.
pub(crate) fn asked<'a>(context: &'a Context, flag: Option<&'a str>) -> Asked<'a> {
    match (flag, &context.config.base_branch) {
        (Some(name), _) => Asked::Flag(name),
        (None, Some(name)) => Asked::Config(name),
        (None, None) => Asked::Nothing,
    }
}

impl Branch {
    /// Finds the base branch: by the flag, by the configuration, or by its usual names. `head` is the
    /// directory as it is here.
    pub(crate) fn find(
        context: &Context,
        base: Option<&str>,
        head: &Directory,
    ) -> Result<Self, GitError> {
        let repository = Repository::open(&context.dir)?;
        let base = repository.base(asked(context, base))?;
        let inside = repository.inside(&context.dir)?;
        let OnBase { there, fork, tip } = OnBase::read(context, &repository, &base, &inside, head)?;
        Ok(Self {
            repository,
            base,
            inside,
            fork,
            tip,
            there,
        })
    }

    /// What git waits for once the directory is good: the rest of what it has begun, or that a conflict,
    /// as that of a stash, is marked as resolved.
    pub(crate) fn then(&self, context: &Context) -> Result<Option<String>, GitError> {
        let add = format!("then: git add {}", context.shown(&context.dir));
        Ok(match self.repository.unfinished()? {
            Some(unfinished) => Some(format!("{add} && {}", unfinished.go_on())),
            None if self.repository.conflicts(&self.inside)?.is_empty() => None,
            None => Some(add),
        })
    }

    /// Files that are on the base branch, where this one left it or as it is now, by name.
    pub(crate) fn shared(&self) -> BTreeMap<&str, &MigrationFile> {
        let both = self.fork.files.iter().chain(&self.tip.files);
        both.map(|file| (file.file_name.as_str(), file)).collect()
    }

    /// The files that are here only, in order.
    pub(crate) fn own<'a>(&self, head: &'a Directory) -> Vec<&'a MigrationFile> {
        let shared = self.shared();
        let own = head.files.iter();
        own.filter(|file| !shared.contains_key(file.file_name.as_str()))
            .collect()
    }

    /// The base branch's files that are not here yet: it has gone on, and was not merged.
    pub(crate) fn unmerged(&self, head: &Directory) -> Vec<&MigrationFile> {
        let known: BTreeSet<&str> = [&self.fork, head]
            .iter()
            .flat_map(|directory| &directory.files)
            .map(|file| file.file_name.as_str())
            .collect();
        let there = self.tip.files.iter();
        there
            .filter(|file| !known.contains(file.file_name.as_str()))
            .collect()
    }

    /// The base branch's directory that this branch builds on: as it is now where that is merged.
    pub(crate) fn ground(&self, head: &Directory) -> &Directory {
        if self.unmerged(head).is_empty() {
            &self.tip
        } else {
            &self.fork
        }
    }

    /// The newest file that the base branch has.
    pub(crate) fn newest(&self) -> Option<&str> {
        let newest = [&self.fork, &self.tip].map(|directory| directory.files.last());
        let names = newest.into_iter().flatten();
        names.map(|file| file.file_name.as_str()).max()
    }

    /// The branch's own files as git would have them, in the order in which they came.
    ///
    /// What an editor or git has done to line ends is taken back. A file that the base branch has under
    /// another name is no own one. In the middle of a rebase, what is through already comes first. Of a
    /// file that both sides have made under one name, the base branch's is its own, and the other is ours.
    pub(crate) fn own_files(
        &self,
        context: &Context,
        head: &Directory,
    ) -> Result<Vec<MigrationFile>, Failure> {
        let unfinished = self.repository.unfinished()?;
        let committed = match self.repository.head()? {
            Some(commit) => {
                let tree = self.repository.tree(&commit, &self.inside)?;
                directory(context, &self.repository, &tree, &self.inside)?
            }
            None => Directory::empty(&context.dir),
        };
        let conflicts = self.repository.conflicts(&self.inside)?;
        let lost: Vec<&MigrationFile> = self.lost(head).collect();
        let mut own = Vec::new();
        for file in self.own(head) {
            if lost.iter().any(|was| is_renamed(was, file)) {
                continue;
            }
            if conflicts.contains_key(&file.file_name) {
                return Err(Failure::new(
                    Exit::Integrity,
                    format!("{} is in conflict", file.file_name),
                )
                .with_help(
                    "it is not on the base branch: keep one of its sides, then run this again",
                ));
            }
            let was = committed.file(&file.version);
            let was = was.filter(|was| was.file_name == file.file_name);
            let is_through = was.is_some();
            let as_git_has = was.filter(|was| is_same_but_line_ends(&was.text, &file.text));
            own.push((is_through, as_git_has.unwrap_or(file).clone()));
        }
        if matches!(
            unfinished,
            Some(Unfinished::Rebase | Unfinished::CherryPick)
        ) {
            own.sort_by_key(|(is_through, _)| !is_through);
        }
        let mut own: Vec<MigrationFile> = own.into_iter().map(|(_, file)| file).collect();
        let shared = self.shared();
        for (name, sides) in &conflicts {
            let Some(there) = shared.get(name.as_str()) else {
                continue;
            };
            for id in [&sides.ours, &sides.theirs].into_iter().flatten() {
                let text = self.repository.text_of(id)?;
                if text != there.text && !is_same_but_line_ends(&text, &there.text) {
                    let ours = crate::pieces::directory_of(context, &[(name.clone(), text)]);
                    own.extend(ours.files);
                }
            }
        }
        Ok(own)
    }

    /// The base branch's files that should be here and are not.
    fn lost<'a>(&'a self, head: &'a Directory) -> impl Iterator<Item = &'a MigrationFile> {
        let here = |name: &str| head.files.iter().any(|file| file.file_name == name);
        let files = self.fork.files.iter();
        files.filter(move |file| !here(&file.file_name))
    }
}

/// Whether a file is another under a new name. With another text it is somebody's work, whatever it is
/// called.
fn is_renamed(was: &MigrationFile, is: &MigrationFile) -> bool {
    let is_same = was.text == is.text || is_same_but_line_ends(&was.text, &is.text);
    is_same && !was.text.trim().is_empty()
}

/// Whether two texts differ, and only by their line ends or a byte order mark.
pub(crate) fn is_same_but_line_ends(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    one != other && plain(one) == plain(other)
}

/// The migrations of a commit, from its tree.
pub(crate) fn directory(
    context: &Context,
    repository: &Repository,
    tree: &[Entry],
    folder: &str,
) -> Result<Directory, GitError> {
    let mut names = Vec::new();
    let mut entries = Vec::new();
    for entry in tree {
        let Some(name) = entry.name_in(folder) else {
            continue;
        };
        if !name.ends_with(b".sql") && name != SUM_FILE.as_bytes() {
            continue;
        }
        let shown = String::from_utf8_lossy(&entry.path);
        let name = std::str::from_utf8(name).map_err(|_| GitError::NotText {
            what: format!("the name of `{shown}` in git"),
        })?;
        names.push(name);
        entries.push(entry);
    }
    let mut sum = None;
    let mut texts = Vec::new();
    for ((name, entry), bytes) in names
        .iter()
        .zip(&entries)
        .zip(repository.contents(&entries)?)
    {
        let text = String::from_utf8(bytes).map_err(|_| GitError::NotText {
            what: format!("`{}` in git", String::from_utf8_lossy(&entry.path)),
        })?;
        if *name == SUM_FILE {
            sum = Some(text);
        } else {
            texts.push(((*name).to_owned(), text));
        }
    }
    let prefixes = prefixes(context);
    Ok(Directory::from_texts(
        &context.dir,
        texts,
        sum.as_deref(),
        &prefixes,
    ))
}

/// Where the directory was, if it was somewhere else: a folder with a sum file and files of ours.
fn moved_from(
    repository: &Repository,
    tree: &[Entry],
    inside: &str,
    head: &Directory,
) -> Option<String> {
    let sums = tree.iter().filter_map(|entry| {
        let path = entry.text()?;
        let folder = path.strip_suffix(SUM_FILE)?;
        (folder.is_empty() || folder.ends_with('/')).then(|| folder.trim_end_matches('/'))
    });
    let folders: Vec<&str> = sums.collect();
    if head.files.is_empty() || folders.contains(&inside) {
        return None;
    }
    let ours: BTreeSet<&[u8]> = head
        .files
        .iter()
        .map(|it| it.file_name.as_bytes())
        .collect();
    let shared = |folder: &str| {
        let names = tree.iter().filter_map(|entry| entry.name_in(folder));
        names.filter(|name| ours.contains(name)).count()
    };
    // One that is still there has not moved.
    let gone = folders
        .into_iter()
        .filter(|folder| !repository.root.join(folder).join(SUM_FILE).exists());
    let (count, folder) = gone.map(|folder| (shared(folder), folder)).max()?;
    (count > 0).then(|| folder.to_owned())
}
