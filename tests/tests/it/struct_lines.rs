//! What `check` shows of a difference: the struct's lines, with their places.

use integration_tests::project::TestProject;
use serde_json::Value;

use crate::cli::migrate;

/// Two tables, an enum, a domain, keys, checks and indexes.
const BEFORE: &str = "use schema_core::prelude::*;

/// How far an order is.
#[derive(Clone, Copy, PgEnum)]
pub enum Status {
    Open,
    Paid,
    Sent,
}

#[derive(PgDomain)]
#[pg(type = text, check = sql(\"value <> ''\"))]
pub struct Slug(String);

#[table(name = \"users\")]
#[unique(email)]
#[check(name = \"users_age_check\", sql(\"age > 0\"))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
    pub age: i32,
    #[column(type = varchar(80), default = \"x\")]
    pub nickname: Option<String>,
    pub slug: Slug,
}

#[table(name = \"orders\")]
#[index(status, placed.desc(), name = \"orders_open_idx\", where = status == Status::Open)]
pub struct Order {
    #[column(primary_key, identity(always))]
    pub id: i64,
    #[column(references = User::id, on_delete = cascade)]
    pub user_id: i64,
    pub status: Status,
    pub placed: Vec<i32>,
}
";

/// The project whose migrations say `BEFORE`.
fn project(name: &str) -> TestProject {
    let project = TestProject::package(name, "", &[("src/lib.rs", BEFORE)]);
    migrate(&project, &["generate", "base"]).ok();
    migrate(&project, &["check"]).ok();
    project
}

/// The blocks that `check` shows: the header, then `line sign text`.
#[track_caller]
fn blocks(project: &TestProject, lib: &str) -> Vec<String> {
    project.write("src/lib.rs", lib);
    let ran = migrate(project, &["check", "--json"]);
    assert_eq!(ran.code, 4, "{}\n{}", ran.out, ran.err);
    let document = ran.json();
    let structs = document["structs"].as_array().expect("a list");
    let blocks: Vec<String> = structs.iter().map(block).collect();
    // For people it is the same.
    for block in structs {
        for line in block["lines"].as_array().unwrap() {
            let line = format!(
                "{} {}",
                line["sign"].as_str().unwrap(),
                line["text"].as_str().unwrap()
            );
            assert!(ran.err.contains(&line), "no `{line}` in:\n{}", ran.err);
        }
    }
    blocks
}

fn block(diff: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let place = &diff["place"];
    let mut out = format!(
        "{} {} of {} at {}:{}\n",
        text(&diff["kind"]),
        text(&diff["object"]),
        text(&diff["item"]),
        text(&place["file"]),
        place["line"]
    );
    for line in diff["lines"].as_array().unwrap() {
        let number = line["line"]
            .as_u64()
            .map_or(String::new(), |it| it.to_string());
        let (sign, line) = (text(&line["sign"]), text(&line["text"]));
        out.extend([format!("{number:>3} {sign} {line}\n")]);
    }
    out
}

/// `BEFORE` with one text for another.
#[track_caller]
fn changed(changes: &[(&str, &str)]) -> String {
    let mut lib = BEFORE.to_owned();
    for (from, to) in changes {
        assert!(lib.contains(from), "{from}");
        lib = lib.replace(from, to);
    }
    lib
}

#[test]
fn columns_that_come_go_change_and_are_renamed() {
    let project = project("lines-columns");
    let lib = changed(&[
        (
            "    pub email: String,\n",
            "    #[column(renamed_from = \"email\")]\n    pub mail: String,\n    /// Where.\n    #[column(\n        default = 1\n    )]\n    pub place: i32,\n",
        ),
        (
            "#[unique(email)]",
            "#[unique(mail, name = \"users_email_key\")]",
        ),
        ("    pub age: i32,\n", "    pub age: i64,\n"),
        (
            "    #[column(type = varchar(80), default = \"x\")]\n    pub nickname: Option<String>,\n",
            "",
        ),
    ]);
    let blocks = blocks(&project, &lib);
    assert_eq!(
        blocks,
        ["differs table users of struct `User` at src/lib.rs:15\n\
          \x20   -     pub email: String,\n\
          \x2021 +     #[column(renamed_from = \"email\")]\n\
          \x2022 +     pub mail: String,\n\
          \x2024 +     #[column(\n\
          \x2025 +         default = 1\n\
          \x2026 +     )]\n\
          \x2027 +     pub place: i32,\n\
          \x20   -     pub age: i32,\n\
          \x2028 +     pub age: i64,\n\
          \x20   -     #[column(type = varchar(80), default = \"x\")]\n\
          \x20   -     pub nickname: Option<String>,\n"]
    );
}

