//! How long `cargo migrate check --all` takes, with nothing new and with one new file, beside cargo's
//! own freshness check.
//!
//! `cargo test -p integration-tests --bench check [-- TABLES FILES]`: what is measured is a release build.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use integration_tests::bench::{build_release, median, milliseconds};
use schema_core::directory::{Directory, Prefixes};
use serde_json::Value;

const RUNS: usize = 7;
const STEPS: [&str; 5] = ["validate", "ordering", "check", "lint", "gate"];

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let (tables, files) = match sizes[..] {
        [tables, files, ..] => (tables, files),
        _ => (500, 500),
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let project = Project {
        dir: folder.path().join("project"),
        binary: build_release(),
        tables,
    };
    project.create(files);
    println!("{tables} tables, {files} migrations; medians of {RUNS}, milliseconds");
    println!(
        "{:<20} {:>6} {:>6} {:>9} {:>8} {:>8} {:>8} {:>6} {:>6} {:>8} {:>8} {:>8}",
        "",
        "wall",
        "cargo",
        "w/o cargo",
        "validate",
        "ordering",
        "check",
        "lint",
        "gate",
        "reflect",
        "current",
        "desired"
    );
    let _ = fs_err::remove_dir_all(project.dir.join("cache"));
    show("nothing new, cold", &[project.check()]);
    show("nothing new, warm", &project.checks());
    project.add_file();
    show("one new file, first", &[project.check()]);
    show("one new file, warm", &project.checks());
}

/// One timed run.
struct Run {
    wall: f64,
    /// The parts of the check: cargo, reflection, current and desired state.
    parts: [f64; 4],
    steps: BTreeMap<String, f64>,
}

/// A crate with tables, and a repository with its migrations.
struct Project {
    dir: PathBuf,
    binary: PathBuf,
    tables: usize,
}

impl Project {
    fn create(&self, files: usize) {
        fs_err::create_dir_all(self.dir.join("src")).expect("a folder");
        let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema-core");
        let manifest = format!(
            "[package]\nname = \"bench-check\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nschema-core = {{ path = \"{core}\" }}\n\n[workspace]\n",
        );
        fs_err::write(self.dir.join("Cargo.toml"), manifest).expect("written");
        fs_err::write(self.dir.join(".gitignore"), "target\ncache\nCargo.lock\n").expect("written");
        self.write_source("");
        self.migrate(&["generate", "create_all"]);
        for step in 1..files {
            // Touches a table and leaves it as it was: a history that only costs time.
            let table = step % self.tables;
            let sql = format!(
                "ALTER TABLE t{table} ADD COLUMN step_{step} text;\nALTER TABLE t{table} DROP COLUMN step_{step};\n"
            );
            let name = format!("2999{step:010}_step.sql");
            fs_err::write(self.dir.join("migrations").join(name), sql).expect("written");
        }
        self.hash();
        for arguments in [
            &["init", "-q", "-b", "main"][..],
            &["add", "-A"],
            &["commit", "-q", "-m", "base"],
            &["checkout", "-q", "-b", "work"],
        ] {
            self.git(arguments);
        }
    }

    /// A new file, and its column.
    fn add_file(&self) {
        let sql = "SET LOCAL lock_timeout = '2s';\nALTER TABLE t0 ADD COLUMN extra text;\n";
        let path = self.dir.join("migrations/29999999999999_extra.sql");
        fs_err::write(path, sql).expect("written");
        self.hash();
        self.write_source("    pub extra: Option<String>,\n");
    }

    fn write_source(&self, extra: &str) {
        let mut source = String::from("//! Tables.\nuse schema_core::prelude::*;\n");
        for table in 0..self.tables {
            let parent = table.saturating_sub(1);
            let extra = if table == 0 { extra } else { "" };
            let _ = write!(
                source,
                "/// Table {table}.\n#[table]\n#[index(label)]\n#[index(amount, active)]\npub struct T{table} {{\n    #[column(primary_key, identity)]\n    pub id: i64,\n    #[column(references = T{parent}::id)]\n    pub parent: Option<i64>,\n    #[column(type = varchar(80))]\n    pub label: String,\n    pub amount: i32,\n    #[column(default = true)]\n    pub active: bool,\n    pub note: Option<String>,\n    #[column(default = 0.5)]\n    pub ratio: f64,\n{extra}}}\n",
            );
        }
        fs_err::write(self.dir.join("src/lib.rs"), source).expect("written");
    }

    fn hash(&self) {
        let dir = self.dir.join("migrations");
        let mut files = Vec::new();
        for entry in fs_err::read_dir(&dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            if Path::new(&*name).extension().is_some_and(|it| it == "sql") {
                let text = fs_err::read_to_string(&path).expect("readable");
                files.push((name.into_owned(), text));
            }
        }
        let prefixes = Prefixes::default();
        let directory = Directory::from_texts("migrations".into(), files, None, &prefixes);
        let sum = directory.computed_sum().to_string();
        fs_err::write(dir.join("atlas.sum"), sum).expect("written");
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@localhost"])
            .args(arguments)
            .current_dir(&self.dir)
            .status()
            .expect("git runs");
        assert!(status.success());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("migrate")
            .args(arguments)
            .current_dir(&self.dir)
            .env("CARGO_MIGRATE_CACHE", self.dir.join("cache"))
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CI");
        command
    }

    fn migrate(&self, arguments: &[&str]) {
        let status = self.command(arguments).stderr(Stdio::null()).status();
        assert!(status.expect("runs").success(), "{arguments:?}");
    }

    fn checks(&self) -> Vec<Run> {
        (0..RUNS).map(|_| self.check()).collect()
    }

    /// One timed run, which finds nothing.
    fn check(&self) -> Run {
        let started = Instant::now();
        let output = self
            .command(&["check", "--all", "--json"])
            .output()
            .expect("runs");
        let wall = milliseconds(started.elapsed());
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(output.status.success(), "{report:#}");
        let steps = report["steps"].as_array().expect("a list").iter();
        let steps = steps.map(|step| {
            let name = step["name"].as_str().expect("a name").to_owned();
            (name, step["ms"].as_f64().expect("a time"))
        });
        let part = |name: &str| report["check"]["timings"][name].as_f64();
        let parts = ["build_ms", "reflect_ms", "current_ms", "desired_ms"];
        Run {
            wall,
            parts: parts.map(|name| part(name).expect("a time")),
            steps: steps.collect(),
        }
    }
}

/// The medians of some runs.
fn show(title: &str, runs: &[Run]) {
    let middle = |time: &dyn Fn(&Run) -> f64| median(runs.iter().map(time));
    let wall = middle(&|run| run.wall);
    let without = middle(&|run| run.wall - run.parts[0]);
    let [cargo, reflect, current, desired] =
        [0, 1, 2, 3].map(|part| middle(&|run| run.parts[part]));
    let steps = STEPS.map(|step| middle(&|run| run.steps[step]));
    let [validate, ordering, check, lint, gate] = steps;
    println!(
        "{title:<20} {wall:>6.0} {cargo:>6.0} {without:>9.0} {validate:>8.0} {ordering:>8.0} {check:>8.0} {lint:>6.0} {gate:>6.0} {reflect:>8.0} {current:>8.0} {desired:>8.0}"
    );
}
