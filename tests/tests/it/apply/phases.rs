//! Tests: expand and contract as two deployments, on real databases.

use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use schema_core::apply::{
    ApplyError, ApplyOptions, ApplyReport, Event, Limit, Observer, Refusal, Silent, State, apply,
    status,
};
use schema_core::directory::{Directory, Version};
use sqlx::{Connection as _, Row as _};
use tokio::sync::mpsc;

use super::{directory, recorded, rows, run, states, text};

const INIT: (&str, &str) = (
    "1_init.sql",
    "CREATE TABLE users (id int, mail text);\nCREATE TABLE other (id int);\n",
);
const RENAME: (&str, &str) = (
    "2_rename.sql",
    "-- migrate:n-1-shim: public.users drop-with #1\n\nALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;\n",
);
const DROP: (&str, &str) = (
    "3_drop.sql",
    "-- migrate:n-1-shim-drop: public.users\n\nDROP VIEW users;\n",
);
const LATER: (&str, &str) = ("4_later.sql", "ALTER TABLE other ADD COLUMN late int;\n");

const REASON: &str = "it drops the shim of public.users, which `2_rename.sql` makes, and no release has run in between";

/// A database on which a release with the first file runs.
async fn in_use() -> TestDatabase {
    let database = TestDatabase::new().await;
    run(&database, &directory(&[INIT])).await.unwrap();
    database
}

fn apart(directory: Directory) -> Directory {
    let touched: [(&str, &[&str]); 2] = [
        (DROP.0, &["public.users", "public.accounts"]),
        (LATER.0, &["public.other"]),
    ];
    recorded(directory, &touched)
}

/// What ran and what waits, by file name.
fn done(report: &ApplyReport) -> (Vec<&str>, Vec<&str>) {
    let ran = report.files.iter().map(|it| it.file.as_str()).collect();
    let waits = report.deferred.iter().map(|it| it.file.as_str()).collect();
    (ran, waits)
}

async fn exists(database: &TestDatabase, relation: &str) -> bool {
    text(database, &format!("SELECT to_regclass('{relation}')::text")).await != "NULL"
}

#[tokio::test]
async fn a_contract_migration_waits_for_the_next_deployment() {
    let database = in_use().await;
    let all = directory(&[INIT, RENAME, DROP]);
    let before = status(&database.options(), &all, None).await.unwrap();
    assert_eq!(before.next_apply.runs.len(), 1);
    assert_eq!(before.next_apply.defers[0].reason, REASON);
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["2_rename.sql"], vec!["3_drop.sql"]));
    assert_eq!(report.deferred[0].reason, REASON);
    assert!(exists(&database, "users").await);
    assert_eq!(
        rows(&database).await,
        format!(
            "1|init|2|2|2|-|-|-\n2|rename|2|2|2|-|-|-\n\
             3|drop|2|0|1|deferred by cargo migrate to the next deployment: {REASON}|-|-"
        )
    );
    let status = status(&database.options(), &all, None).await.unwrap();
    let waiting = &status.versions[2];
    assert_eq!(
        (waiting.state, waiting.deferred.as_deref(), &waiting.error),
        (State::Deferred, Some(REASON), &None)
    );
    assert_eq!(status.next.as_ref(), Some(&waiting.version));
    assert_eq!(status.next_apply.runs, [Version::new("3")]);
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql"], vec![]));
    assert!(!exists(&database, "users").await);
    assert_eq!(done(&run(&database, &all).await.unwrap()), (vec![], vec![]));
    assert_eq!(states(&database, &all).await, [State::Applied; 3]);
}

#[tokio::test]
async fn a_fresh_database_gets_everything() {
    let database = TestDatabase::new().await;
    let all = directory(&[INIT, RENAME, DROP, LATER]);
    let report = run(&database, &all).await.unwrap();
    assert_eq!((report.files.len(), report.deferred.len()), (4, 0));
    assert!(!exists(&database, "users").await);
}

