use schema_core::prelude::*;

type Id = u64;

#[table]
#[unique(id, other)]
#[check(id > 0)]
pub struct User {
    #[column(primary_key, default = 70_000)]
    pub id: Id,
    #[column(references = User::id, on_delete = set_null)]
    pub other: Option<Id>,
}

fn main() {}
