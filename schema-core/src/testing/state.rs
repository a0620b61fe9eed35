//! The state that every test starts with: what it is known by, and how it is made.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{ENVIRONMENT, SeedError, TestError, environment};
use crate::apply::{ApplyError, ServerError};
use crate::dev_db::{DevServer, MissingExtension, MissingRole, Scratch};
use crate::ident::Ident;
use crate::migrate::{ApplyOptions, MigrateError, Migrator};

/// Changes when a state is made in another way.
const FORMAT: &str = "testing 1";

/// What a state is known by.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    /// Of the migrations alone.
    pub(super) migrated: String,
    /// Of the seed after them: its name, and the key of both.
    pub(super) seeded: Option<(String, String)>,
}

impl Recipe {
    pub(super) fn new(migrations: &Migrator, seed: Option<&str>) -> Result<Self, TestError> {
        let migrated = digest(&[
            FORMAT,
            env!("CARGO_PKG_VERSION"),
            ENVIRONMENT,
            &migrations.fingerprint(),
        ]);
        let seeded = seed.map(|name| {
            // The rows come from code, so a program that was built anew makes them anew.
            let program = environment::program()?;
            let key = digest(&[&migrated, &program, name]);
            Ok::<_, TestError>((name.to_owned(), key))
        });
        Ok(Self {
            seeded: seeded.transpose()?,
            migrated,
        })
    }

    /// The key of the whole.
    pub(super) fn key(&self) -> &str {
        self.seeded.as_ref().map_or(&self.migrated, |(_, key)| key)
    }
}

/// The seed of those that have none.
pub(super) async fn no_seed(_: &mut PgConnection) -> Result<(), SeedError> {
    Ok(())
}

/// A database in that state, kept from another run or made now.
pub(super) async fn make(
    server: &DevServer,
    recipe: &Recipe,
    migrations: &Migrator,
    is_ours: bool,
    seed: impl AsyncFnOnce(&mut PgConnection) -> Result<(), SeedError>,
) -> Result<Scratch, TestError> {
    let migrated = async || {
        kept_or(server, &recipe.migrated, "testing-migrated", async || {
            migrate(server, migrations, is_ours).await
        })
        .await
    };
    let Some((name, key)) = &recipe.seeded else {
        return migrated().await;
    };
    kept_or(server, key, "testing-seeded", async || {
        let scratch = migrated().await?;
        let mut connection = scratch.connect().await.map_err(TestError::Server)?;
        seed(&mut connection)
            .await
            .map_err(|source| TestError::Seed {
                key: name.clone(),
                source,
            })?;
        // Nobody may be connected when the state is kept.
        let _ = connection.close().await;
        Ok(scratch)
    })
    .await
}

/// The state that is kept under a key; made by one of all processes that want it at once.
async fn kept_or(
    server: &DevServer,
    key: &str,
    lock: &str,
    make: impl AsyncFnOnce() -> Result<Scratch, TestError>,
) -> Result<Scratch, TestError> {
    if let Some(scratch) = server.restore(key).await.map_err(TestError::Server)? {
        return Ok(scratch);
    }
    let alone = server.cache().lock(lock).await;
    let _alone = alone.map_err(TestError::Cache)?;
    if let Some(scratch) = server.restore(key).await.map_err(TestError::Server)? {
        return Ok(scratch);
    }
    let scratch = make().await?;
    server
        .store(&scratch, key)
        .await
        .map_err(TestError::Server)?;
    Ok(scratch)
}

async fn migrate(
    server: &DevServer,
    migrations: &Migrator,
    is_ours: bool,
) -> Result<Scratch, TestError> {
    let options = ApplyOptions {
        environment: Some(ENVIRONMENT.to_owned()),
        ..ApplyOptions::default()
    };
    let mut made = BTreeSet::new();
    loop {
        let scratch = server.scratch().await.map_err(TestError::Server)?;
        let Err(error) = migrations.apply(&scratch.options(), &options).await else {
            return Ok(scratch);
        };
        let Some(said) = said(&error) else {
            return Err(TestError::Migrate(error));
        };
        let (code, message) = (said.sqlstate.as_deref(), &said.message);
        if let Some(missing) = MissingRole::new(code, message) {
            // A server of ours has no roles but those that migrations name.
            if is_ours && made.insert(missing.name.clone()) {
                make_role(&scratch, &missing.name).await?;
                scratch.close().await.map_err(TestError::Server)?;
                continue;
            }
            return Err(TestError::Role(missing));
        }
        return Err(
            match MissingExtension::new(code, message, server.engine()) {
                Some(missing) => TestError::Extension(missing),
                None => TestError::Migrate(error),
            },
        );
    }
}

/// What PostgreSQL said about a statement of a migration.
fn said(error: &MigrateError) -> Option<&ServerError> {
    match error {
        MigrateError::Apply(ApplyError::Statement { failure, .. }) => Some(&failure.server),
        _ => None,
    }
}

async fn make_role(scratch: &Scratch, name: &str) -> Result<(), TestError> {
    let mut connection = scratch.connect().await.map_err(TestError::Server)?;
    let sql = format!("CREATE ROLE {}", Ident::new(name));
    let made = connection.execute(sqlx::AssertSqlSafe(sql)).await;
    made.map_err(TestError::Connection)?;
    let _ = connection.close().await;
    Ok(())
}

fn digest(parts: &[&str]) -> String {
    let mut state = Sha256::new();
    for part in parts {
        state.update(part.len().to_le_bytes());
        state.update(part);
    }
    format!("{:x}", state.finalize())
}
