//! `check_migrations!`: the build says what is in no migration.

use integration_tests::project::TestProject;

use crate::cli::{Ran, migrate, migrations};

/// What each test starts with: a table, an enum and a domain in modules, nested and by `#[path]`.
const ROOT: &str = "\
//! A shop.
schema_core::check_migrations!(\"migrations\");

pub mod people;
#[path = \"elsewhere/stock.rs\"]
pub mod goods;
";

const PEOPLE: &str = "\
use schema_core::prelude::*;

/// Who buys.
#[table(name = \"users\")]
#[derive(Clone, Debug)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub email: String,
    pub name: Option<String>,
}

pub mod inner {
    pub mod deep;
}
";

const DEEP: &str = "\
use schema_core::prelude::*;

#[derive(Clone, Copy, PgEnum)]
pub enum Rank { Low, High }

#[derive(PgNewtype)]
pub struct Points(pub i32);

#[table]
pub struct Medal {
    #[column(primary_key)]
    pub id: i64,
    pub rank: Rank,
    pub points: Points,
}
";

const STOCK: &str = "\
use schema_core::prelude::*;

#[derive(PgDomain)]
#[pg(type = varchar(40))]
pub struct Slug(pub String);

mod shelf;

#[table(name = \"items\")]
pub struct Item {
    #[column(primary_key)]
    pub id: i64,
    pub slug: Slug,
}
";

const SHELF: &str = "\
use schema_core::prelude::*;

#[table]
pub struct Shelf {
    #[column(primary_key)]
    pub id: i64,
}
";

fn shop(name: &str) -> TestProject {
    let files = [
        ("src/lib.rs", ROOT),
        ("src/people.rs", PEOPLE),
        ("src/people/inner/deep.rs", DEEP),
        ("src/elsewhere/stock.rs", STOCK),
        ("src/elsewhere/shelf.rs", SHELF),
        ("migrations/.keep", ""),
    ];
    TestProject::package(name, "", &files)
}

/// The shop with its first migration.
fn generated(name: &str) -> TestProject {
    let project = shop(name);
    generate(&project, "create");
    project
}

fn generate(project: &TestProject, name: &str) {
    migrate(project, &["generate", name]).ok();
}

