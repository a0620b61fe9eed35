//! Rows of another tool and files of ours: which are the same, and what cannot be told.

use std::borrow::Cow;

use super::foreign::{FormerHistory, FormerRow, Predecessor};
use crate::directory::{
    Directory, MigrationFile, Scope, Version, is_counted, is_renumbered, without_asides,
};

/// What the table of another tool says about a directory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Takeover {
    /// The tool.
    pub tool: Predecessor,
    /// Its table.
    pub table: String,
    /// How many rows it has.
    pub rows: usize,
    /// The rows that are files of the directory, in order.
    pub files: Vec<TakenFile>,
    /// The rows that are older than the directory: no file of it is one of them.
    pub older: Vec<String>,
}

/// A file that the other tool has executed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TakenFile {
    /// The version.
    pub version: Version,
    /// The file name.
    pub file: String,
    /// What became of its checksum.
    pub check: Checksum,
}

/// What became of a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Checksum {
    /// The file is what the tool executed, apart from line ends and directives of ours.
    Same,
    /// The file is something else.
    Different,
    /// The tool keeps none.
    Unknown,
}

/// Why a database cannot be taken over from another tool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TakeoverError {
    /// The tool has executed nothing.
    #[error("{table} has no row: {tool} has migrated nothing here")]
    Empty {
        /// The tool.
        tool: Predecessor,
        /// Its table.
        table: String,
    },
    /// A migration of the tool failed half-way.
    #[error("{table} says that {} failed", list("version", versions))]
    Dirty {
        /// The tool.
        tool: Predecessor,
        /// Its table.
        table: String,
        /// The versions.
        versions: Vec<String>,
    },
    /// The tool has executed what the directory does not have.
    #[error(
        "{tool} has executed {}, of which the directory has no file",
        list("version", versions)
    )]
    NoFile {
        /// The tool.
        tool: Predecessor,
        /// The versions.
        versions: Vec<String>,
    },
    /// The tool has left out files before the newest that it has executed.
    #[error(
        "{tool} has not executed {}, but {newest}, which comes later",
        list("file", files)
    )]
    LeftOut {
        /// The tool.
        tool: Predecessor,
        /// The files.
        files: Vec<String>,
        /// The newest file that it has executed.
        newest: String,
    },
    /// The directory has another order than the tool.
    #[error("`{later}` comes before `{earlier}` here, but {tool} executed it after that")]
    Order {
        /// The tool.
        tool: Predecessor,
        /// The file that the tool executed first.
        earlier: String,
        /// The file that it executed then.
        later: String,
    },
    /// Files are not what the tool executed.
    #[error("{tool} has executed something else than what {} now", says(files))]
    Different {
        /// The tool.
        tool: Predecessor,
        /// The files.
        files: Vec<String>,
    },
}

impl TakeoverError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Empty { .. } => "run `cargo migrate apply`, if the database is new".to_owned(),
            Self::Dirty { tool, .. } => format!(
                "bring the database to where {tool} calls it clean: finish or undo that migration, and correct its row"
            ),
            Self::NoFile { .. } => {
                "copy the files that were executed into the directory, with their versions, and run `cargo migrate hash`; or check out the release that the database is at".to_owned()
            }
            Self::LeftOut { tool, .. } => {
                format!("have {tool} execute them once more, or give them versions behind the newest")
            }
            Self::Order { .. } => {
                "versions compare as text: give all of them the same number of digits (`001_…`, `010_…`)".to_owned()
            }
            Self::Different { .. } => {
                "put the files back as they were executed (line ends and directives in comments at their head do not count); or, if the difference is known and good, name the version and give --no-verify".to_owned()
            }
        }
    }
}

impl Takeover {
    /// Compares the rows of another tool with the files of a directory.
    ///
    /// Where no row is a file at all, the directory was not made from the tool's: then `files` is
    /// empty, and the state of the database has to tell where it is.
    pub fn of(directory: &Directory, history: &FormerHistory) -> Result<Self, TakeoverError> {
        let tool = history.table.tool;
        let table = history.table.name.to_string();
        if history.rows.is_empty() {
            return Err(TakeoverError::Empty { tool, table });
        }
        let failed = history.rows.iter().filter(|row| !row.succeeded);
        let versions: Vec<_> = failed.map(|row| row.version.clone()).collect();
        if !versions.is_empty() {
            return Err(TakeoverError::Dirty {
                tool,
                table,
                versions,
            });
        }
        let rows = tool.rows(directory, history);
        let pairs: Vec<(&FormerRow, Option<usize>)> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row, tool.find(directory, row, place)))
            .collect();
        let older = pairs.iter().take_while(|(_, file)| file.is_none());
        let older: Vec<_> = older.map(|(row, _)| row.version.clone()).collect();
        let versions: Vec<_> = pairs[older.len()..]
            .iter()
            .filter(|(_, file)| file.is_none())
            .map(|(row, _)| row.version.clone())
            .collect();
        if !versions.is_empty() {
            return Err(TakeoverError::NoFile { tool, versions });
        }
        let places: Vec<usize> = pairs.iter().filter_map(|(_, file)| *file).collect();
        check_order(tool, directory, &places)?;
        let files = pairs.iter().filter_map(|(row, file)| {
            let file = &directory.files[(*file)?];
            Some(TakenFile {
                version: file.version.clone(),
                file: file.file_name.clone(),
                check: tool.check(row, file),
            })
        });
        Ok(Self {
            tool,
            table,
            rows: rows.len(),
            files: files.collect(),
            older,
        })
    }

    /// The version that the database is at; `None` where no row is a file.
    pub fn version(&self) -> Option<&Version> {
        self.files.last().map(|file| &file.version)
    }

    /// Refuses files that are not what the tool executed.
    pub fn check(&self) -> Result<(), TakeoverError> {
        let different = self
            .files
            .iter()
            .filter(|file| file.check == Checksum::Different);
        let files: Vec<_> = different.map(|file| file.file.clone()).collect();
        if files.is_empty() {
            return Ok(());
        }
        Err(TakeoverError::Different {
            tool: self.tool,
            files,
        })
    }
}

