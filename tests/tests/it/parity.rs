//! The tables of docs/from-make.md: each command is run as it stands, and does what it should.

use std::collections::BTreeSet;

use integration_tests::http::{Answer, Request, TestServer};
use integration_tests::package::package;
use integration_tests::postgres::TestDatabase;
use integration_tests::repository::{Ran, TestRepository};
use serde_json::json;

const SCHEMA: &str = "\
use schema_core::prelude::*;

#[table(name = \"users\")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub nickname: Option<String>,
}
";

/// A project in the state that a row starts from, and the database that it may work on.
struct Start {
    repository: TestRepository,
    database: TestDatabase,
    /// The commit of branch `work`.
    commit: String,
}

impl Start {
    /// As after a fresh checkout, with an empty database.
    async fn again(&mut self) {
        let it = &self.repository;
        let _ = Ran::of(it.command("git").args(["merge", "--abort"]));
        it.git(&["checkout", "-qf", "work"]);
        it.git(&["reset", "-q", "--hard", &self.commit]);
        it.git(&["clean", "-fdq"]);
        for hook in ["pre-commit", "pre-push"] {
            let _ = fs_err::remove_file(it.root().join(".git/hooks").join(hook));
        }
        self.database = TestDatabase::new().await;
        let url = self.database.url();
        self.repository.set("DATABASE_URL_MIGRATION", url);
    }

    fn email(&self) {
        let field = "    pub email: Option<String>,\n    pub nickname";
        let schema = SCHEMA.replace("    pub nickname", field);
        self.repository.write("src/lib.rs", schema);
    }

    /// A struct with a column more, and its migration.
    fn generated(&self) {
        self.email();
        self.migrate(&["generate", "add_email"]);
    }

    /// A migration that drops what the previous release uses.
    fn breaking(&self) {
        let schema = SCHEMA.replace("    pub nickname: Option<String>,\n", "");
        self.repository.write("src/lib.rs", schema);
        self.migrate(&["generate", "drop_nickname", "--drop", "users.nickname"]);
    }

    #[track_caller]
    fn migrate(&self, arguments: &[&str]) -> Ran {
        self.repository.migrate(arguments).ends(0, &[])
    }

    /// Names of migrations that end in this.
    fn files(&self, ending: &str) -> Vec<String> {
        let folder = self.repository.root().join("migrations");
        let names = folder.read_dir_utf8().unwrap();
        let names = names.map(|it| it.unwrap().file_name().to_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
        names.sort();
        names
    }

    fn sum(&self) -> String {
        self.repository.read("migrations/atlas.sum")
    }
}

/// The rows of the document: what was, and the command.
fn rows() -> Vec<(String, String)> {
    let root = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap();
    let text = fs_err::read_to_string(root.join("docs/from-make.md")).unwrap();
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let (was, is) = (cells.next()?, cells.next()?);
        let command = is.strip_prefix('`')?.strip_suffix('`')?;
        assert!(cells.next().is_some_and(|more| !more.is_empty()), "{line}");
        Some((was.replace('`', ""), command.to_owned()))
    });
    rows.collect()
}

/// Runs the command of a row in a shell.
#[track_caller]
fn run(start: &Start, command: &str, code: i32, with: &[&str]) -> Ran {
    Ran::of(start.repository.command("sh").args(["-c", command])).ends(code, with)
}

#[tokio::test]
async fn every_row_does_what_it_says() {
    let repository = package("parity", SCHEMA);
    repository.write(".gitignore", "target\n");
    repository.commit("ignored");
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let mut start = Start {
        repository,
        database: TestDatabase::new().await,
        commit,
    };
    let mut seen = BTreeSet::new();
    for (was, command) in rows() {
        assert!(seen.insert(was.clone()), "twice: {was}");
        start.again().await;
        println!("{was}: {command}");
        row(&mut start, &was, &command).await;
    }
    assert!(seen.len() >= 34, "{seen:?}");
}

