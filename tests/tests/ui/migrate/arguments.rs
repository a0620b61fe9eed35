use schema_core::migrate::Migrator;

static NO_STRING: Migrator = schema_core::migrate!(migrations);
static MISSPELT: Migrator = schema_core::migrate!("../migrations/intact", prefix = ["a"]);
static NO_LIST: Migrator = schema_core::migrate!("../migrations/intact", prefixes = "a");
static COLON: Migrator = schema_core::migrate!("../migrations/intact", prefixes = ["a:"]);
static TWICE: Migrator = schema_core::migrate!("../migrations/intact", prefixes = [], prefixes = []);

fn main() {}
