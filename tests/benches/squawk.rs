//! Recall and false alarms per rule on `tests/labelled`, and Squawk's on the same files.
//!
//! `cargo test -p integration-tests --bench squawk`, with `squawk` (`pip install squawk-cli`) on the
//! path; without it only our own figures are printed.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use integration_tests::labelled::{Labelled, cases_on, reviewed};
use integration_tests::postgres;
use serde_json::Value;

/// Rules of Squawk about style, and the two about timeouts, which nearly every file sets off: they
/// count neither for nor against it. What it cannot parse is no finding either.
const NITS: [&str; 14] = [
    "ban-char-field",
    "ban-create-domain-with-constraint",
    "identifier-too-long",
    "prefer-big-int",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamp-tz",
    "require-enum-value-ordering",
    "require-lock-timeout",
    "require-statement-timeout",
    "syntax-error",
];

/// What was counted for one rule.
#[derive(Clone, Copy, Default)]
struct Tally {
    breaks: u32,
    found: u32,
    squawk_found: u32,
    safe: u32,
    held: u32,
    squawk_held: u32,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.breaks += other.breaks;
        self.found += other.found;
        self.squawk_found += other.squawk_found;
        self.safe += other.safe;
        self.held += other.held;
        self.squawk_held += other.squawk_held;
    }

    fn row(self, name: &str) -> String {
        let Self {
            breaks,
            found,
            squawk_found,
            safe,
            held,
            squawk_held,
        } = self;
        format!(
            "| {name} | {breaks} | {found} | {squawk_found} | {safe} | {held} | {squawk_held} |"
        )
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let squawk = Command::new("squawk").arg("--version").output();
    let squawk = squawk
        .ok()
        .map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
    let folder = tempfile::tempdir().expect("a folder");
    let (mut rules, mut all): (BTreeMap<String, Tally>, Tally) = Default::default();
    let (mut other, mut missed) = (Tally::default(), Vec::new());
    let mut nits = 0;
    let major = runtime.block_on(postgres::major());
    for case in cases_on(major) {
        let errors = runtime.block_on(errors(&case));
        let (serious, any) = match &squawk {
            Some(_) => squawked(&case, folder.path()),
            None => (false, false),
        };
        let mut tally = Tally::default();
        if !case.expect.is_empty() {
            tally.breaks = 1;
            tally.squawk_found = u32::from(serious);
            for code in &case.expect {
                let found = u32::from(errors.contains(code));
                rules
                    .entry(code.clone())
                    .or_default()
                    .add(Tally { found, ..tally });
            }
            tally.found = u32::from(case.expect.is_subset(&errors));
        } else if case.warns.is_empty() {
            tally.safe = 1;
            tally.held = u32::from(!errors.is_empty());
            tally.squawk_held = u32::from(serious);
            nits += u32::from(any);
            let code = case
                .name
                .split('_')
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let is_code = code.len() == 4 && code[1..].bytes().all(|it| it.is_ascii_digit());
            let of_rule = if is_code {
                rules.entry(code).or_default()
            } else {
                &mut other
            };
            of_rule.add(tally);
        }
        let wrong = tally.found < tally.breaks || tally.held > 0;
        if wrong {
            missed.push(format!("{}: {errors:?}", case.name));
        }
        all.add(tally);
    }
    let name = squawk.unwrap_or_else(|| "squawk (not installed)".to_owned());
    println!("| rule | breaks | found | found by {name} | safe | held up | held up by it |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (code, tally) in &rules {
        println!("{}", tally.row(code));
    }
    println!("{}", other.row("of no single rule"));
    println!("{}", all.row("**cases**"));
    println!(
        "\nCounting its rules of style too, it holds up {nits} of {} safe ones.",
        all.safe
    );
    println!("{}", missed.join("\n"));
}

/// Codes of the errors that the review gives.
async fn errors(case: &Labelled) -> BTreeSet<String> {
    let review = reviewed(postgres::server().await, case).await;
    let review = review.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let failing = review.findings.iter().filter(|it| it.fails());
    failing.map(|it| it.finding.code.to_owned()).collect()
}

/// Whether Squawk says anything of a case that is no matter of style, and whether it says anything.
fn squawked(case: &Labelled, folder: &Path) -> (bool, bool) {
    let (mut serious, mut any) = (false, false);
    for (name, text) in &case.files {
        let path = folder.join(name);
        fs_err::write(&path, text).expect("the folder can be written");
        let output = Command::new("squawk")
            .args(["--reporter", "json"])
            .arg(&path)
            .output();
        let output = output.expect("squawk runs").stdout;
        let found: Vec<Value> = serde_json::from_slice(&output).unwrap_or_default();
        for finding in found {
            let rule = finding["rule_name"].as_str().unwrap_or_default();
            any |= rule != "syntax-error";
            serious |= !NITS.contains(&rule);
        }
    }
    (serious, any)
}
