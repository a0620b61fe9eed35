//! `atlas.sum`: the hash chain over the files of a directory.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The name of the sum file.
pub const SUM_FILE: &str = "atlas.sum";

const PREFIX: &str = "h1:";

/// A SHA-256 digest in base64, as the sum file and the history table have it, without `h1:`.
///
/// The text is kept as it was read, so that a damaged one still compares and prints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(String);

impl Hash {
    /// A hash read from elsewhere; a leading `h1:` is dropped.
    pub fn new(text: &str) -> Self {
        Self(text.strip_prefix(PREFIX).unwrap_or(text).to_owned())
    }

    /// The 44 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest of what was fed to `state`.
    pub(crate) fn of(state: Sha256) -> Self {
        Self(STANDARD.encode(state.finalize()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", self.0)
    }
}

/// A line of the sum file: a file, and the hash of everything up to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumEntry {
    /// File name.
    pub name: String,
    /// Digest of all names and bodies up to here.
    pub hash: Hash,
}

/// The contents of `atlas.sum`. `Display` gives its exact text.
///
/// ```
/// # use schema_core::directory::SumFile;
/// let empty = SumFile::default();
/// assert_eq!(empty.to_string(), "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SumFile {
    /// One entry a hashed file, in order.
    pub entries: Vec<SumEntry>,
}

impl SumFile {
    /// The first line: the hash over all entries.
    pub fn total(&self) -> Hash {
        let mut state = Sha256::new();
        for entry in &self.entries {
            state.update(&entry.name);
            state.update(entry.hash.as_str());
        }
        Hash::of(state)
    }
}

impl fmt::Display for SumFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.total())?;
        for entry in &self.entries {
            writeln!(formatter, "{} {}", entry.name, entry.hash)?;
        }
        Ok(())
    }
}

/// A sum file as it was found on disk: it may not be what it claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadSum {
    /// The hash on the first line.
    pub(crate) header: Hash,
    /// The entries, each with its line.
    pub(crate) sum: SumFile,
    /// Lines that are no entry.
    pub(crate) malformed: Vec<(u32, String)>,
}

impl ReadSum {
    pub(crate) fn parse(text: &str) -> Self {
        let mut lines: Vec<&str> = text.split('\n').collect();
        // The text after the last line end is no line.
        if lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        let mut lines = lines
            .into_iter()
            .map(|line| line.strip_suffix('\r').unwrap_or(line));
        let first = lines.next().unwrap_or_default();
        let header = Hash::new(first);
        let mut sum = SumFile::default();
        let mut malformed = Vec::new();
        for (line, number) in lines.zip(2_u32..) {
            match line.split_once(PREFIX) {
                Some((name, hash)) => {
                    sum.entries.push(SumEntry {
                        name: name.trim().to_owned(),
                        hash: Hash(hash.to_owned()),
                    });
                }
                None => malformed.push((number, line.to_owned())),
            }
        }
        if !first.starts_with(PREFIX) && !first.is_empty() {
            malformed.insert(0, (1, first.to_owned()));
        }
        Self {
            header,
            sum,
            malformed,
        }
    }
}

/// The running digest: fed file by file, never reset.
#[derive(Clone, Default)]
pub(crate) struct Chain(Sha256);

impl Chain {
    /// Adds a file; `None` if it asks to be left out, when only its name counts.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Option<Hash> {
        self.0.update(name);
        if is_sum_ignored(bytes) {
            return None;
        }
        self.0.update(bytes);
        Some(Hash::of(self.0.clone()))
    }

    /// What [`Chain::add`] would say, without adding.
    pub(crate) fn peek(&self, name: &str, bytes: &[u8]) -> Option<Hash> {
        self.clone().add(name, bytes)
    }
}

/// Atlas's rule, to the byte: the first line has printable ASCII, `atlas:sum`, spaces, and exactly
/// `ignore` up to the line feed. A carriage return or a trailing space makes it an ordinary comment.
pub(crate) fn is_sum_ignored(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let printable = line
        .iter()
        .take_while(|byte| (0x20..=0x7e).contains(*byte))
        .count();
    let Ok(line) = std::str::from_utf8(line) else {
        return false;
    };
    // The run before `atlas:` is greedy, so the last one that a word follows is the directive.
    let Some((_, directive)) = line
        .match_indices("atlas:")
        .filter(|(at, _)| *at <= printable)
        .map(|(at, marker)| (at, &line[at + marker.len()..]))
        .filter(|(_, rest)| {
            rest.starts_with(|character: char| {
                character.is_ascii_alphanumeric() || character == '_'
            })
        })
        .last()
    else {
        return false;
    };
    directive
        .strip_prefix("sum")
        .filter(|rest| rest.starts_with(' '))
        .is_some_and(|rest| rest.trim_start_matches(' ') == "ignore")
}
