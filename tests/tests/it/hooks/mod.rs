//! Git's hooks: how they come in, and what they refuse.

mod commit;
mod install;
mod push;
mod structs;

use integration_tests::package::with_binary;
use integration_tests::repository::{Ran, TestRepository};

const FIRST: &str = "20260101000000_first.sql";
const SECOND: &str = "20260102000000_second.sql";
const THIRD: &str = "20260103000000_third.sql";

/// Two migrations on `main`, a branch `work`, and the hooks.
fn hooked() -> TestRepository {
    let mut repository = TestRepository::with_migrations(&[
        (FIRST, "CREATE TABLE users (id bigint);\n"),
        (SECOND, "CREATE TABLE posts (id bigint);\n"),
    ]);
    with_binary(&mut repository);
    repository.migrate(&["hooks", "install"]).ends(0, &[]);
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qm", "attributes"]);
    repository
}

/// Runs git, whatever comes of it.
fn git(repository: &TestRepository, arguments: &[&str]) -> Ran {
    Ran::of(repository.command("git").args(arguments))
}

/// A third migration with its line in the sum.
fn third(repository: &TestRepository) {
    repository.migration(THIRD, "CREATE TABLE tags (id bigint);\n");
    repository.hash();
}

/// The path of a file in the folder of hooks.
fn hook(name: &str) -> String {
    format!(".git/hooks/{name}")
}

/// Writes a hook of somebody else's, and makes it a program.
pub(crate) fn script(repository: &TestRepository, path: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    repository.write(path, text);
    let permissions = std::fs::Permissions::from_mode(0o755);
    fs_err::set_permissions(repository.root().join(path), permissions).unwrap();
}