async fn row(start: &mut Start, was: &str, command: &str) {
    match was.split(':').next().unwrap() {
        target if target.starts_with("make ") => make(start, target, command).await,
        "N-1" => {
            run(start, command, 0, &[]);
            start.breaking();
            run(start, command, 10, &["N001", "nickname"]);
        }
        "structs against migrations" => {
            let ran = run(start, command, 0, &[]);
            assert_eq!(ran.json()["up_to_date"], true);
            start.email();
            assert_eq!(run(start, command, 4, &[]).json()["up_to_date"], false);
        }
        "all of it before a review" => {
            run(
                start,
                command,
                0,
                &["validate", "ordering", "check", "lint", "gate"],
            );
            start.email();
            start
                .repository
                .migration("20990101000000_x.sql", "SELECT 1;\n");
            run(start, command, 11, &["20990101000000_x.sql"]);
        }
        "sizes of production" => {
            start.migrate(&["apply"]);
            run(start, command, 0, &[]);
            assert!(start.repository.read("sizes.json").contains("users"));
        }
        "release command" => {
            run(start, command, 0, &[]);
            start
                .database
                .run("INSERT INTO users (id) VALUES (1)")
                .await;
            run(start, command, 0, &[]);
        }
        "scripts/install-hooks.sh" => {
            run(start, command, 0, &["pre-commit", "pre-push"]);
            assert!(start.repository.root().join(".git/hooks/pre-push").exists());
            start.migrate(&["hooks", "uninstall"]);
        }
        ".githooks/pre-commit" => {
            run(start, command, 0, &[]);
            start.email();
            start.repository.git(&["add", "-A"]);
            run(start, command, 4, &["email", "cargo migrate generate"]);
        }
        ".githooks/pre-push" => {
            run(start, command, 0, &[]);
            start
                .repository
                .migration("20990101000000_x.sql", "SELECT 1;\n");
            start.repository.commit("broken");
            let head = start.repository.git(&["rev-parse", "HEAD"]);
            let zero = "0".repeat(40);
            let line = format!("refs/heads/work {head} refs/heads/work {zero}");
            let piped = command.replace("</dev/null", "");
            run(
                start,
                &format!("echo {line} | {piped}"),
                11,
                &["20990101000000_x.sql"],
            );
        }
        "removing them by hand" => {
            start.migrate(&["hooks", "install"]);
            run(start, command, 0, &[]);
            assert!(!start.repository.root().join(".git/hooks/pre-push").exists());
        }
        other => ci(start, other, command),
    }
}

async fn make(start: &mut Start, target: &str, command: &str) {
    let words: Vec<&str> = target.split(' ').collect();
    match (words[1], words.get(2).copied()) {
        ("db-generate", _) => {
            start.email();
            run(start, command, 0, &[]);
            let file = &start.files("_add_email.sql")[0];
            assert!(
                start
                    .repository
                    .read(&format!("migrations/{file}"))
                    .contains("email")
            );
            start.migrate(&["check"]);
        }
        ("db-new", Some("from")) => {
            start.repository.write(
                "fill.sql",
                "UPDATE users SET nickname = 'x' WHERE nickname IS NULL;\n",
            );
            run(start, command, 0, &[]);
            start.migrate(&["validate"]);
            assert_eq!(start.files("_fill_email.sql").len(), 1);
        }
        ("db-new", _) => {
            run(start, command, 0, &[]);
            start.migrate(&["validate"]);
            assert!(start.sum().contains("_fill_email.sql"));
        }
        ("db-hash", _) => {
            start
                .repository
                .migration("20990101000000_x.sql", "SELECT 1;\n");
            start.repository.migrate(&["validate"]).ends(11, &[]);
            run(start, command, 0, &[]);
            start.migrate(&["validate"]);
        }
        ("db-validate", _) => {
            run(start, command, 0, &["Intact"]);
            let file = start.files(".sql")[0].clone();
            start.repository.migration(&file, "SELECT 1;\n");
            run(start, command, 11, &[&file]);
        }
        ("db-lint", _) => {
            run(start, command, 0, &[]);
            start.breaking();
            start
                .repository
                .migration("20990101000000_x.sql", "DROP TABLE users;\n");
            start.repository.hash();
            run(start, command, 10, &["users"]);
        }
        ("db-check", _) => {
            run(start, command, 0, &[]);
            start.email();
            run(start, command, 4, &["email", "src/lib.rs"]);
        }
        ("db-check-drift", _) => {
            start.migrate(&["apply"]);
            run(start, command, 0, &[]);
            start
                .database
                .run("ALTER TABLE users ADD COLUMN stray int")
                .await;
            run(start, command, 10, &["stray"]);
        }
        ("db-reset-migrations", _) => {
            let file = start.files(".sql")[0].clone();
            let before = start.repository.read(&format!("migrations/{file}"));
            start.generated();
            start.repository.migration(&file, "SELECT 1;\n");
            run(start, command, 0, &[]);
            assert_eq!(start.repository.read(&format!("migrations/{file}")), before);
            assert_eq!(start.files("_add_email.sql").len(), 1);
            start.migrate(&["check"]);
        }
        ("db-squash", _) => {
            start.generated();
            let schema = start.repository.read("src/lib.rs");
            let more = schema.replace(
                "    pub email",
                "    pub phone: Option<String>,\n    pub email",
            );
            start.repository.write("src/lib.rs", more);
            start.migrate(&["generate", "add_phone"]);
            run(start, command, 0, &[]);
            assert_eq!(start.files(".sql").len(), 2);
            assert_eq!(start.files("_add_all.sql").len(), 1);
            start.migrate(&["check"]);
        }
        ("db-rebase", _) => {
            start.generated();
            start.repository.commit("ours");
            start
                .repository
                .git(&["checkout", "-q", "-b", "newer", "main"]);
            start.repository.migration(
                "20980101000000_theirs.sql",
                "CREATE TABLE theirs (id bigint);\n",
            );
            start.repository.hash();
            start.repository.commit("theirs");
            let newer = start.repository.git(&["rev-parse", "HEAD"]);
            start.repository.git(&["checkout", "-q", "work"]);
            start.repository.git(&["branch", "-qD", "newer"]);
            let main = start.repository.git(&["rev-parse", "main"]);
            start.repository.git(&["branch", "-qf", "main", &newer]);
            let merged = Ran::of(start.repository.command("git").args(["merge", "main"]));
            assert_ne!(merged.code, 0, "{}", merged.out);
            run(start, command, 0, &[]);
            start.migrate(&["validate"]);
            let files = start.files(".sql");
            assert!(
                files.last().unwrap().ends_with("_add_email.sql"),
                "{files:?}"
            );
            start.repository.git(&["branch", "-qf", "main", &main]);
        }
        ("db-rm", _) => {
            start.generated();
            run(start, command, 0, &[]);
            assert!(start.files("_add_email.sql").is_empty());
            start.migrate(&["validate"]);
        }
        ("db-undo", _) => {
            start.generated();
            start.migrate(&["rm", "add_email", "--yes"]);
            run(start, command, 0, &[]);
            assert_eq!(start.files("_add_email.sql").len(), 1);
        }
        ("db-apply", _) => {
            run(start, command, 0, &[]);
            start
                .database
                .run("INSERT INTO users (id) VALUES (1)")
                .await;
        }
        ("db-plan", _) => {
            run(start, command, 0, &["users"]);
            // Nothing was done.
            start.database.run("CREATE TABLE users ()").await;
        }
        ("db-status", _) => {
            run(start, command, 0, &["1 pending", "base"]);
        }
        ("db-baseline", _) => {
            let file = start.files(".sql")[0].clone();
            let sql = start.repository.read(&format!("migrations/{file}"));
            start.database.run(&sql).await;
            run(start, command, 0, &[]);
            start.migrate(&["apply"]);
        }
        other => panic!("nothing is known of {other:?}"),
    }
}

