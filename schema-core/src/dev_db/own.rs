//! A server of our own: scratch databases and states kept in files.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::NamedTempFile;
use tokio::sync::Mutex;

use super::{
    archive::{self, Manifest},
    binaries::Engine,
    cache::{self, Cache},
    cluster::{self, Cluster},
    error::DevDbError,
    scratch::{Home, Scratch},
    template,
};
use crate::ident::Ident;

/// What is needed to start servers of our own, and the one that runs.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) bin: PathBuf,
    pub(super) run_dirs: Vec<PathBuf>,
    /// Roles that each of them has.
    roles: BTreeSet<Ident>,
    /// The server on which further databases are made; it starts with the first.
    running: Mutex<Option<Arc<Cluster>>>,
}

impl Own {
    pub(super) fn new(bin: &Path, run_dirs: &[PathBuf], roles: &BTreeSet<Ident>) -> Self {
        Self {
            bin: bin.to_owned(),
            run_dirs: run_dirs.to_owned(),
            roles: roles.clone(),
            running: Mutex::new(None),
        }
    }

    pub(super) async fn scratch(
        &self,
        engine: &Engine,
        cache: &Cache,
    ) -> Result<Scratch, DevDbError> {
        let mut running = self.running.lock().await;
        if let Some(cluster) = &*running {
            let cluster = Arc::clone(cluster);
            drop(running);
            let name = cluster.create(engine).await?;
            return Ok(Scratch::new(Home::Own(cluster), name));
        }
        let template = template::ensure(engine, &self.bin, cache, &self.run_dirs).await?;
        let cluster = match self.start(engine, &template, &template).await {
            // What was kept is damaged: it is made again, and then it has to do.
            Err(DevDbError::Damaged { .. } | DevDbError::Start { .. }) => {
                let _ = fs_err::remove_file(&template);
                let template = template::ensure(engine, &self.bin, cache, &self.run_dirs).await?;
                self.start(engine, &template, &template).await?
            }
            started => started?,
        };
        *running = Some(Arc::clone(&cluster));
        // The database that came with the server is empty, and needs no CREATE DATABASE.
        let name = cluster.first_database().to_owned();
        Ok(Scratch::new(Home::Own(cluster), name))
    }

    /// Keeps the state of a database as a file. `false` if something else wrote on its server
    /// meanwhile, which would have made the copy inconsistent.
    pub(super) async fn store(
        &self,
        cluster: &Cluster,
        name: &str,
        cache: &Cache,
        key: &str,
    ) -> Result<bool, DevDbError> {
        let manage = |source| DevDbError::Manage {
            doing: "keep the state of",
            database: name.to_owned(),
            source,
        };
        let mut connection = cluster::connect(&cluster.options(name)).await?;
        let oid: i64 = sqlx::query_scalar(
            "SELECT oid::int8 FROM pg_database WHERE datname = current_database()",
        )
        .fetch_one(&mut connection)
        .await
        .map_err(manage)?;
        let oid = u32::try_from(oid).expect("an oid has 32 bits");
        let manifest = Manifest::new(name, oid, cluster.empty_oid());
        let path = cache.snapshot(key);
        let mut quiet = false;
        for _attempt in 0..2 {
            // After a checkpoint the files say it all, and the write-ahead log is one segment.
            connection.execute("CHECKPOINT").await.map_err(manage)?;
            let before = position(&mut connection).await.map_err(manage)?;
            let keep = DevDbError::io("cannot keep a state of the dev database");
            let file = pack(cluster, &manifest, &path).map_err(keep)?;
            quiet = position(&mut connection).await.map_err(manage)? == before;
            if quiet {
                let keep = DevDbError::io("cannot keep a state of the dev database");
                cache.finish(file, &path).map_err(keep)?;
                break;
            }
        }
        let _ = connection.close().await;
        Ok(quiet)
    }

    /// A database in the state that was kept under this key, on a server of its own.
    pub(super) async fn restore(
        &self,
        engine: &Engine,
        cache: &Cache,
        key: &str,
    ) -> Result<Option<Scratch>, DevDbError> {
        let file = cache.snapshot(key);
        if !file.exists() {
            return Ok(None);
        }
        let template = template::ensure(engine, &self.bin, cache, &self.run_dirs).await?;
        let cluster = match self.start(engine, &file, &template).await {
            Ok(cluster) => cluster,
            // Whatever is wrong with it, the state can be made again.
            Err(DevDbError::Damaged { .. } | DevDbError::Start { .. }) => {
                let _ = fs_err::remove_file(&file);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        cache::touch(&file);
        self.running
            .lock()
            .await
            .get_or_insert_with(|| Arc::clone(&cluster));
        let name = cluster.first_database().to_owned();
        Ok(Some(Scratch::new(Home::Own(cluster), name)))
    }

    async fn start(
        &self,
        engine: &Engine,
        archive: &Path,
        template: &Path,
    ) -> Result<Arc<Cluster>, DevDbError> {
        let started = Cluster::start(engine, &self.bin, archive, template, &self.run_dirs).await?;
        started.create_roles(&self.roles).await?;
        Ok(Arc::new(started))
    }
}

fn pack(cluster: &Cluster, manifest: &Manifest, path: &Path) -> io::Result<NamedTempFile> {
    let mut file = cache::half(path)?;
    archive::pack(&cluster.data(), manifest.clone(), file.as_file_mut())?;
    Ok(file)
}

async fn position(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_current_wal_insert_lsn()::text")
        .fetch_one(connection)
        .await
}
