//! What a commit would change: the index against HEAD.

use camino::Utf8Path;

use super::tree::name_in;
use super::{Entry, GitError, Repository, command};

/// A path that a commit would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Its path in the repository, with `/`; any bytes but zero.
    pub(crate) path: Vec<u8>,
    /// The file's object in HEAD; `None` where there is no file.
    pub(crate) before: Option<String>,
    /// The file's object in the index; `None` where there is no file.
    pub(crate) after: Option<String>,
    /// Whether a merge has left both sides of it.
    pub(crate) is_conflict: bool,
}

impl Change {
    /// Its name, if it is directly in a folder.
    pub(crate) fn name_in(&self, folder: &str) -> Option<&[u8]> {
        name_in(&self.path, folder)
    }

    /// The file in HEAD and in the index, where there is one.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> {
        let ids = [self.before.clone(), self.after.clone()];
        let path = self.path.clone();
        ids.into_iter().flatten().map(move |id| Entry {
            path: path.clone(),
            id,
        })
    }
}

impl Repository {
    /// What is staged, in this index or in the usual one. Before the first commit that is every file.
    pub(crate) fn staged(&self, index: Option<&Utf8Path>) -> Result<Vec<Change>, GitError> {
        let arguments = [
            "diff",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
        ];
        let answer = command::bytes_with_index(&self.root, &arguments, index)?;
        let mut parts = answer.split(|byte| *byte == 0);
        let mut changes = Vec::new();
        while let (Some(head), Some(path)) = (parts.next(), parts.next()) {
            let change = change_of(head, path).ok_or_else(|| GitError::Answer {
                what: String::from_utf8_lossy(head).into_owned(),
            })?;
            changes.push(change);
        }
        Ok(changes)
    }

    /// The files below a folder as a commit would make them.
    pub(crate) fn staged_tree(
        &self,
        folder: &str,
        changes: &[Change],
    ) -> Result<Vec<Entry>, GitError> {
        let mut entries = match self.head()? {
            Some(head) => self.tree(&head, folder)?,
            None => Vec::new(),
        };
        entries.retain(|entry| !changes.iter().any(|change| change.path == entry.path));
        entries.extend(changes.iter().filter_map(|change| {
            Some(Entry {
                path: change.path.clone(),
                id: change.after.clone()?,
            })
        }));
        Ok(entries)
    }

    /// Files of this ending whose working copy is not what is staged.
    pub(crate) fn unstaged(
        &self,
        ending: &str,
        index: Option<&Utf8Path>,
    ) -> Result<Vec<String>, GitError> {
        let pattern = format!(":(top)*{ending}");
        let arguments = ["diff", "--name-only", "-z", "--no-ext-diff", "--", &pattern];
        let answer = command::bytes_with_index(&self.root, &arguments, index)?;
        let paths = answer
            .split(|byte| *byte == 0)
            .filter(|path| !path.is_empty());
        Ok(paths
            .map(|path| String::from_utf8_lossy(path).into_owned())
            .collect())
    }
}

/// `:MODE MODE ID ID STATUS` and a path.
fn change_of(head: &[u8], path: &[u8]) -> Option<Change> {
    let head = std::str::from_utf8(head).ok()?.strip_prefix(':')?;
    let mut words = head.split(' ');
    let (was, is) = (words.next()?, words.next()?);
    let (before, after) = (words.next()?, words.next()?);
    let status = words.next()?;
    // A link and a submodule are no files.
    let file = |mode: &str, id: &str| mode.starts_with("100").then(|| id.to_owned());
    Some(Change {
        path: path.to_vec(),
        before: file(was, before),
        after: file(is, after),
        is_conflict: status == "U",
    })
}
