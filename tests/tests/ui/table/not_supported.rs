use schema_core::prelude::*;

#[table(rls, partition_by = range(at))]
#[policy(name = "own_rows", for = select, using = sql("true"))]
#[trigger(name = "touch", before(update), execute = touch)]
#[grant(select, to = [app])]
pub struct Event {
    #[column(primary_key)]
    pub id: i64,
    #[embed(prefix = "billing_")]
    pub billing: i64,
}

fn main() {}
