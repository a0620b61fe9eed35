use schema_core::prelude::*;

#[derive(PgComposite)]
pub struct Tuple(i64, i64);

#[derive(PgComposite)]
pub enum Choice {
    One,
}

#[derive(PgComposite)]
#[pg(nmae = "x")]
pub struct Generic<T> {
    pub value: T,
}

#[derive(PgComposite)]
pub struct Twice {
    #[pg(name = "b", default = 1)]
    pub a: i64,
    pub b: i64,
    pub c: u64,
}

fn main() {}
