//! One scratch database.

use std::{mem, sync::Arc};

use sqlx::{Executor as _, PgConnection, postgres::PgConnectOptions};

use super::{
    cluster::{self, Cluster},
    error::DevDbError,
    remote::Remote,
};

/// A database to do with as one likes.
///
/// Its server lives at least as long. [`Scratch::close`] removes it. One that is dropped is removed
/// too: at once on a server of the user's, together with the server on one of our own.
#[derive(Debug)]
pub struct Scratch {
    pub(super) home: Home,
    name: String,
}

/// The server of a scratch database.
#[derive(Debug)]
pub(super) enum Home {
    Own(Arc<Cluster>),
    Remote(Arc<Remote>),
}

impl Scratch {
    pub(super) fn new(home: Home, name: String) -> Self {
        Self { home, name }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How to connect to it.
    pub fn options(&self) -> PgConnectOptions {
        match &self.home {
            Home::Own(cluster) => cluster.options(&self.name),
            Home::Remote(remote) => remote.options(&self.name),
        }
    }

    /// A new connection to it.
    pub async fn connect(&self) -> Result<PgConnection, DevDbError> {
        let options = self.options();
        let mut connection = cluster::connect(&options).await?;
        // The driver sends what PGOPTIONS says. On a server of our own nothing is meant by it.
        if matches!(self.home, Home::Own(_)) && options.get_options().is_some() {
            connection
                .execute(UNDO_OPTIONS)
                .await
                .map_err(|source| DevDbError::Manage {
                    doing: "undo PGOPTIONS for",
                    database: self.name.clone(),
                    source,
                })?;
        }
        Ok(connection)
    }

    /// Removes it.
    pub async fn close(mut self) -> Result<(), DevDbError> {
        let name = mem::take(&mut self.name);
        match &self.home {
            // It came with the server, and goes with it.
            Home::Own(cluster) if name == cluster.first_database() => Ok(()),
            Home::Own(cluster) => cluster.drop_database(&name).await,
            Home::Remote(remote) => remote.drop_database(&name).await,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let name = mem::take(&mut self.name);
        if let (Home::Remote(remote), false) = (&self.home, name.is_empty()) {
            Arc::clone(remote).drop_database_now(name);
        }
    }
}

/// Every setting that came with the connection, but those that the driver itself sends.
const UNDO_OPTIONS: &str = "\
    SELECT set_config(name, coalesce(boot_val, ''), false) FROM pg_settings \
    WHERE source = 'client' AND name NOT IN \
    ('application_name', 'client_encoding', 'DateStyle', 'extra_float_digits', 'TimeZone')";
