use schema_core::prelude::*;

#[view(security_barrier)]
pub struct NoQuery {
    pub id: i64,
}

#[view(sql = "SELECT 1 AS id", file = "one.sql")]
pub struct TwoQueries {
    pub id: i64,
}

#[view(sql = "SELECT 1 AS id; SELECT 2")]
pub struct TwoStatements {
    pub id: i64,
}

#[view(file = "missing.sql")]
pub struct NoFile {
    pub id: i64,
}

#[view(sql = "SELECT 1 AS id", security_bariere, with_no_data, check_option = both)]
pub struct UnknownOptions {
    pub id: i64,
}

#[view(sql = "SELECT 1 AS id")]
#[index(id)]
#[policy(name = "own", using = sql("true"))]
pub struct Attached {
    #[column(primary_key, default = 1)]
    pub id: i64,
}

#[materialized_view(sql = "SELECT 1 AS id", security_invoker)]
#[unique(ident)]
#[check(id > 0)]
pub struct Materialized {
    pub id: i64,
}

#[view(sql = "SELECT")]
pub struct NoFields {}

#[view(sql = "SELECT 1 AS id")]
pub struct Referenced {
    pub id: i64,
}

#[table]
pub struct Referencing {
    #[column(primary_key, references = Referenced::id)]
    pub id: i64,
}

fn main() {}
