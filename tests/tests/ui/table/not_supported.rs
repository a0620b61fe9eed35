use schema_core::prelude::*;

#[table(partition_of = Other)]
pub struct Event {
    #[column(primary_key)]
    pub id: i64,
    #[embed(prefix = "billing_")]
    pub billing: i64,
}

fn main() {}
