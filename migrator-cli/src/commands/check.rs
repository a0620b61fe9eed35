//! `check`: do the migrations say what the structs say?

use schema_core::diff::{diff, renames_to_apply};
use schema_core::plan::render;
use schema_core::state;
use serde::Serialize;

use crate::cli::CheckArgs;
use crate::context::Context;
use crate::directory::load_or_new;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{Comparison, Timings, compare, made, planned};
use crate::{environment, state_failure};

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
    let Comparison {
        dev,
        current,
        mut desired,
        hints,
        shims,
        mut timings,
    } = compare(context, &directory, &args.build, &args.dev).await?;
    let explain = |error| state_failure::explain(context, error, &hints, dev.engine());
    let renames = renames_to_apply(&current, &desired, &hints.renames);
    let mut from = if renames.is_empty() {
        current.clone()
    } else {
        state::renamed(&dev, &directory, &current, &renames)
            .await
            .map_err(explain)?
    };
    state::adopt(&mut from, &mut desired, &hints, &made(&shims));
    let differences = diff(&from, &desired);
    let plan = planned(&current, &renames, &differences, &hints).map_err(explain)?;
    timings.peak_memory_kb = environment::peak_memory_kb();

    let mut changes: Vec<String> = renames.iter().map(ToString::to_string).collect();
    changes.extend(differences.list.iter().map(ToString::to_string));
    let sql = plan
        .stages
        .iter()
        .map(render)
        .collect::<Vec<_>>()
        .join("\n");
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
