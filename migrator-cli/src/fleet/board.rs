//! What is going on at many databases: a live table on a terminal, plain lines elsewhere.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use schema_core::apply::{ApplyError, Event, FleetEvent, FleetObserver, Outcome, TargetReport};

use super::record::{EntryError, Record, State};
use crate::apply_failure::failure;
use crate::context::Context;
use crate::printer::counted;

/// The longest name that the table gives room to.
const WIDEST_NAME: usize = 32;

/// Watches a run, shows it, and keeps its record.
#[derive(Debug)]
pub(crate) struct Board {
    context: Context,
    names: Vec<String>,
    width: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    record: Record,
    table: Option<Table>,
}

/// A line for each target that runs, and the sum below.
#[derive(Debug)]
struct Table {
    lines: MultiProgress,
    running: BTreeMap<usize, ProgressBar>,
    sum: ProgressBar,
}

impl Board {
    /// Shows the run that this is the record of.
    pub(crate) fn new(context: &Context, record: Record) -> Self {
        let names: Vec<String> = record.entries.iter().map(|it| it.name.clone()).collect();
        let widths = names.iter().map(|name| name.chars().count());
        let table = context.printer.is_watched().then(|| {
            let lines = MultiProgress::new();
            let sum = lines.add(ProgressBar::new_spinner());
            sum.set_style(style("{spinner} {wide_msg} {elapsed}"));
            sum.enable_steady_tick(Duration::from_millis(200));
            Table {
                lines,
                running: BTreeMap::new(),
                sum,
            }
        });
        Self {
            context: context.clone(),
            width: widths.max().unwrap_or_default().min(WIDEST_NAME),
            names,
            inner: Mutex::new(Inner { record, table }),
        }
    }

    /// The record, when nothing happens any more. The table goes.
    pub(crate) fn finish(&self, tell: impl FnOnce(&mut Record)) {
        let mut inner = self.lock();
        if let Some(table) = inner.table.take() {
            // What is still there was left half-way.
            for line in table.running.values() {
                line.finish_and_clear();
            }
            table.sum.finish_and_clear();
        }
        tell(&mut inner.record);
    }

    /// Says something without tearing the table.
    pub(crate) fn note(&self, text: &str) {
        above(self.lock().table.as_ref(), || {
            self.context.printer.note(text);
        });
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere does not make the record wrong.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, index: usize) {
        let mut inner = self.lock();
        let Inner { record, table } = &mut *inner;
        record.start(index);
        let Some(table) = table else {
            return;
        };
        let line = table
            .lines
            .insert_before(&table.sum, ProgressBar::new_spinner());
        line.set_style(style("  {prefix} {wide_msg} {elapsed}"));
        let (name, width) = (&self.names[index], self.width);
        line.set_prefix(format!("{name:width$}"));
        line.set_message("connecting");
        table.running.insert(index, line);
        table.sum_up(record);
    }

    fn say(&self, index: usize, text: impl FnOnce() -> String) {
        if let Some(line) = self
            .lock()
            .table
            .as_ref()
            .and_then(|table| table.running.get(&index))
        {
            line.set_message(text());
        }
    }

    fn end(&self, index: usize, report: &TargetReport) {
        let error = match &report.outcome {
            Outcome::Failed(error) => Some(self.error(error)),
            _ => None,
        };
        let line = error.as_ref().map(|error| error.failure.message.clone());
        let mut inner = self.lock();
        inner.record.end(index, report, error);
        let Inner { record, table } = &mut *inner;
        if let Some(table) = table {
            if let Some(line) = table.running.remove(&index) {
                line.finish_and_clear();
                table.lines.remove(&line);
            }
            table.sum_up(record);
        }
        above(table.as_ref(), || self.tell(index, report, line.as_deref()));
    }

    /// One line for what changed; what did not is in the sum at the end.
    fn tell(&self, index: usize, report: &TargetReport, error: Option<&str>) {
        let (printer, name) = (&self.context.printer, &self.names[index]);
        match (&report.outcome, error) {
            (Outcome::Failed(_), error) => {
                let error = error.unwrap_or_default();
                printer.failed(format_args!("{name}: {error}"));
            }
            (Outcome::Stopped(done), _) => {
                let before = done.stopped_before.as_deref().unwrap_or_default();
                printer.done("Stopped", format_args!("{name}: before {before}"));
            }
            (Outcome::Applied(done), _) if !done.dry_run && !done.files.is_empty() => {
                let (count, elapsed) = (counted(done.files.len(), "migration"), report.elapsed);
                printer.done("Applied", format_args!("{name}: {count} in {elapsed:.1?}"));
            }
            (Outcome::Applied(_) | Outcome::NotStarted, _) => {}
        }
    }

    fn error(&self, error: &ApplyError) -> EntryError {
        let server = match error {
            ApplyError::Connect { server, .. }
            | ApplyError::Commit { server, .. }
            | ApplyError::Session { server, .. } => Some(&**server),
            ApplyError::Statement { failure, .. } => Some(&failure.server),
            _ => None,
        };
        EntryError {
            sqlstate: server.and_then(|server| server.sqlstate.clone()),
            failure: failure(&self.context, error),
        }
    }
}

impl Table {
    fn sum_up(&self, record: &Record) {
        let (failed, left) = (record.count(State::Failed), record.count(State::NotStarted));
        let running = self.running.len();
        let done = record.entries.len() - failed - left - running;
        self.sum.set_message(format!(
            "{done} done, {failed} failed, {running} running, {left} left"
        ));
    }
}

impl FleetObserver for Board {
    fn event(&self, target: usize, event: FleetEvent<'_>) {
        match event {
            FleetEvent::Started => self.start(target),
            FleetEvent::Running(Event::FileStarted { file, .. }) => {
                self.say(target, || file.file_name.clone());
            }
            FleetEvent::Running(Event::Statement { file, sql, .. }) => self.say(target, || {
                let first = sql.lines().next().unwrap_or_default();
                format!("{}: {first}", file.file_name)
            }),
            FleetEvent::Running(Event::Blocked { file, blocker }) => self.say(target, || {
                format!("{}: waiting for {blocker}", file.file_name)
            }),
            FleetEvent::Running(Event::Retry { file, server, .. }) => self.say(target, || {
                format!("{}: trying again after: {}", file.file_name, server.message)
            }),
            FleetEvent::Running(Event::WaitingForLock { holder, .. }) => {
                self.say(target, || format!("waiting for {holder}"));
            }
            FleetEvent::Running(_) => {}
            FleetEvent::Crowded => self.say(target, || {
                "waiting for a connection: the server has none to spare".to_owned()
            }),
            FleetEvent::Ended(report) => self.end(target, report),
        }
    }
}

fn above(table: Option<&Table>, print: impl FnOnce()) {
    match table {
        Some(table) => table.lines.suspend(print),
        None => print(),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a fixed template")
}
