//! Do the migrations say what the structs say? What `check` answers, by itself and with `--all`.

use std::future::Future;
use std::sync::Arc;

use schema_core::dev_db::DevServer;
use schema_core::diff::{Changes, Rename, diff, renames_to_apply};
use schema_core::directory::Directory;
use schema_core::plan::shim::{ExpandError, Shim};
use schema_core::plan::{Plan, render};
use schema_core::state::{self, Scene};
use serde::Serialize;

use crate::cli::BuildArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::pipeline::{Comparison, Timings, compare_on, made};
use crate::structs::{StructDiff, differences};
use crate::{environment, shims, state_failure};

/// What a `generate` would have to write.
#[derive(Debug, Serialize)]
pub(crate) struct Consistency {
    version: u32,
    /// Whether there is nothing to write.
    pub(crate) up_to_date: bool,
    /// What differs, one sentence each.
    pub(crate) changes: Vec<String>,
    /// The same as lines of the structs.
    pub(crate) structs: Vec<StructDiff>,
    /// The same as SQL.
    pub(crate) sql: String,
    /// Where the time went.
    pub(crate) timings: Timings,
}

/// Builds the project and compares its structs with the migrations, on the server that `open` gives.
pub(crate) async fn consistency(
    context: &Context,
    directory: &Directory,
    build: &BuildArgs,
    open: impl Future<Output = Result<Arc<DevServer>, Failure>>,
) -> Result<Consistency, Failure> {
    let mut comparison = compare_on(context, directory, build, open).await?;
    let Comparison {
        dev,
        current,
        desired,
        hints,
        ..
    } = &comparison;
    let all_renames = renames_to_apply(current, desired, &hints.renames);
    let (renames, beside) = shims::split(&all_renames, &[]);
    let mut from = if renames.is_empty() {
        current.clone()
    } else {
        state::renamed(dev, directory, current, &renames)
            .await
            .map_err(|error| state_failure::explain(context, error, hints, dev.engine()))?
    };
    let mut kept = [made(&comparison.shims), beside.clone()].concat();
    kept.extend(shims::renamed_tables(&comparison, &renames));
    let Comparison { desired, hints, .. } = &mut comparison;
    state::adopt(&mut from, desired, hints, &kept);
    let mut timings = comparison.timings;
    let changes = diff(&from, &comparison.desired);
    let plan = match plan(&comparison, &renames, beside, &changes) {
        Ok(plan) => Some(plan),
        Err(ExpandError::Shim(refusal)) => {
            context.printer.warning(format_args!(
                "{refusal}, so `generate` will ask for another way"
            ));
            None
        }
        Err(ExpandError::Plan(error)) => {
            let Comparison { dev, hints, .. } = &comparison;
            let engine = dev.engine();
            return Err(state_failure::explain(context, error.into(), hints, engine));
        }
    };
    let (stages, rows) = match plan {
        None => (Vec::new(), Vec::new()),
        Some(plan) => {
            let Comparison { dev, hints, .. } = &comparison;
            let scene = Scene {
                dev,
                directory,
                current: &comparison.current,
                renames: &renames,
                changes: &changes,
                plan: &plan,
            };
            let rows = state::rows(&scene, &hints.rows)
                .await
                .map_err(|error| state_failure::explain(context, error, hints, dev.engine()))?;
            let stages = rows.added_to(plan, &comparison.desired).stages;
            (stages, rows.changes)
        }
    };
    timings.peak_memory_kb = environment::peak_memory_kb();

    let Comparison { current, hints, .. } = &comparison;
    let structs = differences(context, current, &all_renames, &changes, &rows, hints);
    let mut sentences: Vec<String> = all_renames.iter().map(ToString::to_string).collect();
    sentences.extend(changes.list.iter().map(ToString::to_string));
    sentences.extend(rows.iter().map(ToString::to_string));
    Ok(Consistency {
        version: 1,
        up_to_date: sentences.is_empty(),
        changes: sentences,
        structs,
        sql: stages.iter().map(render).collect::<Vec<_>>().join("\n"),
        timings,
    })
}

/// What `generate` would write, once it is told an issue.
fn plan(
    comparison: &Comparison,
    renames: &[Rename],
    beside: Vec<Shim>,
    changes: &Changes<'_>,
) -> Result<Plan, ExpandError> {
    let kept = shims::kept(comparison, renames, beside, changes)?;
    shims::expanded(comparison, renames, &kept, "ISSUE", changes)
}
