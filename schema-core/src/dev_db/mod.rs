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

mod archive;
mod binaries;
mod cache;
mod cluster;
mod error;
mod options;
mod own;
mod remote;
mod run_dir;
mod scratch;
mod server;
mod spawn;
mod template;

pub use self::{
    binaries::{Engine, default_binary_dirs},
    cache::Cache,
    error::DevDbError,
    options::{Options, Source},
    scratch::Scratch,
    server::DevServer,
};