fn ci(start: &mut Start, was: &str, command: &str) {
    match was {
        "the workflow itself" => {
            run(start, command, 0, &[]);
            let text = start.repository.read(".github/workflows/migrations.yml");
            assert!(text.contains("cargo migrate check --all"));
        }
        "job validate" => {
            run(start, command, 0, &[]);
            start
                .repository
                .migration("20990101000000_x.sql", "SELECT 1;\n");
            run(start, command, 11, &["::error file=migrations/"]);
        }
        "job lint" => {
            run(start, command, 0, &[]);
            start
                .repository
                .migration("20990101000000_x.sql", "DROP TABLE users;\n");
            start.repository.hash();
            run(
                start,
                command,
                10,
                &["::error file=migrations/20990101000000_x.sql"],
            );
        }
        "job drift" => {
            run(start, command, 0, &[]).json();
            start.email();
            let ran = run(start, command, 4, &[]);
            assert!(ran.json().to_string().contains("email"));
        }
        "job n-1-gate" => {
            run(start, command, 0, &[]);
            start.breaking();
            run(start, command, 10, &["::error file=migrations/"]);
        }
        "the approval label" => {
            start.breaking();
            start
                .repository
                .migrate(&["gate"])
                .ends(10, &["not approved"]);
            run(start, command, 0, &["approved"]);
        }
        "states of issues" => {
            let schema = SCHEMA.replace(
                "name = \"users\"",
                "name = \"people\", renamed_from = \"users\"",
            );
            start.repository.write("src/lib.rs", schema);
            start.migrate(&["generate", "people", "--drop-with", "#7"]);
            start.repository.write("issues.txt", "7 open\n");
            run(start, command, 0, &[]);
            start.repository.write("issues.txt", "7 closed\n");
            run(start, command, 10, &["G001"]);
        }
        "the comment" => {
            let server = TestServer::start(|request: &Request, _| -> Answer {
                let answer = match request.method.as_str() {
                    "POST" => json!({"id": 1}),
                    _ => json!([]),
                };
                (200, Vec::new(), answer.to_string())
            });
            for (name, value) in [
                ("GITHUB_API_URL", server.url()),
                ("GITHUB_REPOSITORY", "acme/shop"),
                ("GITHUB_TOKEN", "secret"),
            ] {
                start.repository.set(name, value);
            }
            run(start, command, 0, &[]);
            let written = server
                .requests()
                .into_iter()
                .filter(|it| it.method == "POST");
            assert_eq!(written.count(), 1);
            for name in ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN"] {
                start.repository.set(name, "");
            }
        }
        other => panic!("nothing is known of {other:?}"),
    }
}
