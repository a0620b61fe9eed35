//! SARIF 2.1.0, for code scanning.

use schema_core::diagnostic::{Place, Severity};
use schema_core::review::{Judged, Standing};
use schema_core::rule::Rule;
use serde_json::{Value, json};

use super::{Report, paragraphs, step};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(report: &Report<'_>) -> String {
    // Results name their rule by its index, so that every code of a result has one.
    let mut codes: Vec<&str> = report.judged.iter().map(|it| it.finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| rule(code, report.rule(code)))
        .collect();
    let results: Vec<Value> = report
        .judged
        .iter()
        .map(|judged| result(judged, &codes, report))
        .collect();
    let mut document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-migrate",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "automationDetails": { "id": format!("cargo-migrate/{}", report.command.replace(" --", "-")) },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    if !report.steps.is_empty() {
        document["runs"][0]["invocations"] = json!([invocation(report)]);
    }
    serde_json::to_string_pretty(&document).expect("its keys are strings")
}

/// What could not be done.
fn invocation(report: &Report<'_>) -> Value {
    let failed = report.steps.iter().filter(|step| !step.is_done());
    let notifications: Vec<Value> = failed
        .map(|step| {
            let text = format!("{}: {}", step.step.word(), step::result(step, report));
            json!({ "level": "error", "message": { "text": text } })
        })
        .collect();
    json!({
        "executionSuccessful": notifications.is_empty(),
        "toolExecutionNotifications": notifications,
    })
}

fn rule(code: &str, rule: Option<&Rule>) -> Value {
    let Some(rule) = rule else {
        return json!({ "id": code });
    };
    json!({
        "id": code,
        "name": rule.name,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": {
            "text": format!("{}\n\n{}", rule.why, rule.instead),
            "markdown": format!("{}\n\n**Instead:** {}", rule.why, rule.instead),
        },
    })
}

fn result(judged: &Judged, codes: &[&str], report: &Report<'_>) -> Value {
    let finding = &judged.finding;
    let mut text = vec![finding.title.clone()];
    text.extend(paragraphs(judged));
    text.extend(finding.fix.clone());
    let location = |place: &Place| location(place, report);
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": codes.iter().position(|code| *code == finding.code),
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": { "text": text.join("\n\n") },
        "locations": finding.places.iter().take(1).map(location).collect::<Vec<_>>(),
    });
    if finding.places.len() > 1 {
        let mut related: Vec<Value> = finding.places.iter().skip(1).map(location).collect();
        for (id, (value, place)) in related.iter_mut().zip(&finding.places[1..]).enumerate() {
            value["id"] = json!(id + 1);
            value["message"] = json!({ "text": place.label });
        }
        result["relatedLocations"] = json!(related);
    }
    let suppressed =
        |kind, justification: &String| json!([{ "kind": kind, "justification": justification }]);
    match &judged.standing {
        Standing::Approved(ground) => result["suppressions"] = suppressed("external", ground),
        Standing::Suppressed(reason) => result["suppressions"] = suppressed("inSource", reason),
        Standing::Open | Standing::Approvable => {}
    }
    result
}

fn location(place: &Place, report: &Report<'_>) -> Value {
    let mut region = json!({ "startLine": place.line.max(1) });
    if place.column > 0 {
        region["startColumn"] = json!(place.column);
    }
    if place.end_line > 0 {
        region["endLine"] = json!(place.end_line);
        if place.end_column > 0 {
            region["endColumn"] = json!(place.end_column);
        }
    }
    json!({ "physicalLocation": {
        "artifactLocation": {
            "uri": uri(&report.sources.in_repository(&place.file)),
            "uriBaseId": "%SRCROOT%",
        },
        "region": region,
    }})
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(format!("%{byte:02X}").chars());
        }
    }
    out
}
