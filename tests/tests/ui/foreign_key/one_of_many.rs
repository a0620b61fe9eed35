use schema_core::prelude::*;

#[table]
#[primary_key(org, number)]
pub struct Invoice {
    pub org: i64,
    pub number: i64,
}

#[table]
#[foreign_key(columns = [org, number, org], references = [Invoice::org, Invoice::number])]
pub struct Line {
    #[column(primary_key)]
    pub id: i64,
    pub org: i64,
    pub number: i64,
}

#[table]
#[foreign_key(columns = [org, number], references = [Invoice::org, Invoice::number], on_delete = set_null)]
pub struct Payment {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Invoice::org, name = "organization")]
    pub org: i64,
    pub number: Option<i64>,
}

fn main() {}
