//! Tests: apply.

use std::time::Duration;

use camino::Utf8Path;
use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{
    ApplyError, ApplyOptions, ApplyReport, Limit, Refusal, Silent, State, Status, apply, status,
};
use schema_core::directory::{Directory, Hash, Prefixes, Version};
use sqlx::{AssertSqlSafe, Connection as _};

/// An intact directory of these files.
fn directory(files: &[(&str, &str)]) -> Directory {
    let texts = || {
        files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect::<Vec<_>>()
    };
    let path = Utf8Path::new("migrations");
    let sum = Directory::from_texts(path, texts(), None, &Prefixes::default())
        .computed_sum()
        .to_string();
    let directory = Directory::from_texts(path, texts(), Some(&sum), &Prefixes::default());
    assert_eq!(directory.verify(), []);
    directory
}

async fn run(database: &TestDatabase, directory: &Directory) -> Result<ApplyReport, ApplyError> {
    apply(
        &database.options(),
        directory,
        &ApplyOptions::default(),
        &mut Silent,
    )
    .await
}

async fn states(database: &TestDatabase, directory: &Directory) -> Vec<State> {
    let Status { versions, .. } = status(&database.options(), directory, None).await.unwrap();
    versions.into_iter().map(|version| version.state).collect()
}

async fn text(database: &TestDatabase, sql: &str) -> String {
    let mut connection = database.connect().await;
    let found: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    found.unwrap_or_else(|| "NULL".to_owned())
}

/// The rows of the history, without what differs from run to run.
async fn rows(database: &TestDatabase) -> String {
    text(
        database,
        "SELECT string_agg(concat_ws('|', version, description, type, applied, total, coalesce(error, '-'), \
         coalesce(error_stmt, '-'), coalesce(jsonb_array_length(nullif(partial_hashes, 'null'))::text, '-')), E'\\n' ORDER BY version) \
         FROM atlas_schema_revisions.atlas_schema_revisions",
    )
    .await
}

const ONE: (&str, &str) = (
    "1_one.sql",
    "CREATE TABLE one (id int);\nINSERT INTO one VALUES (1);\n",
);
const TWO: (&str, &str) = ("2_two.sql", "CREATE TABLE two (id int);\n");
const THREE: (&str, &str) = ("3_three.sql", "CREATE TABLE three (id int);\n");

#[tokio::test]
async fn each_file_runs_once() {
    let database = TestDatabase::new().await;
    let directory = directory(&[ONE, TWO]);
    let report = run(&database, &directory).await.unwrap();
    assert_eq!(
        report
            .files
            .iter()
            .map(|file| (file.file.as_str(), file.statements))
            .collect::<Vec<_>>(),
        [("1_one.sql", 2), ("2_two.sql", 1)]
    );
    assert_eq!((report.from, report.to), (None, Some(Version::new("2"))));
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|1|1|-|-|-"
    );
    let again = run(&database, &directory).await.unwrap();
    assert_eq!(
        (again.files.len(), again.from, again.to),
        (0, Some(Version::new("2")), Some(Version::new("2")))
    );
    assert_eq!(text(&database, "SELECT count(*)::text FROM one").await, "1");
    assert_eq!(
        states(&database, &directory).await,
        [State::Applied, State::Applied]
    );
    let hash = text(
        &database,
        "SELECT hash::text FROM atlas_schema_revisions.atlas_schema_revisions WHERE version = '2'",
    )
    .await;
    assert_eq!(Some(Hash::new(&hash)), directory.files[1].hash);
}

/// The table as Atlas creates it.
const ATLAS_TABLE: &str = "CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (
    version character varying NOT NULL,
    description character varying NOT NULL,
    type bigint DEFAULT 2 NOT NULL,
    applied bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    executed_at timestamp with time zone NOT NULL,
    execution_time bigint NOT NULL,
    error text,
    error_stmt text,
    hash character varying NOT NULL,
    partial_hashes jsonb,
    operator_version character varying NOT NULL
);
ALTER TABLE ONLY atlas_schema_revisions.atlas_schema_revisions
    ADD CONSTRAINT atlas_schema_revisions_pkey PRIMARY KEY (version);";

