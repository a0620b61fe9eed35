use schema_core::prelude::*;

pg_schema!(pub pg_own);
pg_schema!(pub fine, coment = "x");
extension!(citext, shema = "x");

pub struct Billing;

#[table(schema = Billing)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
