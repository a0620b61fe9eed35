//! Tests: `drift` compares what a database holds with what its history says.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};
use schema_core::directory::split;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use super::text;

const USERS: (&str, &str) = (
    "1_users.sql",
    "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\nCREATE INDEX users_email ON users (email);\n",
);
const NOTES: (&str, &str) = (
    "2_notes.sql",
    "CREATE TABLE notes (id bigint PRIMARY KEY);\n",
);

fn migrate(repository: &TestRepository, database: &TestDatabase, arguments: &[&str]) -> Ran {
    let url = database.url();
    repository.migrate(&[arguments, &["--url", &url]].concat())
}

async fn applied(files: &[(&str, &str)]) -> (TestDatabase, TestRepository) {
    let database = TestDatabase::new().await;
    let repository = TestRepository::with_migrations(files);
    migrate(&repository, &database, &["apply"]).ends(0, &[]);
    (database, repository)
}

#[tokio::test]
async fn a_database_as_migrated_has_none() {
    let (database, repository) = applied(&[USERS]).await;
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift", "it is at 1"]);
    // What is pending is not expected yet.
    repository.migration(NOTES.0, NOTES.1);
    repository.hash();
    let ran = migrate(&repository, &database, &["drift", "--json"]).ends(0, &[]);
    let report = ran.json();
    assert_eq!(report["database_version"], "1");
    assert_eq!(report["differences"], serde_json::json!([]));
}

#[tokio::test]
async fn both_sides_are_shown_object_by_object() {
    let (database, repository) = applied(&[USERS, NOTES]).await;
    database
        .run(
            "ALTER TABLE users ALTER email DROP NOT NULL, ADD \"odd name\" text; DROP TABLE notes; \
             CREATE TABLE extra (id int); CREATE VIEW v AS SELECT 1 AS one; COMMENT ON TABLE users IS 'mine'",
        )
        .await;
    let ran = migrate(&repository, &database, &["drift"]);
    let ran = ran.ends(10, &["6 differences", "cargo migrate generate", "--sql"]);
    assert_eq!(
        ran.out,
        "\
+ view public.v
+ table public.extra
- table public.notes
~ table public.users
    ~ column email: not null: true -> false
    + column odd name
    + comment: mine
"
    );
    let report = migrate(&repository, &database, &["drift", "--json"]).ends(10, &[]);
    let report = report.json();
    let differences = report["differences"].as_array().unwrap();
    let of = |it: &&serde_json::Value| it["object"] == "table public.users";
    let of = differences.iter().find(of).unwrap();
    assert_eq!(of["object"], "table public.users");
    assert_eq!(of["property"], "column email: not null");
    assert_eq!(
        (&of["migrations"], &of["database"]),
        (&"true".into(), &"false".into())
    );
}

#[tokio::test]
async fn the_sql_puts_the_database_back() {
    let (database, repository) = applied(&[USERS, NOTES]).await;
    database
        .run(
            "ALTER TABLE users ALTER email DROP NOT NULL, ADD extra text; DROP INDEX users_email; DROP TABLE notes; \
             CREATE TABLE \"Odd \"\"one\" (id int); CREATE VIEW v AS SELECT 1 AS one",
        )
        .await;
    let ran = migrate(&repository, &database, &["drift", "--sql"]);
    let ran = ran.ends(10, &["DROP VIEW v"]);
    let connection = &mut database.connect().await;
    for statement in split(&ran.out, None).unwrap() {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.text));
        done.execute(&mut *connection).await.unwrap();
    }
    migrate(&repository, &database, &["drift"]).ends(0, &[]);
}

