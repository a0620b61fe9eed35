//! The servers of this process, one for each state, and the copies that tests get.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use sqlx::PgConnection;
use tokio::sync::{Mutex, OnceCell};

use super::broom::Broom;
use super::state::{self, Recipe};
use super::{SeedError, TestDatabase, TestError, environment};
use crate::dev_db::{DevServer, Scratch, Source};
use crate::migrate::Migrator;

/// A server with a database that is copied and never worked on.
#[derive(Debug)]
pub(super) struct Template {
    server: DevServer,
    scratch: Scratch,
    /// PostgreSQL copies only what nobody is connected to, and a server of ours is managed through
    /// this very database: one copies or drops at a time.
    alone: Mutex<()>,
    /// Whether the server is one of ours.
    is_ours: bool,
    /// Removes what this process leaves, since a static is never dropped.
    _broom: Option<Broom>,
}

/// The template of this process for a state; the first who asks makes it.
pub(super) async fn of(
    recipe: &Recipe,
    migrations: &Migrator,
    seed: impl AsyncFnOnce(&mut PgConnection) -> Result<(), SeedError>,
) -> Result<Arc<Template>, TestError> {
    type Templates = BTreeMap<String, Arc<OnceCell<Arc<Template>>>>;
    static TEMPLATES: std::sync::Mutex<Templates> = std::sync::Mutex::new(BTreeMap::new());

    let cell = {
        let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(templates.entry(recipe.key().to_owned()).or_default())
    };
    let template = cell
        .get_or_try_init(async || Template::new(recipe, migrations, seed).await.map(Arc::new))
        .await?;
    Ok(Arc::clone(template))
}

impl Template {
    async fn new(
        recipe: &Recipe,
        migrations: &Migrator,
        seed: impl AsyncFnOnce(&mut PgConnection) -> Result<(), SeedError>,
    ) -> Result<Self, TestError> {
        let options = environment::options()?;
        let is_ours = !matches!(options.source, Source::Url(_));
        let server = DevServer::open(&options).await.map_err(TestError::Server)?;
        let scratch = state::make(&server, recipe, migrations, is_ours, seed).await?;
        Ok(Self {
            server,
            _broom: is_ours.then(|| Broom::behind(&scratch)).flatten(),
            alone: Mutex::new(()),
            is_ours,
            scratch,
        })
    }

    /// A copy for a test.
    pub(super) async fn copy(self: Arc<Self>) -> Result<TestDatabase, TestError> {
        let scratch = {
            let _alone = self.alone.lock().await;
            let copy = self.server.copy(&self.scratch).await;
            copy.map_err(TestError::Server)?
        };
        Ok(TestDatabase::new(self, scratch))
    }

    /// Takes a copy back.
    pub(super) fn drop_copy(self: Arc<Self>, scratch: Scratch) {
        if !self.is_ours {
            // On a server of the user's it goes at once: this process may end any moment.
            drop(scratch);
            return;
        }
        // On one of ours it only takes room; nobody has to wait for that.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async {
                    let _alone = self.alone.lock().await;
                    // It goes with the server at the latest.
                    let _ = scratch.close().await;
                });
            }
        });
    }
}
