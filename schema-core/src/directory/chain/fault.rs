//! What is wrong between the files of a directory and its sum file, each with its remedy.

use std::fmt;

use super::sum::{Hash, SUM_FILE};

/// Something wrong with the history. `Display` says what, [`ChainFault::help`] what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// There are files and no `atlas.sum`.
    SumMissing {
        /// How many files.
        files: usize,
    },
    /// A line of `atlas.sum` is no entry.
    SumMalformed {
        /// The line in `atlas.sum`.
        line: u32,
        /// Its text.
        text: String,
    },
    /// The first line of `atlas.sum` does not agree with the others.
    SumHeader {
        /// What it says.
        found: Hash,
        /// What the other lines give.
        expected: Hash,
    },
    /// The first place where files and `atlas.sum` differ.
    Difference {
        /// The file.
        file: String,
        /// The line in `atlas.sum`.
        line: u32,
        /// What was done to it.
        reason: Reason,
    },
    /// The sum is right, but for the files that another format of Atlas takes.
    OtherFormat {
        /// The first file that this format leaves out.
        left_out: String,
    },
    /// Two files of one version.
    SameVersion {
        /// The version.
        version: String,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
}

/// What was done to a file after it was hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not in `atlas.sum`.
    Added,
    /// Its bytes are not those that were hashed.
    Edited(Option<EditCause>),
    /// It is in `atlas.sum` only.
    Removed {
        /// The file that has its bytes now.
        renamed_to: Option<String>,
    },
}

/// How the bytes of a file differ from those that were hashed, where that could be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditCause {
    /// Hashed with CRLF, has LF.
    HashedWithCrlf,
    /// Hashed with LF, has CRLF.
    HashedWithLf,
    /// Hashed with a byte order mark, has none.
    HashedWithBom,
    /// Hashed without a byte order mark, has one.
    HashedWithoutBom,
    /// Hashed with a line end at the end of the file, has none.
    HashedWithFinalLineEnd,
    /// Hashed without a line end at the end of the file, has one.
    HashedWithoutFinalLineEnd,
    /// Hashed when it was empty.
    HashedEmpty,
}

impl ChainFault {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SumMissing { .. } => "D001",
            Self::SumMalformed { .. } => "D002",
            Self::SumHeader { .. } => "D003",
            Self::Difference {
                reason: Reason::Added,
                ..
            } => "D004",
            Self::Difference {
                reason: Reason::Edited(_),
                ..
            } => "D005",
            Self::Difference {
                reason: Reason::Removed { .. },
                ..
            } => "D006",
            Self::OtherFormat { .. } => "D007",
            Self::SameVersion { .. } => "D008",
        }
    }

    /// Where it shows: a file name and a line; the main place first.
    pub fn places(&self) -> Vec<(String, u32)> {
        let sum = |line| (SUM_FILE.to_owned(), line);
        match self {
            Self::SumMissing { .. } | Self::SumHeader { .. } | Self::OtherFormat { .. } => {
                vec![sum(1)]
            }
            Self::SumMalformed { line, .. } => vec![sum(*line)],
            Self::Difference {
                line,
                reason: Reason::Removed { renamed_to },
                ..
            } => {
                let renamed = renamed_to.as_ref().map(|name| (name.clone(), 1));
                std::iter::once(sum(*line)).chain(renamed).collect()
            }
            Self::Difference { file, line, .. } => vec![sum(*line), (file.clone(), 1)],
            Self::SameVersion { first, second, .. } => {
                vec![(second.clone(), 1), (first.clone(), 1)]
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::SumMissing { .. } => "`cargo migrate hash` makes it; it refuses where the files are not those of the base branch".to_owned(),
            Self::SumMalformed { text, .. } if is_merge_marker(text) => {
                "`cargo migrate rebase` resolves it, and puts this branch's migrations behind those of the base branch".to_owned()
            }
            Self::SumMalformed { .. } | Self::SumHeader { .. } => {
                "atlas.sum is never edited or merged by hand: `cargo migrate rebase` makes it again, with this branch's migrations behind those of the base branch".to_owned()
            }
            Self::Difference { reason: Reason::Added, .. } => {
                "`cargo migrate hash` takes it in; where it is older than migrations of the base branch, `cargo migrate rebase` gives it a newer version first".to_owned()
            }
            Self::Difference { reason: Reason::Edited(Some(cause)), .. } => cause.help().to_owned(),
            Self::Difference { reason: Reason::Edited(None), .. } => {
                "a change goes into a new migration: `cargo migrate rebase` puts the file back as it is on the base branch. One of this branch alone it takes in as it is, as `cargo migrate hash` does".to_owned()
            }
            Self::Difference { reason: Reason::Removed { renamed_to: Some(new) }, file, .. } => {
                format!("`cargo migrate rebase` makes `{new}` again `{file}`, as it is on the base branch. A file of this branch alone it takes in under its new name, as `cargo migrate hash` does")
            }
            Self::Difference { reason: Reason::Removed { renamed_to: None }, .. } => {
                "what it did is undone by a new migration: `cargo migrate rebase` restores the file as it is on the base branch. Of one of this branch alone it drops the line, as `cargo migrate hash` does".to_owned()
            }
            Self::OtherFormat { .. } => "atlas.sum was written with `--dir-format golang-migrate`: move the `.down.sql` files out, drop `.up` from the names of the others, and make the sum again with `atlas migrate hash`".to_owned(),
            Self::SameVersion { .. } => {
                "`cargo migrate rebase` gives the one that is this branch's own a version of its own".to_owned()
            }
        }
    }
}