#[tokio::test]
async fn a_set_up_that_was_cut_off_is_no_history() {
    let database = TestDatabase::new().await;
    let broken = ("2b_broken.sql", "SELECT 1 / 0;\n");
    let touching = (
        "4_touching.sql",
        "ALTER TABLE accounts ADD COLUMN late int;\n",
    );
    let all = directory(&[INIT, RENAME, broken, DROP, touching]);
    let error = run(&database, &all).await.unwrap_err();
    assert!(error.to_string().contains("division by zero"), "{error}");
    // Everything else would be refused where a release runs.
    let corrected = directory(&[INIT, RENAME, (broken.0, "SELECT 1;\n"), DROP, touching]);
    let status = status(&database.options(), &corrected, None).await.unwrap();
    assert_eq!(
        (status.next_apply.runs.len(), status.next_apply.refused),
        (3, None)
    );
    let report = run(&database, &corrected).await.unwrap();
    assert_eq!((report.files.len(), report.deferred.len()), (3, 0));
    // From now on the database is in use, and the history table is that of Atlas.
    let comment =
        "SELECT obj_description('atlas_schema_revisions.atlas_schema_revisions'::regclass)";
    assert_eq!(text(&database, comment).await, "NULL");
    let more = directory(&[
        INIT,
        RENAME,
        (broken.0, "SELECT 1;\n"),
        DROP,
        touching,
        (
            "5_again.sql",
            "-- migrate:n-1-shim: other drop-with #2\n\nALTER TABLE other RENAME TO others;\nCREATE VIEW other AS SELECT * FROM others;\n",
        ),
        (
            "6_drop.sql",
            "-- migrate:n-1-shim-drop: other\n\nDROP VIEW other;\n",
        ),
    ]);
    let report = run(&database, &more).await.unwrap();
    assert_eq!(done(&report), (vec!["5_again.sql"], vec!["6_drop.sql"]));
}

#[tokio::test]
async fn a_first_run_that_stops_where_it_was_told_is_a_set_up() {
    let database = TestDatabase::new().await;
    let all = directory(&[INIT, RENAME, DROP]);
    let near = ApplyOptions {
        limit: Limit::To(Version::new("2")),
        ..ApplyOptions::default()
    };
    apply(&database.options(), &all, &near, &mut Silent)
        .await
        .unwrap();
    // A release may run now, which has had the shim.
    let again = directory(&[
        INIT,
        RENAME,
        DROP,
        (
            "4.sql",
            "-- migrate:n-1-shim: other drop-with #2\n\nSELECT 1;\n",
        ),
        ("5.sql", "-- migrate:n-1-shim-drop: other\n\nSELECT 1;\n"),
    ]);
    let report = run(&database, &again).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql", "4.sql"], vec!["5.sql"]));
}

#[tokio::test]
async fn what_is_independent_goes_first() {
    let database = in_use().await;
    let all = apart(directory(&[INIT, RENAME, DROP, LATER]));
    let report = run(&database, &all).await.unwrap();
    assert_eq!(
        done(&report),
        (vec!["2_rename.sql", "4_later.sql"], vec!["3_drop.sql"])
    );
    assert_eq!(
        states(&database, &all).await,
        [
            State::Applied,
            State::Applied,
            State::Deferred,
            State::Applied
        ]
    );
    // The next deployment brings a migration of its own, which comes behind what waited.
    let more = directory(&[
        INIT,
        RENAME,
        DROP,
        LATER,
        ("5_more.sql", "CREATE VIEW users AS SELECT 1 AS id;"),
    ]);
    let report = run(&database, &more).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql", "5_more.sql"], vec![]));
    assert_eq!(states(&database, &more).await, [State::Applied; 5]);
}

#[tokio::test]
async fn what_depends_on_it_is_refused_before_anything_runs() {
    let touching = (
        "4_touching.sql",
        "ALTER TABLE accounts ADD COLUMN late int;\n",
    );
    let plain = directory(&[INIT, RENAME, DROP, touching]);
    let touched: [(&str, &[&str]); 2] = [
        (DROP.0, &["public.users", "public.accounts"]),
        (touching.0, &["public.accounts"]),
    ];
    for (directory, said, help) in [
        (
            recorded(plain.clone(), &touched),
            "`4_touching.sql` behind it touches public.accounts too",
            "deploy in two steps: `cargo migrate apply --to 2` with the release that it belongs to, and the rest when that release runs everywhere",
        ),
        (
            plain,
            "what `3_drop.sql` touches is not on record",
            "`cargo migrate gate --latest 2` puts it on record in migrate.touched, which is committed with the migrations; or deploy in two steps: `cargo migrate apply --to 2` with the release that it belongs to, and the rest when that release runs everywhere",
        ),
    ] {
        let database = in_use().await;
        let before = rows(&database).await;
        let error = run(&database, &directory).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "`3_drop.sql` has to wait for the next deployment: {REASON}. It cannot wait: {said}"
            )
        );
        assert_eq!(error.help().as_deref(), Some(help));
        assert_eq!(rows(&database).await, before);
        assert!(!exists(&database, "accounts").await);
        let status = status(&database.options(), &directory, None).await.unwrap();
        assert_eq!(status.next_apply.refused, Some(error.to_string()));
        assert_eq!(status.next, Some(directory.files[1].version.clone()));
    }
}

