//! Tests: a server that is not there, not fit or not willing: a clear error, no lock left, and the next run goes on.

use std::time::Duration;

use integration_tests::postgres::TestDatabase;
use integration_tests::proxy::Proxy;
use integration_tests::repository::TestRepository;
use integration_tests::server::TestServer;
use schema_core::apply::{ApplyError, ApplyOptions, ErrorCode, Silent, State, apply, status};
use schema_core::directory::Directory;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use super::{ONE, THREE, TWO, directory};

async fn run(target: &PgConnectOptions, directory: &Directory) -> Result<usize, ApplyError> {
    let options = ApplyOptions {
        allow_dirty: true,
        retry_for: Duration::ZERO,
        ..ApplyOptions::default()
    };
    let report = apply(target, directory, &options, &mut Silent).await?;
    Ok(report.files.len())
}

/// It fails with this code, and tells these things in its message or its help.
async fn fails(
    target: &PgConnectOptions,
    directory: &Directory,
    code: ErrorCode,
    told: &[&str],
) -> String {
    let error = run(target, directory).await.unwrap_err();
    assert_eq!(error.code(), code, "{error:?}");
    let text = format!("{error}\n{}", error.help().expect("there is a remedy"));
    for part in told {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
    text
}

async fn ask(target: &PgConnectOptions, sql: &str) -> String {
    let mut connection = PgConnection::connect_with(target).await.unwrap();
    let found: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    found.unwrap_or_else(|| "NULL".to_owned())
}

/// Nobody holds a lock of ours; the end of a session may take a moment longer than its client.
async fn nobody_holds_the_lock(target: &PgConnectOptions) {
    let locks = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory'";
    while ask(target, locks).await != "0" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The statements that an error tells to run: those in backticks that end with a semicolon.
fn told_statements(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|it| it.ends_with(';')).collect()
}

#[tokio::test]
async fn who_is_not_let_in_is_told_where_and_why() {
    let Some(server) = TestServer::start(&[]).await else {
        return;
    };
    server
        .execute(&[
            "CREATE ROLE ann LOGIN PASSWORD 'right' CONNECTION LIMIT 1",
            "CREATE DATABASE shop OWNER ann",
        ])
        .await;
    let one = directory(&[ONE]);
    let ann = server
        .network()
        .username("ann")
        .password("right")
        .database("shop");
    let port = ann.get_port().to_string();
    let place = format!("cannot connect to `shop` at 127.0.0.1:{port} as `ann`");

    let wrong = ann.clone().password("wrong");
    let told = [place.as_str(), "SQLSTATE 28P01", "pg_hba.conf"];
    fails(&wrong, &one, ErrorCode::AUTHENTICATION, &told).await;

    let nowhere = ann.clone().database("nowhere");
    let told = [
        "`nowhere` at 127.0.0.1",
        "SQLSTATE 3D000",
        "CREATE DATABASE",
    ];
    fails(&nowhere, &one, ErrorCode::NO_DATABASE, &told).await;

    // The lock and the work take a connection each.
    let told = [place.as_str(), "SQLSTATE 53300", "two connections"];
    fails(&ann, &one, ErrorCode::NOT_READY, &told).await;
    nobody_holds_the_lock(&server.options().database("shop")).await;

    let unknown = ann.clone().host("no-such-host.invalid");
    let told = ["at no-such-host.invalid:", "check host and port"];
    fails(&unknown, &one, ErrorCode::UNREACHABLE, &told).await;

    let folder = TestRepository::folder();
    folder.migration(ONE.0, ONE.1);
    folder.hash();
    let apply = |target: &PgConnectOptions| {
        let url = target.to_url_lossy().to_string();
        folder.migrate(&["apply", "--json", "--url", &url])
    };
    let ran = apply(&wrong).ends(5, &["error[A002]: cannot connect to `shop`"]);
    assert_eq!(ran.json()["code"], "A002");
    assert!(
        !ran.err.contains("wrong"),
        "the password is told: {}",
        ran.err
    );
    server.execute(&["ALTER ROLE ann CONNECTION LIMIT 2"]).await;
    apply(&ann).ends(0, &[]);

    let mut server = server;
    server.stop();
    let told = [place.as_str(), "Connection refused", "check host and port"];
    fails(&ann, &one, ErrorCode::UNREACHABLE, &told).await;
    let told = ["error[A001]: cannot connect to `shop`", "pg_isready"];
    apply(&ann).ends(5, &told);
}

#[tokio::test]
async fn a_standby_and_a_read_only_database_are_not_written_to() {
    let Some(primary) = TestServer::start(&["wal_level=replica", "max_wal_senders=4"]).await else {
        return;
    };
    let (one, both) = (directory(&[ONE]), directory(&[ONE, TWO]));
    run(&primary.options(), &one).await.unwrap();
    let standby = primary.standby().await;
    let told = ["standby", "connect to the primary"];
    fails(&standby.options(), &both, ErrorCode::STANDBY, &told).await;
    nobody_holds_the_lock(&standby.options()).await;
    // Where it stands can be told there too.
    let there = status(&standby.options(), &both, None).await.unwrap();
    let states: Vec<State> = there.versions.iter().map(|it| it.state).collect();
    assert_eq!(states, [State::Applied, State::Pending]);
    drop(standby);

    primary
        .execute(&["ALTER ROLE postgres SET default_transaction_read_only = on"])
        .await;
    let told = ["default_transaction_read_only is on", "ALTER ROLE"];
    fails(&primary.options(), &both, ErrorCode::READ_ONLY, &told).await;
    nobody_holds_the_lock(&primary.options()).await;
    primary
        .execute(&[
            "SET default_transaction_read_only = off",
            "ALTER ROLE postgres RESET default_transaction_read_only",
        ])
        .await;
    assert_eq!(run(&primary.options(), &both).await.unwrap(), 1);
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_gone_on_with() {
    let Some(mut server) = TestServer::start(&[]).await else {
        return;
    };
    let target = server.options();
    run(&target, &directory(&[ONE])).await.unwrap();
    for (number, mode) in [(2, "file"), (3, "none")] {
        let text = format!(
            "-- migrate:txmode {mode}\n\nINSERT INTO one VALUES ({number});\nSELECT pg_sleep(60);\n"
        );
        let name = format!("{number}_slow.sql");
        let earlier: Vec<_> = (2..number)
            .map(|it| (format!("{it}_slow.sql"), "SELECT 1;".to_owned()))
            .collect();
        let files = |text: &str| {
            let mut files = vec![(ONE.0.to_owned(), ONE.1.to_owned())];
            files.extend(earlier.clone());
            files.push((name.clone(), text.to_owned()));
            let files: Vec<_> = files
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()))
                .collect();
            directory(&files)
        };
        let slow = files(&text);
        let stop = async {
            let sleeps = "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
            while ask(&target, sleeps).await == "0" {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            server.stop();
        };
        let (error, ()) = tokio::join!(run(&target, &slow), stop);
        let error = error.unwrap_err();
        assert_eq!(error.code(), ErrorCode::CONNECTION_LOST, "{error:?}");
        assert!(error.to_string().contains(&name), "{error}");
        assert!(
            error.help().unwrap().contains("run the command again"),
            "{error:?}"
        );
        fails(
            &target,
            &slow,
            ErrorCode::UNREACHABLE,
            &["check host and port"],
        )
        .await;
        server.run().await;
        let quick = files(&text.replace("(60)", "(0)"));
        assert_eq!(run(&target, &quick).await.unwrap(), 1);
        let count = format!("SELECT count(*)::text FROM one WHERE id = {number}");
        assert_eq!(ask(&target, &count).await, "1");
        // What comes next has to fit what ran.
        server.execute(&["UPDATE atlas_schema_revisions.atlas_schema_revisions SET hash = '' WHERE version > '1'"]).await;
    }
}

#[tokio::test]
async fn a_full_disk_takes_nothing_and_room_is_enough_to_go_on() {
    let Some(server) = TestServer::with_small_disk().await else {
        return;
    };
    let disk = format!(
        "CREATE TABLESPACE small LOCATION '{}'",
        server.small_disk().display()
    );
    server
        .execute(&[&disk, "CREATE TABLE filler TABLESPACE small AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 4000)"])
        .await;
    let big = "CREATE TABLE big TABLESPACE small AS SELECT repeat('y', 1000) AS y FROM generate_series(1, 5000);\n";
    let none = format!("-- migrate:txmode none\n\nCREATE TABLE before ();\n{big}");
    let target = server.options();
    for (text, stays) in [
        (big, "nothing of the file stays"),
        (none.as_str(), "its first statement stays"),
    ] {
        server
            .execute(&[
                "DROP TABLE IF EXISTS big",
                "DROP SCHEMA IF EXISTS atlas_schema_revisions CASCADE",
            ])
            .await;
        let directory = directory(&[("1_big.sql", text)]);
        let told = ["`1_big.sql`, line ", "SQLSTATE 53100", "make room", stays];
        // PostgreSQL's own hint comes first.
        let told = told.map(|it| {
            if it == "make room" {
                "free disk space"
            } else {
                it
            }
        });
        fails(&target, &directory, ErrorCode::NO_ROOM, &told).await;
        nobody_holds_the_lock(&target).await;
        let recorded = "SELECT concat(applied, ' ', left(error, 21)) FROM atlas_schema_revisions.atlas_schema_revisions";
        let applied = usize::from(text != big);
        assert_eq!(
            ask(&target, recorded).await,
            format!("{applied} could not extend file")
        );
        server
            .execute(&["ALTER TABLE filler SET TABLESPACE pg_default"])
            .await;
        assert_eq!(run(&target, &directory).await.unwrap(), 1);
        assert_eq!(ask(&target, "SELECT count(*)::text FROM big").await, "5000");
        server
            .execute(&["DROP TABLE big", "ALTER TABLE filler SET TABLESPACE small"])
            .await;
    }
}

#[tokio::test]
async fn what_a_role_lacks_is_told_as_the_grant_that_helps() {
    let Some(server) = TestServer::start(&[]).await else {
        return;
    };
    server
        .execute(&[
            "CREATE ROLE owner",
            "CREATE ROLE app LOGIN PASSWORD 'app'",
            "CREATE DATABASE shop OWNER owner",
        ])
        .await;
    let shop = server.options().database("shop");
    let app = server
        .network()
        .username("app")
        .password("app")
        .database("shop");
    let admin = async |sql: &str| {
        let mut connection = PgConnection::connect_with(&shop).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    };
    admin(
        "REVOKE CREATE ON SCHEMA public FROM public; SET ROLE owner; \
         CREATE SCHEMA \"Other\"; CREATE TABLE \"Other\".users (id int PRIMARY KEY); \
         RESET ROLE; CREATE FUNCTION \"Other\".f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; \
         REVOKE EXECUTE ON FUNCTION \"Other\".f FROM public",
    )
    .await;
    let files = [
        ("1_one.sql", "CREATE TABLE one (id int);"),
        ("2_read.sql", "SELECT count(*) FROM \"Other\".users;"),
        (
            "3_alter.sql",
            "ALTER TABLE \"Other\".users ADD COLUMN name text;",
        ),
        ("4_call.sql", "SELECT 1;\nSELECT \"Other\".f(1);"),
    ];
    let directory = directory(&files);
    let mut told = Vec::new();
    // Each time what is told is done, and it comes a step further.
    let ran = loop {
        let error = match run(&app, &directory).await {
            Ok(files) => break files,
            Err(error) => error,
        };
        nobody_holds_the_lock(&shop).await;
        assert_eq!(error.code(), ErrorCode::PRIVILEGE, "{error:?}");
        let help = error.help().unwrap();
        let statements = told_statements(&help);
        assert!(!statements.is_empty(), "{error}\n{help}");
        admin(statements[0]).await;
        told.push(format!("{error}: {}", statements[0]));
        assert!(told.len() < 20, "{told:#?}");
    };
    assert_eq!(ran, 1, "{told:#?}");
    assert_eq!(
        told,
        [
            "cannot create the history table: permission denied for database shop (SQLSTATE 42501): GRANT CREATE ON DATABASE shop TO app;",
            "`1_one.sql`, line 1, statement 1 of 1: permission denied for schema public (SQLSTATE 42501): GRANT USAGE, CREATE ON SCHEMA public TO app;",
            "`2_read.sql`, line 1, statement 1 of 1: permission denied for schema Other (SQLSTATE 42501): GRANT USAGE, CREATE ON SCHEMA \"Other\" TO app;",
            "`2_read.sql`, line 1, statement 1 of 1: permission denied for table users (SQLSTATE 42501): GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON TABLE \"Other\".users TO app;",
            "`3_alter.sql`, line 1, statement 1 of 1: must be owner of table users (SQLSTATE 42501): GRANT owner TO app;",
            "`4_call.sql`, line 2, statement 2 of 2: permission denied for function f (SQLSTATE 42501): GRANT EXECUTE ON ROUTINE \"Other\".f(integer) TO app;",
        ],
        "{told:#?}"
    );
    // A history that is another role's.
    admin("REVOKE owner FROM app; ALTER SCHEMA atlas_schema_revisions OWNER TO owner; ALTER TABLE atlas_schema_revisions.atlas_schema_revisions OWNER TO owner").await;
    let mut told = Vec::new();
    while let Err(error) = run(&app, &directory).await {
        assert_eq!(error.code(), ErrorCode::PRIVILEGE, "{error:?}");
        let help = error.help().unwrap();
        let statements = told_statements(&help);
        admin(statements[0]).await;
        told.push(statements[0].to_owned());
        assert!(told.len() < 5, "{told:#?}");
    }
    assert_eq!(
        told,
        [
            "GRANT USAGE, CREATE ON SCHEMA atlas_schema_revisions TO app;",
            "GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON TABLE atlas_schema_revisions.atlas_schema_revisions TO app;",
        ]
    );
}

#[tokio::test]
async fn an_old_server_is_refused() {
    let database = TestDatabase::new().await;
    let one = directory(&[ONE]);
    let proxy = Proxy::with_version(&database.options(), "13.14 (Debian 13.14-0+deb11u1)");
    let told = ["PostgreSQL 13", "PostgreSQL 14 or newer"];
    fails(&proxy.options(), &one, ErrorCode::SERVER_VERSION, &told).await;
    let history = "SELECT to_regnamespace('atlas_schema_revisions')::text";
    assert_eq!(ask(&database.options(), history).await, "NULL");
    let proxy = Proxy::with_version(&database.options(), "14.0");
    assert_eq!(run(&proxy.options(), &one).await.unwrap(), 1);
}

#[tokio::test]
async fn a_directory_that_is_older_or_another_is_told_apart() {
    let database = TestDatabase::new().await;
    let target = database.options();
    run(&target, &directory(&[ONE, TWO, THREE])).await.unwrap();
    let told = [
        "ahead of the directory, which ends at 1",
        "versions `2`, `3`",
        "on a rollback",
        "exit code 13",
    ];
    fails(&target, &directory(&[ONE]), ErrorCode::AHEAD, &told).await;
    let other = ("4_other.sql", "SELECT 1;");
    let told = [
        "versions `1`, `2`, `3` are applied",
        "another directory",
        "--revisions-schema",
    ];
    fails(&target, &directory(&[other]), ErrorCode::FOREIGN, &told).await;
    let told = [
        "version `2` is applied to the database but not in the directory",
        "--revisions-schema",
    ];
    fails(
        &target,
        &directory(&[ONE, THREE, other]),
        ErrorCode::MISSING,
        &told,
    )
    .await;
    // With a history of its own the other directory does no harm.
    let options = ApplyOptions {
        allow_dirty: true,
        revisions_schema: Some("other".to_owned()),
        ..ApplyOptions::default()
    };
    let report = apply(&target, &directory(&[other]), &options, &mut Silent).await;
    assert_eq!(report.unwrap().files.len(), 1);

    let folder = TestRepository::folder();
    folder.migration(ONE.0, ONE.1);
    folder.hash();
    let url = database.url();
    let mut arguments = vec![
        "apply",
        "--url",
        &url,
        "--revisions-schema",
        "atlas_schema_revisions",
    ];
    folder
        .migrate(&arguments)
        .ends(13, &["error[A102]: the database is ahead"]);
    arguments[0] = "status";
    folder
        .migrate(&arguments)
        .ends(11, &["missing 2 two", "missing 3 three"]);
}

#[tokio::test]
async fn times_are_those_of_the_server_and_order_nothing() {
    let database = TestDatabase::new().await;
    let target = database.options();
    let future = ("29990101000000_future.sql", "SELECT 1;");
    let before = ask(&target, "SELECT clock_timestamp()::text").await;
    run(&target, &directory(&[ONE, future])).await.unwrap();
    let between = format!(
        "SELECT bool_and(executed_at BETWEEN '{before}' AND clock_timestamp())::text FROM atlas_schema_revisions.atlas_schema_revisions"
    );
    assert_eq!(ask(&target, &between).await, "true");
    // A clock that was put back: what was recorded later seems to be earlier.
    database
        .run("UPDATE atlas_schema_revisions.atlas_schema_revisions SET executed_at = now() + interval '1 day' WHERE version = '1'")
        .await;
    assert_eq!(run(&target, &directory(&[ONE, future])).await.unwrap(), 0);
    let later = ("29990101000001_later.sql", "SELECT 2;");
    assert_eq!(
        run(&target, &directory(&[ONE, future, later]))
            .await
            .unwrap(),
        1
    );
    // A version from a clock that is ahead keeps later ones out, and says which it is.
    let today = ("20260101000000_today.sql", "SELECT 3;");
    let told = [
        "`20260101000000_today.sql` was added before 29990101000001",
        "new versions",
    ];
    fails(
        &target,
        &directory(&[ONE, today, future, later]),
        ErrorCode::OUT_OF_ORDER,
        &told,
    )
    .await;
}