#[tokio::test]
async fn the_history_table_is_that_of_atlas() {
    let (ours, atlas) = (
        TestDatabase::new().await,
        TestDatabase::with(ATLAS_TABLE).await,
    );
    run(&ours, &directory(&[ONE])).await.unwrap();
    let shape = "SELECT string_agg(concat_ws(' ', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
         pg_get_expr(d.adbin, d.adrelid), c.conname, pg_get_constraintdef(c.oid)), E'\\n' ORDER BY a.attnum) \
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'p' \
         WHERE a.attrelid = 'atlas_schema_revisions.atlas_schema_revisions'::regclass AND a.attnum > 0";
    assert_eq!(text(&ours, shape).await, text(&atlas, shape).await);
}

#[tokio::test]
async fn a_history_that_atlas_wrote_is_taken_over() {
    let database = TestDatabase::with(ATLAS_TABLE).await;
    database
        .run("CREATE TABLE one (id int); CREATE TABLE two_a ()")
        .await;
    let two = "-- atlas:txmode none\n\nCREATE TABLE two_a ();\nCREATE TABLE two_b ();\n";
    let directory = directory(&[ONE, ("2_two.sql", two), THREE]);
    let [one_hash, two_hash] = [0, 1].map(|index| directory.files[index].hash.clone().unwrap());
    // base64(sha256("CREATE TABLE two_a ();"))
    let statement = "h1:Ympd4+QKILrIcxMXvKq39NaJclapEfGKPguyeRKFGhg=";
    database
        .run(&format!(
            "INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES
             ('.atlas_cloud_identifier', 'b7e5', 2, 0, 0, now(), 0, NULL, NULL, '', NULL, 'Atlas CLI v0.30.0'),
             ('1', 'one', 2, 2, 2, now(), 1000, NULL, NULL, '{}', 'null', 'Atlas CLI v0.30.0'),
             ('2', 'two', 2, 1, 2, now(), 1000, 'pq: boom', 'CREATE TABLE two_b ();', '{}', '[\"{statement}\"]', 'Atlas CLI v0.30.0')",
            one_hash.as_str(),
            two_hash.as_str(),
        ))
        .await;
    assert_eq!(
        states(&database, &directory).await,
        [State::Applied, State::Partial, State::Pending]
    );
    let report = run(&database, &directory).await.unwrap();
    assert_eq!(
        report
            .files
            .iter()
            .map(|file| (file.statements, file.resumed_at))
            .collect::<Vec<_>>(),
        [(1, 1), (1, 0)]
    );
    assert_eq!(
        rows(&database).await,
        ".atlas_cloud_identifier|b7e5|2|0|0|-|-|-\n1|one|2|2|2|-|-|-\n2|two|2|2|2|-|-|-\n3|three|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn a_failed_file_rolls_back_and_stays_on_record() {
    let database = TestDatabase::new().await;
    let bad = "CREATE TABLE two (id int);\n\nINSERT INTO two\nVALUES (1), ('x');\nSELECT 3;\n";
    let broken = directory(&[ONE, ("2_two.sql", bad)]);
    let error = run(&database, &broken).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`2_two.sql`, line 4, statement 2 of 3: invalid input syntax for type integer: \"x\" (SQLSTATE 22P02)"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('two')::text").await,
        "NULL"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|0|3|invalid input syntax for type integer: \"x\"|INSERT INTO two\nVALUES (1), ('x');|-"
    );
    assert_eq!(
        states(&database, &broken).await,
        [State::Applied, State::Pending]
    );
    let corrected = directory(&[ONE, TWO]);
    run(&database, &corrected).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn the_record_of_an_attempt_goes_with_its_file() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE, ("2_bad.sql", "SELECT 1/0;")]))
        .await
        .unwrap_err();
    run(&database, &directory(&[ONE, THREE])).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n3|three|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn txmode_none_goes_on_where_it_stopped() {
    let database = TestDatabase::new().await;
    let text_of = |last: &str| {
        format!(
            "-- migrate:txmode none\nCREATE TABLE two (id int);\nCREATE INDEX CONCURRENTLY i ON two (id);\n{last}\n"
        )
    };
    let broken = text_of("INSERT INTO two VALUES ('x');");
    let broken = directory(&[("2_two.sql", &broken)]);
    let error = run(&database, &broken).await.unwrap_err();
    assert!(
        matches!(&error, ApplyError::Statement { applied: 2, failure, .. } if failure.index == 2 && failure.line == 4),
        "{error:?}"
    );
    assert_eq!(
        rows(&database).await,
        "2|two|2|2|3|invalid input syntax for type integer: \"x\"|INSERT INTO two VALUES ('x');|2"
    );
    assert_eq!(states(&database, &broken).await, [State::Partial]);
    // What ran has to stay; what did not may be corrected.
    let changed = text_of("INSERT INTO two VALUES (1);").replace("TABLE two", "TABLE  two");
    let error = run(&database, &directory(&[("2_two.sql", &changed)]))
        .await
        .unwrap_err();
    assert!(
        matches!(
            &error,
            ApplyError::Refused(Refusal::ChangedStatement {
                index: 0,
                line: Some(2),
                ..
            })
        ),
        "{error:?}"
    );
    let corrected = text_of("INSERT INTO two VALUES (1);");
    let corrected = directory(&[("2_two.sql", &corrected)]);
    let report = run(&database, &corrected).await.unwrap();
    assert_eq!(
        (report.files[0].statements, report.files[0].resumed_at),
        (1, 2)
    );
    assert_eq!(rows(&database).await, "2|two|2|3|3|-|-|-");
    // The hash is that of the corrected file, so nothing is taken for modified.
    assert_eq!(states(&database, &corrected).await, [State::Applied]);
    assert_eq!(run(&database, &corrected).await.unwrap().files, []);
}

