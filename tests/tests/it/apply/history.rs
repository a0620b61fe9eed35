//! Tests: what the history says, and what it makes of a directory.

use integration_tests::postgres::TestDatabase;
use schema_core::apply::{ApplyOptions, Limit, Silent, State, apply};
use schema_core::directory::Version;

use super::{ONE, THREE, TWO, directory, rows, run, states, text};

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

/// The table as Atlas creates it.
pub(super) const ATLAS_TABLE: &str = "CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (
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
            vec![State::Applied, State::OutOfOrder, State::Applied],
        ),
        (
            directory(&[ONE]),
            "the database is ahead of the directory, which ends at 1: version `3` is applied to it",
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
async fn a_role_without_privileges_is_told_what_it_needs() {
    let database = TestDatabase::new().await;
    // Roles belong to the whole server, so an existing one has to do.
    let role = "pg_monitor";
    let options = database.options().options([("role", role)]);
    let error = apply(
        &options,
        &directory(&[ONE]),
        &ApplyOptions::default(),
        &mut Silent,
    )
    .await
    .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot create the history table: permission denied for database "),
        "{error}"
    );
    let help = error.help().unwrap();
    assert!(
        help.contains("`GRANT CREATE ON DATABASE ") && help.ends_with(" TO pg_monitor;`"),
        "{help}"
    );
    // A history in a schema that is there needs no more than that schema.
    database
        .run(&format!(
            "CREATE SCHEMA deploy AUTHORIZATION {role}; GRANT CREATE ON SCHEMA public TO {role}"
        ))
        .await;
    let named = ApplyOptions {
        revisions_schema: Some("deploy".to_owned()),
        allow_dirty: true,
        ..ApplyOptions::default()
    };
    apply(&options, &directory(&[ONE]), &named, &mut Silent)
        .await
        .unwrap();
    // From then on it is found by itself.
    assert_eq!(
        states(&database, &directory(&[ONE])).await,
        [State::Applied]
    );
    database.run("CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.atlas_schema_revisions ()").await;
    let error = run(&database, &directory(&[ONE])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "there are history tables in schemas atlas_schema_revisions, deploy"
    );
}
