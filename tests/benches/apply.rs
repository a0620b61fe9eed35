//! How long 1,000 files take, beside `psql` running the same files in one session, sqlx-cli,
//! refinery_cli and dbmate, all on one server and in one run.
//!
//! `cargo test -p integration-tests --bench apply [-- FILES]`: the driver needs no release build, what
//! it measures gets one. The other tools are those that `SQLX`, `REFINERY` and `DBMATE` name, or those
//! on the path, or they are installed below `target/peers` by cargo and npm; what cannot be had is
//! left out with a word. The server waits for its disk, as one in production does.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use integration_tests::bench::{Server, build_release, median, timed};

const RUNS: usize = 5;

/// Files with this many statements, in turn.
const STATEMENTS: [usize; 4] = [1, 2, 1, 3];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let files = arguments.find_map(|word| word.parse().ok()).unwrap_or(1000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let binary = build_release();
    let port = free_port();
    let server = Server::start_with(
        folder.path(),
        &format!("-c listen_addresses=127.0.0.1 -c port={port}"),
    );
    let work = folder.path().join("work");
    let statements = write_files(&work, files);
    let tools = tools(&work, &binary, files);
    let mut times = vec![Vec::new(); tools.len()];
    // In turn, so that a slow moment of the machine is one for all of them.
    for _ in 0..RUNS {
        for (tool, times) in tools.iter().zip(&mut times) {
            for sql in [
                "DROP DATABASE IF EXISTS bench",
                "CREATE DATABASE bench",
                "CHECKPOINT",
            ] {
                let mut psql = server.client("psql");
                psql.env("PGPORT", port.to_string())
                    .args(["-X", "-q", "-c", sql, "postgres"])
                    .stderr(Stdio::null());
                assert!(psql.status().expect("psql runs").success());
            }
            let url = format!("postgres://postgres@127.0.0.1:{port}/bench?sslmode=disable");
            let mut command = (tool.command)(&url);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            times.push(timed(&mut command));
            assert_eq!(tables(&server, port), files, "{}", tool.name);
        }
    }
    let psql = median(times[1].iter().copied());
    println!("{files} files with {statements} statements, {RUNS} runs, fsync on");
    println!(
        "{:<14} {:>10} {:>8} {:>12} {:>14}",
        "", "median ms", "best ms", "times psql", "in each round"
    );
    for (tool, tool_times) in tools.iter().zip(&times) {
        let time = median(tool_times.iter().copied());
        let best = tool_times.iter().copied().fold(f64::INFINITY, f64::min);
        let paired = median(
            tool_times
                .iter()
                .zip(&times[1])
                .map(|(one, psql)| one / psql),
        );
        println!(
            "{:<14} {time:>10.0} {best:>8.0} {:>12.2} {paired:>14.2}",
            tool.name,
            time / psql
        );
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}

/// How many tables there are, beside those that the tools keep for themselves.
fn tables(server: &Server, port: u16) -> usize {
    let mut psql = server.client("psql");
    let sql = "SELECT count(*) FROM pg_tables WHERE tablename ~ '^t[0-9]+$'";
    psql.env("PGPORT", port.to_string())
        .args(["-X", "-A", "-t", "-c", sql, "bench"])
        .stdout(Stdio::piped());
    let output = psql.output().expect("psql runs").stdout;
    String::from_utf8_lossy(&output)
        .trim()
        .parse()
        .expect("a number")
}

/// The same files, named and headed as each tool wants them. Gives the number of statements.
fn write_files(work: &Path, files: usize) -> usize {
    for dir in ["migrations", "refinery", "dbmate"] {
        fs_err::create_dir_all(work.join(dir)).expect("a folder");
    }
    let mut statements = 0;
    for number in 0..files {
        let count = STATEMENTS[number % STATEMENTS.len()];
        statements += count;
        let mut sql = format!(
            "CREATE TABLE t{number} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    label varchar(80) NOT NULL,\n    created timestamptz NOT NULL DEFAULT now()\n);\n"
        );
        if count > 1 {
            sql.push_str(&format!("CREATE INDEX ON t{number} (created, label);\n"));
        }
        if count > 2 {
            let other = number / 2;
            sql.push_str(&format!(
                "ALTER TABLE t{other} ADD COLUMN c{number} integer;\n"
            ));
        }
        let version = 20_260_101_000_000_u64 + number as u64;
        let write =
            |name: String, text: &str| fs_err::write(work.join(name), text).expect("written");
        write(format!("migrations/{version}_step_{number}.sql"), &sql);
        write(format!("refinery/V{}__step_{number}.sql", number + 1), &sql);
        let headed = format!("-- migrate:up\n{sql}\n-- migrate:down\n");
        write(format!("dbmate/{version}_step_{number}.sql"), &headed);
    }
    statements
}

/// A tool, and how it applies the files to a database.
struct Tool {
    name: &'static str,
    command: Box<dyn Fn(&str) -> Command>,
}

/// Ours first, then psql, then whoever can be had.
fn tools(work: &Path, binary: &Path, files: usize) -> Vec<Tool> {
    fs_err::write(work.join("migrate.toml"), "dir = \"migrations\"\n").expect("written");
    let ours = |arguments: &[&str]| {
        let mut command = Command::new(binary);
        command.arg("migrate").args(arguments).current_dir(work);
        command
    };
    assert!(ours(&["hash"]).status().expect("it runs").success());
    let (binary, place) = (binary.to_owned(), work.to_owned());
    let names: Vec<PathBuf> = sorted(&work.join("migrations"));
    assert_eq!(names.len(), files);
    let mut tools = vec![
        Tool {
            name: "cargo migrate",
            command: Box::new(move |url| {
                let mut command = Command::new(&binary);
                command
                    .args(["migrate", "apply", "--url", url])
                    .current_dir(&place);
                command
            }),
        },
        Tool {
            name: "psql",
            command: Box::new(move |url| {
                let mut command = Command::new("psql");
                command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url]);
                for name in &names {
                    command.arg("-f").arg(name);
                }
                command
            }),
        },
    ];
    let peers = [
        ("sqlx-cli", "SQLX", "sqlx", "migrations"),
        ("refinery_cli", "REFINERY", "refinery", "refinery"),
        ("dbmate", "DBMATE", "dbmate", "dbmate"),
    ];
    for (name, variable, program, dir) in peers {
        let Some(program) = peer(variable, program) else {
            println!("{name}: left out, it cannot be had here");
            continue;
        };
        let dir = work.join(dir);
        tools.push(Tool {
            name,
            command: Box::new(move |url| {
                let mut command = Command::new(&program);
                match name {
                    "sqlx-cli" => command
                        .args(["migrate", "run", "--no-dotenv", "--database-url", url])
                        .arg("--source")
                        .arg(&dir),
                    "refinery_cli" => command
                        .args(["migrate", "-e", "DATABASE_URL", "-p"])
                        .arg(&dir)
                        // It does not know libpq's parameters.
                        .env("DATABASE_URL", url.split('?').next().unwrap_or(url)),
                    _ => command
                        .args(["--url", url, "--no-dump-schema", "--migrations-dir"])
                        .arg(&dir)
                        .arg("migrate"),
                };
                command
            }),
        });
    }
    tools
}

