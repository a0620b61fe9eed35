use schema_core::migrate::Migrator;

static NO_DIRECTORY: Migrator = schema_core::migrate!("../migrations/nowhere");
static BY_DEFAULT: Migrator = schema_core::migrate!();
static NO_SUM: Migrator = schema_core::migrate!("../migrations/no_sum");
static NOTHING_YET: Migrator = schema_core::migrate!("../migrations/empty");
static A_FILE: Migrator = schema_core::migrate!("../migrations/intact/1_a.sql");

fn main() {}
