//! Rules of ARCHITECTURE.md that a machine can check.

use std::path::{Path, PathBuf};

/// The rows of ARCHITECTURE.md: a module imports only from rows above its own, or from itself.
const ROWS: &[&[&str]] = &[
    &["ident", "diagnostic", "graph"],
    &["def"],
    &["sql_type", "table"],
    &["integrations"],
    &["private"],
    &["metadata", "schema", "catalog"],
    &["lower", "diff", "ddl", "directory"],
    &["plan", "render"],
    &["introspect", "dev_db"],
    &["apply"],
    &["state", "migrate"],
    &["observe", "testing"],
    &["rule"],
    &["gate", "lint"],
    &["review"],
];

/// Lines that a file may have; its unit tests are not counted.
const MOST_LINES: usize = 500;

#[test]
fn modules_import_only_from_rows_above_their_own() {
    let root = workspace().join("schema-core/src");
    let mut wrong = Vec::new();
    for file in sources(&root) {
        let module = file
            .strip_prefix(&root)
            .expect("below the root")
            .iter()
            .next()
            .expect("a name")
            .to_string_lossy();
        let module = module.trim_end_matches(".rs");
        let Some(row) = row_of(module) else { continue };
        let text = fs_err::read_to_string(&file).expect("readable");
        for used in text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("use crate::"))
        {
            let used = used.split([':', ';', ' ', '{']).next().expect("a word");
            if used != module && row_of(used).is_some_and(|other| other >= row) {
                wrong.push(format!(
                    "{}: {module} (row {row}) imports {used}",
                    file.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rows_without_a_database_do_not_name_sqlx() {
    let root = workspace().join("schema-core/src");
    for file in sources(&root) {
        let module = file
            .strip_prefix(&root)
            .expect("below the root")
            .iter()
            .next()
            .expect("a name")
            .to_string_lossy();
        if row_of(module.trim_end_matches(".rs")) < row_of("introspect") {
            let text = fs_err::read_to_string(&file).expect("readable");
            assert!(!text.contains("use sqlx"), "{} uses sqlx", file.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    let mut wrong = Vec::new();
    for member in [
        "schema-macros/src",
        "schema-core/src",
        "migrator-cli/src",
        "tests/src",
        "tests/tests/it",
    ] {
        for file in sources(&workspace().join(member)) {
            let text = fs_err::read_to_string(&file).expect("readable");
            if !text.starts_with("//! ") {
                wrong.push(format!(
                    "{} does not say in its first line what it is for",
                    file.display()
                ));
            }
            let code = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .expect("a first part");
            let lines = code.lines().count();
            if lines > MOST_LINES && !file.components().any(|part| part.as_os_str() == "it") {
                wrong.push(format!(
                    "{} has {lines} lines, more than {MOST_LINES}",
                    file.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
        .to_owned()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_macros_write_what_the_engine_reads() {
    let read = |path: &str| fs_err::read_to_string(workspace().join(path)).expect("readable");
    assert_eq!(
        read("schema-macros/src/record/format.rs"),
        read("schema-core/src/metadata/format.rs")
    );
    let folder = |path| {
        let folder = workspace().join(path);
        let texts = sources(&folder).into_iter().map(|file| {
            let text = fs_err::read_to_string(&file).expect("readable");
            let name = file.strip_prefix(&folder).expect("below the folder");
            (name.to_owned(), text)
        });
        texts.collect::<Vec<_>>()
    };
    assert_eq!(
        folder("schema-macros/src/migrate/chain"),
        folder("schema-core/src/directory/chain")
    );
}
