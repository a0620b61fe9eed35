//! Tests: `baseline` adopts a database at the version that it is at.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};

use super::{rows, text};

pub(super) const USERS: (&str, &str) = (
    "20240101000000_users.sql",
    "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n",
);
pub(super) const NOTES: (&str, &str) = (
    "20240102000000_notes.sql",
    "CREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE INDEX notes_id ON notes (id);\n",
);
pub(super) const ROWS: (&str, &str) = (
    "20240103000000_rows.sql",
    "INSERT INTO users VALUES (1, 'one');\n",
);
pub(super) const LATER: (&str, &str) =
    ("20240104000000_later.sql", "CREATE TABLE later (id int);\n");

pub(super) fn migrate(
    repository: &TestRepository,
    database: &TestDatabase,
    arguments: &[&str],
) -> Ran {
    let url = database.url();
    repository.migrate(&[arguments, &["--url", &url]].concat())
}

async fn holding(files: &[(&str, &str)]) -> TestDatabase {
    let database = TestDatabase::new().await;
    for (_, sql) in files {
        database.run(sql).await;
    }
    database
}

const NO_TABLE: &str = "SELECT to_regclass('atlas_schema_revisions.atlas_schema_revisions')::text";

#[tokio::test]
async fn the_version_is_found_by_what_the_database_holds() {
    let database = holding(&[USERS, NOTES]).await;
    let repository = TestRepository::with_migrations(&[USERS, NOTES, LATER]);
    migrate(&repository, &database, &["baseline", "--dry-run"]).ends(
        0,
        &[
            "would be adopted at 20240102000000",
            "1 migration behind it",
        ],
    );
    assert_eq!(text(&database, NO_TABLE).await, "NULL");
    let ran = migrate(&repository, &database, &["baseline", "--json"]);
    let report = ran.ends(0, &[]).json();
    assert_eq!(report["baseline"], "20240102000000");
    assert_eq!(
        (&report["verified"], &report["changed"]),
        (&true.into(), &true.into())
    );
    assert_eq!(rows(&database).await, "20240102000000|notes|1|0|0|-|-|-");
    migrate(&repository, &database, &["baseline"]).ends(0, &["Unchanged"]);
    migrate(&repository, &database, &["drift"]).ends(0, &["at 20240102000000"]);
    migrate(&repository, &database, &["apply"])
        .ends(0, &["20240104000000_later.sql", "1 migration"]);
    migrate(&repository, &database, &["drift"]).ends(0, &[]);
}

#[tokio::test]
async fn versions_that_make_the_same_are_told() {
    let database = holding(&[USERS, NOTES]).await;
    let repository = TestRepository::with_migrations(&[USERS, NOTES, ROWS]);
    let ran = migrate(&repository, &database, &["baseline", "--dry-run"]);
    ran.ends(
        0,
        &[
            "would be adopted at 20240103000000",
            "20240102000000 and what follows",
            "cannot be told",
        ],
    );
    migrate(&repository, &database, &["baseline", "20240102000000"])
        .ends(0, &["Adopted at 20240102000000"]);
    migrate(&repository, &database, &["apply"]).ends(0, &["1 migration"]);
    assert_eq!(text(&database, "SELECT email FROM users").await, "one");
}

#[tokio::test]
async fn the_nearest_version_is_told_where_none_is_right() {
    let database = holding(&[USERS, NOTES]).await;
    database.run("DROP INDEX notes_id").await;
    let repository = TestRepository::with_migrations(&[USERS, NOTES, LATER]);
    let told = [
        "no version of the directory makes",
        "20240102000000 comes nearest",
        "table public.notes",
        "index notes_id",
        "cargo migrate baseline 20240102000000 --no-verify",
    ];
    migrate(&repository, &database, &["baseline"]).ends(10, &told);
    let given = ["baseline", "20240102000000"];
    migrate(&repository, &database, &given).ends(10, &["does not hold", "index notes_id"]);
    assert_eq!(text(&database, NO_TABLE).await, "NULL");
    migrate(&repository, &database, &["baseline", "--no-verify"]).ends(2, &["<VERSION>"]);
    migrate(
        &repository,
        &database,
        &["baseline", "20240102000000", "--no-verify"],
    )
    .ends(0, &["was not compared", "Adopted at 20240102000000"]);
    migrate(&repository, &database, &["drift"]).ends(10, &["index notes_id"]);
}

