//! The steps of a command that has several: a line for each.

use schema_core::review::Judged;

use super::{Report, counts};
use crate::review::{Outcome, StepResult};

/// Whether a step was done and found nothing that fails.
pub(super) fn passes(result: &StepResult, report: &Report<'_>) -> bool {
    result.is_done() && errors(result, report) == 0
}

/// How many of its findings fail.
pub(super) fn errors(result: &StepResult, report: &Report<'_>) -> usize {
    own(result, report).iter().filter(|it| it.fails()).count()
}

/// The outcome in a word, for programs.
pub(super) fn word(result: &StepResult, report: &Report<'_>) -> &'static str {
    match &result.outcome {
        Outcome::Done | Outcome::NotNeeded(_) if errors(result, report) > 0 => "findings",
        Outcome::Done => "ok",
        Outcome::NotNeeded(_) => "not_needed",
        Outcome::Skipped(_) => "skipped",
        Outcome::Failed(_) => "failed",
    }
}

/// The outcome in words: `ok`, `2 errors`, `skipped: …`.
pub(super) fn result(result: &StepResult, report: &Report<'_>) -> String {
    let own = own(result, report);
    let found = (!own.is_empty()).then(|| counts(&own));
    let reason = result.reason().unwrap_or_default();
    let outcome = match (&result.outcome, &found) {
        (Outcome::Done | Outcome::NotNeeded(_), Some(found)) => return found.clone(),
        (Outcome::Done, None) => return "ok".to_owned(),
        (Outcome::NotNeeded(_), None) => format!("ok: {reason}"),
        (Outcome::Skipped(_), _) => format!("skipped: {reason}"),
        (Outcome::Failed(_), _) => format!("could not be done: {reason}"),
    };
    match found {
        Some(found) => format!("{found}; {outcome}"),
        None => outcome,
    }
}

/// `✔ gate      ok                    12 ms`
pub(super) fn line(step: &StepResult, report: &Report<'_>) -> String {
    let sign = if passes(step, report) { '✔' } else { '✘' };
    let (word, result) = (step.step.word(), result(step, report));
    format!("{sign} {word:<9} {result:<44} {:>7.0} ms", step.ms)
}

/// The steps that a finding is of.
pub(super) fn owners(judged: &Judged, report: &Report<'_>) -> impl Iterator<Item = &'static str> {
    let owners = report.steps.iter().filter(|it| it.step.owns(judged));
    owners.map(|result| result.step.word())
}

fn own<'a>(result: &StepResult, report: &Report<'a>) -> Vec<&'a Judged> {
    let judged = report.judged.iter();
    judged.filter(|it| result.step.owns(it)).collect()
}
