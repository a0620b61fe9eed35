//! The end of a run on many databases: what became of how many, and what to do next.

use std::fmt::Write as _;
use std::time::Duration;

use schema_core::apply::FleetTarget;

use super::record::{Entry, Record, State};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::{Printer, counted};

/// How many names of a group are shown.
const SHOWN: usize = 5;

/// Targets that are alike.
struct Group<'a, T> {
    what: T,
    entries: Vec<&'a Entry>,
}

/// Tells what became of all targets, and gives the exit code.
pub(crate) fn summarize(
    printer: &Printer,
    targets: &[FleetTarget],
    record: &Record,
    elapsed: Duration,
) -> Exit {
    if printer.is_json() {
        printer.json(&record.document());
    }
    let is_dry = record.count(State::Pending) > 0;
    if is_dry && !printer.is_json() {
        printer.data(pending(record));
    }
    for group in failures(targets, record) {
        printer.error(&failure(&group));
    }
    let states = [
        (State::Applied, "applied"),
        (State::Pending, "pending"),
        (State::Unchanged, "unchanged"),
        (State::Failed, "failed"),
        (State::Stopped, "stopped on the way"),
        (State::NotStarted, "not started"),
    ];
    let counts: Vec<String> = states
        .into_iter()
        .map(|(state, word)| (record.count(state), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let (all, counts) = (counted(record.entries.len(), "target"), counts.join(", "));
    printer.done("Done", format_args!("{all} in {elapsed:.1?}: {counts}"));
    let (failed, stopped) = (record.count(State::Failed), record.count(State::Stopped));
    let left = stopped + record.count(State::NotStarted);
    if is_dry {
        printer.note("dry run: nothing was written");
    }
    if left > 0 {
        let why = if failed > 0 {
            "the failures stopped the run (`--canary`, `--max-failures`); when they are dealt with, run"
        } else {
            "run"
        };
        printer.note(format_args!(
            "{} to go: {why} the same command again, it goes on where each target stands",
            counted(left, "target")
        ));
    }
    exit(record, left)
}

fn exit(record: &Record, left: usize) -> Exit {
    let mut errors = record.entries.iter().filter_map(|it| it.error.as_ref());
    let is_away = |code: u8| code == Exit::Database as u8;
    match errors.next() {
        Some(first)
            if is_away(first.shown.exit_code) && errors.all(|it| is_away(it.shown.exit_code)) =>
        {
            Exit::Database
        }
        Some(_) => Exit::Migration,
        // Nothing but a word from outside leaves a target where none failed.
        None if left > 0 => Exit::Interrupted,
        None => Exit::Clean,
    }
}

/// What would be applied where.
fn pending(record: &Record) -> String {
    let entries = record.entries.iter();
    let groups = grouped(entries.map(|entry| (&entry.files, entry)));
    let mut text = String::new();
    for group in groups.iter().filter(|group| !group.what.is_empty()) {
        let (targets, files) = (group.entries.len(), group.what.len());
        let (targets, files) = (counted(targets, "target"), counted(files, "migration"));
        let names = listed(&group.entries);
        let _ = writeln!(text, "{targets} would get {files}: {names}");
        for file in group.what {
            let _ = writeln!(text, "    {file}");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Failures by what is the same about them.
fn failures<'a>(targets: &[FleetTarget], record: &'a Record) -> Vec<Group<'a, (String, String)>> {
    let pairs = record.entries.iter().zip(targets);
    grouped(pairs.filter_map(|(entry, target)| {
        let error = &entry.error.as_ref()?.shown;
        // PostgreSQL and we put names in quotes: what differs only in them is the same.
        let place = target.options.get_database().unwrap_or_default();
        let names = [Some(place), target.schema.as_deref()];
        let same = names
            .into_iter()
            .flatten()
            .fold(error.message.clone(), |text, name| {
                text.replace(&format!("\"{name}\""), "\"…\"")
                    .replace(&format!("`{name}`"), "`…`")
            });
        Some(((same, error.causes.join("\n")), entry))
    }))
}

fn failure(group: &Group<'_, (String, String)>) -> Failure {
    let first = group.entries[0]
        .error
        .as_ref()
        .expect("failed ones are grouped");
    let message = match group.entries.as_slice() {
        [one] => format!("{}: {}", one.name, first.shown.message),
        many => format!("{}: {}", counted(many.len(), "target"), group.what.0),
    };
    let mut failure =
        Failure::new(Exit::Migration, message).with_optional_help(first.shown.help.clone());
    failure.causes.clone_from(&first.shown.causes);
    if group.entries.len() > 1 {
        failure = failure.because(format!("at {}", listed(&group.entries)));
    }
    failure
}

/// Groups in the order in which they first come.
fn grouped<'a, T: PartialEq>(pairs: impl Iterator<Item = (T, &'a Entry)>) -> Vec<Group<'a, T>> {
    let mut groups: Vec<Group<'a, T>> = Vec::new();
    for (what, entry) in pairs {
        match groups.iter_mut().find(|group| group.what == what) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                what,
                entries: vec![entry],
            }),
        }
    }
    groups
}

/// The first names of some targets.
fn listed(entries: &[&Entry]) -> String {
    let names = entries.iter().take(SHOWN).map(|entry| entry.name.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    match entries.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
