//! The migration directory of a branch: what the base branch has of it, and what is the branch's own.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::directory::{Directory, MigrationFile, SUM_FILE};

use crate::context::Context;
use crate::directory::prefixes;
use crate::git::{Asked, Base, Entry, GitError, Repository};

/// A directory as it is on the base branch.
#[derive(Debug)]
pub(crate) struct Branch {
    /// The repository.
    pub(crate) repository: Repository,
    /// The base branch.
    pub(crate) base: Base,
    /// The files of the commit where this branch left it.
    pub(crate) tree: Vec<Entry>,
    /// The directory's path in the repository.
    pub(crate) inside: String,
    /// Its path in that commit, where it may have been somewhere else.
    pub(crate) there: String,
    /// The directory where this branch left the base branch.
    pub(crate) fork: Directory,
    /// The directory on the base branch as it is now.
    pub(crate) tip: Directory,
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
        let asked = match (base, &context.config.base_branch) {
            (Some(name), _) => Asked::Flag(name),
            (None, Some(name)) => Asked::Config(name),
            (None, None) => Asked::Nothing,
        };
        let base = repository.base(asked)?;
        let tree = repository.tree(&base.fork, "")?;
        let inside = repository.inside(&context.dir)?;
        let there = moved_from(&repository, &tree, &inside, head).unwrap_or_else(|| inside.clone());
        let fork = directory(context, &repository, &tree, &there)?;
        let tip = if base.tip == base.fork {
            fork.clone()
        } else {
            let tree = repository.tree(&base.tip, &there)?;
            directory(context, &repository, &tree, &there)?
        };
        Ok(Self {
            repository,
            base,
            tree,
            inside,
            there,
            fork,
            tip,
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
