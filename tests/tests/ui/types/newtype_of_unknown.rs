use schema_core::prelude::*;

#[derive(PgNewtype)]
pub struct Started(pub std::time::Instant);

#[derive(PgDomain)]
pub struct Count(pub u64);

#[table]
pub struct Job {
    #[column(primary_key)]
    pub id: Count,
    pub started: Started,
    pub during: Range<String>,
    pub pauses: Vec<std::time::Instant>,
}

fn main() {}
