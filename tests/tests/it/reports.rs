//! What each form of the report says, hostile names included.

use std::path::Path;

use integration_tests::http::{Answer, Request, TestServer};
use integration_tests::repository::{Ran, TestRepository};
use serde_json::{Value, json};

/// A table and a column that try to be markup, a workflow command, or the end of a cell.
const HOSTILE: &str = "a|b<img>@you %0A::error,`c` [x](y)\n*d*";

const DROP: &str = "20260102000000_drop.sql";

/// A column is dropped in the second statement, over two lines, behind letters of several bytes.
fn dropping(column: &str, file: &str) -> TestRepository {
    let quoted = column.replace('"', "\"\"");
    let repository = TestRepository::with_migrations(&[(
        "20260101000000_base.sql",
        &format!("CREATE TABLE users (id bigint PRIMARY KEY, \"{quoted}\" text);\n"),
    )]);
    repository.migration(
        file,
        &format!(
            "SET LOCAL lock_timeout = '2s';\n/* ÄÖÜ */ ALTER TABLE users\n    DROP COLUMN \"{quoted}\";\n"
        ),
    );
    repository.hash();
    repository
}

fn gate(repository: &TestRepository, format: &str) -> Ran {
    repository.migrate(&["gate", "--no-rows", "--format", format])
}

#[test]
fn the_terminal_shows_the_source_with_what_is_meant_underlined() {
    let ran = gate(&dropping("nickname", DROP), "text").ends(10, &[]);
    let expected = r#"error[N001]: column nickname of table users is dropped
 --> migrations/20260102000000_drop.sql:2:11
  |
2 |   /* ÄÖÜ */ ALTER TABLE users
  |  ___________^
3 | |     DROP COLUMN "nickname";
  | |___________________________^
  |
  = note: "#;
    assert!(ran.out.starts_with(expected), "{}", ran.out);
    let last: Vec<&str> = ran.out.trim_end().lines().rev().take(3).collect();
    assert_eq!(
        last,
        [
            "cargo migrate gate --explain N001",
            "gate: 1 error in 1 new migration against main",
            "not approved: there is no pull request that could carry the approval label",
        ]
    );
    for part in [
        "\n  = note: Every SELECT, INSERT and UPDATE of the previous release that names the column fails with\n",
        "\n  = help: Take the column out of the app first, and drop it one release later, when no machine runs code\n",
    ] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 120, "too long: {line}");
    }
}

#[test]
fn paths_are_those_of_where_one_stands_and_for_machines_those_of_the_repository() {
    let repository = TestRepository::new();
    repository.write(
        "app/migrations/1_a.sql",
        "CREATE TABLE users (id bigint, nickname text);",
    );
    repository.hash_in("app/migrations");
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.write(
        "app/migrations/2_b.sql",
        "ALTER TABLE users DROP COLUMN nickname;",
    );
    repository.hash_in("app/migrations");
    let run = |format: &str| {
        let mut command = repository.command(integration_tests::project::cargo_migrate());
        command.current_dir(repository.root().join("app"));
        Ran::of(command.args(["gate", "--format", format]))
            .ends(10, &[])
            .out
    };
    assert!(run("text").contains(" --> migrations/2_b.sql:1:1"));
    assert!(run("github").contains("file=app/migrations/2_b.sql,"));
    assert!(run("sarif").contains("\"uri\": \"app/migrations/2_b.sql\""));
    assert!(run("markdown").contains("| app/migrations/2\\_b.sql:1 |"));
}

#[test]
fn json_says_everything() {
    let ran = gate(&dropping(HOSTILE, DROP), "json").ends(10, &[]);
    let document = ran.json();
    assert_eq!(document["version"], 1);
    assert_eq!(document["command"], "gate");
    assert_eq!(document["passed"], false);
    let finding = &document["findings"][0];
    assert_eq!(finding["code"], "N001");
    assert_eq!(finding["name"], "drop-column");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["standing"], "approvable");
    assert_eq!(
        finding["places"],
        json!([{"file": format!("migrations/{DROP}"), "line": 2, "column": 11, "end_line": 4, "end_column": 6, "label": ""}])
    );
    let title = finding["title"].as_str().unwrap();
    assert!(title.contains(HOSTILE), "{title}");
    // --json is the same.
    let again = dropping(HOSTILE, DROP).migrate(&["gate", "--no-rows", "--json"]);
    assert_eq!(again.json()["findings"], document["findings"]);
}