#[tokio::test]
async fn several_shims_of_tables_and_columns_wait_together() {
    let database = in_use().await;
    let make = "-- migrate:n-1-shim: users drop-with #1\n-- migrate:n-1-shim: public.other.id drop-with #2\n\nALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;\nALTER TABLE other ADD COLUMN number int;\n";
    let alone = "-- migrate:n-1-shim-drop: public.other.id\n-- atlas:txmode none\n\nALTER TABLE other DROP COLUMN id;\nVACUUM other;\n";
    let all = directory(&[INIT, ("2_make.sql", make), DROP, ("4_alone.sql", alone)]);
    let report = run(&database, &all).await.unwrap();
    assert_eq!(
        done(&report),
        (vec!["2_make.sql"], vec!["3_drop.sql", "4_alone.sql"])
    );
    assert_eq!(
        report.deferred[1].reason,
        "it drops the shim of public.other.id, which `2_make.sql` makes, and no release has run in between"
    );
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql", "4_alone.sql"], vec![]));
    assert_eq!(states(&database, &all).await, [State::Applied; 4]);
}

#[tokio::test]
async fn nothing_of_a_dry_run_is_put_off() {
    let database = in_use().await;
    let before = rows(&database).await;
    let options = ApplyOptions {
        dry_run: true,
        ..ApplyOptions::default()
    };
    let all = directory(&[INIT, RENAME, DROP]);
    let report = apply(&database.options(), &all, &options, &mut Silent).await;
    assert_eq!(
        done(&report.unwrap()),
        (vec!["2_rename.sql"], vec!["3_drop.sql"])
    );
    assert_eq!(rows(&database).await, before);
}

/// Tells when it waits for another deployment.
struct Waits(mpsc::UnboundedSender<()>);

impl Observer for Waits {
    fn event(&mut self, event: Event<'_>) {
        if let Event::WaitingForLock { .. } = event {
            let _ = self.0.send(());
        }
    }
}

/// Deployments that all wait for somebody, who does `meanwhile` and then is gone.
async fn waiting(
    database: &TestDatabase,
    directory: &Directory,
    count: usize,
    meanwhile: &str,
) -> Vec<ApplyReport> {
    let mut holder = database.connect().await;
    sqlx::raw_sql("SELECT pg_advisory_lock(2686470616)")
        .execute(&mut holder)
        .await
        .unwrap();
    let mut waiting = Vec::new();
    for _ in 0..count {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let (options, directory) = (database.options(), directory.clone());
        let patient = ApplyOptions {
            lock_timeout: Duration::from_mins(2),
            ..ApplyOptions::default()
        };
        waiting.push(tokio::spawn(async move {
            apply(&options, &directory, &patient, &mut Waits(sender)).await
        }));
        receiver.recv().await.unwrap();
    }
    database.run(meanwhile).await;
    holder.close().await.unwrap();
    let mut reports = Vec::new();
    for task in waiting {
        reports.push(task.await.unwrap().unwrap());
    }
    reports
}

#[tokio::test]
async fn who_waited_meanwhile_does_not_take_it_up() {
    let database = in_use().await;
    let all = directory(&[INIT, RENAME, DROP]);
    let mut reports = waiting(&database, &all, 4, "SELECT").await;
    // Whoever came first, the others were there all the time.
    reports.sort_by_key(|report| report.files.is_empty());
    assert_eq!(
        done(&reports[0]),
        (vec!["2_rename.sql"], vec!["3_drop.sql"])
    );
    for late in &reports[1..] {
        assert_eq!(done(late), (vec![], vec!["3_drop.sql"]));
        assert_eq!(late.deferred, reports[0].deferred);
    }
    assert!(exists(&database, "users").await);
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql"], vec![]));
}