#[test]
fn a_table_without_a_struct_and_a_struct_without_a_table() {
    let project = project("lines-tables");
    let (rest, order) = BEFORE.split_once("#[table(name = \"orders\")]").unwrap();
    assert!(order.contains("struct Order"));
    let lib = format!(
        "{rest}/// What is written.\n#[table(name = \"notes\")]\npub struct Note {{\n    #[column(primary_key)]\n    pub id: i64,\n}}\n"
    );
    let blocks = blocks(&project, &lib);
    assert_eq!(
        blocks,
        [
            "no_migration table notes of struct `Note` at src/lib.rs:29\n\
             \x2029 + #[table(name = \"notes\")]\n\
             \x2030 + pub struct Note {\n\
             \x2031 +     #[column(primary_key)]\n\
             \x2032 +     pub id: i64,\n\
             \x2033 + }\n",
            "no_struct table orders of - at -:null\n\
             \x20   - #[table(name = \"orders\")]\n\
             \x20   - #[index(\n\
             \x20   -     status,\n\
             \x20   -     placed.desc(),\n\
             \x20   -     where = sql(\"status = 'open'::status\"),\n\
             \x20   -     name = \"orders_open_idx\"\n\
             \x20   - )]\n\
             \x20   - pub struct Order {\n\
             \x20   -     #[column(primary_key, identity(always))]\n\
             \x20   -     pub id: i64,\n\
             \x20   -     #[column(references = User::id, on_delete = cascade)]\n\
             \x20   -     pub user_id: i64,\n\
             \x20   -     pub status: Status,\n\
             \x20   -     pub placed: Vec<i32>,\n\
             \x20   - }\n",
        ]
    );
    let ran = migrate(&project, &["check"]);
    for part in [
        "src/lib.rs:29: struct `Note`: no migration makes table notes",
        "table orders has no struct any more",
    ] {
        assert!(ran.err.contains(part), "{}", ran.err);
    }
    assert!(ran.out.contains("DROP TABLE orders"), "{}", ran.out);
}

#[test]
fn labels_of_enums_and_what_a_domain_demands() {
    let project = project("lines-types");
    let lib = changed(&[
        (
            "    Paid,\n",
            "    Paid,\n    /// Money went back.\n    Refunded,\n",
        ),
        ("value <> ''", "length(value) > 2"),
    ]);
    let blocks = blocks(&project, &lib);
    assert_eq!(
        blocks,
        [
            "differs type slug of domain `Slug` at src/lib.rs:13\n\
             \x20   - #[pg(check = sql(\"VALUE <> ''::text\"))]\n\
             \x2014 + #[pg(type = text, check = sql(\"length(value) > 2\"))]\n",
            "differs type status of enum `Status` at src/lib.rs:4\n\
             \x20 9 +     Refunded,\n",
        ]
    );
    let without = changed(&[("    Sent,\n", "")]);
    let blocks = self::blocks(&project, &without);
    assert_eq!(
        blocks,
        ["differs type status of enum `Status` at src/lib.rs:4\n\
          \x20   -     Sent,\n"]
    );
}

#[test]
fn constraints_indexes_and_comments_are_attributes() {
    let project = project("lines-attributes");
    let lib = changed(&[
        ("#[unique(email)]\n", ""),
        ("sql(\"age > 0\")", "sql(\"age > 17\")"),
        ("placed.desc(), ", ""),
        ("/// How far an order is.", "/// Where an order is."),
        (
            "    pub slug: Slug,\n",
            "    #[column(index)]\n    pub slug: Slug,\n",
        ),
        (", on_delete = cascade", ""),
    ]);
    let blocks = blocks(&project, &lib);
    assert_eq!(
        blocks,
        [
            "differs type status of enum `Status` at src/lib.rs:4\n\
             \x20   - /// How far an order is.\n\
             \x20 3 + /// Where an order is.\n",
            "differs table orders of struct `Order` at src/lib.rs:28\n\
             \x20   - #[index(\n\
             \x20   -     status,\n\
             \x20   -     placed.desc(),\n\
             \x20   -     where = sql(\"status = 'open'::status\"),\n\
             \x20   -     name = \"orders_open_idx\"\n\
             \x20   - )]\n\
             \x2029 + #[index(status, name = \"orders_open_idx\", where = status == Status::Open)]\n\
             \x20   - #[foreign_key(columns = [user_id], references = [User::id], on_delete = cascade)]\n\
             \x2033 +     #[column(references = User::id)]\n\
             \x2034 +     pub user_id: i64,\n",
            "differs table users of struct `User` at src/lib.rs:15\n\
             \x20   - #[check(sql(\"age > 0\"), name = \"users_age_check\")]\n\
             \x2016 + #[check(name = \"users_age_check\", sql(\"age > 17\"))]\n\
             \x2024 +     #[column(index)]\n\
             \x2025 +     pub slug: Slug,\n\
             \x20   - #[unique(email)]\n",
        ]
    );
}

