schema_core::check_migrations!("../migrations/nowhere");
schema_core::check_migrations!();
schema_core::check_migrations!("../migrations/intact/1_a.sql");

fn main() {}
