//! Queries as sqlx records them, of the versions that write them in one form or another.

use camino::Utf8Path;
use schema_core::gate::old::{QueryFileError, RecordedQuery};

const TEXT: &str = "SELECT id, name, kind AS \"kind: _\" FROM users WHERE id = $1";
const HASH: &str = "0556ef3565ebc612027ff79609f1d6a7ff637941a1be489fbd3e0f2531eb4f91";

fn parse(text: &str) -> Result<RecordedQuery, QueryFileError> {
    RecordedQuery::parse(Utf8Path::new(".sqlx/query-1.json"), text)
}

/// A file of sqlx 0.7 and 0.8, with a part that may be another.
fn file(from: &str, to: &str) -> String {
    let query = TEXT.replace('"', "\\\"");
    let text = format!(
        r#"{{
  "db_name": "PostgreSQL",
  "query": "{query}",
  "describe": {{
    "columns": [
      {{ "ordinal": 0, "name": "id", "type_info": "Int8" }},
      {{ "ordinal": 1, "name": "name", "type_info": "Varchar" }},
      {{ "ordinal": 2, "name": "kind: _", "type_info": {{ "Custom": {{ "name": "kind", "kind": {{ "Enum": ["a", "b"] }} }} }} }}
    ],
    "parameters": {{ "Left": ["Int8"] }},
    "nullable": [false, true, null]
  }},
  "hash": "{HASH}"
}}"#
    );
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

fn check_refused(text: &str, message: &str, remedy: &str) {
    let error = parse(text).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.remedy().contains(remedy), "{}", error.remedy());
}

#[test]
fn files_of_all_versions_are_read() {
    for text in [
        file("", ""),
        // From sqlx 0.9 on.
        file(
            "\"type_info\": \"Int8\" }",
            "\"type_info\": \"Int8\", \"origin\": { \"Table\": { \"table\": \"users\", \"name\": \"id\" } } }",
        ),
    ] {
        let query = parse(&text).unwrap();
        assert_eq!(query.text, TEXT);
        assert_eq!(query.parameters, ["Int8"]);
        let columns: Vec<_> = query
            .columns
            .iter()
            .map(|it| (it.name.as_str(), it.type_name.as_str(), it.nullable))
            .collect();
        assert_eq!(
            columns,
            [
                ("id", "Int8", Some(false)),
                ("name", "Varchar", Some(true)),
                ("kind: _", "kind", None)
            ]
        );
    }
}

#[test]
fn what_cannot_be_trusted_is_refused() {
    check_refused("{", ".sqlx/query-1.json is not JSON", "cargo sqlx prepare");
    check_refused(
        &file("PostgreSQL", "SQLite"),
        ".sqlx/query-1.json is a query for SQLite, not for PostgreSQL",
        "crate of their own",
    );
    check_refused(
        &file("SELECT id", "SELECT ID"),
        "the hash in .sqlx/query-1.json is not that of its query",
        "cargo sqlx prepare",
    );
    check_refused(
        &file("[false, true, null]", "[false]"),
        ".sqlx/query-1.json describes 3 columns, but says of 1 whether they may be null",
        "cargo sqlx prepare",
    );
    let shape = ".sqlx/query-1.json is not a query as sqlx 0.7 to 0.9 record it";
    for (from, to) in [
        ("\"Left\"", "\"Right\""),
        ("\"ordinal\": 0,", ""),
        ("\"hash\"", "\"checksum\""),
        ("\"nullable\"", "\"extra\": 1, \"nullable\""),
        ("\"describe\"", "\"description\""),
    ] {
        check_refused(&file(from, to), shape, "0.7 to 0.9");
    }
    check_refused(
        "{\"db\": \"PostgreSQL\", \"4ab\": {\"query\": \"SELECT 1\"}}",
        shape,
        "0.7 to 0.9",
    );
}
