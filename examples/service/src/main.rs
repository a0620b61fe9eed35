//! Applies what is pending, keeps the words of the command line as a note, and shows all notes.

use std::env;
use std::error::Error;

use schema_core::migrate::{MigrateError, at_start};
use sqlx::PgPool;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL")?;
    let mut options = at_start();
    options.environment = env::var("APP_ENV").ok();
    match service::MIGRATIONS.apply(&url, &options).await {
        Ok(report) => {
            for file in report.files {
                eprintln!("applied {}", file.file);
            }
        }
        // A newer release has migrated the database; the gate has seen to it that we can go on.
        Err(error @ MigrateError::Ahead { .. }) => eprintln!("{error}"),
        Err(error) => return Err(error.into()),
    }
    let pool = PgPool::connect(&url).await?;
    let words: Vec<String> = env::args().skip(1).collect();
    if !words.is_empty() {
        service::add(&pool, &words.join(" ")).await?;
    }
    for (id, text) in service::all(&pool).await? {
        println!("{id} {text}");
    }
    Ok(())
}