#[tokio::test]
async fn what_cannot_be_adopted_is_told() {
    let repository = TestRepository::with_migrations(&[USERS, NOTES]);
    let empty = TestDatabase::new().await;
    migrate(&repository, &empty, &["baseline"]).ends(12, &["is empty", "cargo migrate apply"]);
    migrate(&repository, &empty, &["baseline", "7"]).ends(2, &["no version 7"]);
    let other = TestDatabase::with("CREATE TABLE x (id int)").await;
    migrate(&repository, &other, &["baseline", "--from", "diesel"]).ends(
        12,
        &[
            "__diesel_schema_migrations",
            "_sqlx_migrations",
            "refinery_schema_history",
        ],
    );
    migrate(&repository, &other, &["baseline", "--from", "atlas"])
        .ends(12, &["no table atlas_schema_revisions"]);

    let migrated = TestDatabase::new().await;
    migrate(&repository, &migrated, &["apply"]).ends(0, &[]);
    migrate(&repository, &migrated, &["baseline"]).ends(0, &["Unchanged", "has a history"]);
    let ran = migrate(&repository, &migrated, &["baseline", "20240102000000"]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("has a history already"), "{}", ran.err);
    migrated
        .run("UPDATE atlas_schema_revisions.atlas_schema_revisions SET operator_version = 'Atlas CLI v0.30.0'")
        .await;
    migrate(&repository, &migrated, &["baseline", "--from", "atlas"])
        .ends(0, &["Atlas has migrated the database", "needs no baseline"]);
}

#[tokio::test]
async fn every_version_is_found_however_far_behind() {
    let texts: Vec<_> = (1..=12)
        .map(|it| match it {
            5..=7 => "SELECT 1;\n".to_owned(),
            it => format!("CREATE TABLE t{it} (id int);\n"),
        })
        .collect();
    let names: Vec<_> = (1..=12).map(|it| format!("{it:02}_m.sql")).collect();
    let files = names.iter().zip(&texts);
    let files: Vec<_> = files
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let repository = TestRepository::with_migrations(&files);
    let database = TestDatabase::new().await;
    for (place, text) in texts.iter().enumerate() {
        database.run(text).await;
        let report = migrate(&repository, &database, &["baseline", "--dry-run", "--json"]);
        let report = report.ends(0, &[]).json();
        let (version, alike) = match place + 1 {
            4..=7 => ("07".to_owned(), vec!["04", "05", "06"]),
            count => (format!("{count:02}"), Vec::new()),
        };
        assert_eq!(report["baseline"], version.as_str());
        assert_eq!(report["alike"], serde_json::json!(alike), "{version}");
    }
}

#[tokio::test]
async fn a_checkpoint_begins_anew() {
    let checkpoint = format!("-- atlas:checkpoint\n\n{}{}", USERS.1, NOTES.1);
    let files = [
        USERS,
        NOTES,
        ("20240103000000_checkpoint.sql", checkpoint.as_str()),
        LATER,
    ];
    let repository = TestRepository::with_migrations(&files);
    for (held, version) in [
        (&[USERS][..], "20240101000000"),
        (&[USERS, NOTES], "20240103000000"),
        (&[USERS, NOTES, LATER], "20240104000000"),
    ] {
        let database = holding(held).await;
        migrate(&repository, &database, &["baseline"]).ends(0, &[&format!("Adopted at {version}")]);
        migrate(&repository, &database, &["drift"]).ends(0, &[]);
    }
}

