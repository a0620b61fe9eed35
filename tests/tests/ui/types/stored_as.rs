use schema_core::prelude::*;

pub struct Settings;

#[table]
pub struct User {
    #[column(primary_key, type = varchar)]
    pub id: i32,
    #[column(type = int4)]
    pub big: Option<i64>,
    #[column(type = text[])]
    pub tags: Vec<i32>,
    #[column(type = jsonb)]
    pub settings: Settings,
    #[column(type = Settings)]
    pub text: String,
}

fn main() {}
