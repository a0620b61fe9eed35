//! The dev database: servers of our own, states, installs, and what goes wrong.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic is how a test fails"
)]

mod faults;
mod install;
mod own_server;
mod states;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use schema_core::dev_db::{
    Cache, DevServer, ItemKind, Options, Scratch, Source, default_binary_dirs,
};
use sqlx::Connection as _;
use tempfile::TempDir;

/// A cache and a place for servers, for one test alone.
struct Place {
    cache: TempDir,
    run: TempDir,
}

impl Place {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let run = if memory.is_dir() {
            memory
        } else {
            Path::new("/tmp")
        };
        Self {
            // Not in the home directory of root, where the server could not read it.
            cache: tempfile::Builder::new().tempdir_in("/tmp").unwrap(),
            run: tempfile::Builder::new()
                .prefix("devdb-")
                .tempdir_in(run)
                .unwrap(),
        }
    }

    fn options(&self) -> Options {
        // The unprivileged server has to reach its directory.
        for dir in [&self.cache, &self.run] {
            fs_err::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut options = Options::new(self.cache.path());
        options.run_dirs = vec![self.run.path().to_owned()];
        options.search_path = default_binary_dirs(std::env::var_os("PATH").as_deref());
        options.major = major();
        options
    }

    async fn open(&self) -> DevServer {
        DevServer::open(&self.options()).await.unwrap()
    }

    fn left(&self) -> Vec<PathBuf> {
        let entries = fs_err::read_dir(self.run.path()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// The files of one kind in the cache.
    fn kept(&self, kind: ItemKind) -> Vec<PathBuf> {
        let inventory = Cache::new(self.cache.path()).inventory(&[]);
        let items = inventory.items.into_iter();
        items
            .filter(|item| item.kind == kind)
            .map(|item| item.path)
            .collect()
    }

    /// Another process that does `task` in this place; see [`in_another_process`].
    fn child(&self, task: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "dev_db::in_another_process", "--nocapture"])
            .env("DEV_DB_TASK", task)
            .env("DEV_DB_CACHE", self.cache.path())
            .env("DEV_DB_RUN", self.run.path())
            .stdout(Stdio::piped());
        command
    }
}

/// The version that the tests are to run on, if it is not all the same.
fn major() -> Option<u32> {
    let version = std::env::var("POSTGRES_VERSION").ok()?;
    version.parse().ok()
}

async fn ask(scratch: &Scratch, sql: &'static str) -> String {
    let mut connection = scratch.connect().await.unwrap();
    sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

async fn run(scratch: &Scratch, sql: &'static str) {
    let mut connection = scratch.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

const TABLES: &str = "SELECT coalesce(string_agg(relname, ',' ORDER BY relname), 'none') \
                      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";

/// The server processes whose data directory is below `dir`.
fn servers_below(dir: &Path) -> Vec<String> {
    let processes = fs_err::read_dir("/proc").unwrap();
    processes
        .filter_map(|entry| {
            let cwd = fs_err::read_link(entry.unwrap().path().join("cwd")).ok()?;
            cwd.starts_with(dir).then(|| cwd.display().to_string())
        })
        .collect()
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Not a test of its own: what the other processes of these tests do. Without a task, nothing.
#[tokio::test]
async fn in_another_process() {
    let Ok(task) = std::env::var("DEV_DB_TASK") else {
        return;
    };
    let path = |name| PathBuf::from(std::env::var_os(name).unwrap());
    let mut options = Options::new(path("DEV_DB_CACHE"));
    options.run_dirs = vec![path("DEV_DB_RUN")];
    options.search_path = default_binary_dirs(std::env::var_os("PATH").as_deref());
    options.major = major();
    if let Ok(url) = std::env::var("DEV_DB_URL") {
        options.source = Source::Url(url);
    }
    let server = DevServer::open(&options).await.unwrap();
    let scratch = server.scratch().await.unwrap();
    match &*task {
        "hold" => {
            println!("\nholding");
            std::io::stdout().flush().unwrap();
            std::thread::sleep(Duration::from_mins(1));
        }
        "ask" => {
            let path = ask(&scratch, "SHOW search_path").await;
            let timeout = ask(&scratch, "SHOW statement_timeout").await;
            println!("\nanswer {path} {timeout} {}", ask(&scratch, TABLES).await);
        }
        other => panic!("unknown task {other}"),
    }
}

fn wait_for_line(child: &mut Child, wanted: &str) {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|line| line == wanted),
        "{wanted} never came"
    );
}

fn answer_of(mut command: Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    let line = text
        .lines()
        .find(|line| line.starts_with("answer "))
        .expect("an answer");
    line.to_owned()
}