/// Ends the session that runs `sql`, as soon as it does.
async fn kill(database: &TestDatabase, sql: &str) {
    let mut connection = database.connect().await;
    loop {
        let killed: Option<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE $1 AND state = 'active' AND pid <> pg_backend_pid()",
        )
        .bind(format!("{sql}%"))
        .fetch_optional(&mut connection)
        .await
        .unwrap();
        if killed == Some(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_killed_transaction_leaves_nothing_but_a_record() {
    let database = TestDatabase::new().await;
    let slow = directory(&[
        ONE,
        (
            "2_two.sql",
            "CREATE TABLE two (id int);\nSELECT pg_sleep(60);\n",
        ),
    ]);
    let (result, ()) = tokio::join!(run(&database, &slow), kill(&database, "SELECT pg_sleep"));
    assert!(
        matches!(result, Err(ApplyError::Statement { applied: 0, .. })),
        "{result:?}"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('two')::text").await,
        "NULL"
    );
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|0|2|terminating connection due to administrator command|SELECT pg_sleep(60);|-"
    );
    run(&database, &directory(&[ONE, TWO])).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n2|two|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn a_killed_txmode_none_file_goes_on_with_the_same_statement() {
    let database = TestDatabase::new().await;
    let slow = "-- migrate:txmode none\nCREATE TABLE two (id int);\nSELECT pg_sleep(60) FROM (SELECT) x WHERE (SELECT count(*) FROM two) = 0;\nCREATE TABLE last ();\n";
    let directory = directory(&[("2_two.sql", slow)]);
    // The process dies: nobody is left to record anything.
    let options = database.options();
    let copy = directory.clone();
    let process =
        tokio::spawn(
            async move { apply(&options, &copy, &ApplyOptions::default(), &mut Silent).await },
        );
    while text(&database, "SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'").await == "0" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.abort();
    assert!(process.await.unwrap_err().is_cancelled());
    kill(&database, "SELECT pg_sleep").await;
    let row = rows(&database).await;
    assert!(
        row.starts_with(
            "2|two|2|1|3|cargo migrate was cut off while this statement ran|SELECT pg_sleep(60)"
        ),
        "{row}"
    );
    database.run("INSERT INTO two VALUES (1)").await;
    let report = run(&database, &directory).await.unwrap();
    assert_eq!(
        (report.files[0].statements, report.files[0].resumed_at),
        (2, 1)
    );
    assert_eq!(rows(&database).await, "2|two|2|3|3|-|-|-");
}

#[tokio::test]
async fn two_deployments_wait_for_each_other() {
    let database = TestDatabase::new().await;
    let directory = directory(&[
        ONE,
        (
            "2_two.sql",
            "CREATE TABLE two (id int); SELECT pg_sleep(0.3);",
        ),
        THREE,
    ]);
    let (one, other) = tokio::join!(run(&database, &directory), run(&database, &directory));
    let mut ran = [one.unwrap().files.len(), other.unwrap().files.len()];
    ran.sort_unstable();
    assert_eq!(ran, [0, 3]);
    assert_eq!(text(&database, "SELECT count(*)::text FROM one").await, "1");
}

#[tokio::test]
async fn who_holds_the_lock_is_told() {
    let database = TestDatabase::new().await;
    let mut atlas =
        sqlx::PgConnection::connect_with(&database.options().application_name("Atlas CLI"))
            .await
            .unwrap();
    // Atlas's key for `atlas_migrate_execute`.
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid() FROM pg_advisory_lock(2686470616)")
        .fetch_one(&mut atlas)
        .await
        .unwrap();
    let options = ApplyOptions {
        lock_timeout: Duration::from_millis(60),
        ..ApplyOptions::default()
    };
    let error = apply(
        &database.options(),
        &directory(&[ONE]),
        &options,
        &mut Silent,
    )
    .await
    .unwrap_err();
    let ApplyError::Locked { holder, .. } = &error else {
        panic!("{error:?}")
    };
    assert!(
        holder.starts_with(&format!("process {pid} (`Atlas CLI`, role ")),
        "{holder}"
    );
    atlas.close().await.unwrap();
    run(&database, &directory(&[ONE])).await.unwrap();
}

#[tokio::test]
async fn history_that_was_edited_is_refused() {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[ONE, THREE])).await.unwrap();
    let edited = ("1_one.sql", "CREATE TABLE one (id bigint);");
    let cases = [
        (
            directory(&[edited, THREE]),
            "`1_one.sql` was changed after it was applied",
            vec![State::Modified, State::Applied],
        ),
        (
            directory(&[ONE, TWO, THREE]),
            "file `2_two.sql` was added before 3, which is applied already",
            vec![State::Applied, State::OutOfOrder, State::Modified],
        ),
        (
            directory(&[ONE]),
            "version `3` is applied to the database but not in the directory",
            vec![State::Applied, State::Missing],
        ),
    ];
    for (directory, message, expected) in cases {
        let error = run(&database, &directory).await.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.help().is_some());
        assert_eq!(states(&database, &directory).await, expected, "{message}");
    }
    assert_eq!(
        rows(&database).await,
        "1|one|2|2|2|-|-|-\n3|three|2|1|1|-|-|-"
    );
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let database = TestDatabase::new().await;
    let options = ApplyOptions {
        dry_run: true,
        ..ApplyOptions::default()
    };
    let report = apply(
        &database.options(),
        &directory(&[ONE, TWO]),
        &options,
        &mut Silent,
    )
    .await
    .unwrap();
    assert_eq!((report.files.len(), report.dry_run), (2, true));
    let everything = "SELECT string_agg(nspname, ',') FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
    assert_eq!(text(&database, everything).await, "public");
    assert_eq!(
        text(&database, "SELECT to_regclass('one')::text").await,
        "NULL"
    );
}

