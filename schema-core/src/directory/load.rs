//! Reading a directory.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::chain::{Chain, Hash, ReadSum, SUM_FILE, SumEntry, SumFile};
use super::directive::Prefixes;
use super::error::DirectoryError;
use super::file::{MigrationFile, Version};
use super::foreign;
use super::structs::{STRUCTS_FILE, Structs};
use super::touched::{Record, TOUCHED_FILE};

/// The migrations of a project, in the order in which they run.
///
/// A loaded directory may have problems: [`Directory::verify`] tells.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Where it is.
    pub path: Utf8PathBuf,
    /// Its files, by name, byte by byte.
    pub files: Vec<MigrationFile>,
    pub(super) sum: Option<ReadSum>,
    pub(super) prefixes: Prefixes,
    pub(super) touched: Record,
    pub(super) structs: Option<Structs>,
}

impl Directory {
    /// Reads a directory, with the built-in directive prefixes.
    pub fn load(path: &Utf8Path) -> Result<Self, DirectoryError> {
        Self::load_with(path, &Prefixes::default())
    }

    /// Reads a directory, with a project's own directive prefixes.
    pub fn load_with(path: &Utf8Path, prefixes: &Prefixes) -> Result<Self, DirectoryError> {
        let names = list(path)?;
        let sum = read_if_there(&path.join(SUM_FILE))?;
        let touched = read_if_there(&path.join(TOUCHED_FILE))?;
        let structs = read_if_there(&path.join(STRUCTS_FILE))?;
        let is_foreign = |(tool, evidence)| DirectoryError::Foreign {
            path: path.to_owned(),
            tool,
            evidence,
        };
        if sum.is_none()
            && let Some(found) = foreign::by_names(names.iter().map(String::as_str))
        {
            return Err(is_foreign(found));
        }
        let mut texts = Vec::new();
        for name in names
            .into_iter()
            .filter(|name| name.strip_suffix(".sql").is_some() && !name.contains('/'))
        {
            let file = path.join(&name);
            if file.is_dir() {
                return Err(DirectoryError::WrongKind {
                    path: file,
                    expected: "file",
                });
            }
            let text = read(&file)?;
            if sum.is_none()
                && let Some(found) = foreign::by_text(&text)
            {
                return Err(is_foreign(found));
            }
            texts.push((name, text));
        }
        let directory = Self::from_texts(path, texts, sum.as_deref(), prefixes);
        let directory = match touched {
            Some(touched) => directory.with_touched(&touched),
            None => directory,
        };
        Ok(match structs {
            Some(structs) => directory.with_structs(&structs),
            None => directory,
        })
    }

    /// A directory that does not exist yet.
    pub fn empty(path: &Utf8Path) -> Self {
        Self::from_texts(path, Vec::new(), None, &Prefixes::default())
    }

    /// A directory by the names and texts of its files, and of its sum file.
    pub fn from_texts(
        path: &Utf8Path,
        mut texts: Vec<(String, String)>,
        sum: Option<&str>,
        prefixes: &Prefixes,
    ) -> Self {
        texts.sort();
        let mut chain = Chain::default();
        let files = texts
            .into_iter()
            .map(|(name, text)| {
                let hash = chain.add(&name, text.as_bytes());
                MigrationFile::new(name, text, hash, prefixes)
            })
            .collect();
        Self {
            path: path.to_owned(),
            files,
            sum: sum.map(ReadSum::parse),
            prefixes: prefixes.clone(),
            touched: Record::default(),
            structs: None,
        }
    }

    /// The sum file as it should be for the files.
    pub fn computed_sum(&self) -> SumFile {
        let entries = self.files.iter().filter_map(|file| {
            Some(SumEntry {
                name: file.file_name.clone(),
                hash: file.hash.clone()?,
            })
        });
        SumFile {
            entries: entries.collect(),
        }
    }

    /// The entries of the sum file as it was found; `None` where there is none.
    pub fn recorded_sum(&self) -> Option<&SumFile> {
        self.sum.as_ref().map(|read| &read.sum)
    }

    /// The hash over the whole directory, computed from its files.
    pub fn hash(&self) -> Hash {
        self.computed_sum().total()
    }

    /// The files that make the whole state on an empty database: from the last checkpoint on.
    pub fn from_checkpoint(&self) -> &[MigrationFile] {
        let checkpoint = self.files.iter().rposition(MigrationFile::is_checkpoint);
        &self.files[checkpoint.unwrap_or(0)..]
    }

    /// The chain hash up to the end of `last`, as if files had never been there.
    pub(crate) fn hash_without(
        &self,
        last: &MigrationFile,
        absent: impl Fn(&MigrationFile) -> bool,
    ) -> Option<Hash> {
        let mut chain = Chain::default();
        for file in self
            .files
            .iter()
            .take_while(|file| file.file_name < last.file_name)
            .filter(|file| !absent(file))
        {
            chain.add(&file.file_name, file.text.as_bytes());
        }
        chain.add(&last.file_name, last.text.as_bytes())
    }

    /// The file of a version.
    pub fn file(&self, version: &Version) -> Option<&MigrationFile> {
        self.files.iter().find(|file| file.version == *version)
    }
}

/// The names in a directory, sorted; those of its folders' files as `folder/file`.
fn list(path: &Utf8Path) -> Result<Vec<String>, DirectoryError> {
    let read_error = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => DirectoryError::Missing {
            path: path.to_owned(),
        },
        io::ErrorKind::NotADirectory => DirectoryError::WrongKind {
            path: path.to_owned(),
            expected: "directory",
        },
        _ => DirectoryError::Read {
            path: path.to_owned(),
            source,
        },
    };
    let mut names = Vec::new();
    for entry in fs_err::read_dir(path).map_err(read_error)? {
        let entry = entry.map_err(read_error)?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| DirectoryError::NotText {
                path: path.join(name.to_string_lossy().as_ref()),
                what: "the name".to_owned(),
            })?;
        if entry.file_type().map_err(read_error)?.is_dir() {
            // A look inside only tells whose directory it is; what cannot be read tells nothing.
            let inside = fs_err::read_dir(path.join(&name))
                .into_iter()
                .flatten()
                .flatten();
            names.extend(
                inside.map(|inner| format!("{name}/{}", inner.file_name().to_string_lossy())),
            );
        }
        names.push(name);
    }
    names.sort();
    Ok(names)
}

pub(super) fn read_if_there(path: &Utf8Path) -> Result<Option<String>, DirectoryError> {
    match read(path) {
        Ok(text) => Ok(Some(text)),
        Err(DirectoryError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read(path: &Utf8Path) -> Result<String, DirectoryError> {
    let bytes = fs_err::read(path).map_err(|source| DirectoryError::Read {
        path: path.to_owned(),
        source,
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good]
            .split(|byte| *byte == b'\n')
            .count();
        DirectoryError::NotText {
            path: path.to_owned(),
            what: format!("line {line}"),
        }
    })
}
