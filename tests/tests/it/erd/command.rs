//! `cargo migrate erd`: what is drawn, where to, and what is refused.

use integration_tests::postgres::TestDatabase;
use integration_tests::repository::TestRepository;
use serde_json::Value;

const FIRST: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text);
    CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\n";

/// What is behind the page of a repository.
fn data(repository: &TestRepository, path: &str) -> Value {
    let text = repository.read(path);
    let rest = text
        .split("<script id=\"data\" type=\"application/json\">")
        .nth(1);
    let json = rest.and_then(|rest| rest.split("</script>").next());
    serde_json::from_str(json.expect("a page has its data")).unwrap()
}

#[test]
fn the_page_of_a_branch_tells_its_changes_and_who_made_each_table() {
    let repository = TestRepository::with_migrations(&[("1_a.sql", FIRST)]);
    repository.migration(
        "2_b.sql",
        "ALTER TABLE users RENAME TO people; ALTER TABLE people ADD COLUMN name text;\n",
    );
    repository.migration(
        "3_c.sql",
        "CREATE INDEX orders_user_idx ON orders (user_id);\n",
    );
    repository.hash();
    let ran = repository.migrate(&["erd", "dir", "--diff"]);
    ran.ends(0, &["3 tables in erd.html", "with main"]);
    let data = data(&repository, "erd.html");
    let nodes = data["nodes"].as_array().unwrap();
    let of = |name: &str| {
        let found = nodes.iter().find(|node| node["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {data:#}"))
    };
    assert_eq!(of("people")["mark"], "added");
    assert_eq!(of("users")["mark"], "removed");
    assert_eq!(of("orders")["mark"], "changed");
    assert_eq!(
        of("people")["history"],
        serde_json::json!([
            {"file": "1_a.sql", "what": ["created"]},
            {"file": "2_b.sql", "what": ["columns", "renamed from users"]},
        ])
    );
    assert_eq!(
        of("orders")["history"],
        serde_json::json!([
            {"file": "1_a.sql", "what": ["created"]},
            {"file": "3_c.sql", "what": ["indexes"]},
        ])
    );
}

#[test]
fn forms_and_sides_are_chosen_by_flags_and_names() {
    let repository = TestRepository::with_migrations(&[("1_a.sql", FIRST)]);
    repository.migration("2_b.sql", "CREATE TABLE notes (id bigint PRIMARY KEY);\n");
    repository.hash();
    let printed = repository
        .migrate(&["erd", "dir@1", "--format", "mermaid"])
        .ends(0, &["users {"]);
    assert!(printed.out.starts_with("erDiagram\n"), "{}", printed.out);
    assert!(!printed.out.contains("notes"), "{}", printed.out);
    for (file, begin) in [
        ("a.svg", "<svg"),
        ("a.dot", "digraph"),
        ("a.mmd", "erDiagram"),
    ] {
        repository
            .migrate(&["erd", "dir", "-o", file])
            .ends(0, &["3 tables in"]);
        assert!(repository.read(file).starts_with(begin), "{file}");
    }
    let exclude = ["erd", "dir", "--format", "dot", "--exclude", "n*"];
    let printed = repository.migrate(&exclude).ends(0, &["digraph"]);
    assert!(!printed.out.contains("notes"), "{}", printed.out);
    let json = ["erd", "dir", "--json", "--diff", "dir@1", "--format", "svg"];
    let report = repository.migrate(&json).ends(0, &[]).json();
    assert_eq!(report["tables"], 3);
    assert_eq!(report["foreign_keys"], 1);
    assert_eq!(
        report["changes"],
        serde_json::json!([{"object": "table notes", "change": "added"}])
    );
    assert!(report["text"].as_str().unwrap().starts_with("<svg"));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let repository = TestRepository::with_migrations(&[("1_a.sql", FIRST)]);
    let refused = |arguments: &[&str], says: &[&str]| {
        let all: Vec<&str> = ["erd"].iter().chain(arguments).copied().collect();
        repository.migrate(&all).ends(2, says);
    };
    refused(
        &["nonsense"],
        &["`nonsense` cannot be drawn", "dir@VERSION"],
    );
    refused(&["dir@7"], &["no migration of version 7"]);
    refused(&["dir@"], &["names no version"]);
    refused(
        &["dir", "-o", "picture.png"],
        &["does not say how to draw", ".svg"],
    );
    refused(&["dir", "--only-changes"], &["--diff"]);
}

#[tokio::test]
async fn a_database_is_drawn_as_it_is() {
    let database = TestDatabase::with(FIRST).await;
    let folder = TestRepository::folder();
    let url = database.url();
    let arguments = ["erd", "--url", &url, "--format", "mermaid"];
    let printed = folder.migrate(&arguments).ends(0, &["orders }o--o| users"]);
    assert!(
        !printed.err.contains("replaying"),
        "no dev database is needed: {}",
        printed.err
    );
}
