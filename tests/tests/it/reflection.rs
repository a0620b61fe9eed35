//! Records out of real artifacts: which targets, profiles and crates carry them.

use std::fmt::Write as _;

use bumpalo::Bump;
use camino::Utf8PathBuf;
use integration_tests::project::TestProject;
use schema_core::def::Record;
use schema_core::lower::{Comments, lower};
use schema_core::metadata::extract::{ExtractError, extract, records};
use schema_core::schema;

/// A source file that declares tables, each on its line from 1 on, and goes on with `rest`.
fn declares(tables: &[&str], rest: &str) -> String {
    let mut text = String::from("use schema_core::prelude::*; ");
    for table in tables {
        let (first, others) = table.split_at(1);
        let item = format!("{}{others}", first.to_uppercase());
        writeln!(
            text,
            "#[table(name = {table:?})] pub struct {item} {{ #[column(primary_key)] pub id: i64 }}"
        )
        .expect("a string takes it");
    }
    text + rest
}

/// The tables in artifacts, each with its columns, file and line.
fn tables(artifacts: &[Utf8PathBuf]) -> Vec<String> {
    let arena = Bump::new();
    let found = records(artifacts, &arena).expect("artifacts can be read");
    let tables = found.iter().map(|record| {
        let Record::Table(table) = record else {
            panic!("only tables were declared, not {record:?}");
        };
        let columns: Vec<_> = table.columns.iter().map(|it| it.name).collect();
        let source = table.source;
        let columns = columns.join(", ");
        format!("{}({columns}) {}:{}", source.item, source.file, source.line)
    });
    tables.collect()
}

#[test]
fn a_library_carries_its_tables_in_every_module() {
    let project = TestProject::package(
        "reflect-library",
        "",
        &[
            (
                "src/lib.rs",
                &declares(&["users", "posts"], "pub mod audit;"),
            ),
            ("src/audit.rs", &declares(&["events"], "")),
        ],
    );
    let expected = [
        "Events(id) src/audit.rs:1",
        "Users(id) src/lib.rs:1",
        "Posts(id) src/lib.rs:2",
    ];
    assert_eq!(tables(&project.build(&[])), expected);
}

#[test]
fn a_binary_carries_its_tables() {
    let project = TestProject::package(
        "reflect-binary",
        "",
        &[("src/main.rs", &declares(&["users"], "fn main() {}"))],
    );
    let artifacts = project.build(&[]);
    assert_eq!(artifacts.len(), 1, "only an executable: {artifacts:?}");
    assert_eq!(tables(&artifacts), ["Users(id) src/main.rs:1"]);
}

#[test]
fn tables_of_several_crates_come_together_each_once() {
    let project = TestProject::new("reflect-workspace");
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"models\", \"billing\", \"app\"]\nresolver = \"3\"\n",
    );
    let models = "reflect-models = { path = \"../models\" }\n";
    let billing = "reflect-billing = { path = \"../billing\" }\n";
    project.add_package("models", "reflect-models", "");
    project.add_package("billing", "reflect-billing", models);
    project.add_package("app", "reflect-app", &format!("{models}{billing}"));
    project.write(
        "models/src/lib.rs",
        &declares(&["users"], "pub struct User;"),
    );
    project.write("billing/src/lib.rs", &declares(&["invoices"], ""));
    let main = "fn main() { let _ = reflect_models::User; }";
    project.write("app/src/main.rs", &declares(&["jobs"], main));
    let expected = [
        "Jobs(id) app/src/main.rs:1",
        "Invoices(id) billing/src/lib.rs:1",
        "Users(id) models/src/lib.rs:1",
    ];
    let artifacts = project.build(&[]);
    assert_eq!(tables(&artifacts), expected);
    // The executable has the tables of the library that it uses as well: they are one.
    let executable = artifacts.iter().find(|path| path.extension().is_none());
    let executable = executable.expect("there is a binary").clone();
    assert_eq!(
        tables(&[executable]),
        [
            "Jobs(id) app/src/main.rs:1",
            "Users(id) models/src/lib.rs:1"
        ]
    );
}

#[test]
fn tables_of_one_macro_call_are_told_apart_by_name() {
    let rest = "\n\
        macro_rules! two { ($($name:ident)*) => { $(\n\
            #[table] pub struct $name { #[column(primary_key)] pub id: i64 }\n\
        )* } }\n\
        two!(B A);";
    let project = TestProject::package(
        "reflect-macros",
        "",
        &[("src/lib.rs", &declares(&[], rest))],
    );
    assert_eq!(
        tables(&project.build(&[])),
        ["A(id) src/lib.rs:5", "B(id) src/lib.rs:5"]
    );
}

#[test]
fn aliases_and_newtypes_are_what_the_compiler_says_they_are() {
    let text = "\
use schema_core::prelude::*;
type Key = i64;
type Names = Vec<String>;
#[derive(PgNewtype)] pub struct UserId(pub Key);
#[derive(PgEnum)] pub enum Mood { Glad, Sad }
mod hidden { pub type Text = Option<String>; }
#[table] struct User { #[column(primary_key)] id: UserId, names: Names, note: hidden::Text, mood: Mood }
";
    let project = TestProject::package("reflect-types", "", &[("src/lib.rs", text)]);
    let arena = Bump::new();
    let records = records(&project.build(&[]), &arena).expect("artifacts can be read");
    let schema = schema::build(&records).expect("the schema is valid");
    let catalog = lower(&schema, Comments::Keep);
    let user = catalog.tables.values().next().expect("there is a table");
    let columns = user.columns.iter().map(|column| {
        let not_null = if column.not_null { " not null" } else { "" };
        format!("{} {}{not_null}", column.name, column.data_type)
    });
    assert_eq!(
        columns.collect::<Vec<_>>(),
        [
            "id int8 not null",
            "names text[] not null",
            "note text",
            "mood mood not null"
        ]
    );
}

