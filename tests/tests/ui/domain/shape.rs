use schema_core::prelude::*;

#[derive(PgDomain)]
#[pg(check = "value > 1")]
pub struct Text(String);

#[derive(PgDomain)]
#[pg(type = int4, chek = sql("value > 1"))]
pub struct Number(i64);

#[derive(PgDomain)]
pub struct Two(i64, i64);

#[derive(PgNewtype)]
pub enum Choice {
    A,
}

fn main() {}