#[test]
fn tables_and_labels_that_are_renamed_show_both_names() {
    let project = project("lines-renames");
    let lib = changed(&[
        (
            "#[table(name = \"users\")]",
            "#[table(name = \"accounts\", renamed_from = \"users\")]",
        ),
        (
            "#[unique(email)]",
            "#[unique(email, name = \"users_email_key\")]",
        ),
        (
            "    Sent,\n",
            "    #[pg(renamed_from = \"sent\")]\n    Shipped,\n",
        ),
    ]);
    let blocks = blocks(&project, &lib);
    assert_eq!(
        blocks[0],
        "differs type status of enum `Status` at src/lib.rs:4\n\
         \x20   -     Sent,\n\
         \x20 8 +     #[pg(renamed_from = \"sent\")]\n\
         \x20 9 +     Shipped,\n"
    );
    let begin = "differs table accounts of struct `User` at src/lib.rs:16\n\
         \x20   - #[table(name = \"users\")]\n\
         \x2016 + #[table(name = \"accounts\", renamed_from = \"users\")]\n";
    assert!(blocks[1].starts_with(begin), "{}", blocks[1]);
}

#[test]
fn a_file_is_found_in_the_package_that_is_meant() {
    let project = TestProject::new("lines-packages");
    let table = |name: &str, field: &str| {
        let item = name[..1].to_uppercase() + &name[1..];
        format!(
            "use schema_core::prelude::*;\n#[table(name = \"{name}\")]\npub struct {item} {{\n    #[column(primary_key)]\n    pub id: i64,\n{field}}}\n"
        )
    };
    let root = "[workspace]\nmembers = [\"app\"]\n";
    project.add_package(".", "lines-packages-root", root);
    let path = "lines-packages-root = { path = \"..\" }\n";
    project.add_package("app", "lines-packages-app", path);
    project.write("app/migrate.toml", "");
    project.write("src/lib.rs", &table("below", ""));
    let app = "pub use lines_packages_root as root;\n";
    project.write("app/src/lib.rs", &(app.to_owned() + &table("above", "")));
    let run = |command: &[&str]| {
        let at = ["--manifest-path", "app/Cargo.toml"];
        migrate(&project, &[command, &at].concat())
    };
    run(&["generate", "base"]).ok();
    let field = "    pub note: Option<String>,\n";
    project.write("src/lib.rs", &table("below", field));
    project.write("app/src/lib.rs", &(app.to_owned() + &table("above", field)));
    let ran = run(&["check"]).fails(4, &[]);
    for part in [
        "app/src/lib.rs:3: struct `Above`, table above\n     7 +     pub note",
        "\nsrc/lib.rs:2: struct `Below`, table below\n     6 +     pub note",
    ] {
        assert!(ran.err.contains(part), "no `{part}` in:\n{}", ran.err);
    }
}

#[test]
fn rows_of_configuration_show_the_lines_that_declare_them() {
    let source = |rows: &str| {
        format!(
            "use schema_core::prelude::*;\n\n#[table(\n    name = \"plans\",\n    rows = [\n{rows}    ]\n)]\npub struct Plan {{\n    #[column(primary_key)]\n    pub code: String,\n    pub monthly: i32,\n}}\n"
        )
    };
    let row =
        |code: &str, monthly| format!("        {{ code: \"{code}\", monthly: {monthly} }},\n");
    let lib = source(&[row("free", 0), row("it's", 5)].concat());
    let project = TestProject::package("lines-rows", "", &[("src/lib.rs", &lib)]);
    migrate(&project, &["generate", "base"]).ok();
    migrate(&project, &["check"]).ok();
    let lib = source(&[row("it's", 7), row("pro", 19)].concat());
    assert_eq!(
        blocks(&project, &lib),
        ["differs table plans of struct `Plan` at src/lib.rs:3\n\
          \x20 6 +         { code: \"it's\", monthly: 7 },\n\
          \x20 7 +         { code: \"pro\", monthly: 19 },\n\
          \x20   -     { code: \"free\" },\n"]
    );
    // `--all` has a finding of it, and not only an exit code.
    let ran = migrate(&project, &["check", "--all", "--latest", "0", "--json"]);
    assert_eq!(ran.code, 4, "{}\n{}", ran.out, ran.err);
    let finding = &ran.json()["findings"][0];
    assert_eq!(finding["code"], "S200");
    assert_eq!(finding["places"][0]["line"], 6);
}
