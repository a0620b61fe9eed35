//! What `gate`, `lint` and `check --all` found, in the form that was asked for.

mod explain;
mod github;
mod json;
mod markdown;
mod sarif;
mod sources;
mod step;
mod text;
mod wrap;

use std::collections::BTreeMap;

use schema_core::diagnostic::{Place, Severity};
use schema_core::review::{Judged, Standing};
use schema_core::rule::Rule;

pub(crate) use self::explain::find_rule;
pub(crate) use self::markdown::marker;
pub(crate) use self::sources::Sources;
use crate::approval::Approval;
use crate::base::Against;
use crate::cli::Format;
use crate::consistency::Consistency;
use crate::printer::counted;
use crate::review::StepResult;
use crate::tracker::ShimState;

/// Everything that there is to report.
pub(crate) struct Report<'a> {
    /// `gate`, `lint` or `check --all`.
    pub(crate) command: &'static str,
    /// What is new, and against what; `None` where that could not be found out.
    pub(crate) against: Option<&'a Against>,
    /// The findings.
    pub(crate) judged: &'a [Judged],
    /// Whether a review lets breaks pass; `None` where nothing needs it.
    pub(crate) approval: Option<&'a Approval>,
    /// The live shims.
    pub(crate) shims: &'a [ShimState],
    /// Where the time went, in milliseconds.
    pub(crate) timings: &'a BTreeMap<&'static str, f64>,
    /// The steps, of a command that has several.
    pub(crate) steps: &'a [StepResult],
    /// Structs against migrations, where that was asked for.
    pub(crate) consistency: Option<&'a Consistency>,
    /// The rules, for names and pages.
    pub(crate) rules: &'a [&'static Rule],
    /// The files that findings point at.
    pub(crate) sources: &'a Sources,
}

impl Report<'_> {
    /// Its text in a form.
    pub(crate) fn render(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self),
            Format::Json => json::render(self),
            Format::Github => github::render(self),
            Format::Sarif => sarif::render(self),
            Format::Markdown => markdown::render(self),
        }
    }

    /// Whether nothing fails, and everything was done.
    pub(crate) fn passes(&self) -> bool {
        self.steps.iter().all(StepResult::is_done) && !self.judged.iter().any(Judged::fails)
    }

    /// One line: what was found, where, against what.
    pub(crate) fn summary(&self) -> String {
        let mut found = counts(&self.judged.iter().collect::<Vec<_>>());
        let undone = self.steps.iter().filter(|step| !step.is_done()).count();
        if undone > 0 {
            found = format!("{found}, {} not done", counted(undone, "step"));
        }
        match self.against {
            Some(against) => {
                let new = counted(against.new.len(), "new migration");
                format!("{found} in {new} against {}", against.name)
            }
            None => format!("{found}, and what is new is not known"),
        }
    }

    /// The codes of the findings that are shown, each once.
    fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.shown().map(|judged| judged.finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.retain(|code| self.rule(code).is_some());
        codes
    }

    fn rule(&self, code: &str) -> Option<&'static Rule> {
        self.rules.iter().find(|rule| rule.code == code).copied()
    }

    /// `N001 drop-column`.
    fn rule_title(&self, code: &str) -> String {
        match self.rule(code) {
            Some(rule) => format!("{code} {}", rule.name),
            None => code.to_owned(),
        }
    }

    /// The findings that people are to see: all that no directive silences.
    fn shown(&self) -> impl Iterator<Item = &Judged> {
        let is_shown = |judged: &&Judged| !matches!(judged.standing, Standing::Suppressed(_));
        self.judged.iter().filter(is_shown)
    }
}

/// `2 errors, 1 warning`, or `no findings`.
fn counts(judged: &[&Judged]) -> String {
    let count = |wanted: &dyn Fn(&Judged) -> bool| judged.iter().filter(|it| wanted(it)).count();
    let is_warning = |judged: &Judged| {
        judged.finding.severity == Severity::Warning
            && matches!(judged.standing, Standing::Open | Standing::Approvable)
    };
    let parts = [
        (count(&Judged::fails), "error"),
        (count(&is_warning), "warning"),
    ];
    let mut found: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(number, noun)| counted(number, noun))
        .collect();
    if found.is_empty() {
        found.push("no findings".to_owned());
    }
    let approved = count(&|judged| matches!(judged.standing, Standing::Approved(_)));
    let suppressed = count(&|judged| matches!(judged.standing, Standing::Suppressed(_)));
    found.extend((approved > 0).then(|| format!("{approved} approved")));
    found.extend((suppressed > 0).then(|| format!("{suppressed} suppressed")));
    found.join(", ")
}

/// How much a finding weighs in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// It fails the command.
    Error,
    /// It is worth a look.
    Warning,
    /// It was let pass.
    Approved,
}

fn weight(judged: &Judged) -> Weight {
    match (&judged.standing, judged.finding.severity) {
        (Standing::Approved(_), _) => Weight::Approved,
        (_, Severity::Error) => Weight::Error,
        (_, Severity::Warning) => Weight::Warning,
    }
}

/// All that a finding says below its title, as paragraphs; the SQL of the remedy is apart.
fn paragraphs(judged: &Judged) -> Vec<String> {
    let finding = &judged.finding;
    let mut parts = finding.notes.clone();
    parts.extend(finding.help.iter().map(|help| format!("help: {help}")));
    match &judged.standing {
        Standing::Approved(ground) => parts.push(format!("approved: {ground}")),
        Standing::Suppressed(reason) => parts.push(format!("suppressed: {reason}")),
        Standing::Open | Standing::Approvable => {}
    }
    parts
}

/// The main place of a finding.
fn main_place(judged: &Judged) -> Option<&Place> {
    judged.finding.places.first()
}
