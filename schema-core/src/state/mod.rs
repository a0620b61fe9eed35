//! Current and desired states as catalogs, and the proof of a plan between them.
//!
//! Everything is cached by what it was made from, so that a server only does what is new:
//! the current state by the hash chain of the directory, the desired one table by table.

mod adopt;
mod adopt_objects;
mod between;
mod copy;
mod current;
mod desired;
mod drift;
mod error;
mod history;
mod prefixes;
mod prove;
mod rename;
mod renames;
mod rows;
mod run;
mod script;
mod shims;
mod sources;

pub use adopt::adopt;
pub use adopt_objects::forget;
pub use between::prove_between;
pub use copy::{CopiedTable, Copy, CopyError, MOST_BYTES, MOST_ROWS, copy};
pub(crate) use current::key;
pub use current::{Current, current, remember, restore};
pub use desired::desired;
pub use drift::{Drift, DriftError, DriftOptions, Live, drift};
pub use error::StateError;
pub use history::history;
pub use prefixes::{Place, place};
pub use prove::prove;
pub use rename::renamed;
pub use renames::renames_of;
pub use rows::{RowError, RowPlan, Scene, rows};
pub use run::{Refused, RunError, run};
pub use script::{
    LoadedScript, Script, ScriptError, ScriptNotes, ScriptStatement, load as load_script,
};
pub use shims::shims;
pub use sources::Sources;

use crate::catalog::{Catalog, SchemaObject};
use crate::dev_db::DevServer;
use crate::diff::diff;
use crate::ident::DEFAULT_SCHEMA;
use crate::introspect::Scope;
use crate::plan::{Plan, PlanHints, plan};

/// The plan that makes a catalog on a database that holds, of all that is modelled, only the
/// schemas and extensions of `base`.
fn creation(base: &Catalog, catalog: &Catalog) -> Result<Plan, StateError> {
    let schemas = base
        .schemas
        .iter()
        .filter(|(name, _)| catalog.schemas.contains_key(*name));
    let extensions = base
        .extensions
        .iter()
        .filter(|(name, _)| catalog.extensions.contains_key(*name));
    let start = Catalog {
        schemas: schemas
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect(),
        extensions: extensions
            .map(|(name, extension)| (name.clone(), extension.clone()))
            .collect(),
        ..Catalog::default()
    };
    Ok(plan(&diff(&start, catalog), &PlanHints::default())?)
}

/// What is read of a state.
fn scope(dev: &DevServer) -> Scope {
    Scope {
        privileges: dev.privileges(),
        ..Scope::default()
    }
}

/// What an empty database has.
fn empty() -> Catalog {
    let mut catalog = Catalog::default();
    catalog
        .schemas
        .insert(DEFAULT_SCHEMA.into(), SchemaObject::default());
    catalog
}
