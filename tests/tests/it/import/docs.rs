//! docs/import.md: its commands run as they stand, and its tables name what there is.

use std::path::Path;

use integration_tests::postgres::TestDatabase;

use super::{USERS, folder};

#[tokio::test]
async fn the_guide_says_what_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/import.md");
    let text = fs_err::read_to_string(path).unwrap();
    let block = text.split("```sh\n").nth(1).unwrap();
    let commands = block.split("```").next().unwrap();
    let mut repository = folder(&[]);
    repository.write(
        "db/migrations/1_users.sql",
        format!("-- +goose Up\n{USERS}-- +goose Down\nDROP TABLE users;\n"),
    );
    let database = TestDatabase::with(&format!(
        "{USERS}CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, \
         is_applied boolean NOT NULL, tstamp timestamp DEFAULT now()); \
         INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true)"
    ))
    .await;
    repository.set("DATABASE_URL_MIGRATION", database.url());
    let mut count = 0;
    for command in commands.lines() {
        let arguments: Vec<_> = command.split_whitespace().skip(2).collect();
        repository.migrate(&arguments).ends(0, &[]);
        count += 1;
    }
    assert_eq!(count, 5);
    let help = repository.migrate(&["import", "--help"]).ends(0, &[]).out;
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("| --- | --- | --- | --- |"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    let tools: Vec<_> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    assert_eq!(tools.len(), 9);
    for tool in tools {
        assert!(help.contains(&format!("- {tool}:")), "{tool} in {help}");
    }
}
