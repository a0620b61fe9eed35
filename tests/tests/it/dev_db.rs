//! The dev database: servers of our own, from their start to their end.

use std::{path::Path, time::Instant};

use schema_core::dev_db::{DevServer, Options, Scratch, default_binary_dirs};

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
