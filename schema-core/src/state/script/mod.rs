//! A script for psql as a catalog: what `pg_dump` writes, or somebody by hand.
//!
//! Its statements run on a scratch database. One that comes before what it needs is tried again
//! once that is there; roles that it names are made; what is about rows, or about the whole server,
//! is left out, and told.

mod error;
mod read;
mod run;
mod sort;

pub use error::ScriptError;
pub use read::{Script, ScriptStatement};

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::dev_db::{DevServer, Scratch};
use crate::introspect::{Scope, introspect};

/// A script that has run.
#[derive(Debug)]
pub struct LoadedScript {
    /// What it makes of an empty database.
    pub catalog: Catalog,
    /// What was done otherwise than it says.
    pub notes: ScriptNotes,
    scratch: Scratch,
    roles: BTreeSet<String>,
}

/// What was done otherwise than a script says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptNotes {
    /// How many statements about rows were left out.
    pub rows: usize,
    /// What is about the server or other databases, and was left out: `CREATE DATABASE shop`, by
    /// place.
    pub server: Vec<String>,
    /// Statements that came before what they need, and ran after it, by place.
    pub deferred: Vec<String>,
    /// Statements that take away what is not there, by place.
    pub nothing_to_drop: Vec<String>,
    /// Settings that this server does not have, by place.
    pub unknown_settings: Vec<String>,
    /// Roles that it names, which were made for as long as it was looked at.
    pub roles: BTreeSet<String>,
}

/// Runs a script on a scratch database, and reads what it makes there.
pub async fn load(
    dev: &DevServer,
    script: &Script,
    scope: &Scope,
) -> Result<LoadedScript, ScriptError> {
    let scratch = dev.scratch().await?;
    let mut connection = scratch.connect().await?;
    let mut notes = script.notes.clone();
    let mut roles = BTreeSet::new();
    let ran = run::run(&mut connection, script, &mut notes, &mut roles).await;
    let catalog = match ran {
        Ok(()) => introspect(&mut connection, scope).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    drop(connection);
    notes.roles.clone_from(&roles);
    match catalog {
        Ok(catalog) => Ok(LoadedScript {
            catalog,
            notes,
            scratch,
            roles,
        }),
        Err(error) => {
            // The error is worth more than what cannot be cleared away.
            let _ = clear(scratch, &roles).await;
            Err(error)
        }
    }
}

impl LoadedScript {
    /// The database that holds what it makes.
    pub fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Takes it away, and the roles that were made for it.
    pub async fn close(self) -> Result<(), ScriptError> {
        clear(self.scratch, &self.roles).await
    }
}

async fn clear(scratch: Scratch, roles: &BTreeSet<String>) -> Result<(), ScriptError> {
    if !roles.is_empty() {
        let mut connection = scratch.connect().await?;
        run::drop_roles(&mut connection, roles).await;
    }
    Ok(scratch.close().await?)
}
