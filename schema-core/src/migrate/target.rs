//! What an app can name a database by.

use std::str::FromStr as _;

use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

/// Something that says how to connect to a database.
pub trait Target: Sync {
    /// How to connect.
    fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error>;
}

impl Target for PgConnectOptions {
    fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        Ok(self.clone())
    }
}

/// Connections of its own are made with the options of the pool; none of the pool's is used.
impl Target for PgPool {
    fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        Ok(PgConnectOptions::clone(&PgPool::connect_options(self)))
    }
}

/// A URL.
impl Target for str {
    fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        PgConnectOptions::from_str(self)
    }
}

/// A URL.
impl Target for String {
    fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        self.as_str().connect_options()
    }
}
