//! The plan that adds what this release needs and keeps what the previous one does.

use std::collections::BTreeMap;

use super::super::timeout::limited;
use super::super::{Plan, PlanError, PlanHints, Stage, Statement, plan, rename};
use super::around::{around, created};
use super::trigger::trigger;
use super::{Shim, ShimError};
use crate::catalog::{Catalog, Column, Generation};
use crate::ddl::{CompatView, Ddl, ShimDdl, ShimRule, ShimTrigger, ShimValue, TableDdl};
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
    let added = plan(&diff(changes.from, &middle), &rest)?;
    first
        .statements
        .extend(added.stages.into_iter().flat_map(|stage| stage.statements));
    for trigger in &triggers {
        let make = [
            ShimDdl::CreateFunction(trigger.clone()),
            ShimDdl::CreateTrigger(trigger.clone()),
        ];
        let make = make.map(|ddl| statement(Ddl::Shim(ddl)));
        first.statements.extend(make);
    }

    let planned = plan(&diff(&middle, changes.to), &rest)?;
    let mut stages = joined(first, backfill(&triggers), planned.stages);
    let mut views = expansion.views.clone();
    for stage in &mut stages {
        for view in &mut views {
            around(stage, view, changes.to);
        }
    }
    if let Some((first, then)) = stages.split_first_mut() {
        for shim in expansion.shims {
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
        stages: stages.into_iter().map(limited).collect(),
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
fn statement(ddl: Ddl) -> Statement {
    let cause = vec![ddl.comment()];
    Statement::new(ddl, cause)
}

/// Each row that is to be filled is written as it is and the trigger does the rest, so that one
/// place says what a value becomes.
fn backfill(triggers: &[ShimTrigger]) -> Stage {
    let fill = |trigger: &ShimTrigger| {
        let (written, filled) = match &trigger.rule {
            ShimRule::Sync { old, new, .. } => (old, new),
            ShimRule::Fill { column, .. } => (column, column),
        };
        let filter = match &trigger.rule {
            ShimRule::Sync {
                forward: ShimValue::Column { .. },
                ..
            } => format!("{filled} IS NULL AND {written} IS NOT NULL"),
            // An expression may make something of NULL.
            ShimRule::Sync { .. } | ShimRule::Fill { .. } => format!("{filled} IS NULL"),
        };
        let table = &trigger.table;
        let ddl = TableDdl::Backfill {
            name: table.clone(),
            set: vec![(written.clone(), written.to_string())],
            filter,
        };
        Statement {
            comment: format!("Have the trigger fill column {filled} of table {table}"),
            ..statement(Ddl::Table(ddl))
        }
    };
    Stage {
        tx_mode: TxMode::None,
        statements: triggers.iter().map(fill).collect(),
        ..Stage::default()
    }
}

/// The stages of the planner after those of the shims: in the same file where both run alike.
fn joined(first: Stage, backfill: Stage, mut rest: Vec<Stage>) -> Vec<Stage> {
    let mut stages = vec![first, backfill];
    stages.retain(|stage| !stage.statements.is_empty());
    if let (Some(last), Some(next)) = (stages.last_mut(), rest.first_mut())
        && last.tx_mode == next.tx_mode
    {
        last.statements.append(&mut next.statements);
        last.directives.append(&mut next.directives);
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
