//! A real PgBouncer in front of the test server.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use crate::postgres::TestDatabase;

/// `nobody` on every system that PgBouncer runs on; it refuses root.
const NOBODY: u32 = 65534;

/// The number in the name of its socket, which is in a folder of its own.
const PORT: u16 = 6432;

/// A pool in front of one database; ends when dropped.
#[derive(Debug)]
pub struct PgBouncer {
    process: Child,
    folder: TempDir,
    options: PgConnectOptions,
}

impl PgBouncer {
    /// Starts it in front of a database. `settings` are lines of its configuration, of which
    /// `pool_mode` is one.
    ///
    /// `None`, and a word about it, where there is no PgBouncer or it cannot be started.
    ///
    /// # Panics
    ///
    /// If the machine has no room for its files.
    pub async fn start(database: &TestDatabase, settings: &[&str]) -> Option<Self> {
        let Some(program) = program() else {
            println!("skipped: no pgbouncer on this machine");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let configuration = folder.path().join("pgbouncer.ini");
        let text = configuration_of(
            &database.options(),
            &database.url(),
            folder.path(),
            settings,
        );
        fs_err::write(&configuration, text).expect("a file can be written");
        let log = fs_err::File::create(folder.path().join("log")).expect("a file can be made");
        let mut command = Command::new(program);
        command
            .arg("-q")
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.into_file());
        if rustix::process::geteuid().is_root() {
            for path in [folder.path(), &configuration] {
                let owner = Some(NOBODY);
                std::os::unix::fs::chown(path, owner, owner).ok()?;
            }
            command.uid(NOBODY).gid(NOBODY);
        }
        let process = match command.spawn() {
            Ok(process) => process,
            Err(error) => {
                println!("skipped: pgbouncer cannot be started: {error}");
                return None;
            }
        };
        let options = database
            .options()
            .socket(folder.path())
            .port(PORT)
            .ssl_mode(PgSslMode::Disable)
            .extra_float_digits(None);
        let mut started = Self {
            process,
            folder,
            options,
        };
        started.wait().await;
        Some(started)
    }

    /// How to connect through it.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    /// How to connect through it, as a URL.
    pub fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }

    /// Until it answers.
    async fn wait(&mut self) {
        let start = Instant::now();
        loop {
            let error = match self.options.connect().await {
                Ok(connection) => {
                    connection.close().await.expect("it has just answered");
                    return;
                }
                Err(error) => error,
            };
            let ended = self.process.try_wait().expect("a child of ours");
            let log = fs_err::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(
                ended.is_none() && start.elapsed() < Duration::from_mins(1),
                "pgbouncer does not answer: {error}\n{log}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Debian has it where only root looks.
    folders.extend(["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"].map(PathBuf::from));
    let programs = folders.into_iter().map(|folder| folder.join("pgbouncer"));
    programs.into_iter().find(|program| program.is_file())
}

fn configuration_of(
    server: &PgConnectOptions,
    url: &str,
    folder: &Path,
    settings: &[&str],
) -> String {
    let host = server.get_socket().map_or_else(
        || server.get_host().to_owned(),
        |socket| socket.display().to_string(),
    );
    let password = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'))
        .and_then(|(user, _)| user.split_once(':'))
        .map_or_else(String::new, |(_, password)| format!(" password={password}"));
    let (port, user) = (server.get_port(), server.get_username());
    let database = server.get_database().expect("a test database has a name");
    format!(
        "[databases]\n\
         {database} = host={host} port={port} dbname={database} user={user}{password}\n\
         [pgbouncer]\n\
         listen_addr =\n\
         listen_port = {PORT}\n\
         unix_socket_dir = {}\n\
         auth_type = any\n\
         {}\n",
        folder.display(),
        settings.join("\n")
    )
}
