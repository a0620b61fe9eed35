//! Migrations that an app carries and applies when it starts.
//!
//! [`migrate!`](crate::migrate!) puts a directory into the program; [`Migrator::apply`] runs what
//! is pending of it, with the engine of `cargo migrate`: the same lock, history, retries and
//! directives, so that an app, the command line and Atlas can take turns on one database.
//!
//! ```no_run
//! use schema_core::migrate::{MigrateError, Migrator, at_start};
//! use sqlx::PgPool;
//!
//! # const SHOP: &str = stringify!(
//! static MIGRATIONS: Migrator = schema_core::migrate!();
//! # );
//! # #[cfg(feature = "macros")]
//! # static MIGRATIONS: Migrator = schema_core::migrate!("../examples/shop/migrations");
//!
//! # #[cfg(feature = "macros")]
//! async fn start(pool: &PgPool) -> Result<(), MigrateError> {
//!     let mut options = at_start();
//!     // For `skip-on`: only the app knows where it runs.
//!     options.environment = std::env::var("APP_ENV").ok();
//!     match MIGRATIONS.apply(pool, &options).await {
//!         Ok(report) => println!("{} migrations applied", report.files.len()),
//!         // A newer release was here. The gate has seen to it that this one still works.
//!         Err(error @ MigrateError::Ahead { .. }) => eprintln!("{error}"),
//!         Err(error) => return Err(error),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # When many instances start at once
//!
//! One takes the lock and applies; the others wait for it, and then find nothing to do. They wait
//! as long as `lock_timeout` says: [`at_start`] says five minutes, and what a platform allows for
//! a start has to be longer than the longest migration. A migration that takes longer than that
//! belongs into a release step, with `cargo migrate apply`; the app then finds it applied.
//!
//! # What it needs
//!
//! The role of the app must be allowed to change the schema. The URL has to lead to PostgreSQL
//! itself, or to a pooler in session mode.

mod error;
mod target;

use std::time::Duration;

use camino::Utf8Path;

pub use self::error::MigrateError;
pub use self::target::Target;
pub use crate::apply::{ApplyOptions, ApplyReport, Event, Observer, Silent, Status};
use crate::apply::{apply, status};
use crate::directory::{Directory, Prefixes};

/// A migration directory in the program; [`migrate!`](crate::migrate!) makes it.
#[derive(Clone, Copy, Debug)]
pub struct Migrator {
    folder: &'static str,
    /// Names and texts.
    files: &'static [(&'static str, &'static str)],
    sum: &'static str,
    touched: Option<&'static str>,
    prefixes: &'static [&'static str],
}

impl Migrator {
    /// What the macro calls.
    #[doc(hidden)]
    pub const fn embedded(
        folder: &'static str,
        files: &'static [(&'static str, &'static str)],
        sum: &'static str,
        touched: Option<&'static str>,
        prefixes: &'static [&'static str],
    ) -> Self {
        Self {
            folder,
            files,
            sum,
            touched,
            prefixes,
        }
    }

    /// The directory, as it was when the program was built.
    pub fn directory(&self) -> Directory {
        let own: Vec<String> = self.prefixes.iter().copied().map(str::to_owned).collect();
        let texts = self.files.iter().copied();
        let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let directory = Directory::from_texts(
            Utf8Path::new(self.folder),
            texts.collect(),
            Some(self.sum),
            &Prefixes::with_own(&own),
        );
        match self.touched {
            Some(touched) => directory.with_touched(touched),
            None => directory,
        }
    }

    /// Stands for everything that is in it.
    #[cfg(feature = "testing")]
    pub(crate) fn fingerprint(&self) -> String {
        format!("{}\0{:?}", self.directory().hash(), self.prefixes)
    }

    /// Applies what is pending to a database: a URL, connect options, or those of a pool.
    pub async fn apply(
        &self,
        target: &(impl Target + ?Sized),
        options: &ApplyOptions,
    ) -> Result<ApplyReport, MigrateError> {
        self.apply_observed(target, options, &mut Silent).await
    }

    /// [`Migrator::apply`], with somebody who looks on: a closure that takes an [`Event`] will do.
    pub async fn apply_observed(
        &self,
        target: &(impl Target + ?Sized),
        options: &ApplyOptions,
        observer: &mut dyn Observer,
    ) -> Result<ApplyReport, MigrateError> {
        let target = target.connect_options().map_err(MigrateError::Target)?;
        let directory = self.directory();
        apply(&target, &directory, options, observer)
            .await
            .map_err(MigrateError::of_apply)
    }

    /// Where a database stands. Nothing is written, and no lock taken.
    pub async fn status(
        &self,
        target: &(impl Target + ?Sized),
        options: &ApplyOptions,
    ) -> Result<Status, MigrateError> {
        let target = target.connect_options().map_err(MigrateError::Target)?;
        let directory = self.directory();
        let schema = options.revisions_schema.as_deref();
        status(&target, &directory, schema)
            .await
            .map_err(MigrateError::of_apply)
    }
}

/// Options for an app that starts: it waits for other instances as long as a deployment may take.
pub fn at_start() -> ApplyOptions {
    ApplyOptions {
        lock_timeout: Duration::from_mins(5),
        ..ApplyOptions::default()
    }
}
