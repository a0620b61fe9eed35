//! Rewriting the end of a directory: files of a branch that nobody else has yet.
//!
//! [`Directory::append`] is how a directory grows. This is how the part of it that is still one
//! branch's own is put in order; which part that is, is for the caller to know.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::append::lock;
use super::chain::SUM_FILE;
use super::error::DirectoryError;
use super::load::{Directory, read_if_there};
use super::store::store;
use super::structs::{STRUCTS_FILE, Structs};
use super::touched::TOUCHED_FILE;

/// What becomes of files: each by its name, with its text before and after.
///
/// It is whole: [`Rewrite::apply`] makes all of it or nothing, and [`Rewrite::reversed`] takes it
/// back. A file that stays as it is has no entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Rewrite(pub BTreeMap<String, Rewritten>);

/// One file before and after; `None` where it is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rewritten {
    /// Its text before.
    pub before: Option<String>,
    /// Its text after.
    pub after: Option<String>,
}

impl Directory {
    /// What makes this directory, as it is on disk, one of exactly these migrations, `(name, text)`, with
    /// the sum that belongs to them.
    ///
    /// What the records beside them say of a file goes over to the one that has its text now; in
    /// `migrate.structs` also to the one that `heirs` names by the old one. What they say of other files that
    /// go, goes with them.
    pub fn rewrite(
        &self,
        files: &[(String, String)],
        heirs: &BTreeMap<String, String>,
    ) -> Result<Rewrite, DirectoryError> {
        let after = Self::from_texts(&self.path, files.to_vec(), None, &self.prefixes);
        let mut changes: BTreeMap<String, Rewritten> = BTreeMap::new();
        for file in &self.files {
            let entry = changes.entry(file.file_name.clone()).or_default();
            entry.before = Some(file.text.clone());
        }
        for file in &after.files {
            let entry = changes.entry(file.file_name.clone()).or_default();
            entry.after = Some(file.text.clone());
        }
        let sum = Rewritten {
            before: read_if_there(&self.path.join(SUM_FILE))?,
            after: Some(after.computed_sum().to_string()),
        };
        changes.insert(SUM_FILE.to_owned(), sum);
        let mut rewrite = Rewrite(changes);
        let is_there = |name: &str| after.files.iter().any(|file| file.file_name == name);
        let gone = self.files.iter().filter(|file| !is_there(&file.file_name));
        let moved = gone.filter_map(|file| {
            let mut heirs = after.files.iter();
            let heir = heirs.find(|it| it.text == file.text)?;
            Some((file.file_name.clone(), heir.file_name.clone()))
        });
        let moved: BTreeMap<String, String> = moved.collect();
        if let Some(structs) = self.structs().filter(|it| !it.is_foreign()) {
            let mut renamed = heirs.clone();
            renamed.extend(moved.clone());
            let structs = structs.with_renamed_files(&renamed).without_files(is_there);
            rewrite.beside(self, STRUCTS_FILE, structs.to_string())?;
        }
        // What a file touches is what its text does, under whatever name.
        if let Some(touched) = self.touched.renamed(&moved) {
            rewrite.beside(self, TOUCHED_FILE, touched.to_string())?;
        }
        rewrite.0.retain(|_, it| it.before != it.after);
        Ok(rewrite)
    }
}

impl Rewrite {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts what the structs say beside the migrations of `directory`, as a part of the same.
    pub fn record_structs(
        &mut self,
        directory: &Directory,
        structs: &Structs,
    ) -> Result<(), DirectoryError> {
        self.beside(directory, STRUCTS_FILE, structs.to_string())
    }

    /// A record beside the migrations, as it is to be.
    fn beside(
        &mut self,
        directory: &Directory,
        name: &str,
        text: String,
    ) -> Result<(), DirectoryError> {
        let record = Rewritten {
            before: read_if_there(&directory.path.join(name))?,
            after: Some(text),
        };
        self.0.remove(name);
        if record.before != record.after {
            self.0.insert(name.to_owned(), record);
        }
        Ok(())
    }

