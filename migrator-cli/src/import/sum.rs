//! The `atlas.sum` of a folder of another tool that Atlas has been used on.

use camino::Utf8Path;
use schema_core::directory::{Directory, Prefixes, Problem, SUM_FILE};

use super::folder::Folder;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// Sees that the files are what the sum says, where there is one; gives what to know about it.
pub(super) fn check(folder: &Folder) -> Result<Option<String>, Failure> {
    if !folder.has(SUM_FILE) {
        return Ok(None);
    }
    let sum = folder.read_whole(SUM_FILE)?;
    let with =
        |texts| Directory::from_texts(Utf8Path::new("."), texts, Some(&sum), &Prefixes::default());
    let listed = with(Vec::new());
    let listed = listed.recorded_sum().map(|sum| sum.entries.as_slice());
    let names: Vec<String> = listed
        .unwrap_or_default()
        .iter()
        .map(|it| it.name.clone())
        .collect();
    if !names.is_sorted() {
        // The chain goes by the order, and this is none that we could tell.
        return Ok(Some(format!(
            "{SUM_FILE} has an order of its own, and was not compared"
        )));
    }
    let there = names.iter().filter(|name| folder.has(name));
    let texts = there.map(|name| Ok((name.clone(), folder.read_whole(name)?)));
    let directory = with(texts.collect::<Result<_, Failure>>()?);
    let problems = directory.verify();
    let faults = problems.iter().filter(|it| matches!(it, Problem::Chain(_)));
    let findings: Vec<_> = faults.map(|it| it.finding(&folder.shown)).collect();
    if findings.is_empty() {
        return Ok(Some(format!(
            "all files that {SUM_FILE} lists are what it says"
        )));
    }
    let message = format!(
        "`{}` is not what its {SUM_FILE} says; nothing was written",
        folder.shown
    );
    Err(Failure::findings(Exit::Integrity, message, findings))
}