fn sorted(dir: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(dir).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    paths.sort();
    paths
}

/// Where a tool is: as told, on the path, or installed for this.
fn peer(variable: &str, program: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Some(path.into());
    }
    let on_path = std::env::var_os("PATH").into_iter();
    let on_path = on_path.flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut on_path = on_path.map(|dir| dir.join(program));
    if let Some(found) = on_path.find(|path| path.is_file()) {
        return Some(found);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers");
    fs_err::create_dir_all(&root).ok()?;
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["install", "--quiet", "--root"])
            .arg(&root)
            .args(arguments);
        command
    };
    let (mut install, installed) = match program {
        "sqlx" => (
            cargo(&[
                "sqlx-cli",
                "--no-default-features",
                "--features",
                "postgres,rustls",
            ]),
            root.join("bin/sqlx"),
        ),
        "refinery" => (
            cargo(&[
                "refinery_cli",
                "--no-default-features",
                "--features",
                "postgresql",
            ]),
            root.join("bin/refinery"),
        ),
        _ => {
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
                .arg(&root)
                .arg("@dbmate/linux-x64");
            let installed = root.join("node_modules/@dbmate/linux-x64/bin/dbmate");
            (npm, installed)
        }
    };
    if !installed.is_file() {
        install
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok()?;
    }
    installed.is_file().then_some(installed)
}
