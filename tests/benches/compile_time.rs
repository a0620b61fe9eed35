//! What `#[table]` adds to a cold `cargo build`: 500 tables of 8 columns, and the same with 2 indexes
//! and 1 foreign key each, against the same structs without attributes, in turns: the median, and
//! the least, which other load on the machine disturbs less.
//!
//! `cargo test -p integration-tests --bench compile_time [-- TABLES RUNS]`
#![expect(
    clippy::print_stdout,
    reason = "a report on the terminal is the purpose"
)]

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};

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
    ];
    for (name, attributes) in crates {
        project(&root, name, &source(tables, attributes));
        build(&root, name);
    }
    let mut times: [Vec<Duration>; 3] = Default::default();
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
        let [plain, columns, all] = [0, 1, 2].map(|which| times[which][at]);
        println!(
            "{what:<6} {tables} structs {plain:.0?}; each #[table] adds {:.2?}, with indexes and a foreign key {:.2?}",
            columns.saturating_sub(plain) / count,
            all.saturating_sub(plain) / count,
        );
    }
}

/// How much of the attributes the structs have.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Attributes {
    None,
    Columns,
    All,
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

fn project(root: &Utf8Path, name: &str, source: &str) {
    let directory = root.join(name);
    fs_err::create_dir_all(directory.join("src")).expect("a directory");
    let core = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema-core");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nschema-core = {{ path = \"{core}\" }}\n\n[workspace]\n"
    );
    fs_err::write(directory.join("Cargo.toml"), manifest).expect("a manifest");
    let lock = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    fs_err::copy(lock, directory.join("Cargo.lock")).expect("a lock file");
    fs_err::write(directory.join("src/lib.rs"), source).expect("a source file");
}

fn source(tables: usize, attributes: Attributes) -> String {
    let mut text = String::from("#![allow(unused_imports)]\nuse schema_core::prelude::*;\n");
    let put = |text: &mut String, least: Attributes, attribute: &str| {
        if attributes >= least {
            writeln!(text, "{attribute}").expect("memory");
        }
    };
    for table in 0..tables {
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
