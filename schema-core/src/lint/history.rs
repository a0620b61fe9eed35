//! The order against the base branch: what is there stays as it is, and what is new comes after.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::diagnostic::{Finding, Place, Severity};
use crate::directory::{Directory, MigrationFile, SUM_FILE};
use crate::rule::{Check, Rule, Topic};

/// What there is to compare.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// What the base branch is called.
    pub base_name: &'a str,
    /// The directory where this branch left the base branch.
    pub fork: &'a Directory,
    /// The directory on the base branch as it is now.
    pub tip: &'a Directory,
    /// The directory as it is here.
    pub head: &'a Directory,
    /// Files whose bytes differ from the base branch's only by what git does to line ends.
    pub same_to_git: &'a BTreeSet<String>,
    /// The path of the directory, as places name it.
    pub shown: &'a Utf8Path,
}

/// A new migration is older than the newest one on the base branch.
pub const OUT_OF_ORDER: Rule = Rule {
    code: "H001",
    name: "out-of-order",
    topic: Topic::History,
    severity: Severity::Error,
    title: "a new migration is older than the newest one on the base branch",
    why: "Migrations run in the order of their names. A database that has run the newer one refuses the older one, \
          or runs it in another order than a fresh database does, so the two no longer agree. Git merges both \
          branches without a conflict.",
    instead: "Merge or rebase onto the base branch, then `cargo migrate rebase`: it gives the file a newer version, \
              and plans it anew where the base branch has changed the same tables.",
    check: Check::Elsewhere,
};

/// A migration that is on the base branch was edited.
pub const EDITED: Rule = Rule {
    code: "H002",
    name: "edited-history",
    topic: Topic::History,
    severity: Severity::Error,
    title: "a migration that is on the base branch was edited",
    why: "Databases that have run the file never run it again: what was edited reaches only fresh databases, and the \
          two differ from then on. Deploys refuse, because the hash in the history table is no longer that of the file.",
    instead: "`cargo migrate rebase` restores the file as it is on the base branch. Write what you want to change as a new \
              migration.",
    check: Check::Elsewhere,
};

/// A migration that is on the base branch was deleted.
pub const DELETED: Rule = Rule {
    code: "H003",
    name: "deleted-history",
    topic: Topic::History,
    severity: Severity::Error,
    title: "a migration that is on the base branch was deleted",
    why: "Databases have run it; a fresh one would not, and later migrations that build on it fail there. Deploys \
          refuse, because the history table knows a version that the directory does not.",
    instead: "`cargo migrate rebase` restores the file. Write a new migration that takes back what it did.",
    check: Check::Elsewhere,
};

/// A migration that is on the base branch was renamed.
pub const RENAMED: Rule = Rule {
    code: "H004",
    name: "renamed-history",
    topic: Topic::History,
    severity: Severity::Error,
    title: "a migration that is on the base branch was renamed",
    why: "The version in the name is what the history table goes by: under a new one the same statements run a second \
          time on every database that has them already. The name is part of the hash chain as well.",
    instead: "Give the file its old name back, or let `cargo migrate rebase` restore it.",
    check: Check::Elsewhere,
};

/// A new migration has the version of one on the base branch.
pub const SAME_VERSION: Rule = Rule {
    code: "H005",
    name: "same-version",
    topic: Topic::History,
    severity: Severity::Error,
    title: "a new migration has the version of one on the base branch",
    why: "The history table holds one row for a version, so only one of the two files would ever run.",
    instead: "Merge or rebase onto the base branch, then `cargo migrate rebase`: it gives the new file a version of its own.",
    check: Check::Elsewhere,
};

/// A line of atlas.sum that is on the base branch was changed or removed.
pub const SUM_CHANGED: Rule = Rule {
    code: "H006",
    name: "sum-changed",
    topic: Topic::History,
    severity: Severity::Error,
    title: "a line of atlas.sum that is on the base branch was changed or removed",
    why: "The sum is append-only: each line vouches for a file that databases may have run. Where a line changes and \
          no file does, either the line or the one on the base branch is wrong.",
    instead: "`cargo migrate rebase` makes them again as they are on the base branch, and adds those of new files.",
    check: Check::Elsewhere,
};

