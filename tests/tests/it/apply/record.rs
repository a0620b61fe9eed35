//! Tests: what migrations touch is put on record by the gate, and believed by `apply`.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;

const BASE: &str = "\
CREATE TYPE mood AS ENUM ('good');
CREATE SCHEMA app;
CREATE TABLE users (id int PRIMARY KEY, mail text);
CREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users, mood mood);
CREATE TABLE app.\"Odd name\" (id int);
CREATE VIEW lately AS SELECT id FROM orders;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE INDEX old_index ON orders (user_id);
";

const RENAME: &str = "\
-- migrate:n-1-shim: public.users drop-with #1

ALTER TABLE users RENAME TO accounts;
CREATE VIEW users AS SELECT * FROM accounts;
";

const DROP: &str = "\
-- migrate:n-1-shim-drop: public.users

SET LOCAL lock_timeout = '2s';
DROP VIEW users;
ALTER TABLE accounts RENAME CONSTRAINT users_pkey TO accounts_pkey;
";

/// What the record says, without the hashes.
fn lines(record: &str) -> Vec<String> {
    let hashes = regex::Regex::new(" h1:[A-Za-z0-9+/=]{44}").unwrap();
    let lines = record.lines().skip(1);
    lines
        .map(|line| hashes.replace(line, ":").into_owned())
        .collect()
}

fn repository(files: &[(&str, &str)]) -> TestRepository {
    let repository = TestRepository::new();
    for (name, text) in files {
        repository.migration(name, text);
    }
    repository.hash();
    repository
}

#[test]
fn what_statements_touch_is_seen_whatever_they_say() {
    let cases: &[(&str, &str)] = &[
        ("ALTER TABLE orders ADD COLUMN note text;", "public.orders"),
        (
            "ALTER TABLE orders RENAME TO purchases; ALTER TABLE purchases RENAME TO orders;",
            "public.orders public.purchases",
        ),
        (
            "INSERT INTO app.\"Odd name\" SELECT id FROM lately;",
            "app.\"Odd name\" public.lately public.old_index public.orders public.orders_pkey",
        ),
        (
            "INSERT INTO orders (user_id) VALUES (NULL);",
            "public.orders public.orders_id_seq",
        ),
        ("GRANT SELECT (id) ON orders TO PUBLIC;", "public.orders"),
        (
            "DO $$ BEGIN EXECUTE 'GRANT SELECT ON app.\"Odd name\" TO PUBLIC'; END $$;",
            "app.\"Odd name\"",
        ),
        ("GRANT USAGE ON SCHEMA app TO PUBLIC;", "app.*"),
        (
            "CREATE FUNCTION two(int) RETURNS int LANGUAGE sql AS 'SELECT 2'; DROP FUNCTION one();",
            "public.one public.two",
        ),
        ("ALTER TYPE mood ADD VALUE 'bad';", "public.mood"),
        (
            "CREATE SCHEMA \"New\"; CREATE TABLE \"New\".t ();",
            "\"New\".t \"New\".*",
        ),
        ("COMMENT ON TABLE orders IS 'bought';", "public.orders"),
        (
            "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY new_index ON orders (mood);",
            "public.new_index public.orders",
        ),
        (
            "-- atlas:txmode none\n\nDROP INDEX CONCURRENTLY old_index;",
            "public.old_index public.orders",
        ),
        ("-- atlas:txmode none\n\nVACUUM orders;", "*"),
        (
            "CREATE TABLE uses (moods mood[], number int DEFAULT two(1));",
            "public.mood public.two public.uses",
        ),
        (
            "CREATE FUNCTION called() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';",
            "public.called",
        ),
        (
            "INSERT INTO app.\"Odd name\" SELECT called();",
            "app.\"Odd name\" public.called",
        ),
        ("CREATE COLLATION other (locale = 'C');", "*"),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;",
            "*",
        ),
        ("SET lock_timeout = '1s';", ""),
        (
            "CREATE TEMP TABLE t (id int); INSERT INTO t VALUES (1);",
            "",
        ),
        ("SELECT 1;", ""),
        (
            "DROP TABLE orders CASCADE;",
            "public.accounts public.lately public.new_index public.orders public.orders_id_seq public.orders_pkey",
        ),
    ];
    let names: Vec<String> = (0..cases.len()).map(|it| format!("4{it:02}.sql")).collect();
    let mut files = vec![("1.sql", BASE), ("2.sql", RENAME), ("3.sql", DROP)];
    files.extend(
        names
            .iter()
            .zip(cases)
            .map(|(name, (sql, _))| (name.as_str(), *sql)),
    );
    let repository = repository(&files);
    let latest = (cases.len() + 1).to_string();
    repository.migrate(&["gate", "--latest", &latest, "--issues", "none"]);
    let record = repository.read("migrations/migrate.touched");
    let found = lines(&record);
    assert_eq!(
        found[0],
        "3.sql: public.accounts public.accounts_pkey public.users public.users_pkey"
    );
    assert_eq!(found.len(), cases.len() + 1, "{record}");
    let found = found[1..].iter().map(|line| {
        let (_, touched) = line.split_once(':').unwrap();
        touched.trim()
    });
    let found: Vec<_> = cases.iter().map(|(sql, _)| *sql).zip(found).collect();
    assert_eq!(found, cases);
}

