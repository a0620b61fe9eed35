//! The database of one test.

use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};

use super::TestError;
use super::template::Template;
use crate::dev_db::Scratch;

/// A migrated database of its own; it goes when this is dropped, whoever is still connected.
#[derive(Debug)]
pub struct TestDatabase {
    template: Arc<Template>,
    /// Taken when it is dropped.
    scratch: Option<Scratch>,
}

impl TestDatabase {
    pub(super) fn new(template: Arc<Template>, scratch: Scratch) -> Self {
        Self {
            template,
            scratch: Some(scratch),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.scratch().name()
    }

    /// How to connect, for a pool.
    pub fn options(&self) -> PgConnectOptions {
        self.scratch().options()
    }

    /// How to connect, as a URL.
    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// A connection.
    pub async fn connect(&self) -> Result<PgConnection, TestError> {
        self.scratch().connect().await.map_err(TestError::Server)
    }

    fn scratch(&self) -> &Scratch {
        self.scratch.as_ref().expect("only dropping takes it")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(scratch) = self.scratch.take() {
            Arc::clone(&self.template).drop_copy(scratch);
        }
    }
}
