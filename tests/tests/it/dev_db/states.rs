//! States that are kept between runs, in files and on a server of the user's.

use std::{path::PathBuf, time::Duration};

use schema_core::dev_db::{DevServer, Options, Scratch, Source};

use super::{Place, TABLES, ask, run, wait_for_line};

/// States are kept and found again, whatever kind of server they are on.
async fn check_states(options: &Options) {
    let server = DevServer::open(options).await.unwrap();
    assert!(server.restore("one").await.unwrap().is_none());
    let other = server.scratch().await.unwrap();
    let scratch = server.scratch().await.unwrap();
    run(
        &scratch,
        "CREATE TABLE a (id int PRIMARY KEY, name text); INSERT INTO a VALUES (1, 'x')",
    )
    .await;
    assert!(server.store(&scratch, "one").await.unwrap());
    // The database goes on living after it was kept.
    run(&scratch, "CREATE TABLE b ()").await;
    assert!(server.store(&scratch, "two").await.unwrap());
    assert!(
        server.store(&scratch, "two").await.unwrap(),
        "a second time is no harm"
    );
    let copy = server.copy(&scratch).await.unwrap();
    assert_eq!(ask(&copy, TABLES).await, "a,b");
    assert_eq!(ask(&other, TABLES).await, "none");
    drop((copy, other, scratch, server));

    let server = DevServer::open(options).await.unwrap();
    let two = server.restore("two").await.unwrap().unwrap();
    let one = server.restore("one").await.unwrap().unwrap();
    let empty = server.scratch().await.unwrap();
    let again = server.restore("one").await.unwrap().unwrap();
    assert_eq!(ask(&empty, TABLES).await, "none");
    assert_eq!(ask(&two, TABLES).await, "a,b");
    run(&one, "ALTER TABLE a RENAME TO c").await;
    assert_eq!(ask(&one, TABLES).await, "c");
    assert_eq!(ask(&again, TABLES).await, "a");
    assert_eq!(ask(&again, "SELECT name FROM a").await, "x");
    // What was restored can be gone on from, and kept under the next key.
    run(&one, "CREATE TABLE d ()").await;
    assert!(server.store(&one, "three").await.unwrap());
    let three = server.restore("three").await.unwrap().unwrap();
    assert_eq!(ask(&three, TABLES).await, "c,d");
    let four = server.copy(&three).await.unwrap();
    assert_eq!(ask(&four, TABLES).await, "c,d");
    assert!(server.restore("never kept").await.unwrap().is_none());
    drop((one, two, three, four, empty, again));

    // Only so many are kept, and the one used last is among them.
    for key in ["4", "5", "6", "7", "8", "9", "10"] {
        let scratch = server.scratch().await.unwrap();
        assert!(server.store(&scratch, key).await.unwrap());
        assert!(server.restore("one").await.unwrap().is_some(), "{key}");
    }
    assert!(server.restore("two").await.unwrap().is_none());
    server.forget_states().await.unwrap();
    assert!(server.restore("one").await.unwrap().is_none());
}

#[tokio::test]
async fn states_are_kept_in_files() {
    let place = Place::new();
    check_states(&place.options()).await;
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

/// A server that plays the user's, and how to name it.
async fn users_server(place: &Place) -> (Scratch, Options) {
    let theirs = place.open().await.scratch().await.unwrap();
    let socket = theirs.options().get_socket().unwrap().display().to_string();
    let mut options = place.options();
    options.source = Source::Url(format!(
        "postgres://postgres@{}/postgres",
        socket.replace('/', "%2F")
    ));
    (theirs, options)
}

const DATABASES: &str = "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database";

#[tokio::test]
async fn states_are_kept_on_a_server_of_the_users_and_theirs_is_left_alone() {
    let place = Place::new();
    let (theirs, options) = users_server(&place).await;
    run(
        &theirs,
        "CREATE DATABASE cargo_migrate_mine TEMPLATE template0",
    )
    .await;
    run(
        &theirs,
        "CREATE DATABASE cargo_migrate_scratch TEMPLATE template0",
    )
    .await;
    run(&theirs, "CREATE TABLE mine ()").await;
    check_states(&options).await;
    assert_eq!(
        ask(&theirs, DATABASES).await,
        "cargo_migrate_mine,cargo_migrate_scratch,postgres,template0"
    );
    assert_eq!(ask(&theirs, TABLES).await, "mine");
}

#[tokio::test]
async fn scratch_databases_of_a_killed_run_are_swept_on_a_server_of_the_users() {
    let place = Place::new();
    let (theirs, options) = users_server(&place).await;
    let Source::Url(url) = &options.source else {
        unreachable!()
    };
    let living = DevServer::open(&options).await.unwrap();
    let kept = living.scratch().await.unwrap();

    let mut child = place.child("hold").env("DEV_DB_URL", url).spawn().unwrap();
    wait_for_line(&mut child, "holding");
    child.kill().unwrap();
    child.wait().unwrap();
    let count =
        "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'cargo_migrate_scratch%'";
    assert_eq!(ask(&theirs, count).await, "2");

    let later = DevServer::open(&options).await.unwrap();
    let sessions = "SELECT count(*)::text FROM pg_stat_activity \
                    WHERE application_name LIKE 'cargo-migrate dev%'";
    wait_until_one(&theirs, sessions, "2").await;
    let another = later.scratch().await.unwrap();
    assert_eq!(
        ask(&theirs, count).await,
        "2",
        "the dead one's is gone, the living one's is not"
    );
    assert_eq!(ask(&kept, TABLES).await, "none");
    drop((another, kept));
    assert_eq!(ask(&theirs, count).await, "0");
}

async fn wait_until_one(scratch: &Scratch, sql: &'static str, wanted: &str) {
    for _ in 0..500 {
        if ask(scratch, sql).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{sql} does not become {wanted}");
}
