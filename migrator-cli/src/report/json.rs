//! One JSON document, for programs.

use std::collections::BTreeMap;

use schema_core::diagnostic::{Place, Severity};
use schema_core::review::Standing;
use serde::Serialize;

use super::{Report, step};
use crate::approval::Approval;
use crate::consistency::Consistency;
use crate::review::StepResult;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    command: &'a str,
    passed: bool,
    base: Option<&'a str>,
    new: &'a [String],
    release: Known<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<Step<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'a Consistency>,
    findings: Vec<Found<'a>>,
    approval: Option<Approved<'a>>,
    shims: Vec<Shim<'a>>,
    timings: &'a BTreeMap<&'static str, f64>,
}

/// A step, and how it ended.
#[derive(Serialize)]
struct Step<'a> {
    name: &'static str,
    passed: bool,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    errors: usize,
    ms: f64,
}

/// What is known of the previous release beside its migrations.
#[derive(Serialize)]
struct Known<'a> {
    queries: usize,
    sqlx: Option<&'a str>,
}

#[derive(Serialize)]
struct Found<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<&'static str>,
    code: &'a str,
    name: Option<&'a str>,
    severity: Severity,
    standing: &'static str,
    /// The ground of an approval, or the reason of a `nolint`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    title: &'a str,
    places: Vec<Place>,
    notes: &'a [String],
    help: Option<&'a str>,
    fix: Option<&'a str>,
}

#[derive(Serialize)]
struct Approved<'a> {
    given: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    reason: &'a str,
}

#[derive(Serialize)]
struct Shim<'a> {
    old: String,
    issue: &'a str,
    state: Option<String>,
    file: String,
    line: u32,
}

fn of_step<'a>(result: &'a StepResult, report: &Report<'_>) -> Step<'a> {
    Step {
        name: result.step.word(),
        passed: step::passes(result, report),
        outcome: step::word(result, report),
        reason: result.reason(),
        errors: step::errors(result, report),
        ms: result.ms,
    }
}

pub(super) fn render(report: &Report<'_>) -> String {
    let findings = report.judged.iter().map(|judged| {
        let finding = &judged.finding;
        let (standing, reason) = match &judged.standing {
            Standing::Open => ("open", None),
            Standing::Approvable => ("approvable", None),
            Standing::Approved(ground) => ("approved", Some(ground.as_str())),
            Standing::Suppressed(reason) => ("suppressed", Some(reason.as_str())),
        };
        Found {
            steps: step::owners(judged, report).collect(),
            code: finding.code,
            name: report.rule(finding.code).map(|rule| rule.name),
            severity: finding.severity,
            standing,
            reason,
            title: &finding.title,
            places: finding
                .places
                .iter()
                .map(|place| Place {
                    file: report.sources.in_repository(&place.file),
                    ..place.clone()
                })
                .collect(),
            notes: &finding.notes,
            help: finding.help.as_deref(),
            fix: finding.fix.as_deref(),
        }
    });
    let approval = report.approval.map(|approval| match approval {
        Approval::Given { label, ground } => Approved {
            given: true,
            label: Some(label),
            reason: ground,
        },
        Approval::None { reason } => Approved {
            given: false,
            label: None,
            reason,
        },
    });
    let shims = report.shims.iter().map(|shim| Shim {
        old: shim.shim.old.to_string(),
        issue: &shim.shim.issue,
        state: shim.state.map(|state| state.to_string()),
        file: report.sources.in_repository(&shim.shim.file),
        line: shim.shim.line,
    });
    let document = Document {
        version: 1,
        command: report.command,
        passed: report.passes(),
        base: report.against.map(|against| against.name.as_str()),
        new: report.against.map_or(&[], |against| &against.new),
        release: Known {
            queries: report
                .against
                .map_or(0, |against| against.release.queries.len()),
            sqlx: report
                .against
                .and_then(|against| against.release.sqlx.as_deref()),
        },
        steps: report.steps.iter().map(|it| of_step(it, report)).collect(),
        check: report.consistency,
        findings: findings.collect(),
        approval,
        shims: shims.collect(),
        timings: report.timings,
    };
    serde_json::to_string_pretty(&document).expect("its keys are strings")
}