#[tokio::test]
async fn only_what_took_effect_is_expected() {
    let half = (
        "3_half.sql",
        "-- atlas:txmode none\n\nCREATE TABLE half_a (id int);\nCREATE TABLE users ();\nCREATE TABLE half_b (id int);\n",
    );
    let skipped = (
        "2_staging.sql",
        "-- migrate:skip-on staging\n\nCREATE TABLE not_here (id int);\n",
    );
    let database = TestDatabase::new().await;
    let repository = TestRepository::with_migrations(&[USERS, skipped, half]);
    migrate(&repository, &database, &["apply", "--app-env", "staging"]).ends(12, &[]);
    // As a row says on which environment it was skipped.
    database
        .run(
            "UPDATE atlas_schema_revisions.atlas_schema_revisions \
             SET operator_version = 'cargo-migrate v0.1.0; skipped on staging' WHERE version = '2'",
        )
        .await;
    migrate(&repository, &database, &["drift"]).ends(0, &["it is at 3"]);
    database.run("CREATE TABLE half_b (id int)").await;
    migrate(&repository, &database, &["drift"]).ends(10, &["table public.half_b"]);
    // Somebody has finished it by hand.
    database.run("ALTER TABLE half_b RENAME TO half_c").await;
    let corrected = half.1.replace("CREATE TABLE users ();\n", "");
    repository.migration(half.0, &corrected.replace("half_b", "half_c"));
    repository.hash();
    migrate(&repository, &database, &["set", "3"]).ends(0, &["statement 2"]);
    migrate(&repository, &database, &["drift"]).ends(0, &[]);
}

#[tokio::test]
async fn what_waits_for_the_next_deployment_is_not_expected() {
    let (database, repository) = applied(&[USERS]).await;
    repository.migration(
        "2_rename.sql",
        "-- migrate:n-1-shim: public.users drop-with #1\n\nALTER TABLE users RENAME TO accounts;\n\
         CREATE VIEW users AS SELECT * FROM accounts;\n",
    );
    repository.migration(
        "3_contract.sql",
        "-- migrate:n-1-shim-drop: public.users\n\nDROP VIEW users;\n",
    );
    repository.hash();
    for _ in 0..2 {
        migrate(&repository, &database, &["apply"]).ends(0, &[]);
        migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
    }
    database
        .run("CREATE OR REPLACE VIEW users AS SELECT * FROM accounts")
        .await;
    migrate(&repository, &database, &["drift"]).ends(10, &["+ view public.users"]);
}

#[tokio::test]
async fn a_file_that_was_changed_after_it_ran_is_told() {
    let (database, repository) = applied(&[USERS, NOTES]).await;
    repository.migration(USERS.0, &USERS.1.replace("text", "varchar"));
    repository.hash();
    migrate(&repository, &database, &["drift"]).ends(11, &["`1_users.sql` was changed after"]);
}

#[tokio::test]
async fn a_failed_attempt_is_not_expected() {
    let database = TestDatabase::new().await;
    let broken = (
        "2_broken.sql",
        "CREATE TABLE broken (id int);\nSELECT 1 / 0;\n",
    );
    let repository = TestRepository::with_migrations(&[USERS, broken]);
    migrate(&repository, &database, &["apply"]).ends(12, &[]);
    migrate(&repository, &database, &["drift"]).ends(0, &["it is at 1"]);
}

#[tokio::test]
async fn a_checkpoint_stands_for_files_that_are_gone() {
    let (database, mut repository) = applied(&[USERS, NOTES]).await;
    let checkpoint = format!("-- atlas:checkpoint\n\n{}{}", USERS.1, NOTES.1);
    repository = {
        drop(repository);
        TestRepository::with_migrations(&[
            ("3_checkpoint.sql", &checkpoint),
            ("4_later.sql", "CREATE TABLE later (id int);\n"),
        ])
    };
    migrate(&repository, &database, &["drift"]).ends(0, &[]);
    migrate(&repository, &database, &["apply"]).ends(0, &[]);
    migrate(&repository, &database, &["drift"]).ends(0, &["it is at 4"]);
    // Without one, nobody knows what they made.
    let other = TestRepository::with_migrations(&[NOTES]);
    migrate(&other, &database, &["drift"]).ends(11, &["`1`", "not in the directory"]);
}

