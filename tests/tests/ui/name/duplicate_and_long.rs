use schema_core::prelude::*;

#[table]
#[index(number_one, number_two, the_column_with_a_rather_long_name)]
#[index(id, name = "same")]
#[unique(number_one, name = "same")]
pub struct AccountTransaction {
    #[column(primary_key)]
    pub id: i64,
    pub number_one: i64,
    #[column(name = "number_one")]
    pub number_two: i64,
    pub the_column_with_a_rather_long_name: i64,
    #[column(name = "")]
    pub empty: i64,
    #[column(name = "a_name_that_is_quite_a_bit_longer_than_postgresql_would_ever_keep")]
    pub long: i64,
}

fn main() {}
