//! What is wrong with a directory, worked out apart from the product's code.
//!
//! The rules are those of Atlas's files: one running SHA-256 over names and bodies, a line for each
//! hashed file, a first line over the lines, and of the differences the first. The product's types
//! are used, for what it says is compared with this, and none of its functions.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::bytes::Regex;
use schema_core::directory::{ChainFault, EditCause, Hash, Reason};
use sha2::{Digest as _, Sha256};

/// The bodies of a directory's files, by name.
pub(super) type Files = BTreeMap<String, String>;

/// The lines of a sum, as pairs of name and hash, without `h1:`.
pub(super) type Lines = Vec<(String, String)>;

/// A directory: its `.sql` files, and its sum file if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// Its files.
    pub(super) files: Files,
    /// The text of its sum file.
    pub(super) sum: Option<String>,
}

impl State {
    /// Files, and the sum that goes with them.
    pub(super) fn hashed(files: Files) -> Self {
        let sum = Some(sum_text(&lines_of(&files)));
        Self { files, sum }
    }
}

/// A sum file as it reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sum {
    header: String,
    lines: Lines,
    malformed: Vec<(u32, String)>,
}

/// Everything that is wrong between files and sum. `hashed` are the files as they were when their
/// lines were written, by which the causes of edits are known.
pub(super) fn verdict(state: &State, hashed: &Files) -> Vec<ChainFault> {
    let Some(text) = &state.sum else {
        let files = state.files.len();
        let missing = (files > 0).then_some(ChainFault::SumMissing { files });
        return missing.into_iter().collect();
    };
    let sum = read(text);
    if !sum.malformed.is_empty() {
        let lines = sum.malformed.into_iter();
        return lines
            .map(|(line, text)| ChainFault::SumMalformed { line, text })
            .collect();
    }
    let right = total(&sum.lines);
    let header = (sum.header != right).then(|| ChainFault::SumHeader {
        found: Hash::new(&sum.header),
        expected: Hash::new(&right),
    });
    let difference = first_difference(&state.files, &sum.lines, hashed);
    header.into_iter().chain(difference).collect()
}

/// Whether nothing differs that a hash covers, and the sums read the same: then there is nothing
/// to tell. Looks at the texts, not at hashes.
pub(super) fn is_same(one: &State, other: &State) -> bool {
    // No file and no sum is as good as the sum of no file.
    let sum = |state: &State| match &state.sum {
        None if state.files.is_empty() => Some(read(&sum_text(&Vec::new()))),
        text => text.as_deref().map(read),
    };
    covered(&one.files) == covered(&other.files) && sum(one) == sum(other)
}

/// What the last line of a sum covers: names, and the bodies that count.
fn covered(files: &Files) -> Vec<(&str, Option<&str>)> {
    let mut all: Vec<_> = files.iter().map(counted).collect();
    while all.last().is_some_and(|(_, body)| body.is_none()) {
        all.pop();
    }
    all
}

/// A file as the chain takes it: its name, and its body unless that asks to be left out.
fn counted<'a>((name, body): (&'a String, &'a String)) -> (&'a str, Option<&'a str>) {
    (name, (!is_ignored(body)).then_some(body))
}

/// Lines end with LF, and a CR before it does not count. What follows the last LF is a line only
/// if there is something.
fn read(text: &str) -> Sum {
    let mut pieces: Vec<&str> = text.split('\n').collect();
    if pieces.last() == Some(&"") {
        pieces.pop();
    }
    let mut pieces = pieces
        .into_iter()
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let first = pieces.next().unwrap_or_default();
    let mut sum = Sum {
        header: first.strip_prefix("h1:").unwrap_or(first).to_owned(),
        lines: Vec::new(),
        malformed: Vec::new(),
    };
    // Atlas takes a first line without `h1:`; what is there instead is told better as no entry.
    if !first.is_empty() && !first.starts_with("h1:") {
        sum.malformed.push((1, first.to_owned()));
    }
    for (number, line) in (2..).zip(pieces) {
        match line.find("h1:") {
            Some(at) => {
                let hash = line[at + "h1:".len()..].to_owned();
                sum.lines.push((line[..at].trim().to_owned(), hash));
            }
            None => sum.malformed.push((number, line.to_owned())),
        }
    }
    sum
}

fn lines_of(files: &Files) -> Lines {
    let mut chain = Sha256::new();
    let mut lines = Vec::new();
    for (name, body) in files {
        chain.update(name);
        if !is_ignored(body) {
            chain.update(body);
            lines.push((name.clone(), STANDARD.encode(chain.clone().finalize())));
        }
    }
    lines
}

/// The files with the line ends that give the lines of a sum, as far as there are such.
pub(super) fn as_hashed(files: &Files, sum: &str) -> Files {
    let listed = read(sum).lines;
    let mut hashed = Files::new();
    for (name, body) in files {
        hashed.insert(name.clone(), body.replace('\n', "\r\n"));
        if lines_of(&hashed).last() != listed.get(hashed.len() - 1) {
            hashed.insert(name.clone(), body.clone());
        }
    }
    hashed
}

