use schema_core::prelude::*;

#[table(rows = [{ code: "a", label: "x" }, { code: "b", label: None }])]
#[unique(code, deferrable)]
pub struct NoKey {
    #[column(primary_key, identity)]
    pub id: i64,
    pub code: String,
    #[column(unique)]
    pub label: Option<String>,
}

#[table(rows = [{ a: 1, b: "x" }, { b: "y", a: 1 }, { a: 1, b: "x" }])]
#[primary_key(a, b)]
pub struct Twice {
    pub a: i32,
    pub b: String,
}

#[table(no_primary_key, rows = [])]
pub struct Keyless {
    pub a: i32,
}

#[table(rows = [{ code: "a" }, { id: 2, code: "b" }])]
pub struct Numbered {
    #[column(primary_key, identity(always))]
    pub id: i64,
    #[column(unique)]
    pub code: String,
}

fn main() {}