/// Cargo's build: whether it succeeds, and what the macro says, in order.
fn build(project: &TestProject) -> (bool, Vec<String>) {
    let output = project.cargo(&["build", "--workspace"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let warning = "warning: use of deprecated function `_::migration_missing`: ";
    let said = text.lines().filter_map(|line| {
        let said = line.strip_prefix(warning);
        said.or_else(|| {
            line.strip_prefix("error: ")
                .filter(|it| it.contains("migrat"))
        })
    });
    let said: Vec<String> = said.map(str::to_owned).collect();
    assert!(output.status.success() || !said.is_empty(), "{text}");
    (output.status.success(), said)
}

#[track_caller]
fn clean(project: &TestProject) {
    assert_eq!(build(project), (true, Vec::new()));
}

/// The build passes, and says one thing for each of these, with all of its parts.
#[track_caller]
fn warns(project: &TestProject, expected: &[&[&str]]) {
    let (passed, said) = build(project);
    assert!(passed, "{said:#?}");
    says(&said, expected);
}

#[track_caller]
fn says(said: &[String], expected: &[&[&str]]) {
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for (said, parts) in said.iter().zip(expected) {
        for part in *parts {
            assert!(said.contains(part), "no `{part}` in: {said}");
        }
    }
}

fn edit(project: &TestProject, file: &str, from: &str, to: &str) {
    let text = fs_err::read_to_string(project.root().join(file)).unwrap();
    assert!(text.contains(from), "no `{from}` in {file}");
    project.write(file, &text.replacen(from, to, 1));
}

fn record(project: &TestProject) -> String {
    fs_err::read_to_string(project.root().join("migrations/migrate.structs")).unwrap()
}

#[test]
fn what_is_in_no_migration_is_a_warning_until_generate_has_written_it() {
    let project = generated("checked-edits");
    clean(&project);
    let first = &migrations(&project)[0].0;

    edit(
        &project,
        "src/people.rs",
        "pub name: Option<String>",
        "pub full_name: Option<String>",
    );
    edit(
        &project,
        "src/people.rs",
        "pub email: String",
        "pub email: Option<String>",
    );
    let users = "table `users` (struct `User`, src/people.rs:6): ";
    warns(
        &project,
        &[&[
            users,
            "field `full_name` is in no migration, ",
            &format!("field `email` changed since {first}, field `name` is gone since {first}; "),
            "run `cargo migrate generate NAME`",
        ]],
    );
    migrate(&project, &["generate", "again", "--drop", "users.name"]).ok();
    clean(&project);
    let second = &migrations(&project)[1].0;
    let record = record(&project);
    assert!(
        record.contains(&format!(
            "public.users\ttable checked_edits::User\t{second}\t"
        )),
        "{record}"
    );
    assert!(
        record.contains(&format!(
            "public.medal\ttable checked_edits::Medal\t{first}\t"
        )),
        "{record}"
    );

    edit(
        &project,
        "src/people/inner/deep.rs",
        "High }",
        "High, Highest }",
    );
    edit(
        &project,
        "src/people/inner/deep.rs",
        "Points(pub i32)",
        "Points(pub i64)",
    );
    edit(
        &project,
        "src/elsewhere/stock.rs",
        "varchar(40)",
        "varchar(80)",
    );
    edit(
        &project,
        "src/elsewhere/shelf.rs",
        "pub struct",
        "#[index(id, name = \"i\")]\npub struct",
    );
    warns(
        &project,
        &[
            &[
                "enum `rank` (enum `Rank`, src/people/inner/deep.rs:4): variant `Highest` is in no migration;",
            ],
            &["newtype `Points` (struct `Points`, src/people/inner/deep.rs:7): field `0` changed"],
            &["domain `slug` (struct `Slug`, src/elsewhere/stock.rs:5): its attributes"],
            &[
                "table `shelf` (struct `Shelf`, src/elsewhere/shelf.rs:5): its attributes or doc comment changed",
            ],
        ],
    );
}

#[test]
fn new_structs_and_removed_ones_are_told_also_in_modules_of_their_own() {
    let project = generated("checked-come-and-go");
    edit(
        &project,
        "src/people.rs",
        "pub mod inner",
        "#[table] pub struct Card { #[column(primary_key)] pub id: i64 }\npub mod inner",
    );
    edit(&project, "src/elsewhere/stock.rs", "mod shelf;", "");
    warns(
        &project,
        &[
            &["table `card` (struct `Card`, src/people.rs:13) is in no migration;"],
            &["table `shelf` (struct `Shelf`) is gone, and no migration drops it;"],
        ],
    );
    migrate(&project, &["generate", "again", "--drop", "shelf"]).ok();
    clean(&project);

    // Without its attribute it is no table.
    edit(
        &project,
        "src/people.rs",
        "#[table] pub struct Card { #[column(primary_key)]",
        "pub struct Card {",
    );
    warns(&project, &[&["table `card` (struct `Card`) is gone"]]);
}

#[test]
fn what_no_schema_depends_on_makes_no_difference() {
    let project = generated("checked-indifferent");
    let before = record(&project);
    let spaced = "use schema_core::prelude::*;\n\n\n/// Who buys.\n#[table(\n    name = \"users\",\n)]\n\
        #[derive(Debug)]\n#[allow(dead_code)]\npub(crate) struct User {\n  // The key.\n  #[column(primary_key, identity,)]\n\
        id: i64, pub(crate) email: String,\n\n    #[allow(unused)] name: Option<String> }\n\
        impl User { pub fn id(&self) -> i64 { self.id } }\npub mod inner { pub mod deep; }\n";
    project.write("src/people.rs", spaced);
    clean(&project);
    generate(&project, "nothing");
    assert_eq!(record(&project), before);
}

#[test]
fn a_change_without_a_migration_is_acknowledged_by_generate() {
    let project = generated("checked-acknowledged");
    let first = &migrations(&project)[0].0;
    // Another spelling of the same type.
    edit(
        &project,
        "src/people.rs",
        "email: String",
        "email: std::string::String",
    );
    warns(&project, &[&["field `email` changed"]]);
    migrate(&project, &["generate", "x", "--dry-run"]).ok();
    warns(&project, &[&["field `email` changed"]]);
    let ran = migrate(&project, &["generate", "x"]).ok();
    assert!(
        ran.err
            .contains("Recorded what the structs say, in migrations/migrate.structs"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("Unchanged"), "{}", ran.err);
    assert_eq!(migrations(&project).len(), 1);
    assert!(record(&project).contains(first));
    clean(&project);
}

#[test]
fn deny_fails_the_build_but_not_that_of_the_command_that_repairs_it() {
    let project = generated("checked-deny");
    edit(
        &project,
        "src/lib.rs",
        "\"migrations\"",
        "\"migrations\", deny",
    );
    clean(&project);
    edit(
        &project,
        "src/people.rs",
        "pub name",
        "pub age: i32,\n    pub name",
    );
    let (passed, said) = build(&project);
    assert!(!passed);
    says(
        &said,
        &[&["table `users` (struct `User`, src/people.rs:6): field `age` is in no migration"]],
    );
    migrate(&project, &["check"]).fails(4, &["age"]);
    assert!(
        !build(&project).0,
        "what `check` has built is not taken for a build that passed"
    );
    edit(
        &project,
        "src/people.rs",
        "pub age: i32",
        "pub age: Option<i32>",
    );
    generate(&project, "age");
    clean(&project);
}

#[test]
fn a_record_that_is_missing_foreign_or_merged() {
    let project = shop("checked-records");
    warns(
        &project,
        &[&["`migrations/migrate.structs` is not there; `cargo migrate generate NAME` makes it"]],
    );
    generate(&project, "create");
    clean(&project);

    // Two branches changed one table, each its own field; git's union keeps both lines.
    let before = record(&project);
    let line = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("public.users\t"));
        line.unwrap().to_owned()
    };
    edit(
        &project,
        "src/people.rs",
        "pub name",
        "pub age: Option<i32>,\n    pub name",
    );
    generate(&project, "age");
    let ours = line(&record(&project));
    edit(
        &project,
        "src/people.rs",
        "pub age: Option<i32>",
        "pub size: Option<i32>",
    );
    migrate(&project, &["generate", "size", "--drop", "users.age"]).ok();
    let theirs = line(&record(&project));
    edit(
        &project,
        "src/people.rs",
        "pub size: Option<i32>",
        "pub age: Option<i32>, pub size: Option<i32>",
    );
    warns(&project, &[&["field `age` is in no migration"]]);
    let marks = format!("<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs");
    project.write(
        "migrations/migrate.structs",
        &before.replace(&line(&before), &marks),
    );
    clean(&project);
    // One side alone also counts, and what neither has is told.
    edit(&project, "src/people.rs", "pub age: Option<i32>, ", "");
    clean(&project);
    edit(
        &project,
        "src/people.rs",
        "pub size: Option<i32>",
        "pub size: i64, pub x: Option<i32>",
    );
    warns(
        &project,
        &[&["field `x` is in no migration, field `size` changed"]],
    );

    let text = record(&project);
    project.write(
        "migrations/migrate.structs",
        &text.replace("Version 1", "Version 2"),
    );
    warns(&project, &[&["was written by another version"]]);
    edit(
        &project,
        "src/people.rs",
        "pub size: i64, pub x: Option<i32>",
        "pub size: Option<i32>",
    );
    let ran = migrate(
        &project,
        &["generate", "x", "--rename", "users.age=users.age"],
    );
    assert_ne!(ran.code, 0);
    let ran: Ran = migrate(&project, &["generate", "x"]).ok();
    assert!(
        ran.err
            .contains("migrations/migrate.structs was not written"),
        "{}",
        ran.err
    );
    assert!(record(&project).contains("Version 2"));

    fs_err::remove_file(project.root().join("migrations/migrate.structs")).unwrap();
    warns(&project, &[&["is not there"]]);
    generate(&project, "x");
    clean(&project);
}

#[test]
fn a_migration_that_is_gone_has_recorded_nothing() {
    let project = generated("checked-files");
    edit(
        &project,
        "src/people.rs",
        "pub name",
        "pub age: Option<i32>,\n    pub name",
    );
    generate(&project, "age");
    clean(&project);
    let second = &migrations(&project)[1].0;
    fs_err::remove_file(project.root().join("migrations").join(second)).unwrap();
    edit(&project, "src/lib.rs", "//! A shop.", "//! The shop.");
    warns(
        &project,
        &[&[
            "table `users`",
            &format!("was last recorded by {second}, which is not in `migrations` any more"),
        ]],
    );
}

#[test]
fn crates_that_share_a_directory_look_at_their_own_tables() {
    let project = TestProject::new("checked-shared");
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"3\"\n",
    );
    for (folder, table) in [("one", "Left"), ("two", "Right")] {
        project.add_package(folder, &format!("checked-shared-{folder}"), "");
        let text = format!(
            "schema_core::check_migrations!(\"../migrations\");\n\
             #[schema_core::table]\npub struct {table} {{ #[column(primary_key)] pub id: i64 }}\n"
        );
        project.write(&format!("{folder}/src/lib.rs"), &text);
    }
    fs_err::create_dir(project.root().join("migrations")).unwrap();
    generate(&project, "create");
    clean(&project);
    edit(&project, "two/src/lib.rs", "pub id: i64", "pub id: i32");
    warns(
        &project,
        &[&["table `right` (struct `Right`, two/src/lib.rs:3): field `id` changed"]],
    );
    generate(&project, "id");
    clean(&project);

    // A table that moves as it is stays what it is; the crate that it leaves says so.
    let text = fs_err::read_to_string(project.root().join("one/src/lib.rs")).unwrap();
    let table = text.split_once('\n').unwrap().1;
    edit(&project, "one/src/lib.rs", table, "");
    edit(
        &project,
        "two/src/lib.rs",
        "#[schema",
        &format!("{table}#[schema"),
    );
    warns(&project, &[&["table `left` (struct `Left`) is gone"]]);
    let ran = migrate(&project, &["generate", "x"]).ok();
    assert!(ran.err.contains("Unchanged"), "{}", ran.err);
    clean(&project);
}

