use schema_core::prelude::*;

#[derive(PgEnum)]
#[pg(rename_all = "UPPERCASE")]
pub enum Collide {
    Http,
    HTTP,
}

#[derive(PgEnum)]
#[pg(rename_all = "upper")]
pub enum UnknownCase {
    One,
}

#[derive(PgEnum)]
pub enum Long {
    #[pg(rename = "a label that is quite a bit longer than postgresql would ever keep it")]
    One,
    #[pg(rename = "")]
    Two,
    #[pg(renamed_from = "three")]
    Three,
    #[pg(renamed_from = "old")]
    Four,
    #[pg(renamed_from = "old")]
    Five,
}

#[derive(PgEnum)]
#[pg(renamed_from = "same")]
pub enum Same {
    One,
}

#[derive(PgEnum)]
pub enum Generic<T> {
    One,
    Two(T),
}

fn main() {}