/// The table of sqlx, with the rows that it would have written, by the checksums of the server.
async fn sqlx_table(database: &TestDatabase, files: &[(&str, &str)]) {
    database
        .run(
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
             execution_time BIGINT NOT NULL)",
        )
        .await;
    for (name, sql) in files {
        let (version, rest) = name.split_once('_').unwrap();
        let description = rest.trim_end_matches(".sql").replace('_', " ");
        database
            .run(&format!(
                "INSERT INTO _sqlx_migrations VALUES \
                 ({version}, '{description}', now(), true, sha384(convert_to($text${sql}$text$, 'UTF8')), 1000)"
            ))
            .await;
    }
}

pub(super) const SQLX: [&str; 3] = ["baseline", "--from", "sqlx"];

#[tokio::test]
async fn a_database_of_sqlx_is_adopted_and_goes_on() {
    let database = holding(&[USERS, NOTES, ROWS]).await;
    sqlx_table(&database, &[USERS, NOTES, ROWS]).await;
    let repository = TestRepository::folder();
    for (name, sql) in [USERS, NOTES, ROWS, LATER] {
        repository.migration(name, sql);
    }
    // As sqlx had it: without a sum.
    migrate(&repository, &database, &SQLX).ends(11, &["no atlas.sum", "cargo migrate hash"]);
    repository
        .migrate(&["hash"])
        .ends(0, &["Changed atlas.sum"]);
    repository.migrate(&["hash"]).ends(0, &["Unchanged"]);
    repository.migrate(&["validate"]).ends(0, &[]);
    migrate(&repository, &database, &SQLX).ends(
        0,
        &[
            "Checked 3 of 3 rows of _sqlx_migrations are files of the directory, in the same order; 3 by checksum",
            "Adopted at 20240103000000",
            "_sqlx_migrations is left alone",
            "sqlx::migrate!().run",
        ],
    );
    assert_eq!(rows(&database).await, "20240103000000|rows|1|0|0|-|-|-");
    migrate(&repository, &database, &SQLX).ends(0, &["Unchanged"]);
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
    migrate(&repository, &database, &["apply"]).ends(0, &["1 migration"]);
    migrate(&repository, &database, &["drift"]).ends(0, &["at 20240104000000"]);
    assert_eq!(
        text(&database, "SELECT count(*)::text FROM _sqlx_migrations").await,
        "3"
    );
}

#[tokio::test]
async fn line_ends_and_directives_do_not_count() {
    let concurrently = (
        "20240102000000_index.sql",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY users_email ON users (email);\n",
    );
    let database = holding(&[USERS]).await;
    database
        .run("CREATE INDEX users_email ON users (email)")
        .await;
    sqlx_table(&database, &[USERS, concurrently]).await;
    let repository = TestRepository::folder();
    repository.migration(USERS.0, &USERS.1.replace('\n', "\r\n"));
    let text = format!("-- migrate:txmode none\n\n{}", concurrently.1);
    repository.migration(concurrently.0, &text);
    repository.hash();
    migrate(&repository, &database, &SQLX).ends(0, &["2 by checksum"]);
}

