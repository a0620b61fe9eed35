use schema_core::prelude::*;

#[table]
#[index(name, name)]
#[index(id, name, include(name), name = "a")]
#[index(name.desc(), using = gin, name = "b")]
#[index(id, name, using = hash, name = "c")]
#[unique(name, using = hash, name = "d")]
#[unique(name, where = id > 1, deferrable, name = "e")]
#[index(id, nulls_not_distinct, name = "f")]
#[index(id, wher = id > 1, name = "g")]
#[index(id.descending(), name = "h")]
#[index("id", name = "i")]
#[index(name, using = gin, include(id), name = "j")]
#[index(name, using = hash, include(id), name = "k")]
#[index(name, using = hash, deferrable, name = "l")]
#[index(id, include(nmae), name = "m")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

fn main() {}
