//! Hits of rules as findings with a place and a standing.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::finding;
use crate::diagnostic::{Finding, Place, Severity};
use crate::directory::MigrationFile;
use crate::lint::SAID_BY_GATE;
use crate::observe::Step;
use crate::rule::{Hit, Rule, Steps, Topic};

/// A finding, and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// Whether it counts.
    pub standing: Standing,
    /// The file among the new ones, where it is about one.
    #[serde(skip)]
    pub file: Option<usize>,
    /// The statement of that file.
    #[serde(skip)]
    pub statement: Option<usize>,
}

impl Judged {
    /// Whether it makes the review fail.
    pub fn fails(&self) -> bool {
        self.finding.severity == Severity::Error
            && matches!(self.standing, Standing::Open | Standing::Approvable)
    }
}

/// Whether a finding counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "is", content = "ground", rename_all = "snake_case")]
pub enum Standing {
    /// It counts.
    Open,
    /// It counts, unless a review of the pull request has let it pass.
    Approvable,
    /// A review has let it pass, on this ground.
    Approved(String),
    /// A directive has silenced it, for this reason.
    Suppressed(String),
}

/// Findings in the order of files and lines, each once.
pub(super) fn judge(all: &Steps<'_>, dir: &Utf8Path, hits: Vec<(&Rule, Hit)>) -> Vec<Judged> {
    let mut seen = BTreeSet::new();
    let mut judged = Vec::new();
    for (rule, hit) in hits {
        if !seen.insert((rule.code, hit.title.clone())) {
            continue;
        }
        let step = hit.step.and_then(|step| all.steps.get(step));
        let reviewed = rule.topic == Topic::PreviousRelease || SAID_BY_GATE.contains(&rule.code);
        let standing = if reviewed {
            Standing::Approvable
        } else {
            Standing::Open
        };
        let line = hit.line;
        let mut finding = finding(rule, hit);
        let at = step.map(|step| place(all, dir, step));
        finding.places = at.into_iter().collect();
        if let (None, Some((file, line))) = (step, line) {
            let name = dir.join(&all.files[file].file_name);
            finding.places.push(Place::line(name, line));
        }
        judged.push(Judged {
            finding,
            standing,
            file: step.map(|step| step.file).or(line.map(|(file, _)| file)),
            statement: step
                .map(|step| step.index)
                .or_else(|| statement_at(&all.files[line?.0], line?.1)),
        });
    }
    judged.sort_by_key(|it| (it.file, it.statement, it.finding.code));
    judged
}

/// The statement that a line belongs to.
fn statement_at(file: &MigrationFile, line: u32) -> Option<usize> {
    let statements = file.statements().ok()?;
    statements
        .iter()
        .rposition(|statement| statement.line <= line)
}

/// The first line of a statement.
fn place(all: &Steps<'_>, dir: &Utf8Path, step: &Step) -> Place {
    let file = &all.files[step.file];
    let text = all.text(step);
    let before = &file.text[..step.range.start];
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count());
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let last = lines.last().map_or(0, |line| line.chars().count());
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let more = lines.len().saturating_sub(1);
    Place {
        column: number(column + 1),
        end_line: step.line + number(more),
        end_column: number(if more == 0 { column + last } else { last } + 1),
        ..Place::line(dir.join(&file.file_name), step.line)
    }
}