#[test]
fn the_gate_records_what_has_to_be_known_and_ci_asks_for_it() {
    let later = "CREATE TABLE later (id int);\n";
    let mut repository = repository(&[("1_init.sql", BASE), ("2_rename.sql", RENAME)]);
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let gate = ["gate", "--base", "main", "--issues", "none", "--json"];
    repository.migration("2b_more.sql", later);
    repository.hash();
    // Without a contract migration there is nothing to know.
    repository.migrate(&gate).ends(0, &[]);
    let path = repository.root().join("migrations/migrate.touched");
    assert!(!path.exists());
    repository.migration("3_drop.sql", DROP);
    repository.migration("4_later.sql", &later.replace("later", "latest"));
    repository.hash();
    repository.set("CI", "true");
    let codes = repository.migrate(&gate).codes();
    assert!(!path.exists());
    assert_eq!(
        codes.iter().filter(|it| *it == "G015").count(),
        2,
        "{codes:?}"
    );
    repository.set("CI", "");
    let ran = repository.migrate(&gate);
    assert!(ran.err.contains("Recorded"), "{}", ran.err);
    let record = repository.read("migrations/migrate.touched");
    assert_eq!(
        lines(&record),
        [
            "3_drop.sql: public.accounts public.accounts_pkey public.users public.users_pkey",
            "4_later.sql: public.latest",
        ]
    );
    let again = repository.migrate(&gate);
    assert!(!again.err.contains("Recorded"), "{}", again.err);
    repository.set("CI", "1");
    let codes = repository.migrate(&gate).codes();
    assert!(!codes.contains(&"G015".to_owned()), "{codes:?}");
    // A file that is edited afterwards has another hash: the line counts no more, and is no error.
    repository.migration("4_later.sql", "CREATE TABLE latest (id bigint);\n");
    repository.hash();
    repository.migrate(&["validate"]).ends(0, &[]);
    let codes = repository.migrate(&gate).codes();
    assert_eq!(
        codes.iter().filter(|it| *it == "G015").count(),
        1,
        "{codes:?}"
    );
    repository.set("CI", "false");
    repository.migrate(&gate);
    assert_eq!(
        lines(&repository.read("migrations/migrate.touched")).len(),
        2
    );
    repository.write(
        "migrations/migrate.touched",
        record.replace("Version 1", "Version 2"),
    );
    repository
        .migrate(&gate)
        .ends(3, &["was written by another version of cargo migrate"]);
}

