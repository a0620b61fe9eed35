//! What cannot be imported is named, and then nothing is written.

use super::{USERS, folder, import, is_there};

/// Names and texts.
type Files<'a> = &'a [(&'a str, &'a str)];

/// A folder that is refused with this code and these words.
#[track_caller]
fn refused(files: &[(&str, &str)], arguments: &[&str], code: i32, words: &[&str]) {
    let repository = folder(files);
    import(&repository, arguments).ends(code, words);
    assert!(!is_there(repository.root()));
}

#[tokio::test]
async fn whose_it_is_has_to_be_clear() {
    let both = [("1_a.up.sql", USERS), ("1_a.down.sql", "")];
    refused(
        &both,
        &[],
        2,
        &[
            "cannot be told",
            "--format golang-migrate, or --format sqlx",
            "1_a.down.sql",
        ],
    );
    let both = [("V1__a.sql", USERS)];
    refused(
        &both,
        &[],
        2,
        &[
            "--format flyway, or --format refinery",
            "`V1__a.sql` is of flyway or refinery",
        ],
    );
    let mixed = [
        ("1_a.sql", "-- +goose Up\nSELECT 1;\n"),
        ("V1_1__b.sql", ""),
    ];
    refused(
        &mixed,
        &[],
        2,
        &["`1_a.sql` is of goose", "`V1_1__b.sql` is of flyway"],
    );
    refused(
        &[("readme.md", "")],
        &[],
        3,
        &["no migrations of a tool that is known", "dbmate"],
    );
    refused(
        &[("m20240101_000000_a.rs", "")],
        &[],
        3,
        &["`m20240101_000000_a.rs` is Rust, and not SQL"],
    );
    refused(
        &[("1_a.sql", USERS)],
        &["--format", "prisma"],
        3,
        &["no migration of prisma"],
    );
    let above = [("migrations/1_a/migration.sql", USERS)];
    refused(&above, &[], 3, &["there is SQL in `old/migrations`"]);
    let repository = folder(&[]);
    import(&repository, &[]).ends(3, &["there is no directory `old`"]);
}

#[tokio::test]
async fn what_is_not_sql_for_postgresql_is_named() {
    refused(
        &[
            ("1_a.sql", "-- +goose Up\nSELECT 1;\n"),
            ("2_b.go", "package m"),
            ("2_b_test.go", ""),
        ],
        &[],
        10,
        &["old/2_b.go:1", "in Go, and not SQL", "I001"],
    );
    refused(
        &[
            ("V1__a.sql", USERS),
            ("db/V2__B.java", ""),
            ("V3_1__c.sql", ""),
        ],
        &[],
        10,
        &["old/db/V2__B.java", "Java"],
    );
    refused(
        &[("V1__a.sql", USERS), ("V2__b.rs", "")],
        &[],
        10,
        &["in Rust"],
    );
    refused(
        &[
            ("migration_lock.toml", "provider = \"mysql\"\n"),
            ("1_a/migration.sql", ""),
        ],
        &[],
        10,
        &["for mysql, and not for PostgreSQL"],
    );
    refused(
        &[(
            "meta/_journal.json",
            r#"{"dialect": "sqlite", "entries": []}"#,
        )],
        &[],
        10,
        &["for sqlite"],
    );
    refused(
        &[(
            "V1_1__a.sql",
            "CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\n\\.\n",
        )],
        &[],
        10,
        &["old/V1_1__a.sql:2", "`V1_1__a.sql`", "INSERT"],
    );
}

#[tokio::test]
async fn what_the_tool_would_refuse_is_refused() {
    let cases: [(Files, &[&str]); 9] = [
        (
            &[(
                "1_a.sql",
                "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n",
            )],
            &["old/1_a.sql:2", "StatementBegin"],
        ),
        (
            &[("1_a.sql", "SELECT 1;\n-- +goose Up\n")],
            &["old/1_a.sql:1", "before `-- +goose Up`"],
        ),
        (
            &[("1_a.sql", "SELECT 1;\n-- migrate:up\n")],
            &["before `-- migrate:up`"],
        ),
        (
            &[("1_a.sql", "-- migrate:up\n"), ("2_b.sql", "SELECT 1;")],
            &["`2_b.sql` has SQL before"],
        ),
        (
            &[("1_a.sql", USERS), ("01_b.sql", USERS)],
            &["one version, 1", "I004"],
        ),
        (
            &[("V1_0__a.sql", USERS), ("V1__b.sql", USERS)],
            &["to Flyway it is"],
        ),
        (
            &[("meta/_journal.json", r#"{"entries": [{"tag": "0000_a"}]}"#)],
            &["there is no `0000_a.sql`"],
        ),
        (
            &[
                ("1_a/up.sql", USERS),
                ("1_a/metadata.toml", "run_in_transaction = maybe"),
            ],
            &["metadata.toml"],
        ),
        (
            &[("1_a/up.sql", USERS), ("2_b/down.sql", "")],
            &["`2_b` has a way down"],
        ),
    ];
    for (files, words) in cases {
        refused(files, &[], 10, words);
    }
}

#[tokio::test]
async fn placeholders_of_flyway_need_a_value() {
    let files = [
        ("V1_1__a.sql", "CREATE TABLE ${schema}.a (id int);\n"),
        ("V1_2__b.sql", "SELECT '${literal}';\n"),
        (
            "V1_2__b.sql.conf",
            "placeholderReplacement=false\nexecuteInTransaction=false\n",
        ),
    ];
    refused(&files, &[], 10, &["old/V1_1__a.sql:1", "`schema`", "I003"]);
    let repository = folder(&files);
    import(&repository, &["--placeholder", "schema=public"])
        .ends(0, &["1 migration without a transaction"]);
    assert_eq!(
        repository.read("migrations/00000000000001_was-1-1_a.sql"),
        "CREATE TABLE public.a (id int);\n"
    );
    assert_eq!(
        repository.read("migrations/00000000000002_was-1-2_b.sql"),
        "-- atlas:txmode none\n\nSELECT '${literal}';\n"
    );
    import(&repository, &["--placeholder", "schema"]).ends(2, &["as in schema=app"]);
}

#[tokio::test]
async fn what_does_not_run_is_named_by_its_original() {
    let files = [(
        "1_a.sql",
        "-- +goose NO TRANSACTION\n-- +goose Up\n\nCREATE TABLE a (id int);\nCREATE TABLE b (id nonsense);\n",
    )];
    refused(
        &files,
        &[],
        12,
        &[
            "`old/1_a.sql:5`, which becomes 00000000000001_a.sql",
            "nonsense",
            "--no-replay",
        ],
    );
    let repository = folder(&files);
    import(&repository, &["--no-replay"]).ends(0, &["Imported 1 migration of goose"]);
    repository.migrate(&["validate"]).ends(0, &[]);
}