/// Whether a code is about the order of new files, and not about files that were changed.
pub fn is_order(code: &str) -> bool {
    code == OUT_OF_ORDER.code || code == SAME_VERSION.code
}

/// Whether a code is about a file that is not as it is on the base branch.
pub fn is_change(code: &str) -> bool {
    [EDITED.code, DELETED.code, RENAMED.code].contains(&code)
}

/// Everything that does not fit the base branch, by file.
pub fn check(history: &History<'_>) -> Vec<Finding> {
    let head = by_name(history.head);
    let fork = by_name(history.fork);
    let tip = by_name(history.tip);
    // What the base branch itself did to its history is not this branch's doing.
    let kept = fork.values().filter(|file| {
        let now = tip.get(file.file_name.as_str());
        now.is_some_and(|now| now.text == file.text)
    });
    let is_new = |file: &&&MigrationFile| {
        !fork.contains_key(file.file_name.as_str())
            && tip
                .get(file.file_name.as_str())
                .is_none_or(|there| there.text != file.text)
    };
    let new: Vec<&MigrationFile> = head.values().filter(is_new).copied().collect();

    let mut findings = Vec::new();
    let mut renamed = BTreeSet::new();
    for was in kept {
        match head.get(was.file_name.as_str()) {
            Some(is) => findings.extend(edited(history, was, is)),
            None => match new.iter().find(|candidate| is_renamed(was, candidate)) {
                Some(is) => {
                    renamed.insert(is.file_name.as_str());
                    findings.push(renamed_to(history, was, is));
                }
                None => findings.push(deleted(history, was)),
            },
        }
    }
    let newest = history.tip.files.last();
    for file in new
        .iter()
        .filter(|file| !renamed.contains(file.file_name.as_str()))
    {
        let twin = history
            .tip
            .files
            .iter()
            .find(|there| there.version == file.version);
        if let Some(twin) = twin {
            findings.push(same_version(history, file, twin));
        } else if let Some(newest) = newest.filter(|newest| file.file_name < newest.file_name) {
            findings.push(out_of_order(history, file, newest));
        }
    }
    if findings.is_empty() {
        findings.extend(sum_changed(history));
    }
    findings
}

fn by_name(directory: &Directory) -> BTreeMap<&str, &MigrationFile> {
    let files = directory.files.iter();
    files.map(|file| (file.file_name.as_str(), file)).collect()
}

/// Whether a new file is an old one under another name: same text, or the same version.
fn is_renamed(was: &MigrationFile, is: &MigrationFile) -> bool {
    (was.text == is.text && !was.text.trim().is_empty()) || was.version == is.version
}

fn edited(history: &History<'_>, was: &MigrationFile, is: &MigrationFile) -> Option<Finding> {
    if was.text == is.text || history.same_to_git.contains(&is.file_name) {
        return None;
    }
    let (line, before, now) = first_difference(&was.text, &is.text);
    let mut finding = finding(&EDITED, format!("{} was edited", is.file_name));
    finding.places.push(Place {
        label: "first line that differs".to_owned(),
        ..place(history, &is.file_name, line)
    });
    finding.notes.push(match (before, now) {
        (Some(before), Some(now)) => {
            format!(
                "line {line} was `{}` and is `{}`",
                short(before),
                short(now)
            )
        }
        (Some(before), None) => {
            format!(
                "line {line}, `{}`, and what follows it is gone",
                short(before)
            )
        }
        (None, _) => format!("it had {} lines before", line - 1),
    });
    finding.help = Some(restore(history));
    Some(finding)
}

/// The first line that differs, from 1, with its text before and now.
fn first_difference<'a>(was: &'a str, is: &'a str) -> (u32, Option<&'a str>, Option<&'a str>) {
    let (mut was, mut is) = (was.split('\n'), is.split('\n'));
    let mut line = 1;
    loop {
        match (was.next(), is.next()) {
            (before, now) if before != now => return (line, before, now),
            (None, _) => return (line, None, None),
            _ => line += 1,
        }
    }
}

