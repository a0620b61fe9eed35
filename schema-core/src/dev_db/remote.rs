//! A server of the user's: scratch databases and states kept, all under names of our own.
//!
//! A scratch database is called after the session that keeps it alive, so that anybody can tell
//! the databases of a running process from those of a killed one.

use std::{
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    postgres::PgConnectOptions,
};
use tokio::sync::Mutex;

use super::{
    binaries::Engine,
    cache::short_hash,
    cluster::{self, retry_while_in_use},
    error::DevDbError,
    scratch::{Home, Scratch},
};

/// How a session that owns scratch databases calls itself.
const OWNER: &str = "cargo-migrate dev database";
/// How many states are kept on the server.
const STATES: i64 = 8;

/// The user's server.
#[derive(Debug)]
pub(super) struct Remote {
    options: PgConnectOptions,
    /// The process number of the owning session.
    session: i32,
    count: AtomicU32,
    /// As long as it is open, nobody takes our databases for leftovers.
    owner: Mutex<Owner>,
}

/// The name of a database that holds a state.
#[derive(Debug)]
pub(super) struct State(String);

impl State {
    pub(super) fn new(engine: &Engine, key: &str) -> Self {
        let hash = short_hash(&format!("{}\0{key}", engine.key), 16);
        Self(format!("cargo_migrate_{hash}"))
    }
}

#[derive(Debug)]
struct Owner {
    _connection: PgConnection,
    has_swept: bool,
}

