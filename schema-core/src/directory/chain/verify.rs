//! Whether files are what a sum file says.

use std::collections::BTreeMap;

use super::fault::{ChainFault, EditCause, Reason};
use super::sum::{Chain, Hash, ReadSum, SumEntry};

/// A file as the chain sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
    /// The chain up to its end; `None` if it asks to be left out.
    pub(crate) hash: Option<&'a Hash>,
}

/// What a file is known by, and what its name says after that.
pub(crate) fn version_and_description(file_name: &str) -> (&str, &str) {
    let stem = file_name.strip_suffix(".sql").unwrap_or(file_name);
    stem.split_once('_').unwrap_or((stem, ""))
}

/// Names that are the same version, for files in the order of their names.
pub(crate) fn version_faults(files: &[Link<'_>]) -> Vec<ChainFault> {
    let mut versions = BTreeMap::new();
    let same = files.iter().filter_map(|file| {
        let (version, _) = version_and_description(file.name);
        let first = versions.insert(version, file.name)?;
        Some(ChainFault::SameVersion {
            version: version.to_owned(),
            first: first.to_owned(),
            second: file.name.to_owned(),
        })
    });
    same.collect()
}

/// What is wrong between files, in the order of their names, and the sum file.
///
/// Of the chain only the first difference is known, because each hash covers all before it.
pub(crate) fn chain_faults(files: &[Link<'_>], sum: Option<&ReadSum>) -> Vec<ChainFault> {
    let Some(read) = sum else {
        let missing = ChainFault::SumMissing { files: files.len() };
        return if files.is_empty() {
            Vec::new()
        } else {
            vec![missing]
        };
    };
    if !read.malformed.is_empty() {
        let faults = read
            .malformed
            .iter()
            .map(|(line, text)| ChainFault::SumMalformed {
                line: *line,
                text: text.clone(),
            });
        return faults.collect();
    }
    let mut faults = Vec::new();
    let expected = read.sum.total();
    if read.header != expected {
        faults.push(ChainFault::SumHeader {
            found: read.header.clone(),
            expected,
        });
    }
    faults.extend(first_difference(files, &read.sum.entries));
    faults
}

fn first_difference(files: &[Link<'_>], listed: &[SumEntry]) -> Option<ChainFault> {
    let computed: Vec<SumEntry> = files
        .iter()
        .filter_map(|file| {
            Some(SumEntry {
                name: file.name.to_owned(),
                hash: file.hash?.clone(),
            })
        })
        .collect();
    let index = (0..listed.len().max(computed.len()))
        .find(|index| listed.get(*index) != computed.get(*index))?;
    if let Some(left_out) = golang_migrate_leaves_out(files, listed) {
        return Some(ChainFault::OtherFormat { left_out });
    }
    let line = u32::try_from(index + 2).unwrap_or(u32::MAX);
    let place = |name: &str| computed.iter().position(|found| found.name == name);
    let (file, reason) = match (computed.get(index), listed.get(index)) {
        (Some(found), None) => (&found.name, Reason::Added),
        (Some(found), Some(entry)) if found.name == entry.name => {
            (&entry.name, Reason::Edited(edit_cause(files, entry)))
        }
        (Some(found), Some(entry)) if place(&entry.name).is_some() => (&found.name, Reason::Added),
        // Also a line that names a file a second time, behind the last file.
        (_, Some(entry)) => {
            let renamed_to = renamed_to(files, entry, listed);
            (&entry.name, Reason::Removed { renamed_to })
        }
        (None, None) => return None,
    };
    let file = file.clone();
    Some(ChainFault::Difference { file, line, reason })
}

/// The chain up to the file of this name.
fn chain_before<'a>(files: impl Iterator<Item = &'a Link<'a>>, name: &str) -> Chain {
    let mut chain = Chain::default();
    for file in files.take_while(|file| file.name < name) {
        chain.add(file.name, file.text.as_bytes());
    }
    chain
}

/// The file that has the bytes of a removed one; none where the removed one is there and asks to be
/// left out of the sum.
fn renamed_to(files: &[Link<'_>], entry: &SumEntry, listed: &[SumEntry]) -> Option<String> {
    if files.iter().any(|file| file.name == entry.name) {
        return None;
    }
    let moved = files.iter().find(|file| {
        let is_new = listed.iter().all(|other| other.name != file.name);
        // Under its new name it may sort before its old place.
        let others = files.iter().filter(|other| other.name != file.name);
        is_new
            && chain_before(others, &entry.name)
                .peek(&entry.name, file.text.as_bytes())
                .as_ref()
                == Some(&entry.hash)
    });
    moved.map(|file| file.name.to_owned())
}

/// Tries the usual accidents: which of them gives the listed hash?
fn edit_cause(files: &[Link<'_>], entry: &SumEntry) -> Option<EditCause> {
    const BOM: &str = "\u{feff}";
    let text = files.iter().find(|file| file.name == entry.name)?.text;
    let with_lf = text.replace("\r\n", "\n");
    let final_end = text
        .strip_suffix('\n')
        .map(|text| text.strip_suffix('\r').unwrap_or(text));
    let variants = [
        (
            EditCause::HashedWithCrlf,
            Some(with_lf.replace('\n', "\r\n")),
        ),
        (EditCause::HashedWithLf, Some(with_lf)),
        (
            EditCause::HashedWithoutBom,
            text.strip_prefix(BOM).map(str::to_owned),
        ),
        (EditCause::HashedWithBom, Some(format!("{BOM}{text}"))),
        (
            EditCause::HashedWithoutFinalLineEnd,
            final_end.map(str::to_owned),
        ),
        (EditCause::HashedWithFinalLineEnd, Some(format!("{text}\n"))),
        (
            EditCause::HashedWithFinalLineEnd,
            Some(format!("{text}\r\n")),
        ),
        (EditCause::HashedEmpty, Some(String::new())),
    ];
    let chain = chain_before(files.iter(), &entry.name);
    let fits =
        |text: &String| chain.peek(&entry.name, text.as_bytes()).as_ref() == Some(&entry.hash);
    variants
        .into_iter()
        .find(|(_, variant)| variant.as_ref().is_some_and(fits))
        .map(|(cause, _)| cause)
}

/// The first `.down.sql`, if the others are all `.up.sql` and the sum is right for those.
fn golang_migrate_leaves_out(files: &[Link<'_>], listed: &[SumEntry]) -> Option<String> {
    let (up, down): (Vec<&Link<'_>>, Vec<&Link<'_>>) = files
        .iter()
        .partition(|file| file.name.ends_with(".up.sql"));
    let left_out = down.first()?;
    if !down.iter().all(|file| file.name.ends_with(".down.sql")) {
        return None;
    }
    let mut chain = Chain::default();
    let entries = up.into_iter().filter_map(|file| {
        let hash = chain.add(file.name, file.text.as_bytes())?;
        Some(SumEntry {
            name: file.name.to_owned(),
            hash,
        })
    });
    let entries = entries.collect::<Vec<_>>();
    (!entries.is_empty() && entries == listed).then(|| left_out.name.to_owned())
}
