//! A live database against what its history says that it holds.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::{StateError, current};
use crate::apply::{
    ApplyError, FormerTable, Locked, Observer, Refusal, Revision, former_tables, recorded, standing,
};
use crate::catalog::{Catalog, Difference, Filter, Pattern};
use crate::dev_db::DevServer;
use crate::directory::{Directory, Version};
use crate::introspect::{IntrospectError, Scope, introspect};

/// A database as it is found, with its history, at one moment between two deployments.
#[derive(Debug)]
pub struct Live {
    /// What it holds.
    pub catalog: Catalog,
    /// The rows of its history.
    pub revisions: Vec<Revision>,
    /// The tables in which other migration tools keep theirs.
    pub former: Vec<FormerTable>,
    /// The major version of its server.
    pub major: Option<u32>,
}

impl Live {
    /// Looks at a target. Nothing is written, and no privilege needed but to read the history.
    pub async fn read(
        target: &PgConnectOptions,
        revisions_schema: Option<&str>,
        lock_timeout: Duration,
        observer: &mut dyn Observer,
    ) -> Result<Self, DriftError> {
        let mut locked = Locked::open(target, revisions_schema, lock_timeout, observer).await?;
        let result = Self::read_locked(&mut locked).await;
        locked.close().await;
        result
    }

    async fn read_locked(locked: &mut Locked) -> Result<Self, DriftError> {
        let connection = &mut locked.connection;
        let major = connection
            .server_version_num()
            .map(|number| number / 10_000);
        Ok(Self {
            former: former_tables(connection).await?,
            catalog: introspect(connection, &Scope::default()).await?,
            revisions: locked.revisions.clone(),
            major,
        })
    }

    /// The filter, and beside it the tables of other migration tools that no migration makes.
    pub fn filter(&self, directory_makes: &Catalog, filter: &Filter) -> Filter {
        let mut filter = filter.clone();
        for FormerTable { name, .. } in &self.former {
            if !directory_makes.tables.contains_key(name) {
                filter.excluded.push(Pattern::exactly(name));
            }
            if !directory_makes.schemas.contains_key(&name.schema) {
                filter.only_if_used.insert(name.schema.clone());
            }
        }
        filter
    }
}

/// What to compare.
#[derive(Clone, Debug)]
pub struct DriftOptions {
    /// What counts.
    pub filter: Filter,
    /// How long to wait for a deployment.
    pub lock_timeout: Duration,
    /// The schema of the history table; where it is if `None`.
    pub revisions_schema: Option<String>,
}

/// What a database should hold, and what it does, as far as it was asked for.
#[derive(Debug)]
pub struct Drift {
    /// The newest version that the history has; `None` where nothing is applied.
    pub version: Option<Version>,
    /// What the history says that it holds.
    pub expected: Catalog,
    /// What it holds.
    pub found: Catalog,
    /// Where the two differ; what is expected is on the left.
    pub differences: Vec<Difference>,
    /// The major version of its server.
    pub major: Option<u32>,
}

/// Why the two cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriftError {
    /// The target, or its history.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// What the target holds.
    #[error("cannot read what the database holds")]
    Introspect(#[from] IntrospectError),
    /// What it should hold.
    #[error(transparent)]
    State(#[from] StateError),
    /// A database that no migration tool of this kind has migrated.
    #[error("the database has no history, and is not empty")]
    NoHistory,
}

impl From<Refusal> for DriftError {
    fn from(refusal: Refusal) -> Self {
        Self::Apply(ApplyError::Refused(refusal))
    }
}

/// Compares what a database holds with what its history says: the files that took effect there,
/// half-done ones as far as they went.
pub async fn drift(
    dev: &DevServer,
    target: &PgConnectOptions,
    directory: &Directory,
    options: &DriftOptions,
    observer: &mut dyn Observer,
) -> Result<Drift, DriftError> {
    let schema = options.revisions_schema.as_deref();
    let live = Live::read(target, schema, options.lock_timeout, observer).await?;
    let held = standing(directory, &live.revisions)?;
    let mut expected = current(dev, &held, observer).await?.catalog;
    // Who owns what is the business of each database.
    expected.objects.retain(|id, _| !id.kind.is_privilege());
    let filter = live.filter(&expected, &options.filter);
    let (expected, found) = (filter.apply(&expected), filter.apply(&live.catalog));
    let differences = expected.compare(&found);
    if recorded(&live.revisions).is_empty() && !differences.is_empty() {
        return Err(DriftError::NoHistory);
    }
    Ok(Drift {
        version: held.files.last().map(|file| file.version.clone()),
        expected,
        found,
        differences,
        major: live.major,
    })
}
