//! Servers of their own kind: with passwords, that restart, stand by, or have no room.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use schema_core::dev_db::default_binary_dirs;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// Who runs a server for root, which PostgreSQL refuses to run as.
const NOBODY: u32 = 65534;

/// Longer than any start takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// The server ends with this process, however that ends: then its standard input closes.
const UNTIL_CLOSED: &str = r#""$@" & server=$!; read line; kill -QUIT $server; wait $server"#;

/// A disk of this size, which nobody else sees and which goes with the server.
const SMALL_DISK: &str = "8m";

/// A server with a data directory of its own, on a socket and on a port of this machine.
#[derive(Debug)]
pub struct TestServer {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
    settings: Vec<String>,
    has_disk: bool,
    running: Option<Child>,
}

impl TestServer {
    /// A server with these settings, `name=value`. The superuser `postgres` gets in by the socket;
    /// by the network everyone needs a password. `None`, and a word about it, where this machine
    /// has none.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn start(settings: &[&str]) -> Option<Self> {
        let mut server = Self::place(settings)?;
        server.initialize();
        server.run().await;
        Some(server)
    }

    /// A server beside which there is a small disk, for a tablespace.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn with_small_disk() -> Option<Self> {
        let mut server = Self::place(&[])?;
        let may_mount = Command::new("unshare")
            .args(["--mount", "mount", "-t", "tmpfs", "tmpfs"])
            .arg(server.folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !may_mount || !is_root() {
            println!("skipped: only root may mount a small disk");
            return None;
        }
        server.initialize();
        fs_err::create_dir(server.small_disk()).expect("a folder");
        server.has_disk = true;
        server.run().await;
        Some(server)
    }

    /// A standby of this server, which follows it.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn standby(&self) -> Self {
        let mut standby = Self::place(&[]).expect("as for the primary");
        let mut command = standby.program("pg_basebackup");
        command.args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf"]);
        command.args(["--username=postgres", "--host"]);
        command.arg(self.folder.path());
        command.args(["--port", &self.port.to_string(), "--pgdata"]);
        command.arg(standby.data());
        succeed(&mut command);
        standby.run().await;
        standby
    }

    /// How to connect as the superuser, by the socket.
    pub fn options(&self) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass();
        let options = options.socket(self.folder.path()).port(self.port);
        options.username("postgres").database("postgres")
    }

    /// How to connect by the network, where a password is asked for.
    pub fn network(&self) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass();
        let options = options.host("127.0.0.1").port(self.port);
        let options = options.username("postgres").database("postgres");
        options.ssl_mode(PgSslMode::Disable)
    }

    /// Where the small disk is.
    pub fn small_disk(&self) -> PathBuf {
        self.folder.path().join("small")
    }

    /// Runs statements as the superuser, each by itself.
    ///
    /// # Panics
    ///
    /// If PostgreSQL refuses one.
    pub async fn execute(&self, statements: &[&str]) {
        let connected = PgConnection::connect_with(&self.options()).await;
        let mut connection = connected.expect("the server answers");
        for sql in statements {
            let done = sqlx::raw_sql(AssertSqlSafe(*sql));
            if let Err(error) = done.execute(&mut connection).await {
                panic!("{error}\n{sql}");
            }
        }
        let _ = connection.close().await;
    }

    /// Stops it at once, as a crash does.
    pub fn stop(&mut self) {
        if let Some(mut shell) = self.running.take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }

    /// Starts it, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub async fn run(&mut self) {
        let mut command = if self.has_disk {
            self.shell_with_disk()
        } else {
            let mut command = Command::new("sh");
            as_nobody(&mut command);
            command.args(["-c", UNTIL_CLOSED, "sh"]);
            command
        };
        command.arg(self.binaries.join("postgres"));
        command.arg("-D").arg(self.data());
        let socket = format!("unix_socket_directories={}", self.folder.path().display());
        let port = format!("port={}", self.port);
        let ours = [
            &port,
            &socket,
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "shared_buffers=16MB",
            "lc_messages=C",
        ];
        for setting in ours
            .into_iter()
            .chain(self.settings.iter().map(String::as_str))
        {
            command.args(["-c", setting]);
        }
        let log = self.folder.path().join("log");
        let written = fs_err::File::create(&log).expect("a log").into_parts().0;
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(written);
        self.running = Some(command.current_dir("/").spawn().expect("a shell starts"));
        let begun = Instant::now();
        while let Err(error) = PgConnection::connect_with(&self.options()).await {
            let log = || fs_err::read_to_string(&log).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "{error}: {}", log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn place(settings: &[&str]) -> Option<Self> {
        let path = std::env::var_os("PATH");
        let dirs = default_binary_dirs(path.as_deref()).into_iter();
        let mut dirs = dirs.filter(|dir| dir.join("initdb").is_file());
        let Some(binaries) = dirs.find(|dir| dir.join("pg_basebackup").is_file()) else {
            println!("skipped: no PostgreSQL binaries");
            return None;
        };
        // Not in the home directory of root, where the server could not read it.
        let folder = tempfile::Builder::new()
            .prefix("server-")
            .tempdir_in("/tmp");
        let folder = folder.expect("a folder");
        if is_root() && chown(folder.path(), Some(NOBODY), Some(NOBODY)).is_err() {
            println!("skipped: PostgreSQL does not run as root, and this root cannot be another");
            return None;
        }
        let open = Permissions::from_mode(0o755);
        fs_err::set_permissions(folder.path(), open).expect("it is ours");
        Some(Self {
            folder,
            binaries,
            port: free_port(),
            settings: settings.iter().map(|it| (*it).to_owned()).collect(),
            has_disk: false,
            running: None,
        })
    }

    fn initialize(&self) {
        let mut command = self.program("initdb");
        command.args([
            "--no-sync",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        command.args([
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--pgdata",
        ]);
        command.arg(self.data());
        succeed(&mut command);
    }

    fn shell_with_disk(&self) -> Command {
        let options = format!("size={SMALL_DISK},uid={NOBODY},gid={NOBODY},mode=700");
        let nobody = NOBODY.to_string();
        let mount = r#"mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@""#;
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", mount, "sh", &options]);
        command.arg(self.small_disk());
        command.args([
            "setpriv",
            "--reuid",
            &nobody,
            "--regid",
            &nobody,
            "--clear-groups",
        ]);
        command.args(["sh", "-c", UNTIL_CLOSED, "sh"]);
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        as_nobody(&mut command);
        command.current_dir("/").env("LC_ALL", "C").env("TZ", "UTC");
        command
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn as_nobody(command: &mut Command) {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
}

/// Whether this process is root's.
fn is_root() -> bool {
    fs_err::metadata(Path::new("/proc/self")).is_ok_and(|it| it.uid() == 0)
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has one").port()
}
