//! What became of each target: the report of a run on many databases, and its file.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::apply::{ApplyReport, FleetTarget, Outcome, TargetReport};
use schema_core::directory::{Version, store};
use serde::{Deserialize, Serialize, Serializer};

use crate::exit_code::Exit;
use crate::failure::Failure;

/// The version of the format.
const FORMAT: u32 = 1;

/// The file is not written more often, however fast targets go by.
const PAUSE: Duration = Duration::from_secs(1);

/// The report of a run so far.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) entries: Vec<Entry>,
    pub(crate) dry_run: bool,
    path: Option<Utf8PathBuf>,
    written: Instant,
}

/// What became of one target.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) state: State,
    /// The newest version before.
    pub(crate) from: Option<Version>,
    /// The newest version now.
    pub(crate) to: Option<Version>,
    /// The files that this run has applied, or would.
    pub(crate) files: Vec<String>,
    /// The files that wait there for the next deployment.
    pub(crate) deferred: Vec<String>,
    pub(crate) error: Option<EntryError>,
    pub(crate) seconds: f64,
}

/// Where a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It failed.
    Failed,
    /// It was stopped on its way.
    Stopped,
    /// It was under way when this was written.
    Running,
    /// It was not begun.
    NotStarted,
    /// Something would be applied; in a dry run.
    Pending,
    /// Something was applied.
    Applied,
    /// There was nothing to do.
    Unchanged,
}

/// Why a target failed.
#[derive(Debug)]
pub(crate) struct EntryError {
    /// What PostgreSQL calls it, where it was PostgreSQL.
    pub(crate) sqlstate: Option<String>,
    pub(crate) failure: Failure,
}

impl Serialize for EntryError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            code: Option<&'a str>,
            exit_code: u8,
            sqlstate: Option<&'a str>,
            message: &'a str,
            causes: &'a [String],
            help: Option<&'a str>,
        }
        let shown = Shown {
            code: self.failure.code,
            exit_code: self.failure.exit as u8,
            sqlstate: self.sqlstate.as_deref(),
            message: &self.failure.message,
            causes: &self.failure.causes,
            help: self.failure.help.as_deref(),
        };
        shown.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    fleet: Fleet<'a>,
}

#[derive(Serialize)]
struct Fleet<'a> {
    dry_run: bool,
    /// How many are in which state.
    counts: BTreeMap<State, usize>,
    targets: &'a [Entry],
}

impl Record {
    /// Nothing has happened yet. The file is written now already: a run without its report is no run.
    pub(crate) fn begin(
        targets: &[FleetTarget],
        path: Option<Utf8PathBuf>,
        dry_run: bool,
    ) -> Result<Self, Failure> {
        let entries = targets.iter().map(|target| Entry {
            name: target.name.clone(),
            state: State::NotStarted,
            from: None,
            to: None,
            files: Vec::new(),
            deferred: Vec::new(),
            error: None,
            seconds: 0.0,
        });
        let record = Self {
            entries: entries.collect(),
            dry_run,
            path,
            written: Instant::now(),
        };
        record.write()?;
        Ok(record)
    }

    /// A target begins.
    pub(crate) fn start(&mut self, index: usize) {
        self.entries[index].state = State::Running;
    }

    /// A target ended, if it failed by `failure`.
    pub(crate) fn end(&mut self, index: usize, report: &TargetReport, failure: Option<EntryError>) {
        let entry = &mut self.entries[index];
        entry.files.clone_from(&report.files);
        entry.seconds = report.elapsed.as_secs_f64();
        entry.error = failure;
        entry.state = match &report.outcome {
            Outcome::NotStarted => State::NotStarted,
            Outcome::Failed(_) => State::Failed,
            Outcome::Stopped(_) => State::Stopped,
            Outcome::Applied(ApplyReport {
                files,
                deferred,
                baseline: None,
                ..
            }) if files.is_empty() && deferred.is_empty() => State::Unchanged,
            Outcome::Applied(done) if done.dry_run => State::Pending,
            Outcome::Applied(_) => State::Applied,
        };
        if let Outcome::Applied(done) | Outcome::Stopped(done) = &report.outcome {
            entry.from.clone_from(&done.from);
            entry.to.clone_from(&done.to);
            entry.files = done.files.iter().map(|file| file.file.clone()).collect();
            entry.deferred = done.deferred.iter().map(|file| file.file.clone()).collect();
        }
        if self.written.elapsed() >= PAUSE {
            self.written = Instant::now();
            // The end of the run tells, if the file still cannot be written then.
            let _ = self.write();
        }
    }

    /// Nothing happens any more: what was under way was left there.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        for entry in &mut self.entries {
            if entry.state == State::Running {
                entry.state = State::Stopped;
            }
        }
        self.write()
    }

    /// How many are in a state.
    pub(crate) fn count(&self, state: State) -> usize {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.state == state).count()
    }

    /// The report for machines.
    pub(crate) fn document(&self) -> impl Serialize {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.state).or_default() += 1;
        }
        Document {
            version: FORMAT,
            fleet: Fleet {
                dry_run: self.dry_run,
                counts,
                targets: &self.entries,
            },
        }
    }

    fn write(&self) -> Result<(), Failure> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let mut text =
            serde_json::to_string_pretty(&self.document()).expect("the report has string keys");
        text.push('\n');
        store(path, text.as_bytes()).map_err(|error| Failure::from_error(Exit::Project, &error))
    }
}

#[derive(Deserialize)]
struct Earlier {
    version: u32,
    fleet: EarlierFleet,
}

#[derive(Deserialize)]
struct EarlierFleet {
    targets: Vec<EarlierEntry>,
}

#[derive(Deserialize)]
struct EarlierEntry {
    name: String,
    state: State,
}

/// Puts what failed in an earlier run first, then what it left half-way or did not start. What is
/// new comes with that.
pub(crate) fn in_order(path: &Utf8Path, targets: &mut [FleetTarget]) -> Result<(), Failure> {
    let text = match fs_err::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::from_error(Exit::Usage, &error)),
    };
    let other = |why: String| {
        Failure::new(
            Exit::Usage,
            format!(
                "{path} is no report of an earlier run on many databases, and would be overwritten"
            ),
        )
        .because(why)
        .with_help("name another file with --report, or move this one away")
    };
    let earlier: Earlier = serde_json::from_str(&text).map_err(|error| other(error.to_string()))?;
    if earlier.version != FORMAT {
        return Err(other(format!(
            "its format has version {}, and this program knows {FORMAT}",
            earlier.version
        )));
    }
    let entries = earlier.fleet.targets.into_iter();
    let states: BTreeMap<String, State> = entries.map(|it| (it.name, it.state)).collect();
    targets.sort_by_key(|target| {
        let state = states.get(&target.name).copied();
        match state.unwrap_or(State::NotStarted) {
            State::Failed => 0,
            State::Stopped | State::Running => 1,
            State::NotStarted | State::Pending => 2,
            State::Applied | State::Unchanged => 3,
        }
    });
    Ok(())
}
