use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, default = gen_random_uid())]
    pub id: String,
    #[column(default = 1 + 1)]
    pub sum: i32,
    #[column(type = varchar(3), default = "four")]
    pub text: String,
    #[column(type = numeric(4, 2), default = 123.4)]
    pub number: String,
    #[column(default = sql("'open"))]
    pub open: String,
}

fn main() {}
