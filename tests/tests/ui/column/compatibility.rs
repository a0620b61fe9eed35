use schema_core::prelude::*;

#[table(ignore_columns = "legacy")]
pub struct Customer {
    #[column(primary_key, deprecated = 3)]
    pub id: i64,
    #[column(using = "extra::jsonb")]
    pub extra: Json<()>,
    #[column(backfill = country_hint)]
    pub country: String,
    #[column(generated = sql("id + 1"), backfill = 1)]
    pub next: i64,
}

#[table]
pub struct Other {
    #[column(primary_key)]
    pub id: i64,
    #[column(backfill = "none")]
    pub seats: i32,
    #[column(backfill = 40_000)]
    pub level: i16,
}

fn main() {}
