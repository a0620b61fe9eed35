use schema_core::prelude::*;

schema_core::check_migrations!("../migrations/structs", deny);

#[table(name = "users")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub full_name: String,
}

/// Nowhere on record.
#[table(schema = "Billing")]
pub struct Invoice {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
