//! Notes, kept in PostgreSQL. The program carries its migrations and applies them when it starts.

use schema_core::migrate::Migrator;
use schema_core::prelude::*;
use sqlx::PgPool;

pub static MIGRATIONS: Migrator = schema_core::migrate!();

/// A note.
#[table(name = "notes")]
pub struct Note {
    #[column(primary_key, identity)]
    pub id: i64,
    pub text: String,
}

/// Keeps a note; gives its number.
pub async fn add(pool: &PgPool, text: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("INSERT INTO notes (text) VALUES ($1) RETURNING id")
        .bind(text)
        .fetch_one(pool)
        .await
}

/// All notes, oldest first.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<(i64, String)>> {
    sqlx::query_as("SELECT id, text FROM notes ORDER BY id")
        .fetch_all(pool)
        .await
}
