//! Structs that changed without a migration.

use integration_tests::package::{package, package_in};
use integration_tests::repository::TestRepository;

use super::git;

const BEFORE: &str = "\
use schema_core::prelude::*;

#[table(name = \"users\")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}
";

fn after() -> String {
    BEFORE.replace(
        "    pub id: i64,\n",
        "    pub id: i64,\n    pub email: Option<String>,\n",
    )
}

fn hooked(name: &str) -> TestRepository {
    let repository = package(name, BEFORE);
    repository.migrate(&["hooks", "install"]).ends(0, &[]);
    repository.commit("hooks");
    repository
}

#[test]
fn a_struct_without_its_migration_is_not_committed() {
    let repository = hooked("hook-struct");
    repository.write("src/lib.rs", after());
    repository.git(&["add", "-A"]);
    git(&repository, &["commit", "-m", "x"]).ends(
        1,
        &[
            "the structs changed without a migration",
            "src/lib.rs",
            "email",
            "`cargo migrate generate NAME`",
        ],
    );
    repository.migrate(&["generate", "email"]).ends(0, &[]);
    // Written, and not staged: the commonest way to forget it.
    git(&repository, &["commit", "-m", "x"])
        .ends(1, &["`git add migrations`", "_email.sql", "atlas.sum"]);
    repository.git(&["add", "-A"]);
    git(&repository, &["commit", "-m", "x"]).ends(0, &["the migrations say what the structs say"]);
    // A struct that goes is a change as well.
    repository.write("src/lib.rs", "pub struct Nothing;\n");
    git(&repository, &["commit", "-am", "x"])
        .ends(1, &["src/lib.rs is staged, and could not be compared"]);
}

#[test]
fn sources_without_tables_are_none_of_our_business() {
    let repository = hooked("hook-plain");
    repository.write("src/main.rs", "fn main() { does not compile }\n");
    repository.git(&["add", "-A"]);
    let ran = git(&repository, &["commit", "-m", "x"]).ends(0, &[]);
    assert!(!ran.err.contains("Compiling"), "{}", ran.err);
}

#[test]
fn what_is_on_disk_and_not_staged_is_told() {
    let repository = hooked("hook-partial");
    repository.write("src/lib.rs", format!("//! The schema.\n{BEFORE}"));
    repository.git(&["add", "-A"]);
    repository.write("src/lib.rs", after());
    let told = [
        "taken from the working tree",
        "src/lib.rs",
        "git stash --keep-index",
    ];
    git(&repository, &["commit", "-m", "x"]).ends(1, &told);
    repository.git(&["stash", "push", "-q", "--keep-index"]);
    git(&repository, &["commit", "-m", "x"]).ends(0, &[]);
}

#[test]
fn what_does_not_compile_cannot_be_compared() {
    let repository = hooked("hook-broken");
    repository.write("src/lib.rs", BEFORE.replace("i64", "Missing"));
    git(&repository, &["commit", "-am", "x"]).ends(
        1,
        &[
            "could not be compared with the migrations",
            "the build failed",
            "--no-verify",
        ],
    );
}

#[test]
fn in_a_folder_of_the_repository() {
    let mut repository = TestRepository::new();
    package_in(&mut repository, "services/shop", "hook-folder", BEFORE);
    let manifest = ["--manifest-path", "services/shop/Cargo.toml"];
    let migrate = |arguments: &[&str]| repository.migrate(&[arguments, &manifest].concat());
    migrate(&["generate", "base"]).ends(0, &[]);
    migrate(&["hooks", "install"]).ends(0, &[]);
    repository.git(&["add", "-A"]);
    git(&repository, &["commit", "-m", "x"]).ends(0, &["the migrations say what the structs say"]);
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.write("services/shop/src/lib.rs", after());
    git(&repository, &["commit", "-am", "x"]).ends(1, &["services/shop/src/lib.rs", "email"]);
}