#[tokio::test]
async fn a_history_of_sqlx_that_does_not_fit_is_refused() {
    let database = holding(&[USERS, NOTES]).await;
    sqlx_table(&database, &[USERS, NOTES]).await;
    let with = |files: &[(&str, &str)]| {
        let repository = TestRepository::folder();
        for (name, sql) in files {
            repository.migration(name, sql);
        }
        repository.hash();
        repository
    };
    let edited = (
        NOTES.0,
        "CREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE INDEX notes_id ON notes (id); -- x\n",
    );
    let repository = with(&[USERS, edited]);
    migrate(&repository, &database, &SQLX).ends(
        12,
        &[
            "something else than what 20240102000000_notes.sql says",
            "--no-verify",
        ],
    );
    migrate(&with(&[USERS]), &database, &SQLX).ends(
        12,
        &["has executed version 20240102000000, of which the directory has no file"],
    );
    let between = (
        "20240101120000_between.sql",
        "CREATE TABLE between_them ();\n",
    );
    migrate(&with(&[USERS, between, NOTES]), &database, &SQLX).ends(
        12,
        &["has not executed file 20240101120000_between.sql, but 20240102000000_notes.sql"],
    );
    let version = ["baseline", "20240101000000", "--from", "sqlx"];
    migrate(&with(&[USERS, NOTES]), &database, &version).ends(
        12,
        &["is at 20240102000000, says _sqlx_migrations, and not at 20240101000000"],
    );
    migrate(&repository, &database, &["baseline", "--from", "refinery"])
        .ends(12, &["no table refinery_schema_history", "--from sqlx"]);
    database.run("DROP INDEX notes_id").await;
    migrate(&with(&[USERS, NOTES]), &database, &SQLX).ends(10, &["index notes_id"]);
    database
        .run("UPDATE _sqlx_migrations SET success = false WHERE version = 20240102000000")
        .await;
    migrate(&repository, &database, &SQLX).ends(12, &["says that version 20240102000000 failed"]);
    database.run("TRUNCATE _sqlx_migrations").await;
    migrate(&repository, &database, &SQLX).ends(12, &["has no row"]);
    assert_eq!(text(&database, NO_TABLE).await, "NULL");
    let forced = ["baseline", "20240102000000", "--no-verify"];
    migrate(&repository, &database, &forced).ends(0, &["Adopted"]);
}

#[tokio::test]
async fn a_directory_made_anew_is_judged_by_what_the_database_holds() {
    let database = holding(&[USERS, NOTES]).await;
    sqlx_table(&database, &[USERS, NOTES]).await;
    let all = format!("{}{}", USERS.1, NOTES.1);
    let repository = TestRepository::with_migrations(&[
        ("20250101000000_all.sql", &all),
        ("20250102000000_later.sql", LATER.1),
    ]);
    migrate(&repository, &database, &SQLX)
        .ends(0, &["none of the 2 rows", "Adopted at 20250101000000"]);
    migrate(&repository, &database, &["apply"]).ends(0, &["1 migration"]);
}

#[tokio::test]
async fn versions_that_compare_otherwise_as_text_are_refused() {
    let database = holding(&[]).await;
    let names: Vec<_> = (1..=10).map(|it| format!("{it}_m.sql")).collect();
    let files: Vec<_> = names
        .iter()
        .map(|it| (it.as_str(), "SELECT 1;\n"))
        .collect();
    sqlx_table(&database, &files).await;
    let repository = TestRepository::with_migrations(&files);
    migrate(&repository, &database, &SQLX).ends(
        12,
        &[
            "`10_m.sql` comes before `9_m.sql` here",
            "the same number of digits",
        ],
    );
    let padded: Vec<_> = (1..=10).map(|it| format!("{it:02}_m.sql")).collect();
    let padded: Vec<_> = padded
        .iter()
        .map(|it| (it.as_str(), "SELECT 1;\n"))
        .collect();
    let repository = TestRepository::with_migrations(&padded);
    migrate(&repository, &database, &SQLX).ends(0, &["10 by checksum", "Adopted at 10"]);
}

#[tokio::test]
async fn an_empty_database_with_a_table_of_sqlx_is_clean() {
    let database = TestDatabase::new().await;
    sqlx_table(&database, &[]).await;
    database
        .run(
            "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations \
             (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
        )
        .await;
    let repository = TestRepository::with_migrations(&[USERS]);
    migrate(&repository, &database, &["apply"]).ends(0, &["1 migration"]);
}

