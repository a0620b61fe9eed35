//! Tests: files as sides, as `pg_dump` or somebody by hand writes them.

use std::process::Command;

use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;
use sqlx::AssertSqlSafe;

use super::{databases, diff};

/// A dump of a database as it is; `None` where this machine has no `pg_dump` that is new enough.
fn dumped(database: &TestDatabase, options: &[&str]) -> Option<Vec<u8>> {
    let output = Command::new("pg_dump")
        .args(options)
        .args(["--dbname", &database.url()])
        .env("PGPASSFILE", "/dev/null")
        .output()
        .ok()?;
    if output.status.success() {
        return Some(output.stdout);
    }
    println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
    None
}

#[tokio::test]
async fn a_dump_holds_what_its_database_holds() {
    let database = &databases([
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text DEFAULT ';'); \
         INSERT INTO t (a) VALUES (E'\\\\.'), (''''); CREATE VIEW v AS SELECT id FROM t; \
         CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT ON v TO app; \
         ALTER TABLE t OWNER TO app; CREATE SCHEMA \"Odd 'one\"; CREATE TABLE \"Odd 'one\".t (id int)",
    ])
    .await[0];
    let folder = TestRepository::folder();
    for options in [
        &[][..],
        &["--inserts"],
        &["--create", "--clean"],
        &["--clean"],
    ] {
        let Some(dump) = dumped(database, options) else {
            return;
        };
        folder.write("dump.sql", dump);
        let ran = diff(&folder, &["dump.sql", &database.url(), "--exit-code"]);
        let ran = ran.ends(0, &["No difference", "statements about rows are left out"]);
        assert_eq!(ran.out, "", "{options:?}");
    }
}

#[tokio::test]
async fn dumps_of_public_schemas_hold_what_they_hold() {
    let folder = TestRepository::folder();
    for file in corpus::entries("schemas") {
        let database = TestDatabase::new().await;
        let sql = fs_err::read_to_string(&file).unwrap();
        let mut connection = database.connect().await;
        let ran = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
        if let Err(error) = ran.await {
            println!("skipped: {file}: {error}");
            continue;
        }
        let Some(dump) = dumped(&database, &["--schema-only"]) else {
            return;
        };
        folder.write("dump.sql", dump);
        let ran = diff(&folder, &["dump.sql", &database.url(), "--exit-code"]);
        assert_eq!(ran.ends(0, &["No difference"]).out, "", "{file}");
    }
}

#[tokio::test]
async fn statements_come_in_any_order() {
    let folder = TestRepository::folder();
    folder.write(
        "any.sql",
        "\u{feff}\\set app 'my app'\r\nCREATE VIEW v AS SELECT f(id) AS f FROM :\"app\".t;\r\n\
         DROP TABLE nothing_there;\r\nGRANT SELECT ON v TO \"no such one\";\r\n\
         BEGIN;\r\nSET LOCAL search_path = \"my app\";\r\nCREATE TABLE u (t_id int REFERENCES t);\r\nCOMMIT;\r\n\
         \\ir parts/rest.sql\r\n",
    );
    folder.write(
        "parts/rest.sql",
        "CREATE SCHEMA \"my app\";\nCREATE TABLE \"my app\".t (id int PRIMARY KEY);\n\
         COPY \"my app\".t (id) FROM stdin;\n1\n'\n\\.\n\
         CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';\n",
    );
    folder.write(
        "ordered.sql",
        "CREATE ROLE \"no such one\" LOGIN;\nCREATE SCHEMA \"my app\"; CREATE TABLE \"my app\".t (id int PRIMARY KEY);\n\
         CREATE TABLE \"my app\".u (t_id int REFERENCES \"my app\".t);\n\
         CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';\n\
         CREATE VIEW v AS SELECT f(id) AS f FROM \"my app\".t; GRANT SELECT ON v TO \"no such one\";",
    );
    let ran = diff(&folder, &["any.sql", "ordered.sql", "--exit-code"]);
    let ran = ran.ends(
        0,
        &[
            "No difference",
            "any.sql: statements about rows are left out (1)",
            "run after what they need, which comes later: any.sql:2",
            "drop what is not there: any.sql:3",
            "roles made on the dev database for it: no such one",
            "ordered.sql:1: CREATE ROLE",
        ],
    );
    assert_eq!(ran.out, "");
    folder.write("empty.sql", "\u{feff}-- nothing\r\n");
    diff(&folder, &["empty.sql", "empty.sql", "--exit-code"]).ends(0, &["No difference"]);
}

#[test]
fn what_cannot_be_run_is_told_with_its_line() {
    let folder = TestRepository::folder();
    folder.write("empty.sql", "");
    for (text, code, said) in [
        (
            &b"CREATE TABLE t (id int);\n\nCREATE TABLE u (\n  id nonsense\n);"[..],
            12,
            "x.sql:4: type \"nonsense\" does not exist",
        ),
        (
            b"CREATE TABLE t (id int);\nCREATE TABLE t (id int);",
            12,
            "x.sql:2: relation \"t\" already exists",
        ),
        (
            b"CREATE VIEW a AS SELECT * FROM b;\nCREATE VIEW b AS SELECT * FROM a;",
            12,
            "nor this: x.sql:2",
        ),
        (
            b"\nBEGIN;\nCREATE TABLE t (id int);",
            2,
            "x.sql:2: the transaction that begins here has no COMMIT",
        ),
        (
            b"SELECT 1;\n\\gset\n",
            2,
            "x.sql:2: `\\gset` cannot be followed here",
        ),
        (
            b"SELECT 1;\nSELECT 'x",
            2,
            "x.sql:2: string without its closing `'`",
        ),
        (b"-- a\n-- \xff\n", 2, "x.sql:2 is not UTF-8"),
        (b"PGDMP\x01\x0e", 2, "pg_restore"),
        (b"\\ir x.sql\n", 2, "`x.sql` includes itself"),
        (b"\\i gone.sql\n", 2, "gone.sql cannot be read"),
        (
            b"\\c a\nCREATE TABLE t (id int);\n\\c b\n",
            2,
            "goes on in a second database",
        ),
    ] {
        folder.write("x.sql", text);
        let ran = diff(&folder, &["x.sql", "empty.sql"]).ends(code, &[said]);
        assert_eq!(ran.out, "");
    }
}