#[test]
fn conditions_of_the_source_are_those_of_the_warning() {
    let manifest = "[features]\nextra = []\n";
    let source = "
schema_core::check_migrations!();
use schema_core::prelude::*;

#[table]
#[cfg_attr(feature = \"extra\", index(id, name = \"extra_idx\"))]
#[cfg_attr(feature = \"extra\", derive(Debug))]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
    #[cfg(feature = \"extra\")]
    pub extra: Option<i32>,
}

#[cfg(feature = \"extra\")]
pub mod extra {
    use schema_core::prelude::*;
    #[table]
    pub struct Extra { #[column(primary_key)] pub id: i64 }
}

#[cfg(test)]
mod tests {
    use schema_core::prelude::*;
    #[table]
    struct OfTests { #[column(primary_key)] id: i64 }
}

macro_rules! made {
    ($name:ident) => {
        #[table]
        pub struct $name { #[column(primary_key)] pub id: i64 }
    };
}
made!(Made);
";
    let files = [("src/lib.rs", source), ("migrations/.keep", "")];
    let project = TestProject::package("checked-conditions", manifest, &files);
    generate(&project, "create");
    assert!(record(&project).contains("public.made\t"));
    clean(&project);
    let build_with = |arguments: &[&str]| {
        let output = project.cargo(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = build_with(&["build", "--features", "extra"]);
    assert_eq!(said.matches("migration_missing").count(), 2, "{said}");
    assert!(
        said.contains("field `extra` is in no migration, its attributes"),
        "{said}"
    );
    assert!(
        said.contains("table `extra` (struct `Extra`, src/lib.rs:19) is in no migration"),
        "{said}"
    );
    let said = build_with(&["test", "--no-run"]);
    assert!(!said.contains("migration_missing"), "{said}");
    migrate(&project, &["generate", "extra", "--features", "extra"]).ok();
    let said = build_with(&["build", "--features", "extra"]);
    assert!(!said.contains("migration_missing"), "{said}");
}
