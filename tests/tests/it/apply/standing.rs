//! Tests: every state that a version can be in, as `status` shows it.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;
use schema_core::directory::Directory;

const FILES: [(&str, &str); 10] = [
    ("1_adopted.sql", "SELECT 1;\n"),
    ("2_applied.sql", "SELECT 2;\n"),
    ("3_said.sql", "SELECT 3;\n"),
    (
        "4_half.sql",
        "-- atlas:txmode none\n\nSELECT 4;\nSELECT 1 / 0;\n",
    ),
    ("5_demo.sql", "-- migrate:skip-on staging\n\nSELECT 5;\n"),
    (
        "6_drop.sql",
        "-- migrate:n-1-shim-drop: users\n\nSELECT 6;\n",
    ),
    ("7_late.sql", "SELECT 7;\n"),
    ("8_changed.sql", "SELECT 8;\n"),
    (
        "9_next.sql",
        "-- migrate:skip-on production,staging\n\nSELECT 9;\n",
    ),
    ("a_failed.sql", "SELECT 10;\n"),
];

const SHOWN: &str = "\
current: 85
next:    4
files:   1 applied, 1 baseline, 1 resolved, 1 skipped, 1 partial, 1 deferred, 2 pending, 1 missing, 1 modified, 1 out of order
    resolved 3 said
     partial 4 half, 1 of 2 statements
             last attempt: division by zero
     skipped 5 demo, on staging; it never runs on this database
    deferred 6 drop
             waits: it drops the shim of public.users
out of order 7 late
    modified 8 changed
     missing 85 gone
     pending 9 next, not for production, staging
     pending a failed
             last attempt: no room
next apply: refused, because version `85` is applied to the database but not in the directory
";

#[tokio::test]
async fn every_state_is_shown_with_what_it_means() {
    let repository = TestRepository::new();
    for (name, text) in FILES {
        repository.migration(name, text);
    }
    repository.hash();
    let directory = Directory::load(&repository.root().join("migrations")).unwrap();
    let hash = |version: &str| {
        let mut files = directory.files.iter();
        let file = files.find(|it| it.version.as_str() == version).unwrap();
        file.hash.as_ref().unwrap().as_str().to_owned()
    };
    let waits =
        "deferred by cargo migrate to the next deployment: it drops the shim of public.users";
    // Version, type, applied, total, error, hash, partial hashes, operator.
    let rows = [
        ("1", 1, 0, 0, "NULL", String::new(), "NULL", ""),
        ("2", 2, 1, 1, "NULL", hash("2"), "NULL", ""),
        ("3", 4, 0, 0, "NULL", hash("3"), "NULL", ""),
        (
            "4",
            2,
            1,
            2,
            "'division by zero'",
            hash("4"),
            "'[\"h1:x\"]'",
            "",
        ),
        (
            "5",
            4,
            0,
            0,
            "NULL",
            hash("5"),
            "NULL",
            "; skipped on staging",
        ),
        ("6", 2, 0, 1, &format!("'{waits}'"), hash("6"), "NULL", ""),
        ("8", 2, 1, 1, "NULL", "another".to_owned(), "NULL", ""),
        ("85", 2, 1, 1, "NULL", "whatever".to_owned(), "NULL", ""),
        ("a", 2, 0, 1, "'no room'", hash("a"), "NULL", ""),
    ];
    let values = rows.map(|(version, kind, applied, total, error, hash, partial, operator)| {
        let description = if version == "85" { "gone" } else { "" };
        let description = FILES
            .iter()
            .find_map(|(name, _)| name.strip_prefix(&format!("{version}_")))
            .map_or(description, |it| it.trim_end_matches(".sql"));
        format!(
            "('{version}', '{description}', {kind}, {applied}, {total}, '2026-01-01 00:00Z', 0, {error}, NULL, '{hash}', {partial}, 'cargo-migrate v0.1.0{operator}')"
        )
    });
    let database = TestDatabase::with(super::history::ATLAS_TABLE).await;
    database
        .run(&format!(
            "INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES {}",
            values.join(", ")
        ))
        .await;
    let url = database.url();
    let ran = repository.migrate(&["status", "--url", &url]).ends(11, &[]);
    assert_eq!(ran.out, SHOWN);

    let ran = repository.migrate(&["status", "--url", &url, "--json"]);
    assert_eq!(ran.code, 11);
    let status = &ran.json()["status"];
    let versions = status["versions"].as_array().unwrap();
    let found: Vec<_> = versions
        .iter()
        .map(|it| it["state"].as_str().unwrap())
        .collect();
    assert_eq!(
        found,
        [
            "baseline",
            "applied",
            "resolved",
            "partial",
            "skipped",
            "deferred",
            "out_of_order",
            "modified",
            "missing",
            "pending",
            "pending"
        ]
    );
    assert_eq!(
        versions[5],
        serde_json::json!({
            "version": "6", "description": "drop", "state": "deferred", "applied": 0, "total": 1,
            "executed_at": "2026-01-01T00:00:00Z", "deferred": "it drops the shim of public.users",
            "skipped_on": null, "skips_on": [], "error": null, "error_statement": null
        })
    );
    assert_eq!(versions[4]["skipped_on"], "staging");
    assert_eq!(
        versions[9]["skips_on"],
        serde_json::json!(["production", "staging"])
    );
    assert_eq!(
        status["next_apply"],
        serde_json::json!({
            "runs": [], "defers": [],
            "refused": "version `85` is applied to the database but not in the directory"
        })
    );
}
