use schema_core::prelude::*;
use sqlx::FromRow;
use sqlx::postgres::PgRow;

// Constants of the same names.
#[table]
struct User {
    #[column(primary_key)]
    id: i64,
    email: String,
}

impl User {
    const Table: i64 = 1;
    const Email: i64 = 2;
}

// A second `FromRow`.
#[table]
struct Post {
    #[column(primary_key)]
    id: i64,
}

impl FromRow<'_, PgRow> for Post {
    fn from_row(_row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self { id: 1 })
    }
}

fn main() {}