#[test]
fn a_workflow_command_is_one_line_that_nothing_breaks_out_of() {
    let file = "20260102000000_drop,a:b%.sql";
    let ran = gate(&dropping(HOSTILE, file), "github").ends(10, &[]);
    let commands: Vec<&str> = ran.out.lines().filter(|it| it.starts_with("::")).collect();
    let [command] = commands[..] else {
        panic!("not one command: {}", ran.out);
    };
    let (properties, message) = command
        .strip_prefix("::error ")
        .unwrap()
        .split_once("::")
        .unwrap();
    let properties: Vec<(&str, String)> = properties
        .split(',')
        .map(|it| it.split_once('=').unwrap())
        .map(|(name, value)| (name, unescaped(value)))
        .collect();
    let expected = [
        ("file", format!("migrations/{file}")),
        ("line", "2".to_owned()),
        ("endLine", "4".to_owned()),
        ("title", "N001 drop-column".to_owned()),
    ];
    assert_eq!(properties, expected);
    assert!(unescaped(message).contains(HOSTILE), "{message}");
}

/// As GitHub reads it.
fn unescaped(text: &str) -> String {
    let text = text.replace("%3A", ":").replace("%2C", ",");
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    text.replace("%25", "%")
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let ran = gate(&dropping(HOSTILE, "20260102000000_drop #1 ä.sql"), "sarif").ends(10, &[]);
    let document = ran.json();
    assert_eq!(document["version"], "2.1.0");
    assert!(
        document["$schema"]
            .as_str()
            .unwrap()
            .contains("sarif-schema-2.1.0")
    );
    let run = &document["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "cargo-migrate");
    let result = &run["results"][0];
    let rule = &driver["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(rule["id"], result["ruleId"]);
    for text in [
        &rule["shortDescription"]["text"],
        &rule["fullDescription"]["text"],
        &rule["help"]["text"],
        &result["message"]["text"],
    ] {
        assert!(
            text.as_str().is_some_and(|it| !it.is_empty()),
            "{document:#}"
        );
    }
    assert_eq!(result["level"], "error");
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        location["artifactLocation"]["uri"],
        "migrations/20260102000000_drop%20%231%20%C3%A4.sql"
    );
    assert_eq!(
        location["region"],
        json!({"startLine": 2, "startColumn": 11, "endLine": 4, "endColumn": 6})
    );
    assert!(result.get("suppressions").is_none());
    let approved = dropping("nickname", DROP).migrate(&[
        "gate",
        "--format",
        "sarif",
        "--approved-by-label",
        "migration-approved",
    ]);
    let suppression = &approved.ends(0, &[]).json()["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppression["kind"], "external");
    let ground = suppression["justification"].as_str().unwrap();
    assert!(ground.contains("migration-approved"), "{ground}");
}

#[test]
fn markdown_stays_a_table_and_mentions_nobody() {
    let ran = gate(&dropping(HOSTILE, DROP), "markdown").ends(10, &[]);
    let mut lines = ran.out.lines();
    assert_eq!(lines.next(), Some("<!-- cargo-migrate gate -->"));
    assert_eq!(lines.next(), Some("### ❌ cargo migrate gate"));
    let rows: Vec<&str> = ran.out.lines().filter(|it| it.starts_with('|')).collect();
    assert_eq!(rows.len(), 3, "a head, a rule, a row: {}", ran.out);
    for row in rows {
        let cells = row.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 5, "{row}");
        assert!(!row.contains("[x](y)"), "no link: {row}");
    }
    let outside: String = ran.out.split("```").step_by(2).collect();
    assert!(!outside.contains("<img>"), "{outside}");
    assert!(!outside.contains("@you"), "{outside}");
    assert!(
        outside.contains("a\\|b&lt;img&gt;@\u{200b}you"),
        "{outside}"
    );
    assert_eq!(outside.matches("<details>").count(), 1);
    assert_eq!(outside.matches("</details>").count(), 1);
}

#[test]
fn source_with_backticks_cannot_close_its_fence() {
    let ran = gate(&dropping("``` </details> <b>", DROP), "markdown").ends(10, &[]);
    assert!(ran.out.contains("\n````sql\n"), "{}", ran.out);
    assert!(ran.out.contains("\n````\n"), "{}", ran.out);
    let title = ran
        .out
        .lines()
        .find(|it| it.starts_with("<details>"))
        .unwrap();
    assert!(title.contains("``` &lt;/details&gt; &lt;b&gt;"), "{title}");
}

#[test]
fn a_page_is_found_by_code_and_name_and_a_misspelt_one_by_its_nearest() {
    let folder = TestRepository::folder();
    let page = folder.migrate(&["lint", "--explain", "h001"]).ends(0, &[]);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules/H001-out-of-order.md");
    assert_eq!(page.out, fs_err::read_to_string(docs).unwrap());
    let by_name = folder.migrate(&["gate", "--explain", "out-of-order"]);
    assert_eq!(by_name.out, page.out);
    let json = folder.migrate(&["gate", "--explain", "G001", "--json"]);
    assert_eq!(
        json.ends(0, &[]).json()["rules"][0]["name"],
        "shim-issue-closed"
    );
    folder
        .migrate(&["gate", "--explain", "drop-colum"])
        .ends(2, &["no rule `drop-colum`", "N001 (drop-column)"]);
}

#[test]
fn a_rule_that_is_switched_off_is_silent_and_a_misspelt_one_an_error() {
    let repository = dropping("nickname", DROP);
    repository.write(
        "migrate.toml",
        "lint = { disabled = [\"drop-with-data\"] }\n",
    );
    repository.migrate(&["lint"]).ends(0, &["no findings"]);
    gate(&repository, "text").ends(10, &["N001"]);
    repository.write("migrate.toml", "lint = { disabled = [\"drop-column\"] }\n");
    gate(&repository, "text").ends(3, &["is a rule of the gate", "approval label"]);
    repository.write("migrate.toml", "lint = { disabled = [\"drop-colum\"] }\n");
    gate(&repository, "text").ends(3, &["lint.disabled", "drop-column"]);
    repository.write("migrate.toml", "lint = { disbaled = [] }\n");
    gate(&repository, "text").ends(3, &["unknown field `disbaled`"]);
}

/// The comments of pull request 12, as GitHub keeps them: 100 on the first page, these on the second.
fn comments(second_page: Value) -> TestServer {
    TestServer::start(move |request: &Request, _| -> Answer {
        let path = request.path.as_str();
        let list = "/repos/acme/shop/issues/12/comments";
        let body = match (request.method.as_str(), path.strip_prefix(list)) {
            ("GET", Some("?per_page=100&page=1")) => {
                let other = |id| json!({"id": id, "body": "<!-- cargo-migrate lint -->"});
                (0..100).map(other).collect()
            }
            ("GET", Some("?per_page=100&page=2")) => second_page.clone(),
            ("POST", Some("")) => json!({"id": 300}),
            ("PATCH", None) if path == "/repos/acme/shop/issues/comments/207" => json!({"id": 207}),
            _ => return (404, Vec::new(), "{}".to_owned()),
        };
        (200, Vec::new(), body.to_string())
    })
}

fn comment(server: &TestServer, repository: &mut TestRepository) -> Ran {
    repository.set("GITHUB_API_URL", server.url());
    repository.set("GITHUB_REPOSITORY", "acme/shop");
    repository.set("GITHUB_TOKEN", "secret");
    let flags = ["gate", "--pull-request", "12", "--comment"];
    repository.migrate(&flags)
}

#[test]
fn a_comment_is_written_once_and_then_kept_up_to_date() {
    let mut repository = TestRepository::with_migrations(&[("1_a.sql", "SELECT 1;\n")]);
    let server = comments(json!([{"id": 206, "body": null}]));
    comment(&server, &mut repository).ends(0, &["Commented"]);
    let post = server.requests().pop().unwrap();
    assert_eq!(post.method, "POST");
    let body: Value = serde_json::from_str(&post.body).unwrap();
    let text = body["body"].as_str().unwrap().to_owned();
    assert!(
        text.starts_with("<!-- cargo-migrate gate -->\n### ✅"),
        "{text}"
    );

    let server = comments(json!([{"id": 207, "body": "<!-- cargo-migrate gate -->\nold"}]));
    comment(&server, &mut repository).ends(0, &["Updated"]);
    let patch = server.requests().pop().unwrap();
    assert_eq!(patch.method, "PATCH");

    let server = comments(json!([{"id": 207, "body": text}]));
    comment(&server, &mut repository).ends(0, &["Unchanged"]);
    assert!(server.requests().iter().all(|it| it.method == "GET"));
}

#[test]
fn a_comment_that_cannot_be_written_is_an_error() {
    let mut repository = TestRepository::with_migrations(&[("1_a.sql", "SELECT 1;\n")]);
    repository
        .migrate(&["gate", "--comment"])
        .ends(2, &["no pull request to comment on", "--pull-request"]);
    let server = TestServer::start(|_, _| (403, Vec::new(), r#"{"message": "no"}"#.to_owned()));
    comment(&server, &mut repository).ends(1, &["pull request #12", "permissions"]);
}

#[test]
fn names_are_held_against_the_patterns_of_the_configuration() {
    let repository =
        TestRepository::with_migrations(&[("1_a.sql", "CREATE TABLE users (id bigint);")]);
    repository.migration(
        "2_b.sql",
        "CREATE TABLE \"Notes\" (id bigint, \"noteText\" text);\n",
    );
    repository.hash();
    repository.migrate(&["lint"]).ends(0, &[]);
    repository.write(
        "migrate.toml",
        "[lint.naming]\ntable = \"^[a-z_]+$\"\ncolumn = \"^[a-z_]+$\"\n",
    );
    let ran = repository.migrate(&["lint", "--json"]).ends(10, &[]);
    assert_eq!(ran.codes(), ["C018", "C018"]);
    repository.migrate(&["lint"]).ends(
        10,
        &["column \"noteText\" of table \"Notes\" does not match"],
    );
    // The gate has nothing to say about names.
    repository.migrate(&["gate"]).ends(0, &[]);

    repository.write("migrate.toml", "[lint.naming]\ncolumn = \"^[a-z\"\n");
    repository.migrate(&["lint"]).ends(
        3,
        &[
            "`lint.naming.column` is no regular expression",
            "unclosed character class",
        ],
    );
    repository.write("migrate.toml", "[lint.naming]\nview = \"_v$\"\n");
    repository
        .migrate(&["lint"])
        .ends(3, &["`lint.naming.view`", "`constraint`"]);
}

#[test]
fn each_command_minds_the_silences_of_its_own_rules() {
    let repository = TestRepository::with_migrations(&[(
        "1_a.sql",
        "CREATE TABLE users (id bigint NOT NULL, name text);",
    )]);
    let index = "SET LOCAL lock_timeout = '2s';\n-- migrate:nolint NAMES ten rows\n\
        CREATE INDEX users_name_idx ON users (name);\n";
    for names in ["B001", "create-index", "PG101", "concurrent_index"] {
        repository.migration("2_b.sql", &index.replace("NAMES", names));
        repository.hash();
        repository.migrate(&["gate"]).ends(0, &["no findings"]);
        repository.migrate(&["lint"]).ends(0, &[]);
    }
    // What silences nothing of its own is still told, by the one that would know.
    repository.migration("2_b.sql", &index.replace("NAMES", "B002"));
    repository.hash();
    repository.migrate(&["gate"]).ends(0, &["no findings"]);
    repository
        .migrate(&["lint"])
        .ends(10, &["nolint of B002 silences nothing", "B001"]);
    // The gate's rules are not the linter's to mind.
    let column = "SET LOCAL lock_timeout = '2s';\n-- migrate:nolint N010 nobody writes\n\
        ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x';\n";
    repository.migration("2_b.sql", column);
    repository.hash();
    repository.migrate(&["lint"]).ends(0, &[]);
    repository
        .migrate(&["gate"])
        .ends(10, &["nolint of N010 silences nothing"]);
}
