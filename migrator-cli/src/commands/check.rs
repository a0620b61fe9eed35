//! `check`: do the migrations say what the structs say?

use schema_core::diff::{Changes, Rename, diff, renames_to_apply};
use schema_core::plan::shim::{ExpandError, Shim};
use schema_core::plan::{Plan, render};
use schema_core::state::{self, Scene};
use serde::Serialize;

use crate::cli::CheckArgs;
use crate::context::Context;
use crate::directory::load_or_new;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{Comparison, Timings, compare, made};
use crate::{environment, shims, state_failure};

#[derive(Serialize)]
struct Report {
    version: u32,
    up_to_date: bool,
    changes: Vec<String>,
    sql: String,
    timings: Timings,
}

/// Says what a `generate` would have to write.
pub(crate) async fn run(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    let directory = load_or_new(context)?;
    let mut comparison = compare(context, &directory, &args.build, &args.dev).await?;
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
        state::renamed(dev, &directory, current, &renames)
            .await
            .map_err(|error| state_failure::explain(context, error, hints, dev.engine()))?
    };
    let mut kept = [made(&comparison.shims), beside.clone()].concat();
    kept.extend(shims::renamed_tables(&comparison, &renames));
    let Comparison { desired, hints, .. } = &mut comparison;
    state::adopt(&mut from, desired, hints, &kept);
    let mut timings = comparison.timings;
    let differences = diff(&from, &comparison.desired);
    let plan = match plan(&comparison, &renames, beside, &differences) {
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
                directory: &directory,
                current: &comparison.current,
                renames: &renames,
                changes: &differences,
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

    let mut changes: Vec<String> = all_renames.iter().map(ToString::to_string).collect();
    changes.extend(differences.list.iter().map(ToString::to_string));
    changes.extend(rows.iter().map(ToString::to_string));
    let sql = stages.iter().map(render).collect::<Vec<_>>().join("\n");
    let up_to_date = changes.is_empty();
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            up_to_date,
            changes: changes.clone(),
            sql,
            timings,
        });
    } else if !up_to_date {
        context.printer.sql(&sql);
    }
    if up_to_date {
        context
            .printer
            .done("Up to date", "the migrations say what the structs say");
        return Ok(Exit::Clean);
    }
    for change in &changes {
        context.printer.done("Differs", change);
    }
    context
        .printer
        .note("run `cargo migrate generate NAME` to write the migration");
    Ok(Exit::Regenerate)
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
