//! The plan that adds what this release needs and keeps what the previous one does.

use std::collections::BTreeMap;

use super::super::{Plan, PlanError, PlanHints, Stage, Statement, plan, rename};
use super::around::{around, created};
use super::trigger::trigger;
use super::{LOCK_SECONDS, Shim, ShimError};
use crate::catalog::{Catalog, Column, Generation};
use crate::ddl::{CompatView, Ddl, ShimDdl, ShimTrigger};
use crate::diff::{Changes, Rename, diff};
use crate::directory::{DirectiveKind, TxMode};

/// What a plan has to keep working.
#[derive(Clone, Debug, Default)]
pub struct Expansion<'a> {
    /// Renames that are done in place, before anything else.
    pub renames: &'a [Rename],
    /// Shims to be made.
    pub shims: &'a [Shim],
    /// The number of the issue whose work takes them away.
    pub issue: &'a str,
    /// Views that live, which may stand in the way.
    pub views: Vec<CompatView>,
}

/// Why there is no plan that keeps the previous release working.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// A shim cannot be made.
    #[error(transparent)]
    Shim(#[from] ShimError),
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// The plan for changes, the renames before them, and the shims of both.
///
/// `current` is the state before the renames. Renames, new columns and their triggers are one
/// transaction; then rows are filled; what the planner makes of the rest comes after it.
pub fn expand(
    current: &Catalog,
    changes: &Changes<'_>,
    hints: &PlanHints,
    expansion: &Expansion<'_>,
) -> Result<Plan, ExpandError> {
    let middle = with_new_columns(changes, expansion.shims);
    let mut rest = hints.clone();
    let mut triggers = Vec::new();
    for shim in expansion.shims {
        triggers.extend(trigger(shim, changes.from, changes.to, hints)?);
        if let Shim::Fill { table, column }
        | Shim::Sync {
            table, new: column, ..
        } = shim
        {
            rest.backfill.remove(&(table.clone(), column.clone()));
        }
    }

    let mut first = rename(current, expansion.renames);
    let added = plan(&diff(changes.from, &middle), hints)?;
    first
        .statements
        .extend(added.stages.into_iter().flat_map(|stage| stage.statements));
    for trigger in &triggers {
        let make = [
            ShimDdl::CreateFunction(trigger.clone()),
            ShimDdl::CreateTrigger(trigger.clone()),
        ];
        first.statements.extend(make.map(statement));
    }

    let planned = plan(&diff(&middle, changes.to), &rest)?;
    let made: Vec<&Shim> = expansion.shims.iter().collect();
    let mut stages = joined(first, backfill(&triggers), planned.stages);
    let mut views = expansion.views.clone();
    for stage in &mut stages {
        for view in &mut views {
            around(stage, view, changes.to);
        }
    }
    if let (Some((first, then)), false) = (stages.split_first_mut(), made.is_empty()) {
        let timeout = ShimDdl::LockTimeout {
            seconds: LOCK_SECONDS,
        };
        first.statements.insert(0, statement(timeout));
        for shim in made {
            first.directives.push(directive(shim, expansion.issue)?);
            let Shim::View(view) = shim else { continue };
            let cause = format!("rename table {} to {}", view.old, view.table);
            first.statements.extend(created(view, &[cause]));
            let mut view = view.clone();
            for stage in then.iter_mut() {
                around(stage, &mut view, changes.to);
            }
        }
    }
    Ok(Plan {
        from: changes.from.fingerprint(),
        to: planned.to,
        stages,
    })
}

fn directive(shim: &Shim, issue: &str) -> Result<DirectiveKind, ShimError> {
    let old = shim.name().to_string();
    if old.contains(['\n', '\r']) {
        return Err(ShimError::LineBreak(old));
    }
    let issue = issue.to_owned();
    Ok(DirectiveKind::Shim { old, issue })
}

/// A statement that nothing in the structs asks for but the previous release.
fn statement(ddl: ShimDdl) -> Statement {
    let ddl = Ddl::Shim(ddl);
    let cause = vec![ddl.comment()];
    Statement::new(ddl, cause)
}

/// Each batch is a transaction of its own.
fn backfill(triggers: &[ShimTrigger]) -> Stage {
    let fills = triggers.iter().cloned().map(ShimDdl::Backfill);
    Stage {
        tx_mode: TxMode::None,
        statements: fills.map(statement).collect(),
        ..Stage::default()
    }
}

/// The stages of a plan after others. What comes first is one transaction with what the plan begins
/// with, where nothing has to happen between.
fn joined(first: Stage, backfill: Stage, mut rest: Vec<Stage>) -> Vec<Stage> {
    let mut stages = vec![first, backfill];
    stages.retain(|stage| !stage.statements.is_empty());
    if let ([only], [next, ..]) = (stages.as_mut_slice(), rest.as_mut_slice())
        && only.tx_mode == next.tx_mode
    {
        only.statements.append(&mut next.statements);
        only.directives.append(&mut next.directives);
        rest.remove(0);
    }
    stages.extend(rest);
    stages
}

/// The state before the changes, with the new column of each sync as yet without any demand, and
/// with the types that it may need.
fn with_new_columns(changes: &Changes<'_>, shims: &[Shim]) -> Catalog {
    let mut middle = changes.from.clone();
    let to = changes.to;
    for shim in shims {
        let Shim::Sync { table, new, .. } = shim else {
            continue;
        };
        let column = to.tables.get(table);
        let column = column.and_then(|table| table.column(new.as_str()));
        let (Some(table), Some(column)) = (middle.tables.get_mut(table), column) else {
            continue;
        };
        table.columns.push(Column {
            not_null: false,
            generation: Generation::None,
            ..column.clone()
        });
        add_missing(&mut middle.schemas, &to.schemas);
        add_missing(&mut middle.extensions, &to.extensions);
        add_missing(&mut middle.enums, &to.enums);
        add_missing(&mut middle.domains, &to.domains);
    }
    middle
}

fn add_missing<K: Ord + Clone, T: Clone>(to: &mut BTreeMap<K, T>, from: &BTreeMap<K, T>) {
    for (name, object) in from {
        to.entry(name.clone()).or_insert_with(|| object.clone());
    }
}
