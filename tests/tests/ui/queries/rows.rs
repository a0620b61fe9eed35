use schema_core::prelude::*;
use sqlx::FromRow;
use sqlx::postgres::PgRow;

struct Opaque;

// The mistake is where such a row is loaded.
#[table]
struct Place {
    #[column(primary_key)]
    id: i64,
    #[column(type = sql("point"))]
    at: Opaque,
}

#[table]
struct Kept {
    #[column(primary_key)]
    id: i64,
    #[column(skip)]
    rest: Opaque,
}

fn is_row<T: for<'r> FromRow<'r, PgRow>>() {}

fn main() {
    is_row::<Place>();
    is_row::<Kept>();
}
