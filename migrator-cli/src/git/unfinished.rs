//! What git is in the middle of, and the places that it keeps for tools.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::{GitError, Repository, command};

/// What git has begun and not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfinished {
    /// A merge: `HEAD` is this branch, `MERGE_HEAD` what comes in.
    Merge,
    /// A rebase: HEAD is the other branch with the commits that are through.
    Rebase,
    /// A cherry-pick.
    CherryPick,
    /// A revert.
    Revert,
}

impl Unfinished {
    /// The command that goes on with it, once its conflicts are resolved.
    pub(crate) fn go_on(self) -> &'static str {
        match self {
            Self::Merge => "git merge --continue",
            Self::Rebase => "git rebase --continue",
            Self::CherryPick => "git cherry-pick --continue",
            Self::Revert => "git revert --continue",
        }
    }
}

/// A path in conflict: what each side has, as far as it has the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    /// HEAD's.
    pub(crate) ours: Option<String>,
    /// The other's.
    pub(crate) theirs: Option<String>,
}

impl Repository {
    /// What git is in the middle of.
    pub(crate) fn unfinished(&self) -> Result<Option<Unfinished>, GitError> {
        let marks = [
            ("rebase-merge", Unfinished::Rebase),
            ("rebase-apply", Unfinished::Rebase),
            ("MERGE_HEAD", Unfinished::Merge),
            ("CHERRY_PICK_HEAD", Unfinished::CherryPick),
            ("REVERT_HEAD", Unfinished::Revert),
        ];
        // Each working tree has its own.
        let folder = command::text(&self.root, &["rev-parse", "--git-dir"])?;
        let folder = self.root.join(folder);
        let found = marks
            .into_iter()
            .find(|(mark, _)| folder.join(mark).exists());
        Ok(found.map(|(_, unfinished)| unfinished))
    }

    /// A path in git's own folder for this working tree.
    pub(crate) fn git_path(&self, name: &str) -> Result<Utf8PathBuf, GitError> {
        let path = command::text(&self.root, &["rev-parse", "--git-path", name])?;
        Ok(self.root.join(path))
    }

    /// The commit that is checked out; `None` before the first.
    pub(crate) fn head(&self) -> Result<Option<String>, GitError> {
        Ok(self.resolve(&["HEAD"])?.pop().flatten())
    }

    /// The files in a folder that are in conflict, by name, with the objects of both sides.
    pub(crate) fn conflicts(&self, folder: &str) -> Result<BTreeMap<String, Sides>, GitError> {
        let below = if folder.is_empty() { "." } else { folder };
        let arguments = ["ls-files", "-u", "-z", "--full-name", "--", below];
        let answer = command::text(&self.root, &arguments)?;
        let mut conflicts: BTreeMap<String, Sides> = BTreeMap::new();
        for entry in answer.split('\0').filter(|entry| !entry.is_empty()) {
            let wrong = || GitError::Answer {
                what: entry.to_owned(),
            };
            let (head, path) = entry.split_once('\t').ok_or_else(wrong)?;
            let mut words = head.split(' ').skip(1);
            let (id, stage) = words.next().zip(words.next()).ok_or_else(wrong)?;
            let name = path
                .strip_prefix(folder)
                .map(|name| name.trim_start_matches('/'));
            let Some(name) = name.filter(|name| !name.contains('/')) else {
                continue;
            };
            let sides = conflicts.entry(name.to_owned()).or_default();
            match stage {
                "2" => sides.ours = Some(id.to_owned()),
                "3" => sides.theirs = Some(id.to_owned()),
                _ => {}
            }
        }
        Ok(conflicts)
    }

    /// The text of an object.
    pub(crate) fn text_of(&self, id: &str) -> Result<String, GitError> {
        let bytes = command::bytes(&self.root, &["cat-file", "blob", id], &[])?;
        String::from_utf8(bytes).map_err(|_| GitError::NotText {
            what: format!("the object {id}"),
        })
    }

    /// Every text that a file has had in a commit that some branch knows, newest first.
    pub(crate) fn versions(&self, path: &Utf8Path) -> Result<Vec<String>, GitError> {
        let arguments = [
            "log",
            "--all",
            "--no-renames",
            "--format=",
            "--raw",
            "--no-abbrev",
            "--",
            path.as_str(),
        ];
        let log = command::text(&self.root, &arguments)?;
        // `:MODE MODE OLD NEW STATUS<tab>PATH`
        let ids = log.lines().filter_map(|line| line.split(' ').nth(3));
        let ids = ids.filter(|id| id.bytes().any(|byte| byte != b'0'));
        ids.map(|id| self.text_of(id)).collect()
    }

    /// git's own merge of three texts, conflicts marked, into the first.
    pub(crate) fn merge_texts(
        &self,
        ours: &Utf8Path,
        ancestor: &Utf8Path,
        theirs: &Utf8Path,
    ) -> Result<(), GitError> {
        let arguments = ["merge-file", "-L", "ours", "-L", "base", "-L", "theirs"];
        let files = [ours, ancestor, theirs].map(Utf8Path::as_str);
        let all: Vec<&str> = arguments.into_iter().chain(files).collect();
        // Its exit status is the number of conflicts.
        match command::text(&self.root, &all) {
            Ok(_) => Ok(()),
            Err(GitError::Command { message, .. }) if message.is_empty() => Ok(()),
            Err(error) => Err(error),
        }
    }
}