impl Predecessor {
    /// The rows of a history; of a tool that keeps the newest version only, one for each file up to it.
    fn rows<'a>(self, directory: &Directory, history: &'a FormerHistory) -> Cow<'a, [FormerRow]> {
        let newest = history.rows.first().map(|row| row.version.as_str());
        let (Self::GolangMigrate, Some(newest)) = (self, newest) else {
            return Cow::Borrowed(&history.rows);
        };
        let version = |file: &MigrationFile| self.key(file.version.as_str());
        let newest = self.key(newest);
        let files = &directory.files;
        let Some(last) = files.iter().position(|file| version(file) == newest) else {
            return Cow::Borrowed(&history.rows);
        };
        let row = |file| FormerRow {
            version: version(file),
            name: None,
            succeeded: true,
            checksum: None,
        };
        files[..=last].iter().map(row).collect()
    }

    /// The place of the file that a row, which is at `place` of its table, is about.
    fn find(self, directory: &Directory, row: &FormerRow, place: usize) -> Option<usize> {
        let files = &directory.files;
        if self == Self::Drizzle {
            // There is nothing in the table but checksums, in the order of the journal.
            let same = files.iter().position(|file| self.is_same(row, file));
            return same.or_else(|| (place < files.len()).then_some(place));
        }
        // An import that could not keep the versions has left them in the names.
        let number = row.version.split('_').next().unwrap_or_default();
        let is_it = |file: &MigrationFile| {
            [row.version.as_str(), number]
                .iter()
                .any(|it| is_renumbered(file, it))
                || is_repeated(file, &row.version)
        };
        if let Some(place) = files.iter().position(is_it) {
            return Some(place);
        }
        let version = self.key(&row.version);
        let of_file = |file: &MigrationFile| self.key(file.version.as_str());
        let of_tool = |file: &MigrationFile| {
            !(is_counted(file) || self == Self::Flyway && file.description.starts_with("R_"))
        };
        files
            .iter()
            .position(|file| of_tool(file) && of_file(file) == version)
    }

    fn check(self, row: &FormerRow, file: &MigrationFile) -> Checksum {
        if row.checksum.is_none() {
            Checksum::Unknown
        } else if self.is_same(row, file) {
            Checksum::Same
        } else {
            Checksum::Different
        }
    }

    /// Whether the checksum is that of the file, apart from line ends and directives of ours.
    fn is_same(self, row: &FormerRow, file: &MigrationFile) -> bool {
        let Some(checksum) = &row.checksum else {
            return false;
        };
        let bare = without_directives(file);
        let behind = bare
            .strip_prefix('\n')
            .or_else(|| bare.strip_prefix("\r\n"));
        let texts = [Some(file.text.as_str()), Some(bare.as_str()), behind];
        let plain = texts.map(|text| text.map(without_asides));
        let texts = texts.into_iter().chain(plain.iter().map(Option::as_deref));
        texts.flatten().any(|text| {
            let unix = text.replace("\r\n", "\n");
            let windows = unix.replace('\n', "\r\n");
            [text, &unix, &windows]
                .into_iter()
                .any(|text| self.checksums(row, text).contains(checksum))
        })
    }
}

/// Whether a file was imported from this script of Flyway, `R__name.sql`.
fn is_repeated(file: &MigrationFile, script: &str) -> bool {
    let name = script
        .strip_suffix(".sql")
        .filter(|it| it.starts_with("R__"));
    let squeezed = |text: &str| text.replace(|it: char| !it.is_ascii_alphanumeric(), "");
    name.is_some_and(|name| {
        file.description.starts_with("R_") && squeezed(name) == squeezed(&file.description)
    })
}

/// The text without the directives about the whole file.
fn without_directives(file: &MigrationFile) -> String {
    let is_directive = |line: usize| {
        file.directives.iter().any(|directive| {
            directive.scope == Scope::File && usize::try_from(directive.line) == Ok(line)
        })
    };
    file.text
        .split_inclusive('\n')
        .enumerate()
        .filter(|(index, _)| !is_directive(index + 1))
        .map(|(_, line)| line)
        .collect()
}

fn check_order(
    tool: Predecessor,
    directory: &Directory,
    places: &[usize],
) -> Result<(), TakeoverError> {
    let name = |place: usize| directory.files[place].file_name.clone();
    if let Some(pair) = places.windows(2).find(|pair| pair[0] >= pair[1]) {
        return Err(TakeoverError::Order {
            tool,
            earlier: name(pair[0]),
            later: name(pair[1]),
        });
    }
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Ok(());
    };
    // What a checkpoint makes, the files before it have made.
    let is_left_out =
        |place: &usize| !places.contains(place) && !directory.files[*place].is_checkpoint();
    let between = (*first..*last).filter(is_left_out);
    let files: Vec<_> = between.map(name).collect();
    if files.is_empty() {
        return Ok(());
    }
    Err(TakeoverError::LeftOut {
        tool,
        files,
        newest: name(*last),
    })
}

fn list(noun: &str, names: &[String]) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("{noun}{plural} {}", names.join(", "))
}

fn says(files: &[String]) -> String {
    let verb = if files.len() == 1 { "says" } else { "say" };
    format!("{} {verb}", files.join(", "))
}
