//! One target of many.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::run::{FleetEvent, Job, Outcome, TargetReport};
use crate::apply::error::ApplyError;
use crate::apply::observer::{Event, Observer};
use crate::apply::retry::Pause;
use crate::apply::run::{ApplyOptions, ApplyReport, apply_checked};

/// SQLSTATE `too_many_connections`.
const TOO_MANY_CONNECTIONS: &str = "53300";

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long a target waits for a connection to become free.
const PATIENCE: Duration = Duration::from_secs(30);

/// Applies the directory to one target, and tells how it went.
pub(super) async fn attempt(job: &Job, index: usize) -> TargetReport {
    job.observer.event(index, FleetEvent::Started);
    let start = Instant::now();
    let begun = AtomicBool::new(false);
    let mut watch = Watch {
        job,
        index,
        begun: &begun,
        files: Vec::new(),
    };
    let outcome = {
        let mut applying = pin!(patiently(job, index, &mut watch));
        tokio::select! {
            biased;
            outcome = &mut applying => outcome,
            () = job.options.stop.requested() => {
                if begun.load(Ordering::Relaxed) {
                    applying.await
                } else {
                    Outcome::NotStarted
                }
            }
        }
    };
    let report = TargetReport {
        outcome,
        files: watch.files,
        elapsed: start.elapsed(),
    };
    job.observer.event(index, FleetEvent::Ended(&report));
    report
}

/// Again and again, while the server has no connection to spare.
async fn patiently(job: &Job, index: usize, watch: &mut Watch<'_>) -> Outcome {
    let target = &job.targets[index];
    let options = ApplyOptions {
        only_schema: target.schema.clone(),
        ..job.options.apply.clone()
    };
    let start = Instant::now();
    // Neighbours do not come again all at once.
    let mut pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        let result = apply_checked(&target.options, &job.directory, &options, watch).await;
        match result {
            Err(error) if is_crowded(&error) && start.elapsed() < PATIENCE => {
                job.observer.event(index, FleetEvent::Crowded);
                tokio::time::sleep(pause.next()).await;
            }
            Err(error) => return Outcome::Failed(error),
            Ok(
                report @ ApplyReport {
                    stopped_before: Some(_),
                    ..
                },
            ) => return Outcome::Stopped(report),
            Ok(report) => return Outcome::Applied(report),
        }
    }
}

fn is_crowded(error: &ApplyError) -> bool {
    matches!(error, ApplyError::Connect { server, .. } if server.sqlstate.as_deref() == Some(TOO_MANY_CONNECTIONS))
}

/// Passes on what happens, and keeps what is done.
struct Watch<'a> {
    job: &'a Job,
    index: usize,
    begun: &'a AtomicBool,
    files: Vec<String>,
}

impl Observer for Watch<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::FileStarted { .. } => self.begun.store(true, Ordering::Relaxed),
            Event::FileDone { file, .. } | Event::FileSkipped { file } => {
                self.begun.store(true, Ordering::Relaxed);
                self.files.push(file.file_name.clone());
            }
            _ => {}
        }
        self.job
            .observer
            .event(self.index, FleetEvent::Running(event));
    }

    fn wants_stop(&self) -> bool {
        self.job.options.stop.is_requested()
    }
}
