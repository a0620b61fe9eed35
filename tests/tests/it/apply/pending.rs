//! Tests: what is pending, without a database.

use std::time::Duration;

use jiff::Timestamp;
use schema_core::apply::{
    ExecOrder, Limit, PendingOptions, Refusal, Revision, RevisionKind, pending,
};
use schema_core::directory::{Directory, Hash, Version};

use super::directory;

const CHECKPOINT: &str = "-- atlas:checkpoint\n\nSELECT 0;\n";

/// The row of a finished file, `order` seconds into the history.
fn row(directory: &Directory, index: usize, order: i64) -> Revision {
    let file = &directory.files[index];
    Revision {
        version: file.version.clone(),
        description: file.description.clone(),
        kind: RevisionKind::EXECUTED,
        applied: 1,
        total: 1,
        executed_at: Timestamp::new(order, 0).expect("a time"),
        execution_time: Duration::ZERO,
        error: None,
        error_statement: None,
        hash: file.hash.clone().expect("it is hashed"),
        partial_hashes: Vec::new(),
        operator: "Atlas CLI v0.30.0".to_owned(),
    }
}

fn check(
    directory: &Directory,
    rows: &[Revision],
    options: &PendingOptions,
) -> Result<Vec<String>, Refusal> {
    let steps = pending(directory, rows, options)?.steps;
    Ok(steps
        .iter()
        .map(|step| step.file.file_name.clone())
        .collect())
}

fn plain(directory: &Directory, rows: &[Revision]) -> Result<Vec<String>, Refusal> {
    check(directory, rows, &PendingOptions::default())
}

fn five() -> Directory {
    directory(&[
        ("1.sql", "SELECT 1;"),
        ("2.sql", "SELECT 2;"),
        ("3.sql", "SELECT 3;"),
        ("4.sql", "SELECT 4;"),
        ("5.sql", "SELECT 5;"),
    ])
}

#[test]
fn whatever_is_applied_the_rest_comes_in_order_or_is_refused() {
    let directory = five();
    for applied in 0_u32..1 << 5 {
        let is_applied = |index: &usize| applied & (1 << index) != 0;
        let rows = (0..5)
            .filter(is_applied)
            .map(|index| row(&directory, index, 0))
            .collect::<Vec<_>>();
        let (first, last) = ((0..5).find(is_applied), (0..5).rfind(is_applied));
        let holes = match (first, last) {
            (Some(first), Some(last)) => (first..last).filter(|index| !is_applied(index)).collect(),
            _ => Vec::new(),
        };
        let expected = if holes.is_empty() {
            let start = last.map_or(0, |last| last + 1);
            Ok((start..5)
                .map(|index| format!("{}.sql", index + 1))
                .collect())
        } else {
            Err(Refusal::OutOfOrder {
                files: holes
                    .iter()
                    .map(|index| format!("{}.sql", index + 1))
                    .collect(),
                last: rows.last().unwrap().version.clone(),
            })
        };
        assert_eq!(plain(&directory, &rows), expected, "{applied:05b}");
    }
}

#[test]
fn a_fresh_database_begins_at_the_last_checkpoint() {
    let directory = directory(&[
        ("1.sql", "SELECT 1;"),
        ("2.sql", CHECKPOINT),
        ("3.sql", "SELECT 3;"),
        ("4.sql", CHECKPOINT),
        ("5.sql", "SELECT 5;"),
    ]);
    assert_eq!(plain(&directory, &[]).unwrap(), ["4.sql", "5.sql"]);
    // One that is under way takes no notice of them.
    assert_eq!(
        plain(&directory, &[row(&directory, 0, 0)]).unwrap(),
        ["3.sql", "5.sql"]
    );
    let behind = [row(&directory, 0, 0), row(&directory, 2, 1)];
    assert_eq!(plain(&directory, &behind).unwrap(), ["5.sql"]);
}

#[test]
fn files_that_a_checkpoint_stands_for_may_be_gone() {
    let before = directory(&[("1.sql", "SELECT 1;"), ("2.sql", "SELECT 2;")]);
    let rows = [row(&before, 0, 0), row(&before, 1, 1)];
    let squashed = directory(&[("2.sql", CHECKPOINT), ("3.sql", "SELECT 3;")]);
    // The checkpoint has the version of a file that it stands for, and another text.
    assert!(matches!(
        plain(&squashed, &rows),
        Err(Refusal::Modified { .. })
    ));
    let squashed = directory(&[("2a.sql", CHECKPOINT), ("3.sql", "SELECT 3;")]);
    assert_eq!(plain(&squashed, &rows).unwrap(), ["3.sql"]);
    let cut = directory(&[("3.sql", "SELECT 3;")]);
    let versions = ["1", "2"].map(Version::new).to_vec();
    assert_eq!(plain(&cut, &rows), Err(Refusal::Foreign { versions }));
    let cut = directory(&[("2.sql", "SELECT 2;"), ("3.sql", "SELECT 3;")]);
    let versions = vec![Version::new("1")];
    assert_eq!(plain(&cut, &rows), Err(Refusal::Missing { versions }));
}

