use schema_core::prelude::*;

#[derive(Clone, Copy, PgEnum)]
pub enum Kind {
    Basic,
    Full,
}

type Maybe = Option<Kind>;

rows!(PLANS = [
    { code: 1, monthly: "two", kind: Kind::Basic },
    { code: "a", monthly: 3_000_000_000, kind: None },
    { code: "b", monthly: 1, kind: Kind::Fool },
    { code: "c", monthly: None, kind: Kind::Full, other: None },
    { code: "d", monthly: 1 },
]);

#[table(rows = PLANS)]
pub struct Plan {
    #[column(primary_key)]
    pub code: String,
    pub monthly: i32,
    pub kind: Kind,
    pub other: Maybe,
}

#[table(rows = [{ id: 1, at: now() }, { id: 1 + 1, at: sql("'") }])]
pub struct Event {
    #[column(primary_key)]
    pub id: i32,
    pub at: Option<String>,
}

#[table(rows = NOWHERE)]
pub struct Missing {
    #[column(primary_key)]
    pub id: i32,
}

fn main() {}