fn is_merge_marker(text: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|marker| text.starts_with(marker))
}

impl fmt::Display for ChainFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SumMissing { files: 1 } => {
                write!(formatter, "there is one migration and no {SUM_FILE}")
            }
            Self::SumMissing { files } => {
                write!(formatter, "there are {files} migrations and no {SUM_FILE}")
            }
            Self::SumMalformed { line, text } if is_merge_marker(text) => {
                write!(
                    formatter,
                    "line {line} of {SUM_FILE} is left from a merge: `{text}`"
                )
            }
            Self::SumMalformed { line, text } => {
                write!(formatter, "line {line} of {SUM_FILE} is no entry: `{text}`")
            }
            Self::SumHeader { .. } => {
                write!(
                    formatter,
                    "line 1 of {SUM_FILE} does not agree with its other lines: it was merged or edited by hand"
                )
            }
            Self::Difference { file, line, reason } => match reason {
                Reason::Added => {
                    write!(formatter, "`{file}` was added (line {line} of {SUM_FILE})")
                }
                Reason::Edited(None) => {
                    write!(formatter, "`{file}` was edited (line {line} of {SUM_FILE})")
                }
                Reason::Edited(Some(cause)) => write!(
                    formatter,
                    "`{file}` was edited (line {line} of {SUM_FILE}): {cause}"
                ),
                Reason::Removed { renamed_to: None } => write!(
                    formatter,
                    "`{file}` was removed (line {line} of {SUM_FILE})"
                ),
                Reason::Removed {
                    renamed_to: Some(new),
                } => {
                    write!(
                        formatter,
                        "`{file}` was removed (line {line} of {SUM_FILE}): `{new}` has its contents"
                    )
                }
            },
            Self::OtherFormat { left_out } => write!(
                formatter,
                "{SUM_FILE} covers only the `.up.sql` files, as golang-migrate has them, and not `{left_out}`"
            ),
            Self::SameVersion {
                version,
                first,
                second,
            } => {
                write!(
                    formatter,
                    "`{first}` and `{second}` have the same version {version}"
                )
            }
        }
    }
}

impl EditCause {
    fn help(self) -> &'static str {
        match self {
            Self::HashedWithCrlf => {
                "keep git from changing line ends (`*.sql -text` in .gitattributes); `cargo migrate rebase` then takes the line ends that git has"
            }
            Self::HashedWithLf => {
                "keep git and editors from changing line ends (`*.sql -text` in .gitattributes); `cargo migrate rebase` then takes the line ends that git has"
            }
            Self::HashedWithBom | Self::HashedWithoutBom => {
                "an editor changed the begin of the file: `cargo migrate rebase` puts it back as it is in git"
            }
            Self::HashedWithFinalLineEnd | Self::HashedWithoutFinalLineEnd => {
                "an editor changed the end of the file: `cargo migrate rebase` puts it back as it is in git"
            }
            Self::HashedEmpty => {
                "it was written after it was hashed: `cargo migrate hash` takes it in"
            }
        }
    }
}

impl fmt::Display for EditCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::HashedWithCrlf => "it was hashed with CRLF line ends and has LF now",
            Self::HashedWithLf => "it was hashed with LF line ends and has CRLF now",
            Self::HashedWithBom => "it was hashed with a byte order mark and has none now",
            Self::HashedWithoutBom => "it was hashed without a byte order mark and has one now",
            Self::HashedWithFinalLineEnd => {
                "it was hashed with a line end at its end and has none now"
            }
            Self::HashedWithoutFinalLineEnd => {
                "it was hashed without a line end at its end and has one now"
            }
            Self::HashedEmpty => "it was hashed when it was empty",
        })
    }
}
