//! Tests: apply to many databases and schemas.

mod list;
mod run;
mod schemas;

use integration_tests::postgres::TestDatabase;
use integration_tests::project::TestProject;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::directory;
use crate::cli::{Ran, migrate};

/// The database of the command, and tenants' databases beside it, all gone at the end.
struct Tenants {
    main: TestDatabase,
    made: Vec<String>,
}

impl Tenants {
    async fn new(suffixes: &[&str]) -> Self {
        let mut tenants = Self {
            main: TestDatabase::new().await,
            made: Vec::new(),
        };
        for suffix in suffixes {
            tenants.make(suffix).await;
        }
        tenants
    }

    /// What a tenant's database is called: no other test has one of that name.
    fn name(&self, suffix: &str) -> String {
        let options = self.main.options();
        format!("{}_{suffix}", options.get_database().unwrap())
    }

    async fn make(&mut self, suffix: &str) {
        let name = self.name(suffix);
        self.main
            .run(&format!(
                "CREATE DATABASE {} TEMPLATE template0",
                quoted(&name)
            ))
            .await;
        self.made.push(name);
    }

    async fn connect(&self, suffix: &str) -> PgConnection {
        let options = self.main.options().database(&self.name(suffix));
        PgConnection::connect_with(&options).await.unwrap()
    }

    async fn run(&self, suffix: &str, sql: &str) {
        let mut connection = self.connect(suffix).await;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    /// One text from a tenant's database.
    async fn text(&self, suffix: &str, sql: &str) -> String {
        let mut connection = self.connect(suffix).await;
        let found = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        found
    }

    /// Which of some tables it has.
    async fn tables(&self, suffix: &str) -> String {
        let sql = "SELECT coalesce(string_agg(relname::text, ' ' ORDER BY relname), '') FROM pg_class \
                   WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
        self.text(suffix, sql).await
    }

    /// Lists these in a file of the project, and gives its name.
    fn file(&self, project: &TestProject, suffixes: &[&str]) -> &'static str {
        let lines = suffixes.iter().map(|it| self.name(it));
        project.write(
            "tenants.txt",
            &(lines.collect::<Vec<_>>().join("\n") + "\n"),
        );
        "tenants.txt"
    }

    fn apply(&self, project: &TestProject, arguments: &[&str]) -> Ran {
        let url = self.main.url();
        let mut all = vec!["apply", "--url", &url];
        all.extend(arguments);
        migrate(project, &all)
    }

    /// Applies with `--json`, and gives the state of each target by its suffix.
    fn states(&self, ran: &Ran) -> Vec<(String, String)> {
        let report = ran.json();
        let prefix = self.name("");
        let targets = report["fleet"]["targets"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |it: &Value| {
            let name = text(&it["name"]);
            let suffix = name.strip_prefix(&prefix).unwrap_or(&name);
            (suffix.to_owned(), text(&it["state"]))
        };
        targets.iter().map(pair).collect()
    }
}

impl Drop for Tenants {
    fn drop(&mut self) {
        let (options, made) = (self.main.options(), std::mem::take(&mut self.made));
        // As the database of a test goes: not on this thread, whose runtime may be busy.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&options).await.unwrap();
                for name in made {
                    let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&name));
                    let dropped = sqlx::raw_sql(AssertSqlSafe(sql))
                        .execute(&mut connection)
                        .await;
                    if let Err(error) = dropped {
                        println!("a tenant's database stays behind: {error}");
                    }
                }
            });
        });
        let _ = dropped.join();
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A project that is nothing but an intact directory.
fn project(name: &str, files: &[(&str, &str)]) -> TestProject {
    let project = TestProject::new(name);
    project.write("migrate.toml", "");
    write(&project, files);
    project
}

fn write(project: &TestProject, files: &[(&str, &str)]) {
    for (name, text) in files {
        project.write(&format!("migrations/{name}"), text);
    }
    let sum = directory(files).computed_sum().to_string();
    project.write("migrations/atlas.sum", &sum);
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let expected = expected.iter();
    expected
        .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()))
        .collect()
}
