//! The end of a run on many databases: what became of how many, and what to do next.

use std::fmt::Write as _;
use std::time::Duration;

use schema_core::apply::FleetTarget;

use super::group::{Group, grouped, listed, without_name};
use super::record::{Entry, Record, State};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::{Printer, counted};

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
    if record.count(State::Pending) > 0 && !printer.is_json() {
        printer.data(pending(record));
    }
    for failure in failures(targets, record) {
        printer.error(&failure);
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
    let deferring = record.entries.iter().filter(|it| !it.deferred.is_empty());
    if let count @ 1.. = deferring.count() {
        printer.note(format_args!(
            "at {} migrations wait for the next deployment; `status` tells why",
            counted(count, "target")
        ));
    }
    let (failed, stopped) = (record.count(State::Failed), record.count(State::Stopped));
    let left = stopped + record.count(State::NotStarted);
    if record.dry_run {
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
    match errors.next().map(|error| error.failure.exit) {
        // What every failure is about says more than that there are some.
        Some(exit @ (Exit::Database | Exit::Ahead))
            if errors.all(|error| error.failure.exit == exit) =>
        {
            exit
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
        let names = listed(group.entries.iter().map(|it| it.name.as_str()));
        let _ = writeln!(text, "{targets} would get {files}: {names}");
        for file in group.what {
            let _ = writeln!(text, "    {file}");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Failures, told once where they are the same.
fn failures(targets: &[FleetTarget], record: &Record) -> Vec<Failure> {
    let pairs = record.entries.iter().zip(targets);
    let groups = grouped(pairs.filter_map(|(entry, target)| {
        let failure = &entry.error.as_ref()?.failure;
        let same = without_name(&failure.message, target);
        Some(((same, &failure.causes), entry))
    }));
    groups.iter().map(failure).collect()
}

fn failure(group: &Group<'_, (String, &Vec<String>), Entry>) -> Failure {
    let first = group.entries[0].error.as_ref();
    let mut failure = first.expect("failed ones are grouped").failure.clone();
    if let [one] = group.entries.as_slice() {
        failure.message = format!("{}: {}", one.name, failure.message);
        return failure;
    }
    let count = counted(group.entries.len(), "target");
    failure.message = format!("{count}: {}", group.what.0);
    let names = listed(group.entries.iter().map(|it| it.name.as_str()));
    failure.because(format!("at {names}"))
}
