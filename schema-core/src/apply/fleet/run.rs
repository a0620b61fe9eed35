//! `apply_to_all`: one directory, on many databases.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::attempt::attempt;
use super::queue::{End, Limits, Queue};
use super::stop::Stop;
use super::target::FleetTarget;
use crate::apply::error::ApplyError;
use crate::apply::observer::Event;
use crate::apply::run::{ApplyOptions, ApplyReport, check_directory};
use crate::directory::Directory;

/// How to apply to many.
#[derive(Clone, Debug)]
pub struct FleetOptions {
    /// How to apply to each.
    pub apply: ApplyOptions,
    /// How many databases at a time; each takes two connections.
    pub concurrency: usize,
    /// How many have to succeed before any other starts.
    pub canaries: usize,
    /// After so many failures nothing new starts.
    pub max_failures: usize,
    /// A word from outside: those under way finish their file, and nothing new starts.
    pub stop: Arc<Stop>,
}

impl Default for FleetOptions {
    fn default() -> Self {
        Self {
            apply: ApplyOptions::default(),
            concurrency: 8,
            canaries: 1,
            max_failures: 1,
            stop: Arc::default(),
        }
    }
}

/// What became of a target.
#[derive(Clone, Debug)]
pub struct TargetReport {
    /// How it ended.
    pub outcome: Outcome,
    /// The names of the files that this run has applied or skipped there.
    pub files: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// How a target ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It went through, as far as it was to go.
    Applied(ApplyReport),
    /// It was told to stop before the end: what is applied stays.
    Stopped(ApplyReport),
    /// It failed.
    Failed(ApplyError),
    /// It was not begun.
    NotStarted,
}

/// Something that happened at a target.
#[derive(Debug)]
pub enum FleetEvent<'a> {
    /// It begins.
    Started,
    /// Something happened while it runs.
    Running(Event<'a>),
    /// The server has no connection to spare, so it is tried again.
    Crowded,
    /// It ended.
    Ended(&'a TargetReport),
}

/// Whoever wants to know. Targets are told by their place in the list.
pub trait FleetObserver: Send + Sync {
    /// Takes note of an event.
    fn event(&self, target: usize, event: FleetEvent<'_>);
}

/// What all attempts share.
pub(super) struct Job {
    pub targets: Vec<FleetTarget>,
    pub directory: Arc<Directory>,
    pub options: FleetOptions,
    pub observer: Arc<dyn FleetObserver>,
}

/// Applies a directory to each target, as [`apply`](crate::apply::apply) does to one.
///
/// Different databases run side by side; schemas of one database take turns, because there is one
/// lock in a database. The reports are in the order of the targets. To run it again does only what
/// is pending, as the history of each target says.
pub async fn apply_to_all(
    targets: Vec<FleetTarget>,
    directory: Arc<Directory>,
    options: FleetOptions,
    observer: Arc<dyn FleetObserver>,
) -> Result<Vec<TargetReport>, ApplyError> {
    check_directory(&directory)?;
    let limits = Limits {
        concurrency: options.concurrency,
        canaries: options.canaries,
        max_failures: options.max_failures,
    };
    let mut queue = Queue::new(targets.iter().map(FleetTarget::place), limits);
    let mut reports: Vec<_> = targets.iter().map(|_| TargetReport::NOT_STARTED).collect();
    let job = Arc::new(Job {
        targets,
        directory,
        options,
        observer,
    });
    let mut running = JoinSet::new();
    loop {
        if job.options.stop.is_requested() {
            queue.close();
        }
        while let Some(index) = queue.start() {
            let job = Arc::clone(&job);
            running.spawn(async move { (index, attempt(&job, index).await) });
        }
        match running.join_next().await {
            None => return Ok(reports),
            Some(Ok((index, report))) => {
                queue.end(index, report.end());
                reports[index] = report;
            }
            Some(Err(error)) => {
                // Nobody cancels one alone: it panicked, or the runtime is going.
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
}

impl TargetReport {
    pub(super) const NOT_STARTED: Self = Self {
        outcome: Outcome::NotStarted,
        files: Vec::new(),
        elapsed: Duration::ZERO,
    };

    fn end(&self) -> End {
        match &self.outcome {
            Outcome::Applied(_) | Outcome::Stopped(_) | Outcome::NotStarted => End::Good,
            Outcome::Failed(
                ApplyError::Connect { .. } | ApplyError::Locked { .. } | ApplyError::Standby,
            ) => End::Away,
            Outcome::Failed(_) => End::Bad,
        }
    }
}
