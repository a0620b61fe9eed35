use schema_core::prelude::*;

#[table]
#[check(age > 1 and age < 3, name = "a")]
#[check(age = 3, name = "b")]
#[check(name like "a%", name = "c")]
#[check("age > 1", name = "d")]
#[check(age > 1, age < 9, name = "e")]
#[check(age.in_([]), name = "f")]
#[check(age == 1.5, nam = "g")]
#[index(age, where = name is null)]
#[exclude(using = gist)]
pub struct User {
    #[column(primary_key, check = "id > 1")]
    pub id: i64,
    pub age: i32,
    pub name: String,
}

fn main() {}