#[tokio::test]
async fn a_database_that_is_not_empty_is_adopted_or_refused() {
    let database =
        TestDatabase::with("CREATE TABLE one (id int); CREATE TYPE mood AS ENUM ('ok')").await;
    let directory = directory(&[ONE, TWO, THREE]);
    let error = run(&database, &directory).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database has no history and is not empty: it has relation public.one, type public.mood"
    );
    let adopt = ApplyOptions {
        baseline: Some(Version::new("1")),
        limit: Limit::Count(1),
        ..ApplyOptions::default()
    };
    let report = apply(&database.options(), &directory, &adopt, &mut Silent)
        .await
        .unwrap();
    assert_eq!(
        (report.baseline, report.to),
        (Some(Version::new("1")), Some(Version::new("2")))
    );
    assert_eq!(
        rows(&database).await,
        "1|one|1|0|0|-|-|-\n2|two|2|1|1|-|-|-"
    );
    assert_eq!(
        states(&database, &directory).await,
        [State::Baseline, State::Applied, State::Pending]
    );
    let to = ApplyOptions {
        limit: Limit::To(Version::new("9")),
        ..ApplyOptions::default()
    };
    let error = apply(&database.options(), &directory, &to, &mut Silent)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the directory has no version 9");
}

#[tokio::test]
async fn dirty_is_allowed_when_asked_for() {
    let database = TestDatabase::with("CREATE TABLE zero ()").await;
    let options = ApplyOptions {
        allow_dirty: true,
        ..ApplyOptions::default()
    };
    let report = apply(
        &database.options(),
        &directory(&[ONE]),
        &options,
        &mut Silent,
    )
    .await
    .unwrap();
    assert_eq!(report.files.len(), 1);
}

