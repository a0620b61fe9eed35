use schema_core::prelude::*;

#[table(rows = [
    { code: "free", montly: 0, monthly: 1 },
    { code: "pro" },
    { code: "team", monthly: 1, monthly: 2, total: 3 },
    ("a", 1),
    { code = "b", monthly: 1 },
])]
pub struct Plan {
    #[column(primary_key)]
    pub code: String,
    pub monthly: i32,
    #[column(generated = sql("monthly * 12"))]
    pub total: Option<i32>,
    pub note: Option<String>,
}

#[table(rows = [{ id: 1 }], managed = false)]
pub struct Theirs {
    #[column(primary_key)]
    pub id: i32,
}

#[table(rows = "plans")]
pub struct Text {
    #[column(primary_key)]
    pub id: i32,
}

fn main() {}
