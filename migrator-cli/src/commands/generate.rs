//! `generate`: the difference between structs and migrations as a new, proved, hashed file.

use std::time::Instant;

use schema_core::catalog::Catalog;
use schema_core::diff::{Changes, Rename, diff, rename_candidates, renames_to_apply};
use schema_core::directory::{Directory, NewFile, check_name};
use schema_core::plan::shim::{self, ExpandError, Shim};
use schema_core::plan::{Plan, render};
use schema_core::state::{self, RowPlan, Scene, StateError};
use serde::Serialize;

use crate::cli::GenerateArgs;
use crate::context::Context;
use crate::directory::{failure, load_or_new};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{Comparison, Timings, compare, made, since};
use crate::renames::{self, drop_flag, old_name, rename_flag};
use crate::{environment, mock, prompt, shims, state_failure};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    written: bool,
    files: Vec<FileReport<'a>>,
    timings: Timings,
}

#[derive(Serialize)]
struct FileReport<'a> {
    name: &'a str,
    sql: &'a str,
}

/// Writes the migration, or prints it.
pub(crate) async fn run(context: &Context, args: &GenerateArgs) -> Result<Exit, Failure> {
    let mut directory = load_or_new(context)?;
    check_name(&args.name).map_err(|error| failure(&error))?;
    mock::refuse(&args.name)?;
    let mut comparison = compare(context, &directory, &args.build, &args.dev).await?;
    let start = Instant::now();
    let settled = if args.contract.is_empty() {
        settle(context, &directory, args, &mut comparison).await?
    } else {
        contracted(&mut comparison, &args.contract)?
    };
    let changes = diff(&settled.from, &comparison.desired);
    let (plan, shims) = if args.contract.is_empty() {
        expanded(context, args, &comparison, &settled, &changes)?
    } else {
        let views = shims::views(&settled.living, &[]);
        let plan = shim::contract(&changes, &settled.shims, views).map_err(StateError::from);
        let explain = |error| explained(context, error, &comparison);
        (plan.map_err(explain)?, Vec::new())
    };
    let explain = |error| explained(context, error, &comparison);
    let Comparison {
        dev,
        current,
        desired,
        ..
    } = &comparison;
    let mut timings = comparison.timings;
    if !plan.stages.is_empty() {
        let progress = context.printer.progress("proving the migration");
        state::prove(dev, &directory, current, &settled.renames, &changes, &plan)
            .await
            .map_err(explain)?;
        drop(progress);
    }
    let scene = Scene {
        dev,
        directory: &directory,
        current,
        renames: &settled.renames,
        changes: &changes,
        plan: &plan,
    };
    // A contract holds nothing but the contract.
    let mut rows = if args.contract.is_empty() {
        let declared = &comparison.hints.rows;
        state::rows(&scene, declared).await.map_err(explain)?
    } else {
        RowPlan::default()
    };
    let plan = rows.prove(&scene).await.map_err(explain)?;
    timings.plan_ms = since(start);
    timings.peak_memory_kb = environment::peak_memory_kb();

    let stages: Vec<String> = plan.stages.iter().map(render).collect();
    let names = stage_names(&args.name, stages.len());
    let files: Vec<NewFile<'_>> = names
        .iter()
        .zip(&stages)
        .map(|(name, text)| NewFile { name, text })
        .collect();
    let written = if args.dry_run || files.is_empty() {
        names.clone()
    } else {
        directory
            .append(&files, environment::now())
            .map_err(|error| failure(&error))?
    };
    if context.printer.is_json() {
        let files = written
            .iter()
            .zip(&stages)
            .map(|(name, sql)| FileReport { name, sql })
            .collect();
        context.printer.json(&Report {
            version: 1,
            written: !args.dry_run && !stages.is_empty(),
            files,
            timings,
        });
    }
    if stages.is_empty() {
        context
            .printer
            .done("Unchanged", "the migrations say what the structs say");
        return Ok(Exit::Clean);
    }
    for statement in plan.stages.iter().flat_map(|stage| &stage.statements) {
        for hazard in &statement.hazards {
            context
                .printer
                .warning(format_args!("{}: {hazard}", statement.comment));
        }
    }
    if args.contract.is_empty() {
        let renames = &settled.renames;
        shims::warn(&context.printer, current, renames, &changes, &plan, &shims);
    }
    if args.dry_run {
        if !context.printer.is_json() {
            context.printer.sql(&stages.join("\n"));
        }
        context.printer.note("dry run: nothing was written");
        return Ok(Exit::Clean);
    }
    if current.unmodelled.is_empty() && shims.is_empty() {
        state::remember(dev, &directory, desired).map_err(explain)?;
    }
    rows.remember(dev, &directory).map_err(explain)?;
    for name in &written {
        let path = context.dir.join(name);
        context.printer.done(
            "Created",
            format_args!("{}, proved on {}", context.shown(&path), dev.engine()),
        );
    }
    Ok(Exit::Clean)
}

/// What was settled before the plan.
struct Settled {
    /// Renames that are done in place.
    renames: Vec<Rename>,
    /// What they make of the current state.
    from: Catalog,
    /// Columns that come beside their old names, or what goes in a contract.
    shims: Vec<Shim>,
    /// What stays for the previous release.
    living: Vec<Shim>,
}

