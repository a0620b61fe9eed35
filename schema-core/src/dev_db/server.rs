//! The server that scratch databases come from.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::Mutex;

use super::{
    binaries::{self, Engine},
    cache::Cache,
    cluster::Cluster,
    error::DevDbError,
    options::Options,
    scratch::Scratch,
    template,
};

/// Where scratch databases come from. A server of our own starts with the first of them, and stops
/// when this and every [`Scratch`] of it are dropped.
#[derive(Debug)]
pub struct DevServer {
    engine: Engine,
    cache: Cache,
    run_dirs: Vec<PathBuf>,
    cluster: Mutex<Option<Arc<Cluster>>>,
}

impl DevServer {
    /// Finds the engine. A server of our own is not started yet.
    #[expect(
        clippy::unused_async,
        reason = "the user's server is asked for its version"
    )]
    pub async fn open(options: &Options) -> Result<Self, DevDbError> {
        let cache = Cache::new(&options.cache_dir);
        let engine = binaries::resolve(options, &cache)?;
        Ok(Self {
            cache: cache.for_engine(&engine.key),
            engine,
            run_dirs: options.run_dirs.clone(),
            cluster: Mutex::new(None),
        })
    }

    /// What scratch databases run on.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The cache of this engine.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// An empty database.
    pub async fn scratch(&self) -> Result<Scratch, DevDbError> {
        let bin = self.engine.bin.as_deref().ok_or(DevDbError::Unsupported)?;
        let mut running = self.cluster.lock().await;
        let template = template::ensure(&self.engine, bin, &self.cache, &self.run_dirs).await?;
        if let Some(cluster) = &*running {
            let cluster = Arc::clone(cluster);
            drop(running);
            let name = cluster.create(&self.engine, &template).await?;
            return Ok(Scratch { cluster, name });
        }
        let cluster = Arc::new(Cluster::start(&self.engine, bin, &template, &self.run_dirs).await?);
        *running = Some(Arc::clone(&cluster));
        // The one that came with the server is empty, and needs no CREATE DATABASE.
        let name = cluster.first_database().to_owned();
        Ok(Scratch { cluster, name })
    }
}
