use schema_core::prelude::*;

schema_core::check_migrations!("../migrations/intact", deny);

#[table(name = "users")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
