//! Migrations with a label: what the gate and the linter have to find, and what they must let pass.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use integration_tests::labelled::{Labelled, cases, reviewed};
use integration_tests::postgres;
use schema_core::diagnostic::Severity;
use schema_core::review::{Review, Standing};

/// What is wrong with the verdict on a case.
fn difference(case: &Labelled, review: &Review) -> Option<String> {
    let (mut errors, mut warnings) = (BTreeSet::new(), BTreeSet::new());
    let mut told = String::new();
    for judged in &review.findings {
        let finding = &judged.finding;
        if matches!(judged.standing, Standing::Suppressed(_)) {
            continue;
        }
        let set = match finding.severity {
            Severity::Error => &mut errors,
            Severity::Warning => &mut warnings,
        };
        set.insert(finding.code.to_owned());
        writeln!(
            told,
            "    {} {:?} {}",
            finding.code, finding.severity, finding.title
        )
        .unwrap();
    }
    let missing: Vec<_> = case.warns.difference(&warnings).collect();
    (errors != case.expect || !missing.is_empty()).then(|| {
        format!(
            "{}: expected {:?} and warnings {:?}, found {errors:?} and {warnings:?}\n{told}",
            case.name, case.expect, case.warns
        )
    })
}

#[tokio::test]
async fn every_break_is_found_and_no_safe_migration_is_held_up() {
    let only = std::env::var("LABELLED").ok();
    let dev = postgres::server().await;
    let mut wrong = Vec::new();
    for case in cases() {
        if only
            .as_ref()
            .is_some_and(|only| !case.name.contains(only.as_str()))
        {
            continue;
        }
        match reviewed(dev, &case).await {
            Ok(review) => wrong.extend(difference(&case, &review)),
            Err(error) => wrong.push(format!("{}: {error}", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
