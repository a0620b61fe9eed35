//! Everything that is no table, said in the source: views, functions, policies and the like.

mod documented;
mod refused;
mod whole;

use integration_tests::project::TestProject;

/// A package with this source, and the roles that it names.
fn project(name: &str, source: &str) -> TestProject {
    let project = TestProject::package(name, "", &[("src/lib.rs", source)]);
    project.write("migrate.toml", "roles = [\"app\"]\nprivileges = true\n");
    project
}