#[tokio::test]
async fn another_search_path_is_refused() {
    let database = TestDatabase::with("CREATE SCHEMA app").await;
    let elsewhere = database.options().options([("search_path", "app")]);
    let error = apply(
        &elsewhere,
        &directory(&[ONE]),
        &ApplyOptions::default(),
        &mut Silent,
    )
    .await
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "names without a schema mean schema `app`, not `public`"
    );
    let meant = ApplyOptions {
        default_schema: "app".to_owned(),
        allow_dirty: true,
        ..ApplyOptions::default()
    };
    apply(&elsewhere, &directory(&[ONE]), &meant, &mut Silent)
        .await
        .unwrap();
    assert_eq!(
        text(&database, "SELECT to_regclass('app.one')::text").await,
        "app.one"
    );
}

#[tokio::test]
async fn a_file_is_skipped_where_it_says_so() {
    let database = TestDatabase::new().await;
    let directory = directory(&[
        ONE,
        (
            "2_two.sql",
            "-- migrate:skip-on production,staging\nCREATE TABLE two ();",
        ),
    ]);
    let options = ApplyOptions {
        environment: Some("staging".to_owned()),
        ..ApplyOptions::default()
    };
    let report = apply(&database.options(), &directory, &options, &mut Silent)
        .await
        .unwrap();
    assert_eq!(
        report
            .files
            .iter()
            .map(|file| file.skipped)
            .collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('two')::text").await,
        "NULL"
    );
    assert_eq!(
        states(&database, &directory).await,
        [State::Applied, State::Skipped]
    );
    assert_eq!(run(&database, &directory).await.unwrap().files, []);
}

#[tokio::test]
async fn a_file_may_hold_transactions_of_its_own() {
    let database = TestDatabase::new().await;
    let own = "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b (id int);\nSELECT 1/0;\nCOMMIT;\n";
    let error = run(&database, &directory(&[("1_own.sql", own)]))
        .await
        .unwrap_err();
    // The second transaction is rolled back, its progress with it.
    assert!(
        matches!(error, ApplyError::Statement { applied: 3, .. }),
        "{error:?}"
    );
    assert_eq!(
        text(
            &database,
            "SELECT concat(to_regclass('a'), ' ', to_regclass('b'))"
        )
        .await,
        "a "
    );
    let corrected = own.replace("1/0", "1/1");
    let report = run(&database, &directory(&[("1_own.sql", &corrected)]))
        .await
        .unwrap();
    assert_eq!(
        (report.files[0].statements, report.files[0].resumed_at),
        (4, 3)
    );
    let open = directory(&[
        ("1_own.sql", &corrected),
        ("2_open.sql", "BEGIN;\nCREATE TABLE c ();\n"),
    ]);
    let error = run(&database, &open).await.unwrap_err();
    assert_eq!(
        error,
        ApplyError::OpenTransaction {
            file: "2_open.sql".to_owned()
        }
    );
}