    /// What takes it back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let swapped = |(name, it): (&String, &Rewritten)| {
            let Rewritten { before, after } = it.clone();
            let swapped = Rewritten {
                before: after,
                after: before,
            };
            (name.clone(), swapped)
        };
        Self(self.0.iter().map(swapped).collect())
    }

    /// Makes it so. Every file has to be what it was before, or what it is to be already, as after a
    /// run that was killed; the first that is neither is an error, and then nothing is written.
    ///
    /// New files are written first, the sum after them, and what goes is removed at last, each by
    /// one step of the file system. Where the disk fails, what was written is taken back.
    pub fn apply(&self, directory: &Utf8Path) -> Result<(), DirectoryError> {
        fs_err::create_dir_all(directory).map_err(|source| DirectoryError::Write {
            path: directory.to_owned(),
            source,
        })?;
        let _lock = lock(directory)?;
        let mut found = BTreeMap::new();
        for (name, it) in &self.0 {
            let text = read_if_there(&directory.join(name))?;
            if text != it.before && text != it.after {
                return Err(DirectoryError::Edited {
                    path: directory.join(name),
                });
            }
            found.insert(name.as_str(), text);
        }
        let mut done = BTreeSet::new();
        let result = self.in_order().try_for_each(|(name, it)| {
            done.insert(name);
            put(directory, name, it.after.as_deref())
        });
        if result.is_err() {
            for (name, text) in found.iter().filter(|(name, _)| done.contains(*name)) {
                // The first error is what the user has to see.
                let _ = put(directory, name, text.as_deref());
            }
        }
        result
    }

    /// What is written, the sum last; then what goes.
    fn in_order(&self) -> impl Iterator<Item = (&str, &Rewritten)> {
        let mut all: Vec<_> = self
            .0
            .iter()
            .map(|(name, it)| (name.as_str(), it))
            .collect();
        all.sort_by_key(|(name, it)| (it.after.is_none(), *name == SUM_FILE));
        all.into_iter()
    }
}

/// A file as it is to be.
fn put(directory: &Utf8Path, name: &str, text: Option<&str>) -> Result<(), DirectoryError> {
    let path = directory.join(name);
    match text {
        Some(text) => store(&path, text.as_bytes()),
        None => match fs_err::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(DirectoryError::Write { path, source })
            }
            _ => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use camino::{Utf8Path, Utf8PathBuf};

    use super::Rewrite;
    use crate::directory::{Directory, DirectoryError, NewFile};

    fn two() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("m")).unwrap();
        let mut directory = Directory::empty(&path);
        for name in ["a", "b"] {
            let now = "2026-11-23T12:05:00Z".parse().unwrap();
            let file = NewFile {
                name,
                text: "SELECT 1;\n",
            };
            directory.append(&[file], now).unwrap();
        }
        (folder, path)
    }

    fn contents(path: &Utf8Path) -> Vec<(String, String)> {
        let entries = path.read_dir_utf8().unwrap().map(|entry| {
            let path = entry.unwrap().into_path();
            let text = fs_err::read_to_string(&path).unwrap();
            (path.file_name().unwrap().to_owned(), text)
        });
        let mut all: Vec<_> = entries.collect();
        all.sort();
        all
    }

    fn second_renamed(path: &Utf8Path) -> Rewrite {
        let directory = Directory::load(path).unwrap();
        let first = &directory.files[0];
        let files = [
            (first.file_name.clone(), first.text.clone()),
            ("20270101000000_c.sql".to_owned(), "SELECT 2;\n".to_owned()),
        ];
        directory.rewrite(&files, &BTreeMap::new()).unwrap()
    }

    #[test]
    fn what_is_rewritten_is_intact_and_can_be_taken_back() {
        let (_folder, path) = two();
        let before = contents(&path);
        let rewrite = second_renamed(&path);
        rewrite.apply(&path).unwrap();
        let directory = Directory::load(&path).unwrap();
        assert!(directory.verify().is_empty());
        assert_eq!(directory.files[1].description, "c");
        rewrite.apply(&path).unwrap();
        rewrite.reversed().apply(&path).unwrap();
        assert_eq!(contents(&path), before);
        let same = Directory::load(&path).unwrap();
        let files = same.files.iter();
        let files = files.map(|it| (it.file_name.clone(), it.text.clone()));
        let files: Vec<_> = files.collect();
        assert!(same.rewrite(&files, &BTreeMap::new()).unwrap().is_empty());
    }

    #[test]
    fn what_was_edited_meanwhile_is_never_lost() {
        let (_folder, path) = two();
        let rewrite = second_renamed(&path);
        fs_err::write(path.join("20270101000000_c.sql"), "mine").unwrap();
        let before = contents(&path);
        let error = rewrite.apply(&path).unwrap_err();
        assert!(matches!(error, DirectoryError::Edited { .. }), "{error}");
        assert_eq!(contents(&path), before);
    }

    #[test]
    fn what_stands_in_the_way_stops_it_before_anything_is_written() {
        let (_folder, path) = two();
        let rewrite = second_renamed(&path);
        let before = contents(&path);
        let blocked = path.join("20270101000000_c.sql");
        fs_err::create_dir(&blocked).unwrap();
        assert!(rewrite.apply(&path).is_err());
        fs_err::remove_dir(&blocked).unwrap();
        assert_eq!(contents(&path), before);
    }
}