fn sum_text(lines: &Lines) -> String {
    let entries = lines
        .iter()
        .map(|(name, hash)| format!("{name} h1:{hash}\n"));
    let entries: String = entries.collect();
    format!("h1:{}\n{entries}", total(lines))
}

fn total(lines: &Lines) -> String {
    let mut chain = Sha256::new();
    for (name, hash) in lines {
        chain.update(name);
        chain.update(hash);
    }
    STANDARD.encode(chain.finalize())
}

/// Whether the first line asks to leave the body out.
fn is_ignored(body: &str) -> bool {
    static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?-u)\A[\x20-\x7E]*atlas:([0-9A-Za-z_]+)(?: *(.*))").expect("a good pattern")
    });
    let first = body.split('\n').next().unwrap_or_default();
    let found = first
        .contains("atlas:")
        .then(|| DIRECTIVE.captures(first.as_bytes()));
    let found = found.flatten();
    found.is_some_and(|found| &found[1] == b"sum" && &found[2] == b"ignore")
}

fn first_difference(files: &Files, listed: &Lines, hashed: &Files) -> Option<ChainFault> {
    let is = lines_of(files);
    if is == *listed {
        return None;
    }
    if let Some(left_out) = up_files_only(files, listed) {
        return Some(ChainFault::OtherFormat { left_out });
    }
    let same = is.iter().zip(listed).take_while(|(is, was)| is == was);
    let index = same.count();
    let removed = |name: &String| {
        let renamed_to = new_name(files, hashed, name);
        (name.clone(), Reason::Removed { renamed_to })
    };
    let place = |name: &String| is.iter().position(|(there, _)| there == name);
    let (file, reason) = match (is.get(index), listed.get(index)) {
        (Some((name, _)), None) => (name.clone(), Reason::Added),
        (Some((name, _)), Some(line)) if *name == line.0 => {
            let alone = is_line_of(hashed, line) && is_same_before(files, hashed, name);
            let was = hashed.get(name).filter(|_| alone);
            let cause = was.and_then(|was| cause(was, &files[name]));
            (name.clone(), Reason::Edited(cause))
        }
        (Some((name, _)), Some((listed, _))) if place(listed).is_some() => {
            (name.clone(), Reason::Added)
        }
        // Also where a line names a file a second time, behind the last file.
        (_, Some((listed, _))) => removed(listed),
        (None, None) => return None,
    };
    Some(ChainFault::Difference {
        file,
        line: u32::try_from(index).expect("few lines") + 2,
        reason,
    })
}

/// Whether a line is still as it was written.
fn is_line_of(hashed: &Files, line: &(String, String)) -> bool {
    lines_of(hashed).contains(line)
}

/// Whether what the hash of a file covers is what it was, but for the file itself.
fn is_same_before(files: &Files, hashed: &Files, name: &String) -> bool {
    let before = |files| Files::range::<String, _>(files, ..name).map(counted);
    before(files).eq(before(hashed))
}

/// The first new file that has the body which a removed one had.
fn new_name(files: &Files, hashed: &Files, removed: &String) -> Option<String> {
    let body = hashed.get(removed)?;
    let mut same = files
        .iter()
        // A body that asks to be left out had no line.
        .filter(|(name, there)| !hashed.contains_key(*name) && *there == body && !is_ignored(body));
    same.next().map(|(name, _)| name.clone())
}

/// What an editor or git does to a file without being asked, where that is all that was done.
fn cause(was: &str, is: &str) -> Option<EditCause> {
    const BOM: &str = "\u{feff}";
    let to_lf = |text: &str| text.replace("\r\n", "\n");
    let to_crlf = |text: &str| to_lf(text).replace('\n', "\r\n");
    if was == is {
        None
    } else if was == to_crlf(is) {
        Some(EditCause::HashedWithCrlf)
    } else if was == to_lf(is) {
        Some(EditCause::HashedWithLf)
    } else if is.strip_prefix(BOM) == Some(was) {
        Some(EditCause::HashedWithoutBom)
    } else if was.strip_prefix(BOM) == Some(is) {
        Some(EditCause::HashedWithBom)
    } else if is.strip_suffix("\r\n").or(is.strip_suffix('\n')) == Some(was) {
        Some(EditCause::HashedWithoutFinalLineEnd)
    } else if [was.strip_suffix("\r\n"), was.strip_suffix('\n')].contains(&Some(is)) {
        Some(EditCause::HashedWithFinalLineEnd)
    } else if was.is_empty() {
        Some(EditCause::HashedEmpty)
    } else {
        None
    }
}

/// golang-migrate's files come in pairs, and that format of Atlas covers `.up.sql` alone: the first
/// `.down.sql`, where all the others have their lines.
fn up_files_only(files: &Files, listed: &Lines) -> Option<String> {
    let (up, others): (Files, Files) = files
        .clone()
        .into_iter()
        .partition(|(name, _)| name.ends_with(".up.sql"));
    let are_down = others.keys().all(|name| name.ends_with(".down.sql"));
    let first = others.keys().next().cloned()?;
    (are_down && !listed.is_empty() && lines_of(&up) == *listed).then_some(first)
}