#[tokio::test]
async fn what_a_file_sets_ends_with_it() {
    let database = TestDatabase::new().await;
    let dump = "SELECT pg_catalog.set_config('search_path', '', false);\nSET ROLE pg_monitor;\nRESET ROLE;\nCREATE TABLE public.one ();\n";
    run(&database, &directory(&[("1_dump.sql", dump), TWO]))
        .await
        .unwrap();
    assert_eq!(
        text(&database, "SELECT to_regclass('public.two')::text").await,
        "two"
    );
}

#[tokio::test]
async fn a_deferred_constraint_fails_the_file_not_a_statement() {
    let database = TestDatabase::new().await;
    let deferred = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (1);\n";
    let error = run(&database, &directory(&[("1_fk.sql", deferred)]))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ApplyError::Commit { file, .. } if file == "1_fk.sql"),
        "{error:?}"
    );
    assert_eq!(
        text(&database, "SELECT to_regclass('p')::text").await,
        "NULL"
    );
}

#[tokio::test]
async fn bom_crlf_and_odd_names_apply() {
    let database = TestDatabase::new().await;
    let windows = "\u{feff}-- migrate:txmode none\r\nCREATE TABLE one (id int);\r\n\r\nINSERT INTO one VALUES (1);\r\n";
    let directory = directory(&[
        ("1_windows.sql", windows),
        ("2_we'ird \"name\" ü; --.sql", "SELECT 1"),
        ("3.sql", "-- nothing\n"),
    ]);
    run(&database, &directory).await.unwrap();
    assert_eq!(
        rows(&database).await,
        "1|windows|2|2|2|-|-|-\n2|we'ird \"name\" ü; --|2|1|1|-|-|-\n3||2|0|0|-|-|-"
    );
}

#[tokio::test]
async fn a_broken_directory_is_not_applied() {
    let database = TestDatabase::new().await;
    let texts = vec![("1_one.sql".to_owned(), "SELECT 1;".to_owned())];
    let unhashed = Directory::from_texts(
        Utf8Path::new("migrations"),
        texts,
        None,
        &Prefixes::default(),
    );
    let error = run(&database, &unhashed).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the directory is not intact: there is one migration and no atlas.sum"
    );
}

#[tokio::test]
async fn five_hundred_files_take_a_moment() {
    let names = (0..500)
        .map(|index| format!("{:04}_table.sql", index))
        .collect::<Vec<_>>();
    let texts = (0..500)
        .map(|index| format!("CREATE TABLE t{index} (id int);\nCREATE INDEX ON t{index} (id);\n"))
        .collect::<Vec<_>>();
    let files = names
        .iter()
        .zip(&texts)
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect::<Vec<_>>();
    let directory = directory(&files);
    let database = TestDatabase::new().await;
    let start = std::time::Instant::now();
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 500);
    let applied = start.elapsed();
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 0);
    println!(
        "500 files: {applied:?}, then nothing to do: {:?}",
        start.elapsed() - applied
    );
}

#[tokio::test]
async fn atlas_directories_apply() {
    for path in corpus::entries("atlas") {
        let directory = Directory::load(&path).unwrap();
        if !directory.verify().is_empty() {
            continue;
        }
        let database = TestDatabase::new().await;
        let report = run(&database, &directory).await.unwrap();
        assert_eq!(report.files.len(), directory.files.len(), "{path}");
        assert_eq!(
            status(&database.options(), &directory, None)
                .await
                .unwrap()
                .count(State::Applied),
            directory.files.len()
        );
    }
}
