//! How long `cargo migrate generate` takes to find one added column, beside `psql` running the
//! same DDL, `pg_dump --schema-only` of the result and `drizzle-kit generate`, in one run.
//!
//! `cargo test -p integration-tests --bench generate [-- TABLES…]`: the driver needs no release build, what it measures gets one.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use integration_tests::bench::{Server, build_release, median, milliseconds, timed};
use serde_json::Value;

const RUNS: usize = 5;
const HISTORIES: [usize; 2] = [50, 500];

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![10, 100, 500, 1000]
    } else {
        sizes
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let binary = build_release();
    let server = Server::start(folder.path());

    println!("medians of {RUNS}, milliseconds; memory in MB");
    println!(
        "{:>6} {:>8} {:>6} {:>6} {:>8} {:>8} {:>6} {:>6} {:>8} {:>8} {:>8}",
        "tables",
        "history",
        "cold",
        "warm",
        "w/o cargo",
        "allowed",
        "cargo",
        "memory",
        "psql",
        "pg_dump",
        "drizzle"
    );
    for &tables in &sizes {
        let drizzle = drizzle(&folder.path().join(format!("drizzle-{tables}")), tables);
        for history in HISTORIES {
            let project = Project::create(
                &folder.path().join(format!("p{tables}-{history}")),
                tables,
                history,
                &binary,
            );
            let (psql, pg_dump) = server.measure(&project.dir.join("migrations"), RUNS);
            project.add_column(0);
            let cold = median((0..RUNS).map(|_| {
                project.run(&["dev", "clear"]);
                project.generate().wall
            }));
            let warm: Vec<Run> = (1..=RUNS)
                .map(|column| {
                    project.add_column(column);
                    project.generate()
                })
                .collect();
            let cargo = median(warm.iter().map(|run| run.cargo));
            let wall = median(warm.iter().map(|run| run.wall));
            let without = median(warm.iter().map(|run| run.wall - run.cargo));
            let memory = warm.iter().map(|run| run.memory_mb).max().unwrap_or(0);
            println!(
                "{tables:>6} {history:>8} {cold:>6.0} {wall:>6.0} {without:>8.0} {:>8.0} {cargo:>6.0} {memory:>6} {psql:>8.0} {pg_dump:>8.0} {:>8}",
                2.0 * pg_dump + 100.0,
                drizzle.map_or_else(|| "-".to_owned(), |time| format!("{time:.0}")),
            );
        }
    }
}

/// One timed run.
struct Run {
    wall: f64,
    cargo: f64,
    memory_mb: u64,
}

/// A crate with tables, and a history of migrations that made them.
struct Project {
    dir: PathBuf,
    tables: usize,
    binary: PathBuf,
}

impl Project {
    fn create(dir: &Path, tables: usize, history: usize, binary: &Path) -> Self {
        let project = Self {
            dir: dir.to_owned(),
            tables,
            binary: binary.to_owned(),
        };
        fs_err::create_dir_all(dir.join("src")).expect("a folder");
        let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema-core");
        let manifest = format!(
            "[package]\nname = \"bench\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nchrono = {{ version = \"0.4\", default-features = false }}\nschema-core = {{ path = \"{core}\", features = [\"chrono\"] }}\n\n[workspace]\n",
        );
        fs_err::write(dir.join("Cargo.toml"), manifest).expect("written");
        project.write_source(None);
        project.run(&["generate", "create_all"]);
        for step in 1..history {
            // Touches a table and leaves it as it was: a history that only costs time.
            let table = step % tables;
            let sql = format!(
                "ALTER TABLE t{table} ADD COLUMN step_{step} text;\nALTER TABLE t{table} DROP COLUMN step_{step};\n"
            );
            fs_err::write(dir.join("step.sql"), sql).expect("written");
            project.run(&["new", &format!("step_{step}"), "--from", "step.sql"]);
        }
        project
    }

