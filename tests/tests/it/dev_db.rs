//! The dev database: servers of our own, from their start to their end.

use std::{path::Path, time::Instant};

use schema_core::dev_db::{DevServer, Options, Scratch, Source, default_binary_dirs};
use sqlx::Connection as _;

fn options(cache: &Path) -> Options {
    let mut options = Options::new(cache);
    options.search_path = default_binary_dirs(std::env::var_os("PATH").as_deref());
    options
}

async fn ask(scratch: &Scratch, sql: &'static str) -> String {
    let mut connection = scratch.connect().await.unwrap();
    sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn scratch_databases_are_empty_and_independent() {
    let cache = tempfile::tempdir().unwrap();
    let server = DevServer::open(&options(cache.path())).await.unwrap();
    let begun = Instant::now();
    let one = server.scratch().await.unwrap();
    ask(&one, "select 'x'").await;
    println!("cold {:?}", begun.elapsed());
    let begun = Instant::now();
    let two = server.scratch().await.unwrap();
    println!("second {:?}", begun.elapsed());
    let three = server.scratch().await.unwrap();
    let mut connection = one.connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE t (a int)")
        .execute(&mut connection)
        .await
        .unwrap();
    let count = "SELECT count(*)::text FROM pg_class WHERE relname = 't'";
    assert_eq!(ask(&one, count).await, "1");
    assert_eq!(ask(&two, count).await, "0");
    assert_eq!(ask(&three, count).await, "0");
    assert_ne!(two.name(), three.name());
    two.close().await.unwrap();
    let two_gone = "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'scratch%'";
    assert_eq!(ask(&three, two_gone).await, "1");
    drop((one, three, server));
    for _ in 0..5 {
        let begun = Instant::now();
        let server = DevServer::open(&options(cache.path())).await.unwrap();
        let opened = begun.elapsed();
        let one = server.scratch().await.unwrap();
        ask(&one, "select 'x'").await;
        let up = begun.elapsed();
        drop((one, server));
        println!("warm open {opened:?} up {up:?} down {:?}", begun.elapsed());
    }
}

async fn run(scratch: &Scratch, sql: &'static str) {
    let mut connection = scratch.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

const TABLES: &str = "SELECT coalesce(string_agg(relname, ',' ORDER BY relname), 'none') \
                      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";

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
}

#[tokio::test]
async fn states_are_kept_in_files() {
    let cache = tempfile::tempdir().unwrap();
    check_states(&options(cache.path())).await;
}

#[tokio::test]
async fn states_are_kept_on_a_server_of_the_users() {
    let cache = tempfile::tempdir().unwrap();
    let users = DevServer::open(&options(cache.path())).await.unwrap();
    let theirs = users.scratch().await.unwrap();
    let to = theirs.options();
    let mut options = options(cache.path());
    let dir = to
        .get_socket()
        .unwrap()
        .display()
        .to_string()
        .replace('/', "%2F");
    options.source = Source::Url(format!("postgres://postgres@{dir}/postgres"));
    run(
        &theirs,
        "CREATE DATABASE cargo_migrate_mine TEMPLATE template0",
    )
    .await;
    run(&theirs, "CREATE TABLE mine ()").await;
    check_states(&options).await;
    let left = "SELECT string_agg(CASE WHEN datname ~ '^cargo_migrate_[0-9a-f]{16}$' THEN 'state' \
                ELSE datname END, ',' ORDER BY datname) FROM pg_database";
    assert_eq!(
        ask(&theirs, left).await,
        "state,state,state,cargo_migrate_mine,postgres,template0"
    );
    assert_eq!(ask(&theirs, TABLES).await, "mine");
}
