//! A running server of our own, from its data directory to its end.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::{
    archive::{self, Manifest},
    binaries::Engine,
    error::DevDbError,
    run_dir::{self, RunDir},
    spawn::{self, Identity},
};
use crate::ident::Ident;

/// What a server may need beside its data.
const ROOM: u64 = 192 << 20;
const PATIENCE: Duration = Duration::from_mins(1);

/// Nothing that a crash would need, nothing in the background, nothing on the network.
/// Connections for the pools of many tests at once; locks for a transaction that makes everything.
const FLAGS: [&str; 24] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "wal_recycle=off",
    "max_wal_senders=0",
    "autovacuum=off",
    "max_connections=128",
    "max_worker_processes=0",
    "max_parallel_workers=0",
    "max_logical_replication_workers=0",
    "bgwriter_lru_maxpages=0",
    "checkpoint_timeout=1d",
    "max_wal_size=8GB",
    "jit=off",
    "huge_pages=off",
    "dynamic_shared_memory_type=mmap",
    "shared_buffers=64MB",
    "max_locks_per_transaction=256",
    "max_prepared_transactions=4",
    "logging_collector=off",
    "lc_messages=C",
    "timezone=UTC",
];

/// A server and its directory. It stops, and the directory goes, when this is dropped.
#[derive(Debug)]
pub(super) struct Cluster {
    /// Before the directory: the server has to be gone first.
    _process: Process,
    dir: RunDir,
    manifest: Manifest,
}

impl Cluster {
    /// Starts a server on a copy of the data directory in `archive`, with the empty database of
    /// `template`.
    pub(super) async fn start(
        engine: &Engine,
        bin: &Path,
        archive: &Path,
        template: &Path,
        run_dirs: &[PathBuf],
    ) -> Result<Self, DevDbError> {
        run_dir::sweep(run_dirs);
        let identity = Identity::of_process(bin);
        let size = fs_err::metadata(archive)
            .map_err(DevDbError::io(
                "cannot read the template of the dev database",
            ))?
            .len();
        let dir = RunDir::create(run_dirs, ROOM + 2 * size, identity)?;
        let manifest = archive::unpack(archive, &dir.data(), identity.owner())
            .map_err(|error| unpack_error(archive, error))?;
        let process = Process::start(engine, bin, &dir, identity)?;
        // The server does not look at the empty database before somebody copies it.
        let (source, data) = (template.to_owned(), dir.data());
        let empty = thread::spawn(move || archive::unpack_empty(&source, &data, identity.owner()));
        let ready = process.ready(&dir).await;
        let unpacked = empty
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        unpacked.map_err(|error| unpack_error(template, error))?;
        ready?;
        Ok(Self {
            _process: process,
            dir,
            manifest,
        })
    }

    /// The database that came with the data directory.
    pub(super) fn first_database(&self) -> &str {
        &self.manifest.database
    }

    /// How to connect to one of its databases.
    pub(super) fn options(&self, database: &str) -> PgConnectOptions {
        options(self.dir.path(), database)
    }

    /// Makes an empty database.
    pub(super) async fn create(&self, engine: &Engine) -> Result<String, DevDbError> {
        self.copy(engine, "template0").await
    }