#[tokio::test]
async fn a_database_of_diesel_is_adopted() {
    let setup = (
        "00000000000000_diesel_initial_setup.sql",
        "CREATE OR REPLACE FUNCTION diesel_set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n",
    );
    let dashed = ("2024-01-02-000000_notes.sql", NOTES.1);
    let database = holding(&[setup, NOTES]).await;
    database
        .run(
            "CREATE SCHEMA \"Odd'\"\"S\"; SET search_path = \"Odd'\"\"S\"; \
             CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); \
             INSERT INTO __diesel_schema_migrations (version) VALUES ('00000000000000'), ('20240102000000')",
        )
        .await;
    let repository = TestRepository::with_migrations(&[setup, dashed]);
    migrate(&repository, &database, &["baseline", "--from", "diesel"]).ends(
        0,
        &[
            "2 of 2 rows",
            "2 by version only: diesel keeps no checksums",
            "Adopted at 2024-01-02-000000",
            "run_pending_migrations",
        ],
    );
    migrate(&repository, &database, &["drift"]).ends(0, &[]);
    migrate(&repository, &database, &["apply"]).ends(0, &["nothing is pending"]);
}

#[tokio::test]
async fn a_database_of_drizzle_is_adopted() {
    let users = ("0000_slow_hulk.sql", USERS.1);
    let notes = (
        "0001_fast_fury.sql",
        "CREATE TABLE notes (id bigint PRIMARY KEY);--> statement-breakpoint\nCREATE INDEX notes_id ON notes (id);\n",
    );
    let database = holding(&[users, notes]).await;
    database
        .run(
            "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations \
             (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)",
        )
        .await;
    for (when, (_, sql)) in [(1_704_067_200_000_i64, users), (1_704_153_600_000, notes)] {
        database
            .run(&format!(
                "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES \
                 (encode(sha256(convert_to($text${sql}$text$, 'UTF8')), 'hex'), {when})"
            ))
            .await;
    }
    let drizzle = ["baseline", "--from", "drizzle"];
    let repository = TestRepository::with_migrations(&[users, notes, ("0002_later.sql", LATER.1)]);
    migrate(&repository, &database, &drizzle).ends(
        0,
        &[
            "2 of 2 rows of drizzle.__drizzle_migrations",
            "2 by checksum",
            "Adopted at 0001",
            "drizzle-kit",
        ],
    );
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
    migrate(&repository, &database, &["apply"]).ends(0, &["1 migration"]);
    database
        .run("DROP SCHEMA atlas_schema_revisions CASCADE; DROP TABLE later")
        .await;
    let edited = TestRepository::with_migrations(&[users, ("0001_fast_fury.sql", NOTES.1)]);
    migrate(&edited, &database, &drizzle).ends(12, &["0001_fast_fury.sql says"]);
}

/// What refinery 0.10 has written for these files, named `V1__users.sql` and `V2__more_notes.sql`.
pub(super) const REFINERY_CHECKSUMS: [&str; 2] = ["2280335640318257314", "7188999702256929315"];

#[tokio::test]
async fn a_database_of_refinery_is_adopted() {
    let database = holding(&[USERS, NOTES]).await;
    database
        .run(&format!(
            "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), \
             checksum VARCHAR(255)); \
             INSERT INTO refinery_schema_history VALUES (1, 'users', '2024-01-01T00:00:00Z', '{}'), \
             (2, 'more_notes', '2024-01-02T00:00:00Z', '{}')",
            REFINERY_CHECKSUMS[0], REFINERY_CHECKSUMS[1]
        ))
        .await;
    let repository = TestRepository::with_migrations(&[
        ("0001_users.sql", USERS.1),
        ("0002_more_notes.sql", NOTES.1),
    ]);
    let refinery = ["baseline", "--from", "refinery"];
    migrate(&repository, &database, &refinery).ends(
        0,
        &[
            "2 of 2 rows",
            "2 by checksum",
            "Adopted at 0002",
            "embed_migrations!",
        ],
    );
    migrate(&repository, &database, &["apply"]).ends(0, &["nothing is pending"]);
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
}
