//! A crate with tables in a git repository, with its migrations on `main`, and a branch checked out.

use crate::project::{TestProject, cargo_migrate};
use crate::repository::TestRepository;

/// A crate of this name, whose `src/lib.rs` holds this schema; its first migration is on `main`, and
/// branch `work` is checked out. Names of packages have to differ between tests.
///
/// # Panics
///
/// If it does not compile.
pub fn package(name: &str, schema: &str) -> TestRepository {
    let mut repository = TestRepository::new();
    package_in(&mut repository, ".", name, schema);
    repository.migrate(&["generate", "base"]).ends(0, &[]);
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository
}

/// The same in a folder of a repository, without a migration and without a commit.
///
/// # Panics
///
/// If the disk does not take it.
pub fn package_in(repository: &mut TestRepository, folder: &str, name: &str, schema: &str) {
    let project = surroundings(repository, name);
    project.add_package(".", name, "[workspace]\n");
    for file in ["Cargo.toml", "Cargo.lock"] {
        let text = fs_err::read(project.root().join(file)).expect("was written");
        repository.write(&format!("{folder}/{file}"), text);
    }
    repository.write(&format!("{folder}/src/lib.rs"), schema);
    repository.write(&format!("{folder}/migrations/atlas.sum"), EMPTY_SUM);
}

/// Has commands of a repository build with the target directory of all test projects.
///
/// # Panics
///
/// If the disk does not take it.
pub fn surroundings(repository: &mut TestRepository, name: &str) -> TestProject {
    let project = TestProject::new(name);
    for (name, value) in project.command("cargo").get_envs() {
        if let (Some(name), Some(value)) = (name.to_str(), value.and_then(|it| it.to_str())) {
            repository.set(name, value);
        }
    }
    with_binary(repository);
    project
}

/// Puts the binary under test on the PATH of a repository's commands, and `cargo` with it.
///
/// # Panics
///
/// If it does not compile.
pub fn with_binary(repository: &mut TestRepository) {
    let binary = cargo_migrate().parent().expect("is in a folder");
    let path = std::env::var("PATH").expect("is set");
    repository.set("PATH", format!("{binary}:{path}"));
}

/// The sum of no migrations.
const EMPTY_SUM: &str = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
