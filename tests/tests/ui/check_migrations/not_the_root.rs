mod inner {
    schema_core::check_migrations!("../migrations/structs");
}

fn main() {}
