use schema_core::prelude::*;

#[table]
pub union Either {
    pub a: i64,
    pub b: i32,
}

#[table]
pub struct Borrowed<'a> {
    #[column(primary_key)]
    pub id: i64,
    pub name: &'a str,
}

#[table]
pub struct Sized<const N: usize> {
    #[column(primary_key)]
    pub id: i64,
}

#[table]
pub struct Nothing;

#[table]
pub struct Empty {}

fn main() {}
