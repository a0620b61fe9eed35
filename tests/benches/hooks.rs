//! How long a commit waits for the pre-commit hook when nothing of the schema is staged, and when
//! migrations are; and a push for the pre-push hook.
//!
//! `cargo test -p integration-tests --bench hooks`: what is measured is a release build, in a repository of
//! many sources and migrations, as the installed script calls it.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::path::Path;
use std::process::Command;

use integration_tests::bench::{build_release, median, timed};
use integration_tests::repository::TestRepository;

const RUNS: usize = 11;
const SOURCES: usize = 20_000;
const MIGRATIONS: usize = 500;
const STAGED: usize = 200;

fn main() {
    let binary = build_release();
    let repository = repository(&binary);
    println!("medians of {RUNS}, milliseconds; {SOURCES} files, {MIGRATIONS} migrations");

    repository.write("docs/notes.md", "a line\n");
    repository.git(&["add", "-A"]);
    tell("a text is staged", &repository, "pre-commit", "");
    for number in 0..STAGED {
        let path = format!("src/m{}/f{number}.rs", number % 100);
        repository.write(&path, source(number) + "// more\n");
    }
    repository.git(&["add", "-A"]);
    tell(
        &format!("{STAGED} sources without tables"),
        &repository,
        "pre-commit",
        "",
    );
    repository.migration(
        "20990101000000_new.sql",
        "CREATE TABLE one_more (id bigint);\n",
    );
    repository.hash();
    repository.git(&["add", "-A"]);
    tell("a new migration", &repository, "pre-commit", "");

    let commit = |text: &str| {
        repository.git(&["commit", "-qnm", text]);
        repository.git(&["rev-parse", "HEAD"])
    };
    let head = commit("a migration");
    let main = repository.git(&["rev-parse", "main"]);
    let line =
        |local: &str, remote: &str| format!("refs/heads/work {local} refs/heads/work {remote}\n");
    tell(
        "pushed: nothing of the schema",
        &repository,
        "pre-push",
        &line(&main, &main),
    );
    let zero = "0".repeat(40);
    tell(
        "pushed: a new migration",
        &repository,
        "pre-push",
        &line(&head, &zero),
    );
}

/// Runs the script as git does, beside git's own part of a commit.
fn tell(title: &str, repository: &TestRepository, hook: &str, input: &str) {
    let path = format!(".git/hooks/{hook}");
    let run = || {
        let mut command = repository.command("sh");
        command.args(["-c", &format!("printf '%s' '{input}' | {path}")]);
        timed(silent(&mut command))
    };
    run();
    println!("{title:<36} {:>7.1}", median((0..RUNS).map(|_| run())));
}

fn silent(command: &mut Command) -> &mut Command {
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
}

fn source(number: usize) -> String {
    let function = |n| {
        format!("/// Does something.\npub fn f{number}_{n}(x: u64) -> u64 {{\n    x + {n}\n}}\n\n")
    };
    (0..20).map(function).collect()
}

/// A repository with the hooks in, on a branch without a change.
fn repository(binary: &Path) -> TestRepository {
    let mut repository = TestRepository::new();
    let folder = binary.parent().expect("is in a folder");
    let path = std::env::var("PATH").expect("is set");
    repository.set("PATH", format!("{}:{path}", folder.display()));
    for number in 0..SOURCES {
        repository.write(
            &format!("src/m{}/f{number}.rs", number % 100),
            source(number),
        );
    }
    for number in 0..MIGRATIONS {
        let name = format!("2026{number:04}000000_file.sql");
        let table = format!("CREATE TABLE t{number} (id bigint PRIMARY KEY, label text);\n");
        repository.migration(&name, &table);
    }
    repository.hash();
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let migrate = |arguments: &[&str]| {
        timed(silent(repository.command(binary).args(arguments)));
    };
    migrate(&["hooks", "install"]);
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qnm", "attributes"]);
    repository
}
