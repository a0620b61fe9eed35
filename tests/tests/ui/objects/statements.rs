use schema_core::prelude::*;

sql!();
sql!("SELECT 'open");
sql!(17);
sql!("SELECT 1", name = "f");
sql_file!("missing.sql");
sql_file!(PATH);

const NUMBER: i32 = 1;
sql!(NUMBER);

extension!(citext, version = "");

fn main() {}
