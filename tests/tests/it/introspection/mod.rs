//! A database as Rust source: written, built without a warning, read back, and equal.

mod adopt;
mod corpus;
mod hostile;
mod large;
mod round_trip;
mod update;

use std::process::Output;

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use schema_core::catalog::Catalog;
use schema_core::diff::diff;

use crate::cli::migrate;

/// What a crate has to have for every type.
const ALL: &[&str] = &["uuid", "chrono", "serde_json", "rust_decimal", "ipnetwork"];

/// A library without anything, that may use the types of these crates.
fn project(name: &str, crates: &[&str]) -> TestProject {
    let project = TestProject::package(name, "", &[("src/lib.rs", "//! Nothing yet.\n")]);
    let manifest = project.root().join("Cargo.toml");
    let text = fs_err::read_to_string(&manifest).unwrap();
    let quoted: Vec<_> = crates.iter().map(|it| format!("{it:?}")).collect();
    let features = format!("schema-core\", features = [{}] }}", quoted.join(", "));
    let versions = [
        ("uuid", "1"),
        ("chrono", "0.4"),
        ("time", "0.3"),
        ("jiff", "0.2"),
        ("serde_json", "1"),
        ("rust_decimal", "1"),
        ("ipnetwork", "0.21"),
    ];
    let dependencies = versions.iter().filter(|(name, _)| crates.contains(name));
    let dependencies = dependencies.map(|(name, version)| {
        // As the workspace has them.
        let defaults = *name == "serde_json";
        format!("{name} = {{ version = \"{version}\", default-features = {defaults} }}\n")
    });
    let dependencies: String = dependencies.collect();
    let text = text.replacen(
        "schema-core\" }\n",
        &format!("{features}\n{dependencies}"),
        1,
    );
    fs_err::write(&manifest, text).unwrap();
    project
}

/// Writes the source of a database, and sees that it is all of it: no warning, the formatting of
/// rustfmt, and the same catalog once its first migration has run.
async fn round_trip(project: &TestProject, database: &TestDatabase, arguments: &[&str]) -> Catalog {
    let url = database.url();
    let introspect = [&["introspect", &url, "--check"], arguments].concat();
    migrate(project, &introspect).ok();
    builds_without_a_warning(project);
    is_formatted(project);
    migrate(project, &["generate", "all"]).ok();
    let again = TestDatabase::new().await;
    migrate(project, &["apply", "--url", &again.url()]).ok();
    let (read, made) = (database.catalog().await, again.catalog().await);
    let changes = diff(&made, &read);
    let lines: Vec<String> = changes.list.iter().map(ToString::to_string).collect();
    assert_eq!(lines, [""; 0], "{}", source(project));
    read
}

fn builds_without_a_warning(project: &TestProject) {
    let mut command = project.cargo(&["rustc", "--lib", "--quiet", "--", "-D", "warnings"]);
    let Output { status, stderr, .. } = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{stderr}");
}

/// rustfmt would leave it as it is, where there is one.
fn is_formatted(project: &TestProject) {
    let mut command = project.command("rustfmt");
    command.args(["--check", "--edition", "2024", "src/schema/mod.rs"]);
    let Ok(Output { status, stdout, .. }) = command.output() else {
        println!("skipped: no rustfmt");
        return;
    };
    assert!(status.success(), "{}", String::from_utf8_lossy(&stdout));
}

/// All files of the source, each under its name.
fn source(project: &TestProject) -> String {
    let folder = project.root().join("src/schema");
    let mut all = String::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = folder
            .read_dir_utf8()
            .unwrap()
            .map(|it| it.unwrap().into_path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs_err::read_to_string(&path).unwrap();
                all.extend(["// ", path.file_name().unwrap(), "\n", &text, "\n"]);
            }
        }
    }
    all
}
