use schema_core::prelude::*;

#[table(name = "")]
pub struct Empty {
    #[column(primary_key)]
    pub id: i64,
}

#[table(name = "a_table_with_a_name_that_is_longer_than_postgresql_would_ever_keep_it")]
pub struct Long {
    #[column(primary_key)]
    pub id: i64,
    #[column(name = "a\0b")]
    pub nul: i64,
}

#[table(schema = "")]
#[index(id, name = "")]
#[check(id > 0, name = "a_check_with_a_name_that_is_longer_than_postgresql_would_ever_keep_it")]
pub struct Constraints {
    #[column(primary_key)]
    pub id: i64,
}

#[table(rename_all = "camel")]
pub struct Case {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