#[tokio::test]
async fn objects_can_be_left_out() {
    let (database, repository) = applied(&[USERS]).await;
    database
        .run(
            "CREATE SCHEMA audit; CREATE TABLE audit.log (id serial); CREATE VIEW audit.v AS SELECT 1 AS one; \
             CREATE TABLE tmp_1 (id serial); CREATE TABLE \"a.b\" (id int); CREATE SCHEMA \"we.ird\"; \
             CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER audited BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION audit_row()",
        )
        .await;
    migrate(&repository, &database, &["drift"]).ends(10, &["schema audit", "tmp_1", "we.ird"]);
    let without = [
        "drift",
        "--exclude",
        "audit.*",
        "--exclude",
        "tmp_?",
        "--exclude",
        "\"a.b\"",
        "--exclude",
        "\"we.ird\".*",
        "--exclude",
        "audit_row",
        "--exclude",
        "audited",
    ];
    migrate(&repository, &database, &without).ends(0, &["No drift"]);
    migrate(&repository, &database, &["drift", "--schema", "audit"]).ends(10, &["audit.log"]);
    let only = [
        "drift",
        "--schema",
        "public",
        "--exclude",
        "tmp_*",
        "--exclude",
        "audit*",
        "--exclude",
        "public.\"a.b\"",
    ];
    migrate(&repository, &database, &only).ends(0, &[]);
    migrate(&repository, &database, &["drift", "--exclude", "a.b.c"]).ends(2, &["no pattern"]);
}

#[tokio::test]
async fn tables_of_migration_tools_do_not_count() {
    let (database, repository) = applied(&[USERS]).await;
    database
        .run(
            "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, checksum bytea); CREATE SCHEMA drizzle; \
             CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)",
        )
        .await;
    migrate(&repository, &database, &["drift"]).ends(0, &["No drift"]);
    // Unless a migration makes them.
    repository.migration(
        "2_own.sql",
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, more int);\n",
    );
    repository.hash();
    migrate(&repository, &database, &["set"]).ends(0, &[]);
    migrate(&repository, &database, &["drift"]).ends(10, &["_sqlx_migrations", "column more"]);
}

#[tokio::test]
async fn no_privilege_is_needed_but_to_read_the_history() {
    let (database, repository) = applied(&[USERS]).await;
    let options = database.options();
    let name = format!("drift_{}", options.get_database().unwrap());
    database
        .run(&format!(
            "CREATE ROLE \"{name}\" LOGIN PASSWORD 'secret'; REVOKE CREATE ON SCHEMA public FROM PUBLIC; \
             ALTER ROLE \"{name}\" SET default_transaction_read_only = on"
        ))
        .await;
    let as_role = database.options().username(&name).password("secret");
    let url = as_role.to_url_lossy().to_string();
    let arguments = ["drift", "--url", &url];
    let denied = repository.migrate(&arguments);
    assert_ne!(denied.code, 0);
    assert!(denied.err.contains("GRANT SELECT ON"), "{}", denied.err);
    database
        .run(&format!(
            "GRANT USAGE ON SCHEMA atlas_schema_revisions TO \"{name}\"; \
             GRANT SELECT ON atlas_schema_revisions.atlas_schema_revisions TO \"{name}\""
        ))
        .await;
    repository.migrate(&arguments).ends(0, &["No drift"]);
    database.run("ALTER TABLE users ADD extra int").await;
    repository.migrate(&arguments).ends(10, &["column extra"]);
    database
        .run(&format!("DROP OWNED BY \"{name}\"; DROP ROLE \"{name}\""))
        .await;
}

#[tokio::test]
async fn a_database_without_history_is_told_what_to_do() {
    let repository = TestRepository::with_migrations(&[USERS]);
    let empty = TestDatabase::new().await;
    migrate(&repository, &empty, &["drift"]).ends(0, &["before the first migration"]);
    let table = text(
        &empty,
        "SELECT to_regclass('atlas_schema_revisions.atlas_schema_revisions')::text",
    );
    assert_eq!(table.await, "NULL", "nothing is written");
    let other = TestDatabase::with("CREATE TABLE users (id int)").await;
    migrate(&repository, &other, &["drift"])
        .ends(12, &["has no history", "cargo migrate baseline"]);
}
