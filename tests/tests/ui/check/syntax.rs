use schema_core::prelude::*;

#[table]
#[check(age.len() > 3, name = "a")]
#[check(age in 3, name = "b")]
#[check(sql("age > (3"), name = "c")]
#[check(sql("age > 3; drop table users"), name = "d")]
#[check]
#[check(age > 1)]
#[check(age > 2)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub age: i32,
}

fn main() {}