/// The state after a contract is that of the structs, without what goes.
fn contracted(comparison: &mut Comparison, issues: &[String]) -> Result<Settled, Failure> {
    let (going, living) = shims::done(comparison, issues)?;
    let mut from = comparison.current.clone();
    state::adopt(
        &mut from,
        &mut comparison.desired,
        &comparison.hints,
        &living,
    );
    Ok(Settled {
        renames: Vec::new(),
        from,
        shims: going,
        living,
    })
}

/// The plan that keeps the previous release working, and what does so.
fn expanded(
    context: &Context,
    args: &GenerateArgs,
    comparison: &Comparison,
    settled: &Settled,
    changes: &Changes<'_>,
) -> Result<(Plan, Vec<Shim>), Failure> {
    let renames = &settled.renames;
    let shims = if args.no_shim {
        Vec::new()
    } else {
        shims::kept(comparison, renames, settled.shims.clone(), changes)
            .map_err(|error| shims::refused(&error))?
    };
    let issue = if shims.is_empty() {
        String::new()
    } else {
        shims::issue(args, &shims, &context.printer)?
    };
    let plan = shims::expanded(comparison, renames, &shims, &issue, changes);
    let plan = plan.map_err(|error| match error {
        ExpandError::Shim(error) => shims::refused(&error),
        ExpandError::Plan(error) => explained(context, error.into(), comparison),
    })?;
    Ok((plan, shims))
}

fn explained(context: &Context, error: StateError, comparison: &Comparison) -> Failure {
    state_failure::explain(context, error, &comparison.hints, comparison.dev.engine())
}

/// Applies the renames that the source and the flags say, and asks about those that may be.
async fn settle(
    context: &Context,
    directory: &Directory,
    args: &GenerateArgs,
    comparison: &mut Comparison,
) -> Result<Settled, Failure> {
    let mut said = comparison.hints.renames.clone();
    renames::add(&args.renames, &comparison.current, &mut said)?;
    let mut drops = args.drops.clone();
    let mut settled = Settled {
        renames: Vec::new(),
        from: comparison.current.clone(),
        shims: Vec::new(),
        living: made(&comparison.shims),
    };
    let mut answers = Vec::new();
    loop {
        let mut next = renames_to_apply(&settled.from, &comparison.desired, &said);
        if !args.no_shim {
            let beside;
            (next, beside) = shims::split(&next, &settled.renames);
            settled.shims = beside;
        }
        if !next.is_empty() {
            settled.renames.extend(next);
            settled.from = state::renamed(
                &comparison.dev,
                directory,
                &comparison.current,
                &settled.renames,
            )
            .await
            .map_err(|error| explained(context, error, comparison))?;
        }
        let mut kept = [settled.living.as_slice(), &settled.shims].concat();
        if !args.no_shim {
            kept.extend(shims::renamed_tables(comparison, &settled.renames));
        }
        state::adopt(
            &mut settled.from,
            &mut comparison.desired,
            &comparison.hints,
            &kept,
        );
        let mut candidates: Vec<Rename> = rename_candidates(&settled.from, &comparison.desired)
            .into_iter()
            .map(|candidate| candidate.rename)
            .filter(|rename| !drops.contains(&old_name(rename)))
            .collect();
        let Some(first) = candidates.first().cloned() else {
            break;
        };
        if !prompt::is_interactive() || context.printer.is_json() {
            return Err(ambiguous(&candidates));
        }
        candidates.retain(|rename| old_name(rename) == old_name(&first));
        if let Some(rename) = ask(&candidates)? {
            answers.push(rename_flag(&rename));
            said.insert(rename);
        } else {
            answers.push(drop_flag(&first));
            drops.push(old_name(&first));
        }
    }
    if !answers.is_empty() {
        context.printer.note(format_args!(
            "to repeat these answers: cargo migrate generate {} {}",
            args.name,
            answers.join(" ")
        ));
    }
    Ok(settled)
}

/// One question: was it renamed, and to what?
fn ask(candidates: &[Rename]) -> Result<Option<Rename>, Failure> {
    let mut answers: Vec<String> = candidates
        .iter()
        .map(|rename| format!("yes: {rename}"))
        .collect();
    answers.push("no: it goes, with everything in it".to_owned());
    let chosen = prompt::select(
        "Something goes while something alike comes. Is it a rename?",
        &answers,
    )?;
    Ok(candidates.get(chosen).cloned())
}

/// Nobody is there to ask.
fn ambiguous(candidates: &[Rename]) -> Failure {
    let mut lines = Vec::new();
    for rename in candidates {
        lines.push(format!(
            "{rename}?  {}   or  {}",
            rename_flag(rename),
            drop_flag(rename)
        ));
    }
    let mut failure = Failure::new(
        Exit::Usage,
        "something may have been renamed, and that is never guessed",
    );
    failure.causes = lines;
    failure.with_help("repeat the command with the flags that are right, or write `renamed_from = \"…\"` beside the new name")
}

fn stage_names(name: &str, count: usize) -> Vec<String> {
    if count <= 1 {
        return vec![name.to_owned(); count];
    }
    (1..=count)
        .map(|number| format!("{name}_{number}"))
        .collect()
}
