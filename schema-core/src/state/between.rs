//! The proof of a plan between two catalogs that belong to no directory.

use super::{StateError, creation, empty, run};
use crate::catalog::Catalog;
use crate::dev_db::DevServer;
use crate::introspect::{Scope, introspect};
use crate::plan::Plan;

/// Makes `from` on a scratch database, runs the plan there, and compares what that gives with `to`.
pub async fn prove_between(
    dev: &DevServer,
    from: &Catalog,
    to: &Catalog,
    plan: &Plan,
) -> Result<(), StateError> {
    let scratch = dev.scratch().await?;
    let mut connection = scratch.connect().await?;
    run(&mut connection, &creation(&empty(), from)?.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::PlanFails))?;
    run(&mut connection, &plan.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::PlanFails))?;
    let made = introspect(&mut connection, &Scope::default()).await?;
    drop(connection);
    scratch.close().await?;
    let mut wanted = to.clone();
    // Owners and grants are not read here, and what is not modelled is not made.
    wanted
        .objects
        .retain(|id, _| made.objects.contains_key(id) || !id.kind.is_of_roles());
    wanted.unmodelled.clear();
    let left_over = made.differences(&wanted);
    if left_over.is_empty() {
        Ok(())
    } else {
        Err(StateError::LeftOver(left_over))
    }
}
