//! From both sides of a diff to a proved plan: what `generate` writes, and every command that plans anew.

use schema_core::catalog::Catalog;
use schema_core::diff::{Changes, Rename, diff, rename_candidates, renames_to_apply};
use schema_core::directory::{Directory, generated};
use schema_core::plan::shim::{self, ExpandError, Shim};
use schema_core::plan::{Plan, render};
use schema_core::state::{self, RowPlan, Scene, StateError};

use crate::cli::PlanArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{Comparison, made};
use crate::renames::{self, drop_flag, old_name, rename_flag};
use crate::{prompt, shims, state_failure};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// What the structs do not say.
    pub(crate) plan: &'a PlanArgs,
    /// The command, to be repeated with the flags that stand for answers.
    pub(crate) command: &'a str,
}

/// A plan that was proved, and how it came about.
pub(crate) struct Planned {
    /// The plan; without stages where there is nothing to do.
    pub(crate) plan: Plan,
    /// What it keeps for the previous release.
    pub(crate) shims: Vec<Shim>,
    /// The rows that it brings to what the structs say.
    pub(crate) rows: RowPlan,
    /// What was settled before.
    settled: Settled,
}

/// Plans from the current state of a directory to the structs, and proves it.
pub(crate) async fn planned(
    context: &Context,
    directory: &Directory,
    asked: &Asked<'_>,
    comparison: &mut Comparison,
) -> Result<Planned, Failure> {
    let contract = &asked.plan.contract;
    let settled = if contract.is_empty() {
        settle(context, directory, asked, comparison).await?
    } else {
        contracted(comparison, contract)?
    };
    let comparison = &*comparison;
    let changes = diff(&settled.from, &comparison.desired);
    let explain = |error| explained(context, error, comparison);
    let (plan, shims) = if contract.is_empty() {
        expanded(context, asked, comparison, &settled, &changes)?
    } else {
        let views = shims::views(&settled.living, &[]);
        let plan = shim::contract(&changes, &settled.shims, views).map_err(StateError::from);
        (plan.map_err(explain)?, Vec::new())
    };
    let Comparison {
        dev,
        current,
        hints,
        ..
    } = comparison;
    if !plan.stages.is_empty() {
        let progress = context.printer.progress("proving the migration");
        state::prove(dev, directory, current, &settled.renames, &changes, &plan)
            .await
            .map_err(explain)?;
        drop(progress);
    }
    let scene = Scene {
        dev,
        directory,
        current,
        renames: &settled.renames,
        changes: &changes,
        plan: &plan,
    };
    // A contract holds nothing but the contract.
    let mut rows = if contract.is_empty() {
        state::rows(&scene, &hints.rows).await.map_err(explain)?
    } else {
        RowPlan::default()
    };
    let plan = rows.prove(&scene).await.map_err(explain)?;
    Ok(Planned {
        plan,
        shims,
        rows,
        settled,
    })
}

/// Says what to look at in a plan: its hazards, and what its shims cannot do.
pub(crate) fn warn(context: &Context, args: &PlanArgs, comparison: &Comparison, planned: &Planned) {
    let Planned {
        plan,
        shims,
        settled,
        ..
    } = planned;
    for statement in plan.stages.iter().flat_map(|stage| &stage.statements) {
        for hazard in &statement.hazards {
            context
                .printer
                .warning(format_args!("{}: {hazard}", statement.comment));
        }
    }
    if args.contract.is_empty() {
        let changes = diff(&settled.from, &comparison.desired);
        let current = &comparison.current;
        shims::warn(
            &context.printer,
            current,
            &settled.renames,
            &changes,
            plan,
            shims,
        );
    }
}

/// What was settled before the plan.
pub(crate) struct Settled {
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
    for side in [&mut from, &mut comparison.desired] {
        state::forget(side, &going);
        state::forget(side, &living);
    }
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
    asked: &Asked<'_>,
    comparison: &Comparison,
    settled: &Settled,
    changes: &Changes<'_>,
) -> Result<(Plan, Vec<Shim>), Failure> {
    let renames = &settled.renames;
    let shims = if asked.plan.no_shim {
        Vec::new()
    } else {
        shims::kept(comparison, renames, settled.shims.clone(), changes)
            .map_err(|error| shims::refused(&error))?
    };
    let issue = if shims.is_empty() {
        String::new()
    } else {
        shims::issue(asked.plan, &shims, &context.printer)?
    };
    let plan = shims::expanded(comparison, renames, &shims, &issue, changes);
    let plan = plan.map_err(|error| match error {
        ExpandError::Shim(error) => shims::refused(&error),
        ExpandError::Plan(error) => explained(context, error.into(), comparison),
    })?;
    Ok((plan, shims))
}

/// A state error, with the places in the source that it is about.
pub(crate) fn explained(context: &Context, error: StateError, comparison: &Comparison) -> Failure {
    state_failure::explain(context, error, &comparison.hints, comparison.dev.engine())
}

/// Applies the renames that the source and the flags say, and asks about those that may be.
async fn settle(
    context: &Context,
    directory: &Directory,
    asked: &Asked<'_>,
    comparison: &mut Comparison,
) -> Result<Settled, Failure> {
    let mut said = comparison.hints.renames.clone();
    renames::add(&asked.plan.renames, &comparison.current, &mut said)?;
    let mut drops = asked.plan.drops.clone();
    let mut settled = Settled {
        renames: Vec::new(),
        from: comparison.current.clone(),
        shims: Vec::new(),
        living: made(&comparison.shims),
    };
    let mut answers = Vec::new();
    loop {
        let mut next = renames_to_apply(&settled.from, &comparison.desired, &said);
        if !asked.plan.no_shim {
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
        if !asked.plan.no_shim {
            kept.extend(shims::renamed_tables(comparison, &settled.renames));
        }
        state::adopt(
            &mut settled.from,
            &mut comparison.desired,
            &comparison.hints,
            &kept,
        );
        for side in [&mut settled.from, &mut comparison.desired] {
            state::forget(side, &kept);
        }
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
            "to repeat these answers: cargo migrate {} {}",
            asked.command,
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

/// A plan as files, `(name, text)`: of this name, numbered where it is more than one.
pub(crate) fn files_of(plan: &Plan, name: &str) -> Vec<(String, String)> {
    let texts = plan.stages.iter().map(|stage| generated(&render(stage)));
    let names = stage_names(name, plan.stages.len());
    names.into_iter().zip(texts).collect()
}

/// The names of the files of a plan: one, or numbered.
fn stage_names(name: &str, count: usize) -> Vec<String> {
    if count <= 1 {
        return vec![name.to_owned(); count];
    }
    (1..=count)
        .map(|number| format!("{name}_{number}"))
        .collect()
}
