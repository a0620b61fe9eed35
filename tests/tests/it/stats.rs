//! Sizes of production's tables: what is exported, and what is taken.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};
use schema_core::ident::QualifiedName;
use schema_core::lint::Stats;
use sqlx::Executor as _;

#[tokio::test]
async fn rows_and_sizes_are_exported_and_nothing_else() {
    let database = TestDatabase::new().await;
    let mut connection = database.connect().await;
    connection
        .execute(
            "CREATE TABLE users (id bigint PRIMARY KEY, secret text);
             INSERT INTO users SELECT i, 'hidden ' || i FROM generate_series(1, 5000) AS i;
             CREATE SCHEMA \"Odd.Name\";
             CREATE TABLE \"Odd.Name\".\"T t\" (id bigint);
             CREATE TABLE parts (id bigint) PARTITION BY RANGE (id);
             CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
             INSERT INTO parts SELECT generate_series(1, 50);
             ANALYZE users; ANALYZE parts_1;",
        )
        .await
        .unwrap();
    let folder = TestRepository::folder();
    let ran = folder
        .migrate(&["stats", "--url", &database.url(), "--output", "sizes.json"])
        .ends(0, &["sizes.json of 4 tables", "1 table was never analysed"]);
    assert_eq!(ran.out, "", "the export goes to the file");
    let text = folder.read("sizes.json");
    assert!(!text.contains("hidden"), "no row is exported");
    let stats = Stats::parse(&text).unwrap();
    let of = |schema: &str, name: &str| stats.tables[&QualifiedName::new(schema, name)];
    let users = of("public", "users");
    assert_eq!(users.rows, Some(5000));
    assert!(
        users.bytes >= 5000 * 30 && users.index_bytes > 0,
        "{users:?}"
    );
    assert_eq!(of("Odd.Name", "T t").rows, None);
    assert_eq!(of("public", "parts_1").rows, Some(50));
    assert_eq!(
        of("public", "parts").rows,
        Some(50),
        "the sum of its partitions"
    );

    let printed = folder.migrate(&["stats", "--url", &database.url()]);
    assert_eq!(
        Stats::parse(&printed.ends(0, &[]).out).unwrap().tables,
        stats.tables
    );
}

#[test]
fn a_file_that_is_no_export_is_told() {
    let repository = TestRepository::with_migrations(&[("1_a.sql", "SELECT 1;\n")]);
    let lint = |text: &str| {
        repository.write("sizes.json", text);
        repository.migrate(&["lint", "--stats", "sizes.json"])
    };
    lint(r#"{"version": 1, "taken_at": "x", "tables": {}}"#).ends(0, &[]);
    let malformed = ["sizes.json cannot be used", "cargo migrate stats"];
    lint("").ends(2, &malformed);
    lint("{}").ends(2, &malformed);
    lint(r#"{"version": 1, "taken_at": "x", "tables": {"a": {"rows": "many"}}}"#)
        .ends(2, &malformed);
    lint(r#"{"version": 2, "sizes": []}"#).ends(2, &["version 2", "reads version 1"]);
    repository
        .migrate(&["gate", "--stats", "gone.json"])
        .ends(2, &["gone.json cannot be used"]);
}

#[test]
fn work_under_a_lock_on_a_small_table_is_a_warning() {
    let repository = TestRepository::with_migrations(&[(
        "1_a.sql",
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n",
    )]);
    repository.migration(
        "2_b.sql",
        "SET LOCAL lock_timeout = '2s';\nCREATE INDEX users_email_idx ON users (email);\n",
    );
    repository.hash();
    let sized = |bytes: u64| {
        let table = serde_json::json!({"rows": 12, "bytes": bytes, "index_bytes": 0});
        let stats = serde_json::json!({"version": 1, "taken_at": "2026-01-01T00:00:00Z", "tables": {"public.users": table}});
        repository.write("sizes.json", stats.to_string());
        repository.migrate(&["lint", "--json", "--stats", "sizes.json"])
    };
    let severity = |ran: &Ran| {
        let findings = ran.json()["findings"].clone();
        assert_eq!(findings[0]["code"], "B001", "{findings:#}");
        let note = findings[0]["notes"][0].as_str().unwrap().to_owned();
        (findings[0]["severity"].as_str().unwrap().to_owned(), note)
    };
    let (small, note) = severity(&sized(8192).ends(0, &[]));
    assert_eq!(small, "warning");
    assert_eq!(
        note,
        "In production users had about 12 rows, 8 kB and 0 kB of indexes, at 2026-01-01T00:00:00Z."
    );
    let (large, note) = severity(&sized(3 << 40).ends(10, &[]));
    assert_eq!(large, "error");
    assert!(note.contains("3072 GB"), "{note}");
}
