//! What a review takes into account beside the files: directives, patterns of names.

use integration_tests::postgres;
use schema_core::apply::Silent;
use schema_core::diagnostic::Severity;
use schema_core::directory::{Directory, Prefixes};
use schema_core::lint::Naming;
use schema_core::review::{ReviewOptions, Standing, review};
use schema_core::rule::Topic;

const BASE: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);";
const INDEX: &str =
    "SET LOCAL lock_timeout = '2s';\nCREATE INDEX users_name_idx ON users (name);\n";

fn directory(files: &[(&str, &str)]) -> Directory {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Directory::from_texts(
        "migrations".into(),
        files.collect(),
        None,
        &Prefixes::default(),
    )
}

/// Findings of one new file, as `CODE severity standing: title`.
async fn found(text: &str, options: ReviewOptions) -> Vec<String> {
    let base = directory(&[("20250101000000_base.sql", BASE)]);
    let new = directory(&[("20260101000000_new.sql", text)]).files;
    let server = postgres::server().await;
    let review = review(server, &base, &new, &options, &mut Silent).await;
    let findings = review
        .expect("the file runs")
        .findings
        .into_iter()
        .map(|it| {
            let standing = match it.standing {
                Standing::Open => "open".to_owned(),
                Standing::Approvable => "approvable".to_owned(),
                Standing::Approved(ground) => format!("approved ({ground})"),
                Standing::Suppressed(reason) => format!("silenced ({reason})"),
            };
            let severity = match it.finding.severity {
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            format!(
                "{} {severity} {standing}: {}",
                it.finding.code, it.finding.title
            )
        });
    findings.collect()
}

#[tokio::test]
async fn nolint_silences_on_a_file_and_on_a_statement() {
    let index = "B001 error silenced (ten rows): index users_name_idx is built under a SHARE lock on table users";
    let on_file = format!("-- migrate:nolint B001 ten rows\n\n{INDEX}");
    assert_eq!(found(&on_file, ReviewOptions::default()).await, [index]);
    let on_statement = INDEX.replace("CREATE", "-- atlas:nolint create-index ten rows\nCREATE");
    assert_eq!(
        found(&on_statement, ReviewOptions::default()).await,
        [index]
    );
    let by_class = INDEX.replace("CREATE", "-- atlas:nolint PG101 ten rows\nCREATE");
    assert_eq!(found(&by_class, ReviewOptions::default()).await, [index]);
    let everything = INDEX.replace("CREATE", "-- atlas:nolint\nCREATE");
    assert_eq!(
        found(&everything, ReviewOptions::default()).await,
        [index.replace("ten rows", "")]
    );
}

#[tokio::test]
async fn a_statement_without_an_object_is_silenced_too() {
    let sql = "SET LOCAL lock_timeout = '2s';\n-- migrate:nolint T041 by hand\nCOMMIT;\n";
    let found = found(sql, ReviewOptions::default()).await;
    assert_eq!(
        found,
        ["T041 error silenced (by hand): COMMIT in a file that runs as one transaction"]
    );
}

#[tokio::test]
async fn a_nolint_that_silences_nothing_is_found() {
    let elsewhere = INDEX.replace("SET", "-- migrate:nolint B001 ten rows\nSET");
    let index = "B001 error open: index users_name_idx is built under a SHARE lock on table users";
    let unused = "G010 error open: nolint of B001 silences nothing";
    assert_eq!(
        found(&elsewhere, ReviewOptions::default()).await,
        [unused, index]
    );
    let misspelt = INDEX.replace("CREATE", "-- migrate:nolint B0O1 ten rows\nCREATE");
    let no_rule = "G010 error open: nolint names B0O1, which is no rule";
    assert_eq!(
        found(&misspelt, ReviewOptions::default()).await,
        [no_rule, index]
    );
    let of_atlas = INDEX.replace("CREATE", "-- atlas:nolint DS103\nCREATE");
    let warning = "G010 warning open: nolint of DS103 silences nothing";
    assert_eq!(
        found(&of_atlas, ReviewOptions::default()).await,
        [warning, index]
    );
}

#[tokio::test]
async fn a_nolint_of_what_was_not_asked_is_not_unused() {
    let sql = INDEX.replace("CREATE", "-- migrate:nolint B001 ten rows\nCREATE");
    let gate = ReviewOptions {
        topics: [Topic::PreviousRelease, Topic::Gate].into(),
        ..ReviewOptions::default()
    };
    assert_eq!(found(&sql, gate).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_break_of_the_previous_release_is_not_silenced() {
    let sql = "SET LOCAL lock_timeout = '2s';\n-- migrate:nolint N001 nobody reads it\n\
        ALTER TABLE users DROP COLUMN name;\n";
    let found = found(sql, ReviewOptions::default()).await;
    assert!(
        found
            .iter()
            .any(|it| it.starts_with("N001 error approvable")),
        "{found:?}"
    );
    assert!(
        found.contains(&"G010 error open: nolint of N001 silences nothing".to_owned()),
        "{found:?}"
    );
}

#[tokio::test]
async fn of_one_alter_table_only_what_writes_it_anew_is_told() {
    let sql = "SET LOCAL lock_timeout = '2s';\nCREATE TABLE t (id int PRIMARY KEY);\n\
        ALTER TABLE users ALTER COLUMN id TYPE numeric, ALTER COLUMN name TYPE varchar;\n";
    assert_eq!(
        found(
            sql,
            ReviewOptions {
                topics: [Topic::Blocking].into(),
                ..ReviewOptions::default()
            }
        )
        .await,
        [
            "B015 error open: table users is written anew because column id becomes numeric instead of bigint"
        ]
    );
}

/// What each finding of one file proposes, and that PostgreSQL takes it: file by file, with nothing
/// left for the linter to say.
async fn check_fix(base: &str, sql: &str, expected: &str) {
    let timeout = "SET LOCAL lock_timeout = '2s';\n";
    let server = postgres::server().await;
    let options = || ReviewOptions {
        topics: [Topic::Blocking, Topic::Running].into(),
        ..ReviewOptions::default()
    };
    let base = directory(&[("20250101000000_base.sql", base)]);
    let new = directory(&[("20260101000000_new.sql", &format!("{timeout}{sql}"))]).files;
    let review_of = review(server, &base, &new, &options(), &mut Silent).await;
    let findings = review_of.expect("the file runs").findings;
    let fixes: Vec<_> = findings
        .iter()
        .filter_map(|it| it.finding.fix.as_deref())
        .collect();
    assert_eq!(fixes, [expected], "{sql}");

    let mut parts: Vec<String> = Vec::new();
    for line in expected.lines() {
        let begins = line.ends_with(" file") || line == "-- before" || line.contains("of its own");
        if parts.is_empty() || begins {
            parts.push(String::new());
        }
        if !begins {
            parts.last_mut().unwrap().extend([line, "\n"]);
        }
    }
    let parts = parts.iter().enumerate().map(|(place, text)| {
        let in_transaction = if text.contains("txmode none") {
            ""
        } else {
            timeout
        };
        let text = text.replace("-- atlas:txmode none\n", "-- atlas:txmode none\n\n");
        (
            format!("2026020100000{place}_fix.sql"),
            format!("{in_transaction}{text}"),
        )
    });
    let parts = Directory::from_texts("m".into(), parts.collect(), None, &Prefixes::default());
    let again = review(server, &base, &parts.files, &options(), &mut Silent).await;
    let left: Vec<_> = again
        .unwrap_or_else(|error| panic!("{error}\n{expected}"))
        .findings
        .into_iter()
        // Rows may still stand in the way; no statement keeps them from it.
        .filter(|it| it.finding.code != "T040")
        .map(|it| format!("{} {}", it.finding.code, it.finding.title))
        .collect();
    assert_eq!(left, [""; 0], "{expected}");
}

#[tokio::test]
async fn a_fix_has_the_names_of_the_case_and_holds_nobody_up() {
    let base = "CREATE SCHEMA shop; CREATE TABLE shop.\"Items\" (id bigint, code text, size int); \
        CREATE TABLE orders (id bigint PRIMARY KEY, item text); \
        CREATE INDEX orders_item_idx ON orders (item); \
        ALTER TABLE shop.\"Items\" ADD CONSTRAINT code_key UNIQUE (code);";
    check_fix(
        base,
        "CREATE INDEX items_size ON shop.\"Items\" (size DESC) WHERE size > 0;",
        "-- atlas:txmode none\nDROP INDEX CONCURRENTLY IF EXISTS shop.items_size;\n\
         CREATE INDEX CONCURRENTLY items_size ON shop.\"Items\" USING btree (size DESC) WHERE (size > 0);",
    )
    .await;
    check_fix(
        base,
        "DROP INDEX orders_item_idx;",
        "-- atlas:txmode none\nDROP INDEX CONCURRENTLY IF EXISTS orders_item_idx;",
    )
    .await;
    check_fix(
        base,
        "REINDEX INDEX orders_item_idx;",
        "-- atlas:txmode none\nREINDEX INDEX CONCURRENTLY orders_item_idx;",
    )
    .await;
    check_fix(
        base,
        "ALTER TABLE orders ADD FOREIGN KEY (item) REFERENCES shop.\"Items\" (code) ON DELETE SET NULL;",
        "-- first file\nALTER TABLE orders ADD CONSTRAINT orders_item_fkey FOREIGN KEY (item) \
         REFERENCES shop.\"Items\"(code) ON DELETE SET NULL NOT VALID;\n\
         -- second file\nALTER TABLE orders VALIDATE CONSTRAINT orders_item_fkey;",
    )
    .await;
    check_fix(
        base,
        "ALTER TABLE orders ADD CONSTRAINT long CHECK (length(item) > 0) NO INHERIT;",
        "-- first file\nALTER TABLE orders ADD CONSTRAINT long CHECK ((length(item) > 0)) NO INHERIT NOT VALID;\n\
         -- second file\nALTER TABLE orders VALIDATE CONSTRAINT long;",
    )
    .await;
    check_fix(
        base,
        "ALTER TABLE shop.\"Items\" ALTER COLUMN size SET NOT NULL;",
        "-- first file\nALTER TABLE shop.\"Items\" ADD CONSTRAINT \"Items_size_not_null\" CHECK (size IS NOT NULL) NOT VALID;\n\
         -- second file\nALTER TABLE shop.\"Items\" VALIDATE CONSTRAINT \"Items_size_not_null\";\n\
         -- third file\nALTER TABLE shop.\"Items\" ALTER COLUMN size SET NOT NULL;\n\
         ALTER TABLE shop.\"Items\" DROP CONSTRAINT \"Items_size_not_null\";",
    )
    .await;
    check_fix(
        base,
        "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (item, id) DEFERRABLE;",
        "-- first file\n-- atlas:txmode none\nDROP INDEX CONCURRENTLY IF EXISTS one;\n\
         CREATE UNIQUE INDEX CONCURRENTLY one ON orders USING btree (item, id);\n\
         -- second file\nALTER TABLE orders ADD CONSTRAINT one UNIQUE USING INDEX one DEFERRABLE;",
    )
    .await;
    check_fix(
        base,
        "ALTER TABLE shop.\"Items\" ADD PRIMARY KEY (id);",
        "-- before\n-- atlas:txmode none\nDROP INDEX CONCURRENTLY IF EXISTS shop.\"Items_pkey\";\n\
         CREATE UNIQUE INDEX CONCURRENTLY \"Items_pkey\" ON shop.\"Items\" USING btree (id);\n\
         -- first file\nALTER TABLE shop.\"Items\" ADD CONSTRAINT \"Items_id_not_null\" CHECK (id IS NOT NULL) NOT VALID;\n\
         -- second file\nALTER TABLE shop.\"Items\" VALIDATE CONSTRAINT \"Items_id_not_null\";\n\
         -- third file\nALTER TABLE shop.\"Items\" ALTER COLUMN id SET NOT NULL;\n\
         ALTER TABLE shop.\"Items\" DROP CONSTRAINT \"Items_id_not_null\";\n\
         ALTER TABLE shop.\"Items\" ADD CONSTRAINT \"Items_pkey\" PRIMARY KEY USING INDEX \"Items_pkey\";",
    )
    .await;
}

#[tokio::test]
async fn what_one_statement_revokes_is_one_finding() {
    let base = directory(&[(
        "20250101000000_base.sql",
        "CREATE TABLE users (id bigint); CREATE TABLE orders (id bigint); \
         CREATE TABLE days (day date) PARTITION BY RANGE (day); \
         CREATE TABLE days_2025 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); \
         GRANT SELECT, DELETE ON users, orders, days, days_2025 TO app;",
    )]);
    let sql = "REVOKE DELETE ON ALL TABLES IN SCHEMA public FROM app;";
    let new = directory(&[("20260101000000_new.sql", sql)]).files;
    let options = ReviewOptions {
        topics: [Topic::PreviousRelease].into(),
        ..ReviewOptions::default()
    };
    let server = postgres::server().await;
    let review = review(server, &base, &new, &options, &mut Silent).await;
    let findings = review.expect("the file runs").findings;
    let revoked: Vec<_> = findings
        .iter()
        .map(|it| &it.finding)
        .filter(|it| it.code == "N041")
        .collect();
    assert_eq!(revoked.len(), 1, "{revoked:?}");
    assert_eq!(revoked[0].title, "app loses DELETE on 3 tables");
    assert_eq!(revoked[0].notes[0], "They are users, orders, days.");
    assert_eq!(
        revoked[0].fix.as_deref(),
        Some("GRANT DELETE ON users, orders, days TO app;")
    );
}

#[tokio::test]
async fn names_of_what_is_new_match_the_patterns() {
    let pattern = |text: &str| Some(regex::Regex::new(text).expect("a pattern"));
    let naming = Naming {
        tables: pattern("^[a-z_]+s$"),
        columns: pattern("^[a-z_]+$"),
        indexes: pattern("_idx$"),
        constraints: pattern("_(pkey|fkey|key|check)$"),
    };
    let options = || ReviewOptions {
        naming: naming.clone(),
        ..ReviewOptions::default()
    };
    let sql = "SET LOCAL lock_timeout = '2s';\n\
        CREATE TABLE person (id bigint PRIMARY KEY, \"fullName\" text, CONSTRAINT bad CHECK (id > 0));\n\
        CREATE INDEX by_name ON person (\"fullName\");\n\
        ALTER TABLE users ADD COLUMN \"Nick\" text;\n";
    let mut told = found(sql, options()).await;
    told.sort();
    assert_eq!(
        told,
        [
            "C018 error open: column \"Nick\" of table users does not match `^[a-z_]+$`",
            "C018 error open: column \"fullName\" of table person does not match `^[a-z_]+$`",
            "C018 error open: constraint bad of table person does not match `_(pkey|fkey|key|check)$`",
            "C018 error open: index by_name of table person does not match `_idx$`",
            "C018 error open: table person does not match `^[a-z_]+s$`",
        ]
    );
    assert_eq!(
        found(sql, ReviewOptions::default()).await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_statement_that_does_not_run_is_a_finding_that_nothing_silences() {
    let sql = "-- migrate:nolint T023 T050 we know\n\nCREATE INDEX CONCURRENTLY users_name_idx ON users (name);\n\
        DROP TABLE users;\n";
    let unused = |code| format!("G010 error open: nolint of {code} silences nothing");
    assert_eq!(
        found(sql, ReviewOptions::default()).await,
        [
            unused("T023"),
            unused("T050"),
            "T023 error open: CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
                .to_owned(),
        ]
    );
    let typo = "ALTER TABLE usres ADD COLUMN age integer;\nDROP TABLE users;\n";
    assert_eq!(
        found(typo, ReviewOptions::default()).await,
        [
            "T050 error open: a new migration does not run: relation \"usres\" does not exist (SQLSTATE 42P01)"
        ]
    );
}

#[tokio::test]
async fn a_directive_about_a_shim_that_is_not_made_is_found() {
    let rename = "SET LOCAL lock_timeout = '2s';\nALTER TABLE users RENAME TO accounts;\n\
        CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name FROM accounts;\n";
    let promised = |name| format!("-- migrate:n-1-shim: {name} drop-with #1\n\n{rename}");
    let kept = found(&promised("users"), ReviewOptions::default()).await;
    assert!(!kept.iter().any(|it| it.starts_with("G014")), "{kept:?}");
    for (name, shown) in [
        ("usres", "public.usres"),
        ("accounts", "public.accounts"),
        ("public.accounts.name", "public.accounts.name"),
    ] {
        let found = found(&promised(name), ReviewOptions::default()).await;
        let absent =
            format!("G014 error open: there is no shim of {shown}, which this directive promises");
        assert!(found.contains(&absent), "{found:?}");
    }
}

#[tokio::test]
async fn a_shim_that_goes_without_a_directive_is_found() {
    let rename = "-- migrate:n-1-shim: users drop-with #1\n\nALTER TABLE users RENAME TO accounts;\n\
        CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name FROM accounts;\n";
    let base = directory(&[
        ("20250101000000_base.sql", BASE),
        ("20250102000000_rename.sql", rename),
    ]);
    let drop = "SET LOCAL lock_timeout = '2s';\nDROP VIEW users;\n";
    let with = format!("-- migrate:n-1-shim-drop: users\n\n{drop}");
    let server = postgres::server().await;
    for (text, expected) in [
        (drop, vec![("G014", 2), ("N028", 2)]),
        (&with, vec![("N028", 4)]),
    ] {
        let new = directory(&[("20260101000000_new.sql", text)]).files;
        let review = review(server, &base, &new, &ReviewOptions::default(), &mut Silent).await;
        let findings = review.expect("the file runs").findings;
        let found: Vec<(&str, u32)> = findings
            .iter()
            .map(|it| (it.finding.code, it.finding.places[0].line))
            .collect();
        assert_eq!(found, expected, "{findings:?}");
    }
}

#[tokio::test]
async fn a_new_column_in_a_wildcard_is_blamed_on_the_statement_that_adds_it() {
    let sql = "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN age integer;\n\
        COMMENT ON COLUMN users.age IS 'in years';\n";
    let text = include_str!("lint/wildcard.json");
    let options = ReviewOptions {
        queries: vec![(".sqlx/query-all.json".into(), text.to_owned())],
        ..ReviewOptions::default()
    };
    let base = directory(&[("20250101000000_base.sql", BASE)]);
    let new = directory(&[("20260101000000_new.sql", sql)]).files;
    let server = postgres::server().await;
    let review = review(server, &base, &new, &options, &mut Silent).await;
    let findings = review.expect("the file runs").findings;
    let found: Vec<(&str, u32)> = findings
        .iter()
        .map(|it| (it.finding.code, it.finding.places[0].line))
        .collect();
    assert_eq!(found, [("N021", 2)], "{findings:?}");
}