/// The begin of a line that may be very long.
fn short(line: &str) -> String {
    const MOST: usize = 80;
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn deleted(history: &History<'_>, was: &MigrationFile) -> Finding {
    let title = format!("{} was deleted", was.file_name);
    let mut finding = finding(&DELETED, title);
    finding.places.push(sum_place(history, &was.file_name));
    finding.help = Some(restore(history));
    finding
}

fn renamed_to(history: &History<'_>, was: &MigrationFile, is: &MigrationFile) -> Finding {
    let title = format!("{} was renamed to {}", was.file_name, is.file_name);
    let mut finding = finding(&RENAMED, title);
    finding.places.push(place(history, &is.file_name, 1));
    finding.help = Some(format!(
        "`cargo migrate rebase` gives it its name back, as it is on {}",
        history.base_name
    ));
    finding
}

fn same_version(history: &History<'_>, file: &MigrationFile, twin: &MigrationFile) -> Finding {
    let title = format!(
        "{} has version {}, which {} has on {}",
        file.file_name, file.version, twin.file_name, history.base_name
    );
    let mut finding = finding(&SAME_VERSION, title);
    finding.places.push(place(history, &file.file_name, 1));
    finding.help = Some(anew(history));
    finding
}

fn out_of_order(history: &History<'_>, file: &MigrationFile, newest: &MigrationFile) -> Finding {
    let title = format!(
        "{} is older than {}, the newest migration on {}",
        file.file_name, newest.file_name, history.base_name
    );
    let mut finding = finding(&OUT_OF_ORDER, title);
    finding.places.push(place(history, &file.file_name, 1));
    finding.help = Some(anew(history));
    finding
}

/// The first line of the sum at the fork that is not in the sum here as it was.
fn sum_changed(history: &History<'_>) -> Option<Finding> {
    let fork = &history.fork.recorded_sum()?.entries;
    let tip = history.tip.recorded_sum().map(|sum| &sum.entries);
    let head = history.head.recorded_sum().map(|sum| &sum.entries);
    let lost = fork
        .iter()
        .filter(|entry| tip.is_some_and(|tip| tip.contains(entry)))
        .find(|entry| !head.is_some_and(|head| head.contains(entry)))?;
    let title = format!("the line of {} in {SUM_FILE} was changed", lost.name);
    let mut finding = finding(&SUM_CHANGED, title);
    finding.places.push(sum_place(history, &lost.name));
    finding
        .notes
        .push(format!("on {} it says {}", history.base_name, lost.hash));
    finding.help = Some(restore(history));
    Some(finding)
}

fn finding(rule: &Rule, title: String) -> Finding {
    let mut finding = Finding::new(rule.code, Severity::Error, title);
    let first = rule.why.split_inclusive(". ").next().unwrap_or(rule.why);
    finding.notes.push(first.trim().to_owned());
    finding
}

fn restore(history: &History<'_>) -> String {
    format!(
        "`cargo migrate rebase` restores it as it is on {}",
        history.base_name
    )
}

fn anew(history: &History<'_>) -> String {
    let missing = history.tip.files.iter();
    let head = by_name(history.head);
    let is_merged = missing
        .map(|file| file.file_name.as_str())
        .all(|name| head.contains_key(name));
    let rebase = "`cargo migrate rebase` gives it a newer version";
    if is_merged {
        rebase.to_owned()
    } else {
        format!("`git merge {}`, then {rebase}", history.base_name)
    }
}

fn place(history: &History<'_>, name: &str, line: u32) -> Place {
    Place::line(history.shown.join(name), line)
}

/// The line of a file in `atlas.sum`, where it has one; else where it would be.
fn sum_place(history: &History<'_>, name: &str) -> Place {
    let entries = history.head.recorded_sum().map(|sum| sum.entries.iter());
    let before = entries.map_or(0, |entries| {
        entries
            .take_while(|entry| entry.name.as_str() < name)
            .count()
    });
    place(
        history,
        SUM_FILE,
        u32::try_from(before).map_or(1, |it| it + 2),
    )
}
