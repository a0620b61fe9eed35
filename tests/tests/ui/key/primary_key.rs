use schema_core::prelude::*;

#[table]
pub struct Without {
    pub id: i64,
}

#[table(no_primary_key)]
pub struct Contradiction {
    #[column(primary_key)]
    pub id: i64,
}

#[table]
#[primary_key(id)]
pub struct Two {
    #[column(primary_key)]
    pub id: i64,
    #[column(primary_key)]
    pub other: i64,
}

fn main() {}
