//! The dev database: servers of our own from start to end, states, installs, and what goes wrong.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use schema_core::dev_db::{
    Cache, DevDbError, DevServer, InstallError, InstallFrom, ItemKind, MissingExtension, Options,
    Scratch, Source, default_binary_dirs, install, installable,
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

#[tokio::test]
async fn scratch_databases_are_empty_and_independent_and_nothing_stays() {
    let place = Place::new();
    let server = place.open().await;
    let one = server.scratch().await.unwrap();
    let two = server.scratch().await.unwrap();
    let three = server.scratch().await.unwrap();
    run(&one, "CREATE TABLE t (a int)").await;
    assert_eq!(ask(&one, TABLES).await, "t");
    assert_eq!(ask(&two, TABLES).await, "none");
    assert_eq!(ask(&three, TABLES).await, "none");
    two.close().await.unwrap();
    let left = "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'scratch%'";
    assert_eq!(ask(&three, left).await, "1");
    one.close().await.unwrap();
    drop(server);
    assert_eq!(
        ask(&three, TABLES).await,
        "none",
        "a scratch keeps its server alive"
    );
    drop(three);
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    assert_eq!(servers_below(place.run.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let place = Place::new();
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    let task = tokio::spawn(async move {
        let (_server, _scratch) = (server, scratch);
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    assert_eq!(servers_below(place.run.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_warm_start_takes_a_fraction_of_initdb() {
    let place = Place::new();
    let begun = Instant::now();
    drop(place.open().await.scratch().await.unwrap());
    let cold = begun.elapsed();
    let mut warm = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let scratch = place.open().await.scratch().await.unwrap();
        ask(&scratch, "SELECT 'ready'").await;
        warm.push(begun.elapsed());
    }
    warm.sort();
    println!("cold {cold:?}; warm, from opening to the first answer: {warm:?}");
    assert!(warm[0] < cold / 4, "cold {cold:?}, warm {warm:?}");
}

#[tokio::test]
async fn text_is_utf_8_and_sorted_by_its_bytes() {
    let place = Place::new();
    let scratch = place.open().await.scratch().await.unwrap();
    assert_eq!(ask(&scratch, "SHOW server_encoding").await, "UTF8");
    let sorted = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b', 'a', 'B', 'é']) x";
    assert_eq!(ask(&scratch, sorted).await, "Babé");
    assert_eq!(ask(&scratch, "SHOW timezone").await, "UTC");
}

/// States are kept and found again, whatever kind of server they are on.
async fn check_states(options: &Options) {
    let server = DevServer::open(options).await.unwrap();
    assert!(server.restore("one").await.unwrap().is_none());
    let other = server.scratch().await.unwrap();
    let scratch = server.scratch().await.unwrap();
    run(
        &scratch,
        "CREATE TABLE a (id int PRIMARY KEY, name text); INSERT INTO a VALUES (1, 'x')",
    )
    .await;
    assert!(server.store(&scratch, "one").await.unwrap());
    // The database goes on living after it was kept.
    run(&scratch, "CREATE TABLE b ()").await;
    assert!(server.store(&scratch, "two").await.unwrap());
    assert!(
        server.store(&scratch, "two").await.unwrap(),
        "a second time is no harm"
    );
    let copy = server.copy(&scratch).await.unwrap();
    assert_eq!(ask(&copy, TABLES).await, "a,b");
    assert_eq!(ask(&other, TABLES).await, "none");
    drop((copy, other, scratch, server));

    let server = DevServer::open(options).await.unwrap();
    let two = server.restore("two").await.unwrap().unwrap();
    let one = server.restore("one").await.unwrap().unwrap();
    let empty = server.scratch().await.unwrap();
    let again = server.restore("one").await.unwrap().unwrap();
    assert_eq!(ask(&empty, TABLES).await, "none");
    assert_eq!(ask(&two, TABLES).await, "a,b");
    run(&one, "ALTER TABLE a RENAME TO c").await;
    assert_eq!(ask(&one, TABLES).await, "c");
    assert_eq!(ask(&again, TABLES).await, "a");
    assert_eq!(ask(&again, "SELECT name FROM a").await, "x");
    // What was restored can be gone on from, and kept under the next key.
    run(&one, "CREATE TABLE d ()").await;
    assert!(server.store(&one, "three").await.unwrap());
    let three = server.restore("three").await.unwrap().unwrap();
    assert_eq!(ask(&three, TABLES).await, "c,d");
    let four = server.copy(&three).await.unwrap();
    assert_eq!(ask(&four, TABLES).await, "c,d");
    assert!(server.restore("never kept").await.unwrap().is_none());
    drop((one, two, three, four, empty, again));

    // Only so many are kept, and the one used last is among them.
    for key in ["4", "5", "6", "7", "8", "9", "10"] {
        let scratch = server.scratch().await.unwrap();
        assert!(server.store(&scratch, key).await.unwrap());
        assert!(server.restore("one").await.unwrap().is_some(), "{key}");
    }
    assert!(server.restore("two").await.unwrap().is_none());
    server.forget_states().await.unwrap();
    assert!(server.restore("one").await.unwrap().is_none());
}

#[tokio::test]
async fn states_are_kept_in_files() {
    let place = Place::new();
    check_states(&place.options()).await;
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

/// A server that plays the user's, and how to name it.
async fn users_server(place: &Place) -> (Scratch, Options) {
    let theirs = place.open().await.scratch().await.unwrap();
    let socket = theirs.options().get_socket().unwrap().display().to_string();
    let mut options = place.options();
    options.source = Source::Url(format!(
        "postgres://postgres@{}/postgres",
        socket.replace('/', "%2F")
    ));
    (theirs, options)
}

const DATABASES: &str = "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database";

#[tokio::test]
async fn states_are_kept_on_a_server_of_the_users_and_theirs_is_left_alone() {
    let place = Place::new();
    let (theirs, options) = users_server(&place).await;
    run(
        &theirs,
        "CREATE DATABASE cargo_migrate_mine TEMPLATE template0",
    )
    .await;
    run(
        &theirs,
        "CREATE DATABASE cargo_migrate_scratch TEMPLATE template0",
    )
    .await;
    run(&theirs, "CREATE TABLE mine ()").await;
    check_states(&options).await;
    assert_eq!(
        ask(&theirs, DATABASES).await,
        "cargo_migrate_mine,cargo_migrate_scratch,postgres,template0"
    );
    assert_eq!(ask(&theirs, TABLES).await, "mine");
}

#[tokio::test]
async fn scratch_databases_of_a_killed_run_are_swept_on_a_server_of_the_users() {
    let place = Place::new();
    let (theirs, options) = users_server(&place).await;
    let Source::Url(url) = &options.source else {
        unreachable!()
    };
    let living = DevServer::open(&options).await.unwrap();
    let kept = living.scratch().await.unwrap();

    let mut child = place.child("hold").env("DEV_DB_URL", url).spawn().unwrap();
    wait_for_line(&mut child, "holding");
    child.kill().unwrap();
    child.wait().unwrap();
    let count =
        "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'cargo_migrate_scratch%'";
    assert_eq!(ask(&theirs, count).await, "2");

    let later = DevServer::open(&options).await.unwrap();
    let sessions = "SELECT count(*)::text FROM pg_stat_activity \
                    WHERE application_name LIKE 'cargo-migrate dev%'";
    wait_until_one(&theirs, sessions, "2").await;
    let another = later.scratch().await.unwrap();
    assert_eq!(
        ask(&theirs, count).await,
        "2",
        "the dead one's is gone, the living one's is not"
    );
    assert_eq!(ask(&kept, TABLES).await, "none");
    drop((another, kept));
    assert_eq!(ask(&theirs, count).await, "0");
}

async fn wait_until_one(scratch: &Scratch, sql: &'static str, wanted: &str) {
    for _ in 0..500 {
        if ask(scratch, sql).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{sql} does not become {wanted}");
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
    if let Ok(url) = std::env::var("DEV_DB_URL") {
        options.source = Source::Url(url);
    }
    let server = DevServer::open(&options).await.unwrap();
    let scratch = server.scratch().await.unwrap();
    match &*task {
        "hold" => {
            println!("\nholding");
            std::io::stdout().flush().unwrap();
            std::thread::sleep(Duration::from_secs(60));
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

#[tokio::test]
async fn a_killed_run_leaves_no_server_and_the_next_one_sweeps_its_directory() {
    let place = Place::new();
    drop(place.open().await.scratch().await.unwrap());
    let mut child = place.child("hold").spawn().unwrap();
    wait_for_line(&mut child, "holding");
    let alive = place.left();
    assert_eq!(alive.len(), 1);
    let inventory = Cache::new(place.cache.path()).inventory(&place.options().run_dirs);
    assert!(inventory.run_dirs[0].in_use && inventory.run_dirs[0].bytes > 1 << 20);

    // Another run does not touch the directory of a living one.
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    assert_eq!(place.left().len(), 2);
    assert!(!servers_below(&alive[0]).is_empty());

    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("the server of a killed run ends", || {
        servers_below(&alive[0]).is_empty()
    });
    assert!(alive[0].exists(), "nobody was there to remove it");
    let inventory = Cache::new(place.cache.path()).inventory(&place.options().run_dirs);
    assert_eq!(
        inventory.run_dirs.iter().filter(|dir| dir.in_use).count(),
        1
    );
    drop(place.open().await.scratch().await.unwrap());
    assert!(!alive[0].exists());
    drop((scratch, server));
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_server_that_outlived_its_run_is_stopped_by_the_next() {
    let place = Place::new();
    drop(place.open().await.scratch().await.unwrap());
    // Where the kernel does not end it: as if our own server had no owner any more.
    let server = place.open().await;
    let scratch = server.scratch().await.unwrap();
    let dir = place.left().remove(0);
    let orphan = place.run.path().join("cmig-orphan");
    // The lock is on the directory itself, and stays with the old one; the server's files move.
    fs_err::create_dir(&orphan).unwrap();
    let owner = fs_err::metadata(&dir).unwrap();
    std::os::unix::fs::chown(&orphan, Some(owner.uid()), Some(owner.gid())).unwrap();
    fs_err::rename(dir.join("data"), orphan.join("data")).unwrap();
    assert!(!servers_below(&orphan).is_empty());
    drop(place.open().await.scratch().await.unwrap());
    assert!(!orphan.exists());
    assert_eq!(servers_below(place.run.path()), Vec::<String>::new());
    drop((scratch, server));
}

#[tokio::test]
async fn several_cold_runs_at_once_do_not_disturb_each_other() {
    let place = Place::new();
    place.options();
    let children: Vec<Child> = (0..4)
        .map(|_| place.child("ask").spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("answer \"$user\", public 0 none"), "{text}");
    }
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    assert_eq!(place.kept(ItemKind::Template).len(), 1);
}

#[tokio::test]
async fn the_users_environment_does_not_leak_into_the_server() {
    let place = Place::new();
    place.options();
    let mut child = place.child("ask");
    child
        .env(
            "PGOPTIONS",
            "-c search_path=nowhere -c statement_timeout=7s",
        )
        .env("PGHOST", "no.such.host")
        .env("PGHOSTADDR", "192.0.2.1")
        .env("PGPORT", "1")
        .env("PGUSER", "nobody_here")
        .env("PGDATABASE", "nothing")
        .env("PGPASSWORD", "wrong")
        .env("PGSSLMODE", "verify-full")
        .env("PGDATA", "/nowhere")
        .env("PGTZ", "Asia/Tokyo")
        .env("LC_ALL", "xx_XX.UTF-8")
        .env("LC_MESSAGES", "de_DE.UTF-8");
    assert_eq!(answer_of(child), "answer \"$user\", public 0 none");
}

/// Root without the right to become somebody else, as in some containers.
#[tokio::test]
async fn root_without_the_right_to_change_user_uses_a_user_namespace() {
    let works =
        |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let limit = ["--bounding-set", "-setuid,-setgid"];
    let possible = works(Command::new("id").arg("-u"))
        && fs_err::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
        && works(
            Command::new("setpriv")
                .args(limit)
                .args(["unshare", "--user", "true"]),
        );
    if !possible {
        println!("skipped: not root, or no setpriv, or no user namespaces");
        return;
    }
    let place = Place::new();
    place.options();
    let child = place.child("ask");
    let mut limited = Command::new("setpriv");
    limited
        .args(limit)
        .arg(child.get_program())
        .args(child.get_args());
    for (name, value) in child.get_envs() {
        limited.env(name, value.unwrap());
    }
    assert_eq!(answer_of(limited), "answer \"$user\", public 0 none");
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}
