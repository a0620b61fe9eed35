//! Where a scratch database comes from.
//!
//! Either from a server of the user's (`--dev-url`), on which only databases of our own names are
//! made and dropped, or from a server of our own: local PostgreSQL binaries, a data directory
//! unpacked to memory-backed storage, a unix socket, no daemon, nothing left behind.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use schema_core::dev_db::{DevServer, Options, default_binary_dirs};
//!
//! let mut options = Options::new("/home/me/.cache/cargo-migrate");
//! options.search_path = default_binary_dirs(Some("/usr/bin".as_ref()));
//! let server = DevServer::open(&options).await?;
//! println!("dev database: {}", server.engine());
//! let scratch = server.scratch().await?;
//! let connection = scratch.connect().await?;
//! # drop(connection);
//! scratch.close().await?;
//! # Ok(())
//! # }
//! ```

#[cfg(not(unix))]
compile_error!(
    "a dev database needs unix sockets, file locks and signals: build on Linux, macOS or WSL"
);

mod archive;
mod binaries;
mod cache;
mod cluster;
mod error;
mod extension;
mod install;
mod inventory;
mod options;
mod own;
mod pins;
mod remote;
mod role;
mod run_dir;
mod scratch;
mod server;
mod spawn;
mod system;
mod template;
mod unpack;

pub use self::{
    binaries::{Engine, default_binary_dirs},
    cache::Cache,
    error::DevDbError,
    extension::MissingExtension,
    install::{InstallError, InstallFrom, Installed, Progress, install, installable},
    inventory::{Inventory, Item, ItemKind, RunningDir},
    options::{Options, Source, default_cache_dir},
    role::MissingRole,
    scratch::Scratch,
    server::DevServer,
};