    /// Makes a copy of a database, to which nobody may be connected.
    pub(super) async fn copy(&self, engine: &Engine, from: &str) -> Result<String, DevDbError> {
        static COUNT: AtomicU32 = AtomicU32::new(1);

        let name = format!(
            "scratch_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        // Without fsync, copying files is two to four times as fast as logging pages.
        let strategy = if engine.major >= 15 {
            " STRATEGY file_copy"
        } else {
            ""
        };
        let sql = format!("CREATE DATABASE {name} TEMPLATE {from}{strategy}");
        self.manage(&sql, "create", &name).await?;
        Ok(name)
    }

    /// Makes the roles that are not there yet.
    pub(super) async fn create_roles(&self, roles: &BTreeSet<Ident>) -> Result<(), DevDbError> {
        if roles.is_empty() {
            return Ok(());
        }
        let mut admin = connect(&self.options(&self.manifest.database)).await?;
        for role in roles {
            let sql = format!("CREATE ROLE {role}");
            let made = admin.execute(AssertSqlSafe(sql)).await;
            match made {
                Ok(_) => {}
                // duplicate_object: it came with the state.
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42710") => {}
                Err(source) => {
                    let role = role.as_str().to_owned();
                    return Err(DevDbError::Role { role, source });
                }
            }
        }
        let _ = admin.close().await;
        Ok(())
    }

    /// Removes a database made by [`Cluster::create`] or [`Cluster::copy`].
    pub(super) async fn drop_database(&self, name: &str) -> Result<(), DevDbError> {
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        self.manage(&sql, "drop", name).await
    }

    async fn manage(&self, sql: &str, doing: &'static str, name: &str) -> Result<(), DevDbError> {
        let mut admin = connect(&self.options(&self.manifest.database)).await?;
        let done = retry_while_in_use(&mut admin, sql).await;
        let _ = admin.close().await;
        done.map_err(|source| DevDbError::Manage {
            doing,
            database: name.to_owned(),
            source,
        })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.dir.data()
    }

    pub(super) fn empty_oid(&self) -> u32 {
        self.manifest.empty_oid
    }
}

/// A `postgres` of ours.
#[derive(Debug)]
pub(super) struct Process {
    child: Mutex<Child>,
    version: String,
    log: PathBuf,
}

impl Process {
    /// Starts the server of the data directory in `dir`.
    pub(super) fn start(
        engine: &Engine,
        bin: &Path,
        dir: &RunDir,
        identity: Identity,
    ) -> Result<Self, DevDbError> {
        let start = DevDbError::io("cannot start the dev database");
        let mut command = spawn::command(&bin.join("postgres"));
        command.arg("-D").arg(dir.data()).arg("-k").arg(dir.path());
        for flag in FLAGS {
            command.args(["-c", flag]);
        }
        if engine.major >= 18 {
            command.args(["-c", "io_method=sync"]);
        }
        let child = fs_err::File::create(dir.log())
            .and_then(|log| {
                command
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(log.into_parts().0);
                spawn::spawn(command, identity)
            })
            .map_err(start)?;
        Ok(Self {
            child: Mutex::new(child),
            version: engine.version.clone(),
            log: dir.log(),
        })
    }

    /// Waits until the server answers: it says so in the last line of `postmaster.pid`.
    pub(super) async fn ready(&self, dir: &RunDir) -> Result<(), DevDbError> {
        let status = dir.data().join("postmaster.pid");
        let begun = Instant::now();
        loop {
            if fs_err::read_to_string(&status).is_ok_and(|text| text.trim_end().ends_with("ready"))
            {
                return Ok(());
            }
            if self.has_ended() || begun.elapsed() > PATIENCE {
                return Err(DevDbError::Start {
                    version: self.version.clone(),
                    dir: dir.data(),
                    log: last_lines(&fs_err::read_to_string(&self.log).unwrap_or_default()),
                });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Stops the server and waits for its end.
    pub(super) fn stop(&self, signal: Signal) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // The number of a child that was waited for may be another process's by now.
        if matches!(child.try_wait(), Ok(None)) {
            let _ = rustix::process::kill_process(Pid::from_child(&child), signal);
        }
        let begun = Instant::now();
        while matches!(child.try_wait(), Ok(None)) {
            if begun.elapsed() > PATIENCE / 6 {
                let _ = child.kill();
                let _ = child.wait();
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn has_ended(&self) -> bool {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop(Signal::QUIT);
    }
}

/// The end of what a program printed: the part that tells why it gave up.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.is_empty() {
        return "it printed nothing".to_owned();
    }
    lines[lines.len().saturating_sub(8)..].join("\n")
}

/// A connection, or an error that says to what.
pub(super) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, DevDbError> {
    let connected = options.connect().await;
    connected.map_err(|source| DevDbError::Connect {
        place: place(options),
        database: options.get_database().unwrap_or_default().to_owned(),
        source,
    })
}

/// What does not unpack is made again, unless the fault is that of the disk.
fn unpack_error(archive: &Path, error: io::Error) -> DevDbError {
    if error.kind() == io::ErrorKind::InvalidData {
        DevDbError::Damaged {
            file: archive.to_owned(),
            source: error,
        }
    } else {
        DevDbError::io("cannot unpack the dev database")(error)
    }
}

/// Where a server is, for people.
pub(super) fn place(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// Runs a statement that wants a database for itself: sessions end a moment after their client.
pub(super) async fn retry_while_in_use(
    connection: &mut PgConnection,
    sql: &str,
) -> Result<(), sqlx::Error> {
    let begun = Instant::now();
    loop {
        match connection.execute(AssertSqlSafe(sql)).await {
            Err(sqlx::Error::Database(error))
                // object_in_use
                if error.code().as_deref() == Some("55006")
                    && begun.elapsed() < Duration::from_secs(5) =>
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            answer => return answer.map(drop),
        }
    }
}

pub(super) fn options(socket: &Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(5432)
        .username("postgres")
        .database(database)
        .application_name("cargo-migrate")
        .ssl_mode(PgSslMode::Disable)
        .disable_statement_logging()
}