#[test]
fn what_atlas_ran_out_of_order_is_not_modified() {
    let directory = five();
    // Version 2 came with a merge, after 3 and 4 had run: their hashes do not cover it.
    let without = super::directory(&[
        ("1.sql", "SELECT 1;"),
        ("3.sql", "SELECT 3;"),
        ("4.sql", "SELECT 4;"),
    ]);
    let mut rows = [
        row(&directory, 0, 0),
        row(&directory, 1, 9),
        row(&without, 1, 1),
        row(&without, 2, 2),
    ];
    assert_eq!(plain(&directory, &rows).unwrap(), ["5.sql"]);
    rows[3].hash = Hash::new("something else");
    assert!(
        matches!(plain(&directory, &rows), Err(Refusal::Modified { file, .. }) if file == "4.sql")
    );
}

#[test]
fn a_later_file_that_agrees_vouches_for_those_before_it() {
    let directory = five();
    let mut rows = [
        row(&directory, 0, 0),
        row(&directory, 1, 1),
        row(&directory, 2, 2),
    ];
    rows[1].hash = Hash::new("the hash before it was corrected half-way");
    assert_eq!(plain(&directory, &rows).unwrap(), ["4.sql", "5.sql"]);
    rows[2].hash = Hash::new("no");
    assert!(
        matches!(plain(&directory, &rows), Err(Refusal::Modified { file, .. }) if file == "2.sql")
    );
}

#[test]
fn a_half_done_file_comes_first_and_an_attempt_counts_for_nothing() {
    let directory = directory(&[
        ("1.sql", "SELECT 1;\nSELECT 2;"),
        ("2.sql", "SELECT 3;"),
        ("3.sql", "SELECT 4;"),
    ]);
    let mut partial = row(&directory, 0, 0);
    partial.total = 2;
    let rows = [partial.clone(), row(&directory, 1, 1)];
    assert_eq!(plain(&directory, &rows).unwrap(), ["1.sql", "3.sql"]);
    partial.applied = 0;
    let steps = plain(&directory, &[partial.clone()]);
    assert_eq!(steps.unwrap(), ["1.sql", "2.sql", "3.sql"]);
    // Said to be done by somebody is done.
    partial.kind = RevisionKind(6);
    assert_eq!(plain(&directory, &[partial]).unwrap(), ["2.sql", "3.sql"]);
}

#[test]
fn a_baseline_is_for_a_database_without_history() {
    let directory = five();
    let options = |baseline: &str| PendingOptions {
        baseline: Some(Version::new(baseline)),
        ..PendingOptions::default()
    };
    assert_eq!(
        check(&directory, &[], &options("3")).unwrap(),
        ["4.sql", "5.sql"]
    );
    assert!(matches!(
        check(&directory, &[], &options("x")),
        Err(Refusal::UnknownVersion { .. })
    ));
    let mut adopted = row(&directory, 2, 0);
    (adopted.kind, adopted.hash, adopted.applied, adopted.total) =
        (RevisionKind::BASELINE, Hash::new(""), 0, 0);
    assert_eq!(
        check(&directory, &[adopted], &options("3")).unwrap(),
        ["4.sql", "5.sql"]
    );
    let first = Version::new("1");
    assert_eq!(
        check(&directory, &[row(&directory, 0, 0)], &options("3")),
        Err(Refusal::HasHistory { first })
    );
}

#[test]
fn only_what_is_to_run_has_to_be_good() {
    let texts = [
        ("1.sql", "-- atlas:nope\nSELECT 1;"),
        ("2.sql", "SELECT 'open;"),
        ("3.sql", "SELECT 3;"),
    ];
    let directory = Directory::from_texts(
        camino::Utf8Path::new("migrations"),
        texts
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec(),
        None,
        &schema_core::directory::Prefixes::default(),
    );
    assert!(matches!(
        plain(&directory, &[]),
        Err(Refusal::Directive { .. })
    ));
    assert!(matches!(
        plain(&directory, &[row(&directory, 0, 0)]),
        Err(Refusal::Split { .. })
    ));
    let rows = [row(&directory, 0, 0), row(&directory, 1, 1)];
    assert_eq!(plain(&directory, &rows).unwrap(), ["3.sql"]);
    let ignored = super::directory(&[("1.sql", "-- atlas:sum ignore\nSELECT 1;")]);
    assert_eq!(
        plain(&ignored, &[]),
        Err(Refusal::Unhashed {
            file: "1.sql".to_owned()
        })
    );
}

