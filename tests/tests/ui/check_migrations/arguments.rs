schema_core::check_migrations!(migrations);
schema_core::check_migrations!("../migrations/structs", denied);
schema_core::check_migrations!("../migrations/structs", deny = "yes");
schema_core::check_migrations!("../migrations/structs", deny, deny);
schema_core::check_migrations!("../migrations/structs" deny);

fn main() {}
