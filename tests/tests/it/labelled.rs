//! Migrations with a label: what the gate and the linter have to find, and what they must let pass.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use integration_tests::labelled::{Labelled, cases, cases_on, reviewed};
use integration_tests::postgres;
use schema_core::diagnostic::Severity;
use schema_core::plan::shim::SECURITY_INVOKER;
use schema_core::review::{Review, Standing, rules};
use schema_core::rule::Check;

/// What is wrong with the verdict on a case.
fn difference(case: &Labelled, review: &Review) -> Option<String> {
    let (mut errors, mut warnings) = (BTreeSet::new(), BTreeSet::new());
    let mut told = String::new();
    for judged in &review.findings {
        let finding = &judged.finding;
        if matches!(judged.standing, Standing::Suppressed(_)) {
            continue;
        }
        // What is found by its effects has a statement that did it.
        if finding.code.starts_with('N') && finding.places.is_empty() {
            writeln!(told, "    {} points at nothing", finding.code).unwrap();
            errors.insert("no place".to_owned());
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
    for case in cases_on(dev.engine().major) {
        let other = |only: &String| !case.name.contains(only.as_str());
        if only.as_ref().is_some_and(other) {
            continue;
        }
        match reviewed(dev, &case).await {
            Ok(review) => wrong.extend(difference(&case, &review)),
            Err(error) => wrong.push(format!("{}: {error}", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Before 15 no view can keep row security, and none is proposed.
#[tokio::test]
async fn the_view_that_is_proposed_for_a_renamed_table_can_be_pasted() {
    let dev = postgres::server().await;
    let case = |text: String| {
        let mut case = cases().remove(0);
        (case.expect, case.base) = (BTreeSet::new(), None);
        "NG".clone_into(&mut case.topics);
        case.files = vec![("20260101000001_rename.sql".to_owned(), text)];
        case
    };
    for (from, to, is_guarded) in [("log", "journal", false), ("notes", "papers", true)] {
        let rename = format!("SET lock_timeout = '2s';\nALTER TABLE {from} RENAME TO {to};\n");
        let review = reviewed(dev, &case(rename.clone())).await.unwrap();
        let finding = &review.findings[0].finding;
        assert_eq!(finding.code, "N004");
        if is_guarded && dev.engine().major < SECURITY_INVOKER {
            assert_eq!(finding.fix, None);
            assert!(finding.notes[0].contains("row security"), "{finding:?}");
            continue;
        }
        let pasted = rename + finding.fix.as_ref().expect("a view");
        let review = reviewed(dev, &case(pasted)).await.unwrap();
        let mut codes = review.findings.iter().map(|it| it.finding.code);
        assert!(codes.all(|code| code == "N055"), "{:?}", review.findings);
    }
}

#[test]
fn every_rule_of_the_catalog_has_a_break_and_a_page() {
    let cases = cases();
    let mut missing = Vec::new();
    for rule in rules().filter(|rule| rule.code.starts_with('N')) {
        let labelled =
            |case: &Labelled| case.expect.contains(rule.code) || case.warns.contains(rule.code);
        let is_found_here = matches!(rule.check, Check::Contract(_));
        if is_found_here && !cases.iter().any(labelled) {
            missing.push(format!("{} is expected nowhere", rule.code));
        }
        let (remedy, sql) = rule
            .instead
            .split_once("\n\n")
            .unwrap_or((rule.instead, ""));
        if !remedy.ends_with('.') || !sql.contains("```") || !rule.why.ends_with('.') {
            missing.push(format!("{} has no whole page", rule.code));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
