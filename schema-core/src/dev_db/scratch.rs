//! One scratch database.

use std::sync::Arc;

use sqlx::{PgConnection, postgres::PgConnectOptions};

use super::{
    cluster::{self, Cluster},
    error::DevDbError,
};

/// A database to do with as one likes.
///
/// Its server lives at least as long. [`Scratch::close`] removes it; one that is dropped goes with
/// its server.
#[derive(Debug)]
pub struct Scratch {
    pub(super) cluster: Arc<Cluster>,
    pub(super) name: String,
}

impl Scratch {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How to connect to it.
    pub fn options(&self) -> PgConnectOptions {
        self.cluster.options(&self.name)
    }

    /// A new connection to it.
    pub async fn connect(&self) -> Result<PgConnection, DevDbError> {
        cluster::connect(&self.options()).await
    }

    /// Removes it.
    pub async fn close(self) -> Result<(), DevDbError> {
        if self.name == self.cluster.first_database() {
            return Ok(());
        }
        self.cluster.drop_database(&self.name).await
    }
}
