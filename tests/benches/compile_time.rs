//! What `#[table]` adds to a cold `cargo build`: 500 tables of 8 columns, and the same with 2 indexes
//! and 1 foreign key each, against the same structs without attributes, in turns: the median, and
//! the least, which other load on the machine disturbs less. Then what `check_migrations!` adds to the
//! second, ten tables to a file, when all of them are on record.
//!
//! `cargo test -p integration-tests --bench compile_time [-- TABLES RUNS]`
#![expect(
    clippy::print_stdout,
    reason = "a report on the terminal is the purpose"
)]

use std::fmt::Write as _;
use std::ops::Range;
use std::process::Command;
use std::time::{Duration, Instant};

use bumpalo::Bump;
use camino::{Utf8Path, Utf8PathBuf};
use schema_core::directory::{Directory, StructLine};
use schema_core::metadata::extract;

fn main() {
    let numbers: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let tables = numbers.first().copied().unwrap_or(500);
    let runs = numbers.get(1).copied().unwrap_or(5);
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let root = Utf8PathBuf::from_path_buf(scratch.path().to_owned()).expect("a UTF-8 path");
    let crates = [
        ("plain", Attributes::None),
        ("columns", Attributes::Columns),
        ("tables", Attributes::All),
        ("checked", Attributes::Checked),
    ];
    for (name, attributes) in crates {
        project(&root, name, &sources(tables, attributes));
        build(&root, name);
    }
    record(&root, "checked");
    build(&root, "checked");
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..runs {
        for ((name, _), times) in crates.iter().zip(&mut times) {
            times.push(build(&root, name));
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    let count = u32::try_from(tables).expect("a small number");
    for (what, at) in [("median", runs / 2), ("least", 0)] {
        let [plain, columns, all, checked] = [0, 1, 2, 3].map(|which| times[which][at]);
        println!(
            "{what:<6} {tables} structs {plain:.0?}; each #[table] adds {:.2?}, with indexes and a foreign key {:.2?}; check_migrations! adds {:.1?} to {all:.0?}",
            columns.saturating_sub(plain) / count,
            all.saturating_sub(plain) / count,
            checked.saturating_sub(all),
        );
    }
}

/// How much of the attributes the structs have.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Attributes {
    None,
    Columns,
    All,
    Checked,
}

/// The crate alone, with its dependencies built before and nothing of its own kept.
fn build(root: &Utf8Path, package: &str) -> Duration {
    let directory = root.join(package);
    cargo(&directory, &["clean", "--quiet", "--package", package]);
    let start = Instant::now();
    cargo(&directory, &["build", "--quiet", "--offline"]);
    start.elapsed()
}

fn cargo(directory: &Utf8Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO"))
        .current_dir(directory)
        .args(arguments)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", directory.join("../target"))
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo {arguments:?} in {directory}");
}

/// What `generate` records of a crate that was built.
fn record(root: &Utf8Path, package: &str) {
    let directory = root.join(package).join("migrations");
    fs_err::create_dir_all(&directory).expect("a directory");
    let library = root.join(format!("target/debug/lib{package}.rlib"));
    let arena = Bump::new();
    let records = extract::records(&[library], &arena).expect("records");
    let seen: Vec<StructLine> = records.iter().filter_map(StructLine::of).collect();
    let written = Directory::empty(&directory).record_structs(&seen);
    assert!(written.expect("a record"));
}

/// The files of a crate, by path.
type Files = Vec<(String, String)>;

fn project(root: &Utf8Path, name: &str, files: &Files) {
    let directory = root.join(name);
    fs_err::create_dir_all(directory.join("src")).expect("a directory");
    fs_err::create_dir_all(directory.join("migrations")).expect("a directory");
    let core = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema-core");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nschema-core = {{ path = \"{core}\" }}\n\n[workspace]\n"
    );
    fs_err::write(directory.join("Cargo.toml"), manifest).expect("a manifest");
    let lock = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs_err::copy(lock, directory.join("Cargo.lock")).expect("a lock file");
    for (path, text) in files {
        fs_err::write(directory.join(path), text).expect("a source file");
    }
}

/// Ten tables to a file.
fn sources(tables: usize, attributes: Attributes) -> Files {
    let mut root = String::from("#![allow(unused_imports)]\n");
    if attributes == Attributes::Checked {
        root.push_str("schema_core::check_migrations!();\n");
    }
    let mut files = Files::new();
    for first in (0..tables).step_by(10) {
        let module = format!("tables{first}");
        writeln!(root, "pub mod {module};\npub use {module}::*;").expect("memory");
        let text = source(first..tables.min(first + 10), attributes);
        files.push((format!("src/{module}.rs"), text));
    }
    files.push(("src/lib.rs".to_owned(), root));
    files
}

fn source(tables: Range<usize>, attributes: Attributes) -> String {
    let mut text = String::from("use super::*;\nuse schema_core::prelude::*;\n");
    let put = |text: &mut String, least: Attributes, attribute: &str| {
        if attributes >= least {
            writeln!(text, "{attribute}").expect("memory");
        }
    };
    for table in tables {
        let parent = table / 2;
        put(&mut text, Attributes::Columns, "#[table]");
        put(
            &mut text,
            Attributes::All,
            "#[index(created_at.desc(), status)]",
        );
        writeln!(text, "pub struct Table{table} {{").expect("memory");
        put(
            &mut text,
            Attributes::Columns,
            "#[column(primary_key, identity)]",
        );
        text.push_str("pub id: i64,\n");
        put(
            &mut text,
            Attributes::All,
            &format!("#[column(references = Table{parent}::id, on_delete = cascade, index)]"),
        );
        text.push_str("pub parent_id: i64,\n");
        put(
            &mut text,
            Attributes::Columns,
            "#[column(type = varchar(80))]",
        );
        text.push_str("pub name: String,\npub note: Option<String>,\n");
        put(&mut text, Attributes::Columns, "#[column(default = 0)]");
        text.push_str("pub status: i32,\n");
        put(&mut text, Attributes::Columns, "#[column(default = false)]");
        text.push_str("pub archived: bool,\npub created_at: i64,\npub score: Option<f64>,\n}\n");
    }
    text
}
