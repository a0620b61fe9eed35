use schema_core::migrate::Migrator;

static EDITED: Migrator = schema_core::migrate!("../migrations/edited");
static LINE_ENDS: Migrator = schema_core::migrate!("../migrations/crlf");
static ADDED: Migrator = schema_core::migrate!("../migrations/added");
static REMOVED: Migrator = schema_core::migrate!("../migrations/removed");
static MERGED: Migrator = schema_core::migrate!("../migrations/merged");
static HEADER: Migrator = schema_core::migrate!("../migrations/header");
static SAME_VERSION: Migrator = schema_core::migrate!("../migrations/same_version");
static NOT_TEXT: Migrator = schema_core::migrate!("../migrations/not_utf8");

fn main() {}