#[test]
fn a_feature_decides_what_is_there() {
    let text = "\
use schema_core::prelude::*;
#[table] pub struct User {
    #[column(primary_key)] pub id: i64,
    #[cfg(feature = \"audit\")] pub seen: i64,
    #[cfg(feature = \"never\")] pub gone: Missing,
}
#[cfg(feature = \"audit\")]
#[table] pub struct Event { #[column(primary_key)] pub id: i64 }
";
    let features = "[features]\naudit = []\nnever = []\n";
    let project = TestProject::package("reflect-features", features, &[("src/lib.rs", text)]);
    assert_eq!(tables(&project.build(&[])), ["User(id) src/lib.rs:2"]);
    assert_eq!(
        tables(&project.build(&["--features", "audit"])),
        ["User(id, seen) src/lib.rs:2", "Event(id) src/lib.rs:8"]
    );
}

#[test]
fn link_time_optimisation_and_strip_leave_the_tables() {
    let profile = "[profile.release]\nlto = \"fat\"\nstrip = true\ncodegen-units = 1\n";
    let names: Vec<String> = (0..50).map(|number| format!("t{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let main = "fn main() { let _ = reflect_lto::User; }";
    let project = TestProject::package(
        "reflect-lto",
        profile,
        &[
            ("src/lib.rs", &declares(&names, "pub struct User;")),
            ("src/main.rs", &declares(&["jobs"], main)),
        ],
    );
    let artifacts = project.build(&["--release"]);
    let (libraries, binaries): (Vec<_>, Vec<_>) = artifacts
        .into_iter()
        .partition(|it| it.extension() == Some("rlib"));
    // Here the library is LLVM bitcode, and has no sections.
    assert_eq!(tables(&libraries).len(), 50);
    assert_eq!(tables(&binaries).len(), 51);
}

#[test]
fn a_library_that_is_only_shared_carries_its_tables() {
    let project = TestProject::package(
        "reflect-shared",
        "[lib]\ncrate-type = [\"cdylib\"]\n",
        &[("src/lib.rs", &declares(&["users"], ""))],
    );
    assert_eq!(tables(&project.build(&[])), ["Users(id) src/lib.rs:1"]);
}

#[test]
fn a_thousand_tables_arrive() {
    let names: Vec<String> = (0..1000).map(|number| format!("t{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let project = TestProject::package(
        "reflect-thousand",
        "",
        &[("src/lib.rs", &declares(&names, ""))],
    );
    let found = tables(&project.build(&[]));
    assert_eq!(found.len(), 1000);
    assert_eq!(found[999], "T999(id) src/lib.rs:1000");
}

#[test]
fn what_is_no_artifact_is_named() {
    let project = TestProject::new("reflect-nonsense");
    project.write("notes.txt", "no object file, but long enough to look at");
    let path = project.root().join("notes.txt");
    let error = extract(&path).expect_err("is no object file");
    assert!(matches!(&error, ExtractError::Object { path: named, .. } if *named == path));
    let path = project.root().join("gone");
    let error = extract(&path).expect_err("is not there");
    assert!(matches!(error, ExtractError::Open { .. }));
}

/// Exit code and standard error of `generate`, of a library with this source.
fn generate(name: &str, text: &str) -> (Option<i32>, String) {
    let project = TestProject::package(name, "", &[("src/lib.rs", text)]);
    let mut command = project.migrate(&["generate", "first", "--dry-run"]);
    let output = command.output().expect("the binary runs");
    assert!(output.stdout.is_empty(), "{output:?}");
    let stderr = String::from_utf8(output.stderr).expect("is UTF-8");
    (output.status.code(), stderr)
}

#[test]
fn a_crate_that_does_not_compile_shows_cargo_s_errors_and_nothing_else() {
    let (code, stderr) = generate("reflect-broken", "pub const A: u8 = \"\";");
    assert_eq!(code, Some(3));
    assert!(
        stderr.contains("error[E0308]: mismatched types"),
        "{stderr}"
    );
    let last = stderr.trim_end().lines().last();
    let cargo_s = "error: could not compile `reflect-broken` (lib) due to 1 previous error";
    assert_eq!(last, Some(cargo_s), "{stderr}");
}

#[test]
fn no_tables_are_an_error_with_the_likely_reason() {
    let (code, stderr) = generate("reflect-empty", "");
    assert_eq!(code, Some(3));
    assert!(
        stderr.contains("no tables in `reflect_empty`: no struct with `#[table]` was compiled"),
        "{stderr}"
    );
    assert!(stderr.contains("behind a feature (--features)"), "{stderr}");
}

#[test]
fn all_errors_of_the_schema_are_shown_with_their_lines() {
    let text = "\
use schema_core::prelude::*;
#[table(name = \"users\")] pub struct User { #[column(primary_key)] pub id: i64 }
#[table(name = \"users\")] pub struct Person { #[column(primary_key)] pub id: i64 }
#[table] #[index(id, name = \"users\")] pub struct Post { #[column(primary_key)] pub id: i64 }
#[table] pub struct Mail { #[column(primary_key, type = citext)] pub address: String }
";
    let (code, stderr) = generate("reflect-clashes", text);
    assert_eq!(code, Some(10));
    for expected in [
        "S003",
        "the relation name `users` is taken twice",
        "src/lib.rs:2",
        "src/lib.rs:3",
        "src/lib.rs:4",
        "S011",
        "add `extension!(citext);`",
        "src/lib.rs:5",
    ] {
        assert!(stderr.contains(expected), "{expected} is not in\n{stderr}");
    }
}
