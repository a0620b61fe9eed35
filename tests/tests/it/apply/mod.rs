//! Tests: apply.

mod baseline;
mod command;
mod drift;
mod execution;
mod faults;
mod grants;
mod history;
mod hot;
mod locks;
mod pending;
mod phases;
mod place;
mod pooler;
mod predecessors;
mod races;
mod record;
mod resume;
mod set;
mod split;
mod standing;
mod takeover;
mod targets;
mod tls;
mod trouble;

use std::time::{Duration, Instant};

use camino::Utf8Path;
use integration_tests::corpus;
use integration_tests::postgres::TestDatabase;
use schema_core::apply::{
    ApplyError, ApplyOptions, ApplyReport, Silent, State, Status, apply, status,
};
use schema_core::directory::{Directory, Hash, Prefixes, Touched, Touches, Version};
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

/// The directory with a record of what these files touch, which are named by version or file name.
fn recorded(mut directory: Directory, touched: &[(&str, &[&str])]) -> Directory {
    let folder = tempfile::tempdir().expect("a folder");
    let path = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let lines: Vec<_> = touched
        .iter()
        .map(|(file, names)| {
            let mut files = directory.files.iter();
            let file = files.find(|it| it.file_name == *file || it.version.as_str() == *file);
            let names = match names {
                ["*"] => Touches::Everything,
                names => Touches::These(names.iter().filter_map(|it| Touched::first(it)).collect()),
            };
            (file.expect("is there").file_name.clone(), names)
        })
        .collect();
    directory
        .record_touched(path, &lines)
        .expect("it is written");
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
    let Status { versions, .. } = status(&database.options(), directory, None)
        .await
        .expect("the test database answers");
    versions.into_iter().map(|version| version.state).collect()
}

async fn text(database: &TestDatabase, sql: &str) -> String {
    let mut connection = database.connect().await;
    let found: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&mut connection)
        .await
        .expect("the test database answers");
    connection.close().await.expect("the test database answers");
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
        .map(|index| format!("{index:04}_table.sql"))
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
    let start = Instant::now();
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 500);
    let applied = start.elapsed();
    let start = Instant::now();
    assert_eq!(run(&database, &directory).await.unwrap().files.len(), 0);
    println!(
        "500 files: {applied:?}, then nothing to do: {:?}",
        start.elapsed()
    );
    assert_eq!(rows(&database).await.lines().count(), 500);
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