#[test]
fn a_limit_ends_early() {
    let directory = five();
    let limited = |limit| {
        check(
            &directory,
            &[row(&directory, 0, 0)],
            &PendingOptions {
                limit,
                ..PendingOptions::default()
            },
        )
    };
    assert_eq!(limited(Limit::Count(2)).unwrap(), ["2.sql", "3.sql"]);
    assert_eq!(
        limited(Limit::To(Version::new("4"))).unwrap(),
        ["2.sql", "3.sql", "4.sql"]
    );
    assert_eq!(limited(Limit::To(Version::new("1"))).unwrap(), [""; 0]);
}

#[test]
fn files_that_came_late_are_refused_left_out_or_first() {
    let directory = directory(&[
        ("1.sql", "SELECT 1;"),
        ("2.sql", "SELECT 2;"),
        ("3.sql", "SELECT 3;\nSELECT 4;"),
        ("4.sql", CHECKPOINT),
        ("5.sql", "SELECT 5;"),
        ("6.sql", "SELECT 6;"),
    ]);
    let mut half = row(&directory, 2, 1);
    half.total = 2;
    let rows = [row(&directory, 0, 0), half, row(&directory, 4, 2)];
    let with = |rows: &[Revision], order| {
        let options = PendingOptions {
            order,
            ..PendingOptions::default()
        };
        check(&directory, rows, &options)
    };
    assert_eq!(
        with(&rows, ExecOrder::Linear),
        Err(Refusal::OutOfOrder {
            files: vec!["2.sql".to_owned()],
            last: Version::new("5"),
        })
    );
    assert_eq!(
        with(&rows, ExecOrder::LinearSkip).unwrap(),
        ["3.sql", "6.sql"]
    );
    // What is half done comes before everything, as with Atlas.
    assert_eq!(
        with(&rows, ExecOrder::NonLinear).unwrap(),
        ["3.sql", "2.sql", "6.sql"]
    );
    // What is older than the history is no part of it.
    let adopted = [row(&directory, 2, 1)];
    assert_eq!(
        with(&adopted, ExecOrder::NonLinear).unwrap(),
        ["5.sql", "6.sql"]
    );
}

#[test]
fn a_file_that_failed_and_was_overtaken_is_not_out_of_order() {
    let directory = five();
    let mut failed = row(&directory, 1, 1);
    failed.applied = 0;
    failed.error = Some("no".to_owned());
    let rows = [row(&directory, 0, 0), failed, row(&directory, 2, 2)];
    assert_eq!(
        plain(&directory, &rows).unwrap(),
        ["2.sql", "4.sql", "5.sql"]
    );
}

#[test]
fn what_came_late_is_no_change_of_what_ran_before() {
    let before = directory(&[("1.sql", "SELECT 1;"), ("3.sql", "SELECT 3;")]);
    let rows = [row(&before, 0, 0), row(&before, 1, 1)];
    let now = directory(&[
        ("1.sql", "SELECT 1;"),
        ("2.sql", "SELECT 2;"),
        ("3.sql", "SELECT 3;"),
        ("4.sql", "SELECT 4;"),
    ]);
    let with = |rows: &[Revision], order| {
        let options = PendingOptions {
            order,
            ..PendingOptions::default()
        };
        check(&now, rows, &options)
    };
    assert_eq!(with(&rows, ExecOrder::LinearSkip).unwrap(), ["4.sql"]);
    assert_eq!(
        with(&rows, ExecOrder::NonLinear).unwrap(),
        ["2.sql", "4.sql"]
    );
    // What ran while it was left out has it in its hash.
    let behind = [rows[0].clone(), rows[1].clone(), row(&now, 3, 2)];
    assert_eq!(with(&behind, ExecOrder::LinearSkip).unwrap(), [""; 0]);
    let status = schema_core::apply::compare(&now, &behind);
    assert_eq!(status.count(schema_core::apply::State::Modified), 0);
    let mut other = behind;
    other[2].hash = Hash::new("something else");
    assert!(matches!(
        with(&other, ExecOrder::LinearSkip),
        Err(Refusal::Modified { .. })
    ));
}
