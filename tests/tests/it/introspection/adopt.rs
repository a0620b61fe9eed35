//! `introspect --baseline`: from a database that nobody migrates to one that is migrated.

use integration_tests::postgres::TestDatabase;

use super::{ALL, project};
use crate::cli::{migrate, migrations};

#[tokio::test]
async fn a_database_is_adopted_by_one_command() {
    let sql = "CREATE TYPE state AS ENUM ('on', 'off');
        CREATE TABLE lamps (id serial PRIMARY KEY, state state NOT NULL DEFAULT 'off', name text);
        INSERT INTO lamps (name) VALUES ('hall');
        CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,
            installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL,
            checksum bytea NOT NULL, execution_time bigint NOT NULL)";
    let database = TestDatabase::with(sql).await;
    let project = project("introspect-adopt", ALL);
    let url = database.url();
    let ran = migrate(&project, &["introspect", &url, "--baseline"]).ok();
    assert!(ran.err.contains("_sqlx_migrations of sqlx"), "{}", ran.err);
    assert!(ran.err.contains("Adopted"), "{}", ran.err);
    let files = migrations(&project);
    let [(name, text)] = files.as_slice() else {
        panic!("{files:?}");
    };
    assert!(name.ends_with("_baseline.sql"), "{name}");
    assert!(text.contains("CREATE TABLE lamps"), "{text}");
    assert!(!text.contains("_sqlx_migrations"), "{text}");
    // From here on it is as any other database.
    migrate(&project, &["check"]).ok();
    migrate(&project, &["apply", "--url", &url]).ok();
    let lib = project.root().join("src/schema/public.rs");
    let text = fs_err::read_to_string(&lib).unwrap();
    let text = text.replace(
        "    pub name: Option<String>,",
        "    pub name: Option<String>,\n    pub watts: Option<i32>,",
    );
    fs_err::write(&lib, text).unwrap();
    migrate(&project, &["generate", "watts"]).ok();
    migrate(&project, &["apply", "--url", &url]).ok();
    let lamps = database.catalog().await;
    let lamps = lamps.tables.iter().find(|(name, _)| name.name == *"lamps");
    assert!(lamps.unwrap().1.column("watts").is_some());
    let again = migrate(&project, &["introspect", &url, "--baseline", "--force"]);
    again.fails(2, &["has migrations already"]);
}

#[tokio::test]
async fn files_and_directories_are_sources_too() {
    let project = project("introspect-files", ALL);
    project.write(
        "dump.sql",
        "CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL);",
    );
    migrate(&project, &["introspect", "dump.sql", "--check"]).ok();
    migrate(&project, &["generate", "notes"]).ok();
    let arguments = [
        "introspect",
        "dir",
        "--output",
        "src/other",
        "--dry-run",
        "--json",
    ];
    let ran = migrate(&project, &arguments).ok().json();
    let files = ran["files"].as_array().unwrap();
    let text = files
        .iter()
        .find(|it| it["path"] == "src/other/public.rs")
        .unwrap();
    assert!(
        text["text"].as_str().unwrap().contains("pub struct Note {"),
        "{text}"
    );
    project.write("broken.sql", "CREATE TABLE (;");
    migrate(
        &project,
        &["introspect", "broken.sql", "--output", "src/broken"],
    )
    .fails(12, &["broken.sql"]);
    migrate(
        &project,
        &["introspect", "dump.sql", "--baseline", "--output", "src/x"],
    )
    .fails(2, &["adopts a database"]);
    migrate(
        &project,
        &[
            "introspect",
            "dump.sql",
            "--types",
            "seven",
            "--output",
            "src/x",
        ],
    )
    .fails(2, &["seven"]);
}
