use schema_core::prelude::*;

#[derive(PgDomain)]
#[pg(type = int4)]
pub struct Slug(pub String);

#[derive(PgDomain)]
#[pg(default = "seven")]
pub struct Count(pub i64);

#[derive(PgDomain)]
#[pg(check = sql("value > 1"), check = sql("value < 9"))]
pub struct Twice(pub i64);

#[derive(PgDomain)]
pub struct Generic<T>(pub T);

#[derive(PgDomain)]
#[pg(name = "")]
pub struct Nameless(pub i64);

fn main() {}
