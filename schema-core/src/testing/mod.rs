//! A migrated database for each test, in milliseconds.
//!
//! ```no_run
//! use schema_core::migrate::Migrator;
//!
//! # const SHOP: &str = stringify!(
//! static MIGRATIONS: Migrator = schema_core::migrate!();
//! # );
//! # #[cfg(feature = "macros")]
//! # static MIGRATIONS: Migrator = schema_core::migrate!("../examples/shop/migrations");
//!
//! # #[cfg(feature = "macros")]
//! #[tokio::test]
//! async fn customers_can_be_counted() -> Result<(), Box<dyn std::error::Error>> {
//!     let database = schema_core::testing::database(&MIGRATIONS).await?;
//!     let pool = sqlx::PgPool::connect_with(database.options()).await?;
//!     let count: i64 = sqlx::query_scalar("SELECT count(*) FROM customers").fetch_one(&pool).await?;
//!     assert_eq!(count, 0);
//!     Ok(())
//! }
//! ```
//!
//! The migrations run once, with their history, and the state is kept: as a file, or on the server
//! of `TEST_DATABASE_URL`. Every test gets a copy of it, which goes when the [`TestDatabase`] is
//! dropped, in a panic too. [`database_with`] puts rows that all tests need into the state.
//!
//! # Where the server comes from
//!
//! From `TEST_DATABASE_URL`, if it is set: its role needs `CREATEDB`, and only databases of our own
//! names (`cargo_migrate_…`) are made and dropped there; what killed runs left goes with the next
//! run. Otherwise a server of our own is started from the PostgreSQL binaries of this machine, as
//! [`dev_db`](crate::dev_db) does it: no Docker, no port, nothing to configure, gone with the
//! process. `CARGO_MIGRATE_POSTGRES_VERSION` chooses the major version, `CARGO_MIGRATE_PG_BIN` the
//! directory of the binaries, `CARGO_MIGRATE_CACHE` where states are kept.
//!
//! Tests of one process share a server, whatever runtimes they have. With cargo-nextest, which has
//! a process for each test, each starts its own from the state that is kept.
//!
//! # What is different from production
//!
//! The environment for `skip-on` is [`ENVIRONMENT`]. On a server of our own tests connect as a
//! superuser, and roles that migrations name are made, without a login.

mod broom;
mod database;
mod environment;
mod error;
mod state;
mod template;

use sqlx::PgConnection;

pub use self::database::TestDatabase;
pub use self::error::TestError;
use self::state::{Recipe, no_seed};
use crate::migrate::Migrator;

/// The environment that tests are, for `skip-on`.
pub const ENVIRONMENT: &str = "test";

/// A database of its own in which all migrations have run.
pub async fn database(migrations: &Migrator) -> Result<TestDatabase, TestError> {
    template::of(&Recipe::new(migrations, None)?, migrations, no_seed)
        .await?
        .copy()
        .await
}

/// A database of its own in which all migrations have run, and `seed` after them.
///
/// `seed` runs once for all tests of this program that ask with the same `key`; the state after it
/// is kept for as long as the program stays the same.
///
/// ```no_run
/// # use schema_core::{migrate::Migrator, testing::{self, TestError}};
/// # async fn example(migrations: &Migrator) -> Result<(), TestError> {
/// let database = testing::database_with(migrations, "one customer", async |connection| {
///     sqlx::query("INSERT INTO customers (name) VALUES ('Ada')").execute(connection).await?;
///     Ok(())
/// })
/// .await?;
/// # Ok(())
/// # }
/// ```
pub async fn database_with(
    migrations: &Migrator,
    key: &str,
    seed: impl AsyncFnOnce(&mut PgConnection) -> Result<(), SeedError>,
) -> Result<TestDatabase, TestError> {
    template::of(&Recipe::new(migrations, Some(key))?, migrations, seed)
        .await?
        .copy()
        .await
}

/// Whatever a seed fails with.
pub type SeedError = Box<dyn std::error::Error + Send + Sync>;
