//! The files of a commit.

use super::{GitError, Repository, command};

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its path in the repository, with `/`; any bytes but zero.
    pub(crate) path: Vec<u8>,
    /// The object with its content.
    pub(crate) id: String,
}

impl Entry {
    /// Its name, if it is directly in a folder.
    pub(crate) fn name_in(&self, folder: &str) -> Option<&[u8]> {
        name_in(&self.path, folder)
    }

    /// Its path, where that is text.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.path).ok()
    }
}

impl Repository {
    /// The files of a commit in a folder and below; in all of the repository for an empty path.
    pub(crate) fn tree(&self, commit: &str, folder: &str) -> Result<Vec<Entry>, GitError> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        if !folder.is_empty() {
            arguments.extend(["--", folder]);
        }
        let answer = command::bytes(&self.root, &arguments, &[])?;
        let entries = answer.split(|byte| *byte == 0);
        entries
            .filter(|entry| !entry.is_empty())
            .filter_map(|entry| entry_of(entry).transpose())
            .collect()
    }

    /// What files of a commit hold, in one call.
    pub(crate) fn contents(&self, entries: &[&Entry]) -> Result<Vec<Vec<u8>>, GitError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = entries
            .iter()
            .flat_map(|entry| [entry.id.as_str(), "\n"])
            .collect();
        let arguments = ["cat-file", "--batch"];
        let answer = command::bytes(&self.root, &arguments, asked.as_bytes())?;
        let mut rest = answer.as_slice();
        let mut contents = Vec::with_capacity(entries.len());
        for entry in entries {
            let content;
            (content, rest) = first_object(rest).ok_or_else(|| GitError::Answer {
                what: format!("no content of {}", String::from_utf8_lossy(&entry.path)),
            })?;
            contents.push(content.to_vec());
        }
        Ok(contents)
    }

    /// The objects that git would make of files as they are on disk, with its filters for line ends.
    pub(crate) fn ids_on_disk(
        &self,
        folder: &str,
        names: &[&str],
    ) -> Result<Vec<String>, GitError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        // Paths on standard input are those from the top, wherever git runs.
        let parts = |name| [folder, if folder.is_empty() { "" } else { "/" }, name, "\n"];
        let asked: String = names.iter().copied().flat_map(parts).collect();
        let arguments = ["hash-object", "--stdin-paths"];
        let answer = command::bytes(&self.root, &arguments, asked.as_bytes())?;
        let answer = String::from_utf8_lossy(&answer);
        Ok(answer.lines().map(str::to_owned).collect())
    }
}

/// The name of a path, if it is directly in a folder.
pub(super) fn name_in<'a>(path: &'a [u8], folder: &str) -> Option<&'a [u8]> {
    let rest = path.strip_prefix(folder.as_bytes())?;
    let name = if folder.is_empty() {
        rest
    } else {
        rest.strip_prefix(b"/")?
    };
    (!name.contains(&b'/')).then_some(name)
}

/// `MODE TYPE ID<tab>PATH`; nothing for what is no file, such as a submodule.
fn entry_of(line: &[u8]) -> Result<Option<Entry>, GitError> {
    let parts = || {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let head = std::str::from_utf8(&line[..tab]).ok()?;
        let mut words = head.split(' ');
        let (mode, kind, id) = (words.next()?, words.next()?, words.next()?);
        Some((mode, kind, id, &line[tab + 1..]))
    };
    let Some((mode, kind, id, path)) = parts() else {
        return Err(GitError::Answer {
            what: String::from_utf8_lossy(line).into_owned(),
        });
    };
    let is_file = kind == "blob" && mode.starts_with("100");
    Ok(is_file.then(|| Entry {
        path: path.to_vec(),
        id: id.to_owned(),
    }))
}

/// `ID blob SIZE<line feed>CONTENT<line feed>`, and what follows it.
fn first_object(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let size: usize = head.rsplit_once(' ')?.1.parse().ok()?;
    let body = answer.get(end + 1..)?;
    Some((body.get(..size)?, body.get(size + 1..)?))
}