    fn write_source(&self, extra: Option<usize>) {
        let mut source = String::from("//! Tables.\nuse schema_core::prelude::*;\n");
        for table in 0..self.tables {
            let parent = table.saturating_sub(1);
            let extra = extra.filter(|_| table == 0).map_or_else(String::new, |n| {
                format!("    pub extra_{n}: Option<String>,\n")
            });
            let _ = write!(
                source,
                "/// Table {table}.\n#[table]\n#[index(label)]\n#[index(amount, created)]\npub struct T{table} {{\n    #[column(primary_key, identity)]\n    pub id: i64,\n    #[column(references = T{parent}::id)]\n    pub parent: Option<i64>,\n    #[column(type = varchar(80))]\n    pub label: String,\n    pub amount: i32,\n    #[column(default = true)]\n    pub active: bool,\n    #[column(default = now())]\n    pub created: chrono::DateTime<chrono::Utc>,\n    pub note: Option<String>,\n    #[column(default = 0.5)]\n    pub ratio: f64,\n{extra}}}\n",
            );
        }
        fs_err::write(self.dir.join("src/lib.rs"), source).expect("written");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("migrate")
            .args(arguments)
            .current_dir(&self.dir)
            .env("CARGO_MIGRATE_CACHE", self.dir.join("cache"))
            .env_remove("CARGO_TARGET_DIR");
        command
    }

    fn run(&self, arguments: &[&str]) {
        let output = self.command(arguments).output().expect("runs");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Adds a column that was never there, and builds: what is measured finds everything fresh.
    fn add_column(&self, column: usize) {
        self.write_source(Some(column));
        let build = Command::new(env!("CARGO"))
            .args(["build", "--quiet"])
            .current_dir(&self.dir)
            .env_remove("CARGO_TARGET_DIR")
            .status()
            .expect("cargo runs");
        assert!(build.success());
    }

    /// Times the command that finds the column.
    fn generate(&self) -> Run {
        let started = Instant::now();
        let child = self
            .command(&["generate", "one_column", "--dry-run", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("runs");
        let output = child.wait_with_output().expect("runs");
        let wall = milliseconds(started.elapsed());
        assert!(output.status.success());
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(
            report["files"][0]["sql"]
                .as_str()
                .is_some_and(|sql| sql.contains("ADD COLUMN")),
            "{report}"
        );
        Run {
            wall,
            cargo: report["timings"]["build_ms"].as_f64().expect("a time"),
            memory_mb: report["timings"]["peak_memory_kb"]
                .as_u64()
                .expect("a size")
                / 1024,
        }
    }
}

/// `drizzle-kit generate` for one added column; nothing where npm cannot get it.
fn drizzle(dir: &Path, tables: usize) -> Option<f64> {
    fs_err::create_dir_all(dir).expect("a folder");
    fs_err::write(
        dir.join("package.json"),
        "{\"name\":\"bench\",\"private\":true,\"type\":\"module\"}",
    )
    .expect("written");
    let install = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "drizzle-kit",
            "drizzle-orm",
        ])
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    if !install.success() {
        return None;
    }
    let write = |extra: Option<usize>| {
        let mut source = String::from(
            "import { pgTable, bigint, varchar, integer, boolean, timestamp, text, doublePrecision, index } from 'drizzle-orm/pg-core';\n",
        );
        for table in 0..tables {
            let parent = table.saturating_sub(1);
            let extra = extra
                .filter(|_| table == 0)
                .map_or_else(String::new, |n| format!(" extra_{n}: text(),"));
            let _ = writeln!(
                source,
                "export const t{table} = pgTable('t{table}', {{ id: bigint({{ mode: 'number' }}).primaryKey().generatedByDefaultAsIdentity(), parent: bigint({{ mode: 'number' }}).references((): any => t{parent}.id), label: varchar({{ length: 80 }}).notNull(), amount: integer().notNull(), active: boolean().notNull().default(true), created: timestamp({{ withTimezone: true }}).notNull().defaultNow(), note: text(), ratio: doublePrecision().notNull().default(0.5),{extra} }}, (t) => [index('t{table}_label_idx').on(t.label), index('t{table}_amount_created_idx').on(t.amount, t.created)]);"
            );
        }
        fs_err::write(dir.join("schema.ts"), source).expect("written");
    };
    fs_err::write(
        dir.join("drizzle.config.ts"),
        "import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle' });\n",
    )
    .expect("written");
    let kit = || {
        let mut command = Command::new("node");
        command
            .args(["node_modules/drizzle-kit/bin.cjs", "generate"])
            .current_dir(dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    write(None);
    if !kit().status().ok()?.success() {
        return None;
    }
    Some(median((0..RUNS).map(|run| {
        write(Some(run));
        timed(&mut kit())
    })))
}
