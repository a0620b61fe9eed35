//! The files that findings point at: their paths for people and for machines, and their text.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

/// Paths and texts of files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    cwd: Utf8PathBuf,
    root: Utf8PathBuf,
    files: BTreeMap<String, Source>,
}

#[derive(Clone, Debug)]
struct Source {
    path: Utf8PathBuf,
    text: Option<String>,
}

impl Sources {
    /// The files that places name: as written from here, in the migration directory, or in the
    /// repository. What is not there any more has no text.
    pub(crate) fn read<'a>(
        files: impl Iterator<Item = &'a str>,
        cwd: &Utf8Path,
        dir: &Utf8Path,
        root: &Utf8Path,
    ) -> Self {
        let mut sources = Self {
            cwd: cwd.to_owned(),
            root: real(root),
            files: BTreeMap::new(),
        };
        for file in files {
            sources.files.entry(file.to_owned()).or_insert_with(|| {
                let candidates = [cwd, dir, root].map(|folder| folder.join(file));
                let found = candidates.iter().find(|path| path.is_file());
                let text = found.and_then(|path| fs_err::read_to_string(path).ok());
                let [_, in_dir, _] = &candidates;
                Source {
                    path: found.unwrap_or(in_dir).clone(),
                    text,
                }
            });
        }
        sources
    }

    /// The path as it is typed from here.
    pub(crate) fn shown(&self, file: &str) -> Utf8PathBuf {
        let path = self.path(file);
        path.strip_prefix(&self.cwd).unwrap_or(path).to_owned()
    }

    /// The path in the repository, with `/`.
    pub(crate) fn in_repository(&self, file: &str) -> String {
        let path = real(self.path(file));
        let path = path.strip_prefix(&self.root).unwrap_or(&path);
        path.as_str().replace('\\', "/")
    }

    /// The text of a file, where it is there.
    pub(crate) fn text(&self, file: &str) -> Option<&str> {
        self.files.get(file)?.text.as_deref()
    }

    fn path<'a>(&'a self, file: &'a str) -> &'a Utf8Path {
        self.files
            .get(file)
            .map_or(Utf8Path::new(file), |source| source.path.as_path())
    }
}

/// Without symbolic links, as git names paths; what is not there stays as it is.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned())
}
