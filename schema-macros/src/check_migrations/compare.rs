//! What the sources say against what is on record.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Finding;
use super::message::{self, Changes};
use super::record::Line;
use super::sources::{Found, Sources};
use crate::spelling::{Kind, Spelling, WHOLE};

/// The lines of a name, which are several after a merge.
type Group<'a> = Vec<&'a Line>;

/// All that differs between the crate whose root is `root` and the record of a directory.
pub(super) fn compare(lines: &[Line], directory: &Path, folder: &str, root: &Path) -> Vec<Finding> {
    let sources = Sources::of_crate(root);
    let krate = std::env::var("CARGO_CRATE_NAME").ok();
    let is_own = |line: &&Line| krate.as_ref().is_none_or(|krate| line.krate == *krate);
    let mut by_name: BTreeMap<(Kind, &str), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by_name.entry(line.key()).or_default().push(line);
    }
    let mut findings = Vec::new();
    for found in &sources.found {
        let Some(spelling) = &found.spelling else {
            continue;
        };
        let all = by_name.get(&found.key());
        let all: &[&Line] = all.map_or(&[], Vec::as_slice);
        let own: Vec<&Line> = all.iter().copied().filter(|line| is_own(line)).collect();
        // It may have come from another crate as it was.
        let candidates = if own.is_empty() {
            with(all, spelling)
        } else {
            own
        };
        let text = difference(found, spelling, &candidates, directory, folder);
        findings.extend(text.map(|text| Finding {
            text,
            conditions: found.conditions.clone(),
        }));
    }
    if krate.is_some() {
        findings.extend(gone(lines.iter().filter(is_own), &sources, root));
    }
    findings
}

/// The lines that have this spelling.
fn with<'a>(lines: &[&'a Line], spelling: &Spelling) -> Vec<&'a Line> {
    let lines = lines.iter().copied();
    lines
        .filter(|line| line.spelling.whole == spelling.whole)
        .collect()
}

/// What to say of a table or type, if it is not as it is on record.
fn difference(
    found: &Found,
    spelling: &Spelling,
    lines: &[&Line],
    directory: &Path,
    folder: &str,
) -> Option<String> {
    let is_there = |line: &&Line| {
        line.file
            .as_ref()
            .is_none_or(|file| directory.join(file).is_file())
    };
    let exact = with(lines, spelling);
    if exact.iter().any(is_there) {
        return None;
    }
    if let Some(file) = exact.iter().find_map(|line| line.file.as_ref()) {
        return Some(message::file_gone(found, file, folder));
    }
    let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    for line in lines {
        groups.entry(&line.full_name).or_default().push(line);
    }
    let is_merged = |group: &Group<'_>| {
        let live: Group<'_> = group.iter().copied().filter(is_there).collect();
        live.len() > 1 && changes(spelling, &live).is_empty()
    };
    if groups.values().any(is_merged) {
        return None;
    }
    // Of tables that share a name in several schemas, the one of this struct.
    let of_item = |group: &&Group<'_>| group.iter().any(|line| line.item == found.item);
    let Some(group) = groups.values().find(of_item).or(groups.values().next()) else {
        // A newtype is nothing in the database before a column has it.
        return (found.kind != Kind::Newtype).then(|| message::new(found));
    };
    let file = group.iter().find_map(|line| line.file.as_deref());
    Some(message::changed(found, &changes(spelling, group), file))
}

/// What differs from the lines of a name. Of several each has a part: a field is as it should be if
/// one line has it so, and gone only if no line is without it.
fn changes(spelling: &Spelling, group: &Group<'_>) -> Changes {
    let parts = |name: &str| {
        let all = group.iter().map(|line| &line.spelling.parts);
        let all = all.filter_map(|parts| parts.iter().find(|(other, _)| other == name));
        all.map(|(_, part)| part).collect::<Vec<&String>>()
    };
    let mut changes = Changes::default();
    for (name, part) in &spelling.parts {
        let recorded = parts(name);
        if recorded.contains(&part) {
            continue;
        }
        if name == WHOLE {
            changes.head = true;
        } else if recorded.is_empty() {
            changes.added.push(name.clone());
        } else {
            changes.altered.push(name.clone());
        }
    }
    let recorded = group.iter().flat_map(|line| &line.spelling.parts);
    let names: BTreeSet<&String> = recorded.map(|(name, _)| name).collect();
    let gone = names.into_iter().filter(|name| {
        let mut said = spelling.parts.iter();
        parts(name).len() == group.len() && !said.any(|(other, _)| other == *name)
    });
    changes.gone = gone.cloned().collect();
    changes
}

/// What is on record of the crate and not in its sources any more.
fn gone<'a>(lines: impl Iterator<Item = &'a Line>, sources: &Sources, root: &Path) -> Vec<Finding> {
    let found: BTreeSet<_> = sources.found.iter().map(Found::key).collect();
    let missing = lines.filter(|line| line.kind != Kind::Newtype && !found.contains(&line.key()));
    let mut missing: Vec<&Line> = missing.collect();
    missing.dedup_by_key(|line| &line.full_name);
    if missing.is_empty() {
        return Vec::new();
    }
    // Before that is said: a macro may make it, or the package's other target of the same name.
    let everything = Sources::everything(root);
    let other = ["lib.rs", "main.rs"].map(|name| root.with_file_name(name));
    let other = other.into_iter().find(|it| it != root && it.is_file());
    let other = other
        .map(|other| Sources::of_crate(&other))
        .unwrap_or_default();
    let elsewhere: BTreeSet<_> = other.found.iter().map(Found::key).collect();
    missing.retain(|line| {
        let words = &everything.words;
        !elsewhere.contains(&line.key())
            && !words.contains(&line.item)
            && !words.contains("include")
    });
    let gone = missing.into_iter().map(message::gone);
    gone.map(Finding::always).collect()
}
