//! What PostgreSQL does not make of the source, told at its line.

use super::project;
use crate::cli::migrate;

const USERS: &str = "\
use schema_core::prelude::*;
#[table(name = \"users\")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}
";

#[test]
fn fields_of_a_view_are_compared_with_the_columns_of_its_query() {
    let source = format!(
        "//! Views.\n{USERS}
#[view(sql = \"SELECT id, email, count(*) AS posts, 1.5 AS rate FROM users GROUP BY id\")]
pub struct Active {{
    pub id: i32,
    #[column(type = varchar(80))]
    pub email: String,
    pub posts: i64,
    pub score: i64,
}}
"
    );
    let project = project("objects-fields", &source);
    migrate(&project, &["generate", "first"]).fails(
        10,
        &[
            "error[S102]: `Active.id` is integer, but the query of view `active` gives bigint",
            "src/lib.rs:12",
            "cast it in the query: `id::integer`",
            "`Active.score` has no column: the query of view `active` gives id, email, posts, rate",
            "src/lib.rs:16",
            "gives `rate` (numeric), which no field of `Active` names",
        ],
    );
}

#[test]
fn statements_that_fail_are_told_at_their_line() {
    let project = project(
        "objects-fail",
        &format!("//! Objects.\n{USERS}sql_file!(\"all.sql\");\n"),
    );
    let cases: &[(&str, &[&str])] = &[
        (
            "-- One.\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT nothing FROM users';",
            &[
                "S101",
                "src/all.sql:2",
                "column \"nothing\" does not exist",
                "`CREATE FUNCTION f()",
            ],
        ),
        (
            "CREATE VIEW a AS SELECT * FROM b;\n\nCREATE VIEW b AS\n  SELECT nonsense\n  FROM users;",
            &[
                "S101",
                "src/all.sql:1",
                "src/all.sql:4",
                "column \"nonsense\" does not exist",
            ],
        ),
        (
            "GRANT SELECT ON users TO nobody_known;",
            &[
                "S101",
                "role \"nobody_known\" does not exist",
                "roles = [\"nobody_known\"]",
            ],
        ),
        (
            "CREATE FUNCTION audit.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            &["schema \"audit\" does not exist", "pg_schema!(pub audit);"],
        ),
        ("BEGIN; SELECT 1", &["S103", "src/all.sql:1", "take it out"]),
        ("\\i other.sql", &["S103", "psql command"]),
        (
            "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT b()';\nCREATE FUNCTION b() RETURNS text LANGUAGE sql AS 'SELECT a()';",
            &["S101", "src/all.sql:", "return type mismatch"],
        ),
    ];
    for (sql, parts) in cases {
        project.write("src/all.sql", sql);
        migrate(&project, &["generate", "first"]).fails(10, parts);
    }
}

#[test]
fn a_grant_is_not_left_out_without_a_word() {
    let table = "#[table(name = \"users\")]\n";
    let source = USERS.replace(table, &format!("{table}#[grant(select, to = \"app\")]\n"));
    let project = project("objects-grant", &format!("//! Grants.\n{source}"));
    project.write("migrate.toml", "roles = [\"app\"]\n");
    migrate(&project, &["generate", "first"]).fails(
        10,
        &[
            "S104",
            "src/lib.rs:4",
            "grant on `users`",
            "privileges = true",
        ],
    );
}