impl Remote {
    /// Connects, and finds out which engine this is.
    pub(super) async fn open(url: &str) -> Result<(Self, Engine), DevDbError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(DevDbError::Url)?
            .application_name("cargo-migrate")
            .disable_statement_logging();
        let owner = options.clone().application_name(OWNER);
        let mut connection = cluster::connect(&owner).await?;
        let about = "SELECT pg_backend_pid(), version(), current_setting('server_version'), \
                     current_setting('server_version_num')::int4, \
                     (SELECT system_identifier::text FROM pg_control_system())";
        let (session, says, version, number, server): (i32, String, String, i32, String) =
            sqlx::query_as(about)
                .fetch_one(&mut connection)
                .await
                .map_err(manage_error(
                    "ask the version of the server of",
                    options.get_database().unwrap_or_default(),
                ))?;
        let version = version.split(' ').next().unwrap_or_default().to_owned();
        let engine = Engine {
            major: number.unsigned_abs() / 10_000,
            origin: cluster::place(&options),
            key: format!("{version}-{}", short_hash(&format!("{says}\0{server}"), 8)),
            version,
        };
        let remote = Self {
            options,
            session,
            count: AtomicU32::new(1),
            owner: Mutex::new(Owner {
                _connection: connection,
                has_swept: false,
            }),
        };
        Ok((remote, engine))
    }

    /// How to connect to one of its databases.
    pub(super) fn options(&self, database: &str) -> PgConnectOptions {
        self.options.clone().database(database)
    }

    pub(super) async fn scratch(self: &Arc<Self>) -> Result<Scratch, DevDbError> {
        self.copy("template0").await
    }

    /// A copy of a database, to which nobody may be connected.
    pub(super) async fn copy(self: &Arc<Self>, from: &str) -> Result<Scratch, DevDbError> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("cargo_migrate_scratch_{}_{count}", self.session);
        self.sweep().await?;
        let sql = format!("CREATE DATABASE {name} TEMPLATE {from}");
        self.manage(&sql, "create", &name).await?;
        Ok(Scratch::new(Home::Remote(Arc::clone(self)), name))
    }

    /// Keeps the state of a scratch database, to which nobody may be connected any more.
    pub(super) async fn store(&self, scratch: &str, state: &State) -> Result<bool, DevDbError> {
        let State(name) = state;
        let sql = format!("CREATE DATABASE {name} TEMPLATE {scratch} ALLOW_CONNECTIONS false");
        match self.manage(&sql, "keep the state of", scratch).await {
            // Another run was faster, and came to the same.
            Err(DevDbError::Manage { source, .. }) if has_code(&source, "42P04") => {}
            answer => answer?,
        }
        self.note_use(state).await?;
        self.forget_beyond(STATES).await?;
        Ok(true)
    }

    /// A scratch database in the state that was kept, if it still is.
    pub(super) async fn restore(
        self: &Arc<Self>,
        state: &State,
    ) -> Result<Option<Scratch>, DevDbError> {
        match self.copy(&state.0).await {
            Ok(scratch) => {
                self.note_use(state).await?;
                Ok(Some(scratch))
            }
            Err(DevDbError::Manage { source, .. }) if has_code(&source, "3D000") => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn drop_database(&self, name: &str) -> Result<(), DevDbError> {
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        self.manage(&sql, "drop", name).await
    }

    /// [`Remote::drop_database`] for a destructor, wherever that runs.
    pub(super) fn drop_database_now(self: Arc<Self>, name: String) {
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                // What fails here is swept by a later run.
                let _ = runtime.block_on(self.drop_database(&name));
            }
        };
        let _ = thread::spawn(work).join();
    }

    /// Drops states beyond the `keep` that were used last.
    pub(super) async fn forget_beyond(&self, keep: i64) -> Result<(), DevDbError> {
        let sql = "SELECT datname::text FROM pg_database \
                   WHERE datname ~ '^cargo_migrate_[0-9a-f]{16}$' \
                   ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST OFFSET $1";
        let mut connection = cluster::connect(&self.options).await?;
        let old: Vec<String> = sqlx::query_scalar(sql)
            .bind(keep)
            .fetch_all(&mut connection)
            .await
            .map_err(manage_error("list", "cargo_migrate_*"))?;
        drop_unused(&mut connection, old).await;
        let _ = connection.close().await;
        Ok(())
    }

    /// Drops the scratch databases of runs that were killed; once.
    pub(super) async fn sweep(&self) -> Result<(), DevDbError> {
        let mut owner = self.owner.lock().await;
        if owner.has_swept {
            return Ok(());
        }
        owner.has_swept = true;
        let mut connection = cluster::connect(&self.options).await?;
        // Our own number too: it was somebody else's before.
        // The cast has to stand a database of any name: the planner orders conditions as it likes.
        let sql = "SELECT d.datname::text FROM pg_database d \
                   WHERE d.datname ~ '^cargo_migrate_scratch_[0-9]+_[0-9]+$' \
                   AND NOT EXISTS (SELECT FROM pg_stat_activity \
                     WHERE pid = substring(d.datname FROM '^cargo_migrate_scratch_([0-9]+)_')::int8 \
                     AND pid <> $1 AND application_name = $2)";
        let left: Vec<String> = sqlx::query_scalar(sql)
            .bind(self.session)
            .bind(OWNER)
            .fetch_all(&mut connection)
            .await
            .map_err(manage_error("list", "cargo_migrate_scratch_*"))?;
        drop_unused(&mut connection, left).await;
        let _ = connection.close().await;
        Ok(())
    }

    /// Writes the time into the comment of the database: what was not used for longest goes first.
    async fn note_use(&self, State(name): &State) -> Result<(), DevDbError> {
        let sql = format!(
            "DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE {name} IS %L', 'state kept by \
             cargo-migrate, used ' || to_char(clock_timestamp() AT TIME ZONE 'UTC', \
             'YYYY-MM-DD HH24:MI:SS.US')); END $$"
        );
        match self.manage(&sql, "note the use of", name).await {
            // Another run has just dropped it, or is noting the same.
            Err(DevDbError::Manage { source, .. })
                if has_code(&source, "3D000") || has_code(&source, "XX000") =>
            {
                Ok(())
            }
            answer => answer,
        }
    }

    async fn manage(&self, sql: &str, doing: &'static str, name: &str) -> Result<(), DevDbError> {
        let mut connection = cluster::connect(&self.options).await?;
        let done = retry_while_in_use(&mut connection, sql).await;
        let _ = connection.close().await;
        done.map_err(manage_error(doing, name))
    }
}

/// Drops databases of ours that nobody uses; what is in use, or cannot be dropped, stays.
async fn drop_unused(connection: &mut PgConnection, names: Vec<String>) {
    for name in names {
        let sql = format!("DROP DATABASE IF EXISTS {name}");
        let _ = connection.execute(AssertSqlSafe(sql)).await;
    }
}

fn manage_error(doing: &'static str, name: &str) -> impl FnOnce(sqlx::Error) -> DevDbError {
    let database = name.to_owned();
    move |source| DevDbError::Manage {
        doing,
        database,
        source,
    }
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some(code))
}