#[tokio::test]
async fn a_deployment_that_failed_has_brought_no_release() {
    let database = in_use().await;
    let failing = ("4_later.sql", "ALTER TABLE nowhere ADD COLUMN late int;\n");
    let touched: [(&str, &[&str]); 2] = [
        (DROP.0, &["public.users"]),
        (failing.0, &["public.nowhere"]),
    ];
    let broken = recorded(directory(&[INIT, RENAME, DROP, failing]), &touched);
    let error = run(&database, &broken).await.unwrap_err();
    assert!(matches!(error, ApplyError::Statement { .. }), "{error}");
    assert!(rows(&database).await.contains(
        "\n3|drop|2|0|1|deferred by cargo migrate in a deployment that is not at its end: it drops"
    ));
    // The machines of the old release still run: what goes on with it takes nothing up.
    let corrected = apart(directory(&[INIT, RENAME, DROP, LATER]));
    let report = run(&database, &corrected).await.unwrap();
    assert_eq!(done(&report), (vec!["4_later.sql"], vec!["3_drop.sql"]));
    assert_eq!(report.deferred[0].reason, REASON);
    let report = run(&database, &corrected).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql"], vec![]));
}

#[tokio::test]
async fn what_was_killed_is_gone_on_with_and_puts_off_the_same() {
    let database = in_use().await;
    let slow = ("4_later.sql", "SELECT pg_sleep(60) FROM other;\n");
    let touched: [(&str, &[&str]); 2] = [(DROP.0, &["public.users"]), (slow.0, &["public.other"])];
    let all = recorded(directory(&[INIT, RENAME, DROP, slow]), &touched);
    database.run("INSERT INTO other VALUES (1)").await;
    let (options, copy) = (database.options(), all.clone());
    let process =
        tokio::spawn(
            async move { apply(&options, &copy, &ApplyOptions::default(), &mut Silent).await },
        );
    let asleep = "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
    while text(&database, asleep).await == "0" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.abort();
    assert!(process.await.unwrap_err().is_cancelled());
    database
        .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid(); DELETE FROM other")
        .await;
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["4_later.sql"], vec!["3_drop.sql"]));
    assert!(exists(&database, "users").await);
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql"], vec![]));
}

#[tokio::test]
async fn what_fails_when_it_is_taken_up_comes_first_again() {
    let database = in_use().await;
    let all = apart(directory(&[INIT, RENAME, DROP, LATER]));
    run(&database, &all).await.unwrap();
    database
        .run("CREATE VIEW in_the_way AS SELECT * FROM users")
        .await;
    let error = run(&database, &all).await.unwrap_err();
    assert!(
        error.to_string().contains("cannot drop view users"),
        "{error}"
    );
    assert_eq!(
        states(&database, &all).await,
        [
            State::Applied,
            State::Applied,
            State::Pending,
            State::Applied
        ]
    );
    database.run("DROP VIEW in_the_way").await;
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql"], vec![]));
}

#[tokio::test]
async fn atlas_sees_a_file_that_is_to_be_done() {
    let database = in_use().await;
    let all = directory(&[INIT, RENAME, DROP]);
    run(&database, &all).await.unwrap();
    // The rules of atlas.md: the last revision, by version, goes on at statement `applied` where
    // that is not `total`, with the hashes of what is done.
    let row = sqlx::query(
        "SELECT version::text, type, applied, total, hash::text, partial_hashes::text, error_stmt, operator_version::text \
         FROM atlas_schema_revisions.atlas_schema_revisions ORDER BY version COLLATE \"C\" DESC LIMIT 1",
    )
    .fetch_one(&mut database.connect().await)
    .await
    .unwrap();
    let number = |column: &str| row.get::<i64, _>(column);
    let text = |column: &str| row.get::<Option<String>, _>(column);
    assert_eq!(text("version").as_deref(), Some("3"));
    assert_eq!(
        (number("type"), number("applied"), number("total")),
        (2, 0, 1)
    );
    let hash = all.files[2].hash.as_ref().map(|it| it.as_str().to_owned());
    assert_eq!(text("hash"), hash);
    assert_eq!((text("partial_hashes"), text("error_stmt")), (None, None));
    let operator = text("operator_version").unwrap();
    assert!(operator.starts_with("cargo-migrate v"), "{operator}");
    // Atlas has done it since.
    database
        .run("DROP VIEW users; UPDATE atlas_schema_revisions.atlas_schema_revisions SET applied = 1, error = NULL WHERE version = '3'")
        .await;
    assert_eq!(done(&run(&database, &all).await.unwrap()), (vec![], vec![]));
}

