//! Every test has a migrated database to itself; they run at the same time.

use std::error::Error;

use schema_core::testing;
use service::{MIGRATIONS, add, all};
use sqlx::PgPool;

#[tokio::test]
async fn a_note_is_kept() -> Result<(), Box<dyn Error>> {
    let database = testing::database(&MIGRATIONS).await?;
    let pool = PgPool::connect_with(database.options()).await?;
    let id = add(&pool, "milk").await?;
    assert_eq!(all(&pool).await?, [(id, "milk".to_owned())]);
    Ok(())
}

#[tokio::test]
async fn no_other_test_writes_here() -> Result<(), Box<dyn Error>> {
    let database = testing::database(&MIGRATIONS).await?;
    let pool = PgPool::connect_with(database.options()).await?;
    assert_eq!(all(&pool).await?, []);
    Ok(())
}

#[tokio::test]
async fn what_all_tests_need_is_there_before_them() -> Result<(), Box<dyn Error>> {
    let database = testing::database_with(&MIGRATIONS, "two notes", async |connection| {
        sqlx::query("INSERT INTO notes (text) VALUES ('milk'), ('bread')")
            .execute(connection)
            .await?;
        Ok(())
    })
    .await?;
    let pool = PgPool::connect_with(database.options()).await?;
    assert_eq!(all(&pool).await?.len(), 2);
    Ok(())
}