#[tokio::test]
async fn several_releases_at_once_are_deployed_in_two_steps() {
    let repository = repository(&[
        ("1_init.sql", BASE),
        ("2_rename.sql", RENAME),
        ("3_drop.sql", DROP),
        ("4_later.sql", "CREATE TABLE later (id int);\n"),
    ]);
    let database = TestDatabase::new().await;
    let url = database.url();
    let apply = |arguments: &[&str]| {
        let mut all = vec!["apply", "--url", &url];
        all.extend(arguments);
        repository.migrate(&all)
    };
    apply(&["--to", "1"]).ends(0, &["Applied 1_init.sql"]);
    let status = ["status", "--url", &url];
    let reason = "it drops the shim of public.users, which `2_rename.sql` makes, and no release has run in between";
    apply(&[]).ends(
        11,
        &[
            "`3_drop.sql` has to wait for the next deployment",
            "what `3_drop.sql` touches is not on record",
            "cargo migrate gate --latest 2",
        ],
    );
    repository.migrate(&status).ends(
        0,
        &[
            "next:    2",
            "next apply: refused, because `3_drop.sql` has to wait",
        ],
    );
    repository.migrate(&["gate", "--latest", "2", "--issues", "none"]);
    repository.migrate(&status).ends(
        0,
        &[
            "current: 1\nnext:    2\nfiles:   1 applied, 3 pending\n",
            &format!("     pending 3 drop\n             would wait: {reason}\n"),
            "next apply: 2 of 3 migrations would run, the rest a deployment later",
        ],
    );
    apply(&[]).ends(
        0,
        &[
            &format!("Deferred 3_drop.sql to the next deployment: {reason}"),
            "Applied 4_later.sql",
            &format!("1 migration waits for the next deployment: 3_drop.sql, because {reason}"),
        ],
    );
    let ran = repository.migrate(&status).ends(
        0,
        &[
            "current: 4\nnext:    3\nfiles:   3 applied, 1 deferred\n",
            &format!("    deferred 3 drop\n             waits: {reason}"),
        ],
    );
    assert!(!ran.out.contains("next apply"), "{}", ran.out);
    let json = repository
        .migrate(&["status", "--url", &url, "--json"])
        .json();
    let waiting = &json["status"]["versions"][2];
    assert_eq!(
        (&waiting["state"], &waiting["deferred"]),
        (&"deferred".into(), &reason.into())
    );
    assert_eq!(json["status"]["next_apply"]["runs"][0], "3");
    let json = apply(&["--json"]).json();
    assert_eq!(json["apply"]["files"][0]["file"], "3_drop.sql");
    assert_eq!(json["apply"]["deferred"], serde_json::json!([]));
    repository.migrate(&status).ends(0, &["files:   4 applied"]);
    apply(&[]).ends(0, &["nothing is pending"]);
}

#[tokio::test]
async fn environments_and_orders_are_flags() {
    let mut repository = repository(&[
        ("1_init.sql", BASE),
        (
            "2_demo.sql",
            "-- migrate:skip-on production\n\nINSERT INTO users VALUES (1);\n",
        ),
    ]);
    let database = TestDatabase::new().await;
    let url = database.url();
    repository
        .migrate(&["apply", "--url", &url])
        .ends(2, &["file `2_demo.sql` is skipped on production, and nothing says which environment this is", "APP_ENV=production"]);
    repository
        .migrate(&["status", "--url", &url])
        .ends(0, &["     pending 2 demo, not for production"]);
    repository.set("APP_ENV", "staging");
    repository
        .migrate(&["apply", "--url", &url, "--app-env", "production"])
        .ends(0, &["Skipped 2_demo.sql"]);
    repository.migrate(&["status", "--url", &url]).ends(
        0,
        &["     skipped 2 demo, on production; it never runs on this database"],
    );
    repository.migration("1b_late.sql", "CREATE TABLE late ();\n");
    repository.hash();
    let order = |order: &str| repository.migrate(&["apply", "--url", &url, "--exec-order", order]);
    order("linear").ends(11, &["file `1b_late.sql` was added before 2"]);
    order("linear-skip").ends(0, &["nothing is pending"]);
    order("non-linear").ends(0, &["Applied 1b_late.sql"]);
    order("linear").ends(0, &["nothing is pending"]);
    order("sideways").ends(2, &["linear-skip"]);
}