#[tokio::test]
async fn what_atlas_makes_while_one_waits_was_not_there_before() {
    let database = in_use().await;
    let both = directory(&[INIT, RENAME]);
    let all = directory(&[INIT, RENAME, DROP]);
    let hash = both.files[1].hash.as_ref().unwrap().as_str();
    let atlas = format!(
        "ALTER TABLE users RENAME TO accounts; CREATE VIEW users AS SELECT * FROM accounts; \
         INSERT INTO atlas_schema_revisions.atlas_schema_revisions \
         VALUES ('2', 'rename', 2, 2, 2, clock_timestamp(), 0, NULL, NULL, '{hash}', 'null', 'Atlas CLI v0.30.0')"
    );
    let reports = waiting(&database, &all, 1, &atlas).await;
    assert_eq!(done(&reports[0]), (vec![], vec!["3_drop.sql"]));
    let report = run(&database, &all).await.unwrap();
    assert_eq!(done(&report), (vec!["3_drop.sql"], vec![]));
}

#[tokio::test]
async fn a_file_for_other_environments_is_no_guess() {
    let gated = (
        "2_demo.sql",
        "-- migrate:skip-on production,staging\nINSERT INTO other VALUES (7);\n",
    );
    let database = in_use().await;
    let all = directory(&[INIT, gated]);
    let on = async |environment: Option<&str>| {
        let options = ApplyOptions {
            environment: environment.map(str::to_owned),
            ..ApplyOptions::default()
        };
        apply(&database.options(), &all, &options, &mut Silent).await
    };
    for unset in [None, Some("")] {
        let error = on(unset).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "file `2_demo.sql` is skipped on production, staging, and nothing says which environment this is"
        );
        assert!(error.help().unwrap().contains("--app-env"), "{error}");
        let files = vec!["2_demo.sql".to_owned()];
        assert!(
            matches!(error, ApplyError::Refused(Refusal::NoEnvironment { files: named, .. }) if named == files)
        );
    }
    let outlook = status(&database.options(), &all, None).await.unwrap();
    assert_eq!(outlook.versions[1].skips_on, ["production", "staging"]);
    let report = on(Some("staging")).await.unwrap();
    assert!(report.files[0].skipped);
    assert_eq!(
        text(
            &database,
            "SELECT concat_ws('|', type, applied, total, error, regexp_replace(operator_version, 'v[0-9.]+', 'v')) \
             FROM atlas_schema_revisions.atlas_schema_revisions WHERE version = '2'"
        )
        .await,
        "4|0|0|cargo-migrate v; skipped on staging"
    );
    // It is on record: nobody asks again, and it runs nowhere else, whatever the database is called.
    for environment in [None, Some("production"), Some("development")] {
        assert_eq!(on(environment).await.unwrap().files, []);
    }
    let status = status(&database.options(), &all, None).await.unwrap();
    assert_eq!(
        (
            status.versions[1].state,
            status.versions[1].skipped_on.as_deref()
        ),
        (State::Skipped, Some("staging"))
    );
    assert_eq!(
        text(&database, "SELECT count(*)::text FROM other").await,
        "0"
    );
}

#[tokio::test]
async fn any_other_environment_runs_the_file() {
    let gated = (
        "2_demo.sql",
        "-- migrate:skip-on production,staging\nINSERT INTO other VALUES (7);\n",
    );
    let database = in_use().await;
    let options = ApplyOptions {
        environment: Some("development".to_owned()),
        ..ApplyOptions::default()
    };
    let all = directory(&[INIT, gated]);
    apply(&database.options(), &all, &options, &mut Silent)
        .await
        .unwrap();
    assert_eq!(text(&database, "SELECT id::text FROM other").await, "7");
    assert_eq!(states(&database, &all).await, [State::Applied; 2]);
}
