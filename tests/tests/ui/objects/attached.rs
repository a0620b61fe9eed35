use schema_core::prelude::*;

#[table(rls = on)]
#[policy(using = sql("true"))]
#[policy(name = "empty", for = write)]
#[policy(name = "who", to = app, using = idd == 1)]
#[trigger(name = "none")]
#[trigger(name = "when", before(change), execute = "f")]
#[trigger(name = "late", after(update(idd)), before(insert), deferrable, execute = "f")]
#[grant(read, to = "app")]
#[grant(select)]
#[statistics(kinds = [mode])]
#[partition(name = "p", from = 1)]
pub struct Mistakes {
    #[column(primary_key)]
    pub id: i64,
}

#[table]
#[policy(name = "off", using = sql("true"))]
pub struct NotOn {
    #[column(primary_key)]
    pub id: i64,
}

#[table(partition_by = range(idd), replica_identity = some)]
#[partition(name = "p", from = now(), to = 2)]
pub struct Parts {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
