//! What a review has found so far.

use std::collections::BTreeMap;
use std::time::Duration;

use schema_core::diagnostic::Finding;
use schema_core::lint::{DOES_NOT_RUN, history};
use schema_core::review::{Judged, Review, Standing};

use super::step::{Outcome, Step, StepResult};
use super::task::Task;
use crate::consistency::Consistency;
use crate::context::Context;
use crate::failure::Failure;
use crate::tracker::ShimState;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) judged: Vec<Judged>,
    pub(super) shims: Vec<ShimState>,
    pub(super) timings: BTreeMap<&'static str, f64>,
    /// The steps that are over.
    pub(super) steps: Vec<StepResult>,
    /// Structs against migrations, where that was compared.
    pub(super) consistency: Option<Consistency>,
    /// The migration directory is not what its sum says: nothing can be replayed.
    pub(super) is_broken: bool,
}

impl Found {
    /// What the engine says of the new files.
    pub(super) fn review(&mut self, context: &Context, review: Review) {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let times = [
            ("replay_ms", review.base_time),
            ("review_ms", review.review_time),
            ("gate_ms", review.gate_time),
        ];
        let times = times.map(|(name, time)| (name, milliseconds(time)));
        self.timings.extend(times);
        for (table, reason) in &review.without_rows {
            let note = format_args!("no rows could be made for {table}: {reason}");
            context.printer.note(note);
        }
        // Where the history was changed, that is why a file does not run.
        let changed = self
            .judged
            .iter()
            .any(|it| it.fails() && history::is_change(it.finding.code));
        let told = |it: &Judged| !(changed && it.finding.code == DOES_NOT_RUN.code);
        self.judged.extend(review.findings.into_iter().filter(told));
    }

    /// Findings that nothing silences and nobody approves.
    pub(super) fn open(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let judged = findings.into_iter().map(|finding| Judged {
            finding,
            standing: Standing::Open,
            file: None,
            statement: None,
        });
        self.judged.extend(judged);
    }

    /// A step could not be done. With others beside it, that is told in the report; for a command of
    /// its own it is the end.
    pub(super) fn failed(
        &mut self,
        task: Task<'_>,
        step: Step,
        ms: f64,
        mut failure: Failure,
    ) -> Result<(), Failure> {
        if !matches!(task, Task::All(_)) {
            return Err(failure);
        }
        self.open(std::mem::take(&mut failure.findings));
        self.steps.push(StepResult {
            step,
            outcome: Outcome::Failed(failure),
            ms,
        });
        Ok(())
    }
}
