//! How fast many databases are migrated: `cargo migrate apply --targets` on 200 tenant databases of 20
//! files each, and on as many tenant schemas, beside one database that takes the same 20 files, and
//! one that takes as many statements as all tenants together. In one run.
//!
//! `cargo test -p integration-tests --bench tenants [-- TENANTS]`: the driver needs no release build, what it measures gets one.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use camino::Utf8Path;
use integration_tests::bench::{Server, build_release, median, timed};
use schema_core::directory::{Directory, Prefixes};

const TENANTS: usize = 200;
const FILES: usize = 20;
/// Of each file.
const STATEMENTS: usize = 3;
const RUNS: usize = 5;

fn main() {
    let tenants = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let tenants: usize = tenants.unwrap_or(TENANTS);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let binary = build_release();
    let server = Server::start(folder.path());
    let bench = Bench {
        binary,
        folder: folder.path(),
        server: &server,
    };
    bench.directory("twenty", FILES);
    bench.directory("all", FILES * tenants);

    println!("{tenants} tenants, {FILES} files of {STATEMENTS} statements each");
    println!("{:<44} {:>8} {:>13}", "", "ms", "statements/s");
    let show = |what: &str, time: f64, statements: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
        let speed = statements as f64 / time * 1000.0;
        println!("{what:<44} {time:>8.0} {speed:>13.0}");
        speed
    };
    let statements = FILES * STATEMENTS;
    let one = median((0..RUNS).map(|run| {
        let name = format!("one_{run}");
        bench.create(&name);
        bench.apply("twenty", &name, &[])
    }));
    let one = show("one database, the same files", one, statements);
    bench.create("long");
    let long = bench.apply("all", "long", &[]);
    let long = show(
        "one database, as many statements in all",
        long,
        statements * tenants,
    );

    let names: Vec<String> = (0..tenants).map(|it| format!("tenant_{it}")).collect();
    for name in &names {
        bench.create(name);
    }
    let all = bench.list("databases.txt", &names);
    let many = bench.apply("twenty", "postgres", &["--targets", &all]);
    let many = show("tenant databases", many, statements * tenants);
    let again = bench.apply("twenty", "postgres", &["--targets", &all]);
    println!("{:<44} {again:>8.0}", "tenant databases, nothing pending");

    bench.create("schemas");
    let sql = names.iter().fold(String::new(), |mut sql, name| {
        let _ = write!(sql, "CREATE SCHEMA {name};");
        sql
    });
    bench.psql("schemas", &sql);
    let names: Vec<String> = names.iter().map(|it| format!("schema:{it}")).collect();
    let all = bench.list("schemas.txt", &names);
    let schemas = bench.apply("twenty", "schemas", &["--targets", &all]);
    show("tenant schemas", schemas, statements * tenants);
    let again = bench.apply("twenty", "schemas", &["--targets", &all]);
    println!("{:<44} {again:>8.0}", "tenant schemas, nothing pending");

    println!(
        "tenant databases beside one database: {:.2} times as many statements a second; beside the long one {:.2} times",
        many / one,
        many / long
    );
}

struct Bench<'a> {
    binary: PathBuf,
    folder: &'a Path,
    server: &'a Server,
}

impl Bench<'_> {
    /// A directory of so many files: a table each, with a column and an index added.
    fn directory(&self, name: &str, files: usize) {
        let folder = self.folder.join(name);
        fs_err::create_dir_all(&folder).expect("a folder");
        let texts = (0..files).map(|it| {
            let text = format!(
                "CREATE TABLE t{it} (id bigint PRIMARY KEY, name text NOT NULL);\n\
                 ALTER TABLE t{it} ADD COLUMN email text;\n\
                 CREATE INDEX t{it}_email_idx ON t{it} (email);\n"
            );
            (format!("{:014}_t{it}.sql", it + 1), text)
        });
        let texts: Vec<_> = texts.collect();
        for (file, text) in &texts {
            fs_err::write(folder.join(file), text).expect("a file");
        }
        let path = Utf8Path::from_path(&folder).expect("UTF-8");
        let directory = Directory::from_texts(path, texts, None, &Prefixes::default());
        let sum = directory.computed_sum().to_string();
        fs_err::write(folder.join("atlas.sum"), sum).expect("a file");
    }

    fn list(&self, file: &str, names: &[String]) -> String {
        let path = self.folder.join(file);
        fs_err::write(&path, names.join("\n")).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    }

    fn create(&self, database: &str) {
        self.psql("postgres", &format!("CREATE DATABASE {database}"));
    }

    fn psql(&self, database: &str, sql: &str) {
        let mut command = self.server.client("psql");
        timed(command.args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ]));
    }

    /// The time that a deployment takes.
    fn apply(&self, directory: &str, database: &str, arguments: &[&str]) -> f64 {
        // The client has the place of the server in its environment.
        let client = self.server.client("psql");
        let host = client.get_envs().find(|(name, _)| *name == "PGHOST");
        let host = host.and_then(|it| it.1).expect("a socket").to_str();
        let url = format!(
            "postgres:///{database}?user=postgres&host={}",
            host.expect("UTF-8")
        );
        let mut command = Command::new(&self.binary);
        command
            .current_dir(self.folder)
            .args(["apply", "--quiet", "--dir", directory, "--url", &url])
            .args(arguments)
            .stdout(Stdio::null());
        timed(&mut command)
    }
}
