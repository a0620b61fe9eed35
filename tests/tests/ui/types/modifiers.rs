use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, type = varchar(0))]
    pub id: String,
    #[column(type = numeric(2000))]
    pub a: String,
    #[column(type = numeric(4, 5))]
    pub b: String,
    #[column(type = timestamp(7))]
    pub c: String,
    #[column(type = text(3))]
    pub d: String,
    #[column(type = varchr(3))]
    pub e: String,
    #[column(type = "text")]
    pub f: String,
}

#[table]
pub struct More {
    #[column(primary_key, type = vector(0))]
    pub id: String,
    #[column(type = numeric(1, 2, 3))]
    pub a: String,
    #[column(type = varchar())]
    pub b: String,
}

fn main() {}
