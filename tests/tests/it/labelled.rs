//! Migrations with a label: what the gate and the linter have to find, and what they must let pass.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use integration_tests::postgres;
use schema_core::apply::Silent;
use schema_core::dev_db::DevServer;
use schema_core::diagnostic::Severity;
use schema_core::directory::{Directory, MigrationFile, Prefixes};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::review::{Review, ReviewOptions, Standing, review, rules};
use schema_core::rule::{Check, Contract, Rule};

/// A file of `tests/labelled`: what is expected, the base if it is not the common one, new files.
#[derive(Debug)]
struct Case {
    name: String,
    expect: BTreeSet<String>,
    warns: BTreeSet<String>,
    /// Letters of the codes whose rules are asked; all if empty.
    topics: String,
    /// What the previous release uses, where that is not everything.
    contract: Contract,
    base: Option<String>,
    files: Vec<(String, String)>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("labelled")
}

fn codes(list: &str) -> BTreeSet<String> {
    list.split([',', ' '])
        .filter(|word| !word.is_empty() && *word != "nothing")
        .map(str::to_owned)
        .collect()
}

/// `users (id, name); orgs (id)`.
fn contract(list: &str) -> Contract {
    let table = |entry: &str| {
        let (table, columns) = entry.trim().trim_end_matches(')').split_once('(').unwrap();
        let columns = columns.split(',').map(|it| Ident::from(it.trim()));
        (
            QualifiedName::in_default_schema(table.trim()),
            columns.collect(),
        )
    };
    Contract::Tables(list.split(';').map(table).collect())
}

fn read(name: &str, text: &str) -> Case {
    let mut case = Case {
        name: name.to_owned(),
        expect: BTreeSet::new(),
        warns: BTreeSet::new(),
        topics: String::new(),
        contract: Contract::Base,
        base: None,
        files: Vec::new(),
    };
    let mut in_base = false;
    for line in text.lines() {
        if let Some(list) = line.strip_prefix("-- expect: ") {
            case.expect = codes(list);
        } else if let Some(list) = line.strip_prefix("-- warns: ") {
            case.warns = codes(list);
        } else if let Some(topics) = line.strip_prefix("-- topics: ") {
            topics.clone_into(&mut case.topics);
        } else if let Some(list) = line.strip_prefix("-- contract: ") {
            case.contract = contract(list);
        } else if line == "-- base" {
            in_base = true;
            case.base = Some(String::new());
        } else if let Some(file) = line.strip_prefix("-- file: ") {
            in_base = false;
            let number = case.files.len() + 1;
            let name = format!("202601010000{number:02}_{file}.sql");
            case.files.push((name, String::new()));
        } else {
            let part = match (&mut case.base, case.files.last_mut()) {
                (Some(base), _) if in_base => base,
                (_, Some((_, text))) => text,
                _ => panic!("{name}: `{line}` is in no file"),
            };
            writeln!(part, "{line}").unwrap();
        }
    }
    assert!(!case.files.is_empty(), "{name} has no `-- file: name`");
    case
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in fs_err::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name != "base" && path.extension().is_some_and(|it| it == "sql") {
            cases.push(read(&name, &fs_err::read_to_string(&path).unwrap()));
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

fn directory(files: Vec<(String, String)>) -> Directory {
    Directory::from_texts("migrations".into(), files, None, &Prefixes::default())
}

async fn reviewed(dev: &DevServer, common: &str, case: &Case) -> Result<Review, String> {
    let base = case.base.clone().unwrap_or_else(|| common.to_owned());
    let base = directory(vec![("20250101000000_base.sql".to_owned(), base)]);
    let new: Vec<MigrationFile> = directory(case.files.clone()).files;
    let mut options = ReviewOptions {
        app_role: Some(Ident::new("app")),
        contract: case.contract.clone(),
        ..ReviewOptions::default()
    };
    if !case.topics.is_empty() {
        let asked = |rule: &&Rule| case.topics.contains(&rule.code[..1]);
        options.topics = rules().filter(asked).map(|rule| rule.topic).collect();
    }
    let reviewed = review(dev, &base, &new, &options, &mut Silent).await;
    reviewed.map_err(|error| error.to_string())
}

/// What is wrong with the verdict on a case.
fn difference(case: &Case, review: &Review) -> Option<String> {
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
    let common = fs_err::read_to_string(folder().join("base.sql")).unwrap();
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
        match reviewed(dev, &common, &case).await {
            Ok(review) => wrong.extend(difference(&case, &review)),
            Err(error) => wrong.push(format!("{}: {error}", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_the_catalog_has_a_break_and_a_page() {
    let cases = cases();
    let mut missing = Vec::new();
    for rule in rules().filter(|rule| rule.code.starts_with('N')) {
        let labelled =
            |case: &Case| case.expect.contains(rule.code) || case.warns.contains(rule.code);
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
