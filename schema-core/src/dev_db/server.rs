//! The server that scratch databases come from.

use std::sync::Arc;

use super::{
    binaries::{self, Engine},
    cache::{Cache, short_hash},
    error::DevDbError,
    inventory::ItemKind,
    options::{Options, Source},
    own::Own,
    remote::{Remote, State},
    scratch::{Home, Scratch},
};
use crate::ident::Ident;

/// Where scratch databases come from. A server of our own starts with the first of them, and stops
/// when this and every [`Scratch`] of it are dropped.
#[derive(Debug)]
pub struct DevServer {
    engine: Engine,
    cache: Cache,
    privileges: bool,
    backend: Backend,
}

#[derive(Debug)]
enum Backend {
    Own(Own),
    Remote(Arc<Remote>),
}

impl DevServer {
    /// Finds the engine. A server of our own is not started yet, a server of the user's is asked.
    pub async fn open(options: &Options) -> Result<Self, DevDbError> {
        let cache = Cache::new(&options.cache_dir);
        let (engine, backend) = if let Source::Url(url) = &options.source {
            let (remote, engine) = Remote::open(url).await?;
            (engine, Backend::Remote(Arc::new(remote)))
        } else {
            let (engine, bin) = binaries::resolve(options, &cache)?;
            let own = Own::new(&bin, &options.run_dirs, &options.roles);
            (engine, Backend::Own(own))
        };
        match options.major {
            Some(wanted) if wanted != engine.major => Err(DevDbError::WrongMajor {
                origin: engine.origin,
                found: engine.version,
                wanted,
            }),
            _ => Ok(Self {
                cache: cache.for_engine(&key(&engine, options)),
                privileges: options.privileges,
                engine,
                backend,
            }),
        }
    }

    /// What scratch databases run on.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether states hold owners, grants and default privileges too.
    pub fn privileges(&self) -> bool {
        self.privileges
    }

    /// The cache of this engine.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// An empty database.
    pub async fn scratch(&self) -> Result<Scratch, DevDbError> {
        match &self.backend {
            Backend::Own(own) => own.scratch(&self.engine, &self.cache).await,
            Backend::Remote(remote) => remote.scratch().await,
        }
    }

    /// A copy of a database of this server, to which nobody may be connected.
    pub async fn copy(&self, scratch: &Scratch) -> Result<Scratch, DevDbError> {
        match &scratch.home {
            Home::Own(cluster) => {
                let name = cluster.copy(&self.engine, scratch.name()).await?;
                Ok(Scratch::new(Home::Own(Arc::clone(cluster)), name))
            }
            Home::Remote(remote) => remote.copy(scratch.name()).await,
        }
    }

    /// Keeps the state of a database, to which nobody may be connected, under a key. `false` if
    /// that could not be done consistently, because something else wrote on the same server.
    ///
    /// Later runs find it; how many are kept is bounded.
    pub async fn store(&self, scratch: &Scratch, key: &str) -> Result<bool, DevDbError> {
        match (&self.backend, &scratch.home) {
            (Backend::Own(own), Home::Own(cluster)) => {
                own.store(cluster, scratch.name(), &self.cache, key).await
            }
            (_, Home::Remote(remote)) => {
                let state = State::new(&self.engine, key);
                remote.store(scratch.name(), &state).await
            }
            // A database of another server: nothing to keep it with.
            (Backend::Remote(_), Home::Own(_)) => Ok(false),
        }
    }

    /// A database in the state that was kept under this key, if it still is.
    pub async fn restore(&self, key: &str) -> Result<Option<Scratch>, DevDbError> {
        match &self.backend {
            Backend::Own(own) => own.restore(&self.engine, &self.cache, key).await,
            Backend::Remote(remote) => remote.restore(&State::new(&self.engine, key)).await,
        }
    }

    /// Forgets every state that was kept, on the user's server or in the cache.
    pub async fn forget_states(&self) -> Result<(), DevDbError> {
        match &self.backend {
            Backend::Own(_) => {
                let forget = DevDbError::io("cannot empty the cache");
                self.cache
                    .clear(&[ItemKind::State])
                    .map(drop)
                    .map_err(forget)
            }
            Backend::Remote(remote) => {
                remote.sweep().await?;
                remote.forget_beyond(0).await
            }
        }
    }
}

/// What cached states and catalogs belong to: a migration may ask which roles there are.
fn key(engine: &Engine, options: &Options) -> String {
    let mut key = engine.key.clone();
    if options.privileges {
        key.push_str("-privileges");
    }
    if options.roles.is_empty() || matches!(options.source, Source::Url(_)) {
        return key;
    }
    let roles: Vec<&str> = options.roles.iter().map(Ident::as_str).collect();
    format!("{key}-{}", short_hash(&roles.join("\0"), 8))
}
