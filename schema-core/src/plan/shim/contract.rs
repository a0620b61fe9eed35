//! The plan that takes shims away once nobody needs them.

use super::super::facts::constraint_columns;
use super::super::timeout::limited;
use super::super::{Plan, PlanError, PlanHints, Stage, Statement, plan};
use super::around::around;
use super::{Shim, trigger_name};
use crate::catalog::Table;
use crate::ddl::{CompatView, Ddl, ShimDdl, TableAction, TableDdl};
use crate::diff::{Changes, diff};
use crate::directory::{DirectiveKind, TxMode};
use crate::ident::Ident;

/// The plan that drops shims, and with them does the changes that had to wait for it.
///
/// `changes` lead to what is wanted without these shims; `views` are those that live on.
pub fn contract(
    changes: &Changes<'_>,
    shims: &[Shim],
    mut views: Vec<CompatView>,
) -> Result<Plan, PlanError> {
    let mut first = Stage::default();
    let mut push = |ddl: Ddl| {
        let cause = vec![ddl.comment()];
        first.statements.push(Statement::new(ddl, cause));
    };
    let mut without = changes.from.clone();
    // A view stands in the way of its columns.
    let (on_top, below): (Vec<_>, Vec<_>) =
        shims.iter().partition(|shim| matches!(shim, Shim::View(_)));
    for shim in on_top.into_iter().chain(below) {
        match shim {
            Shim::View(view) => push(Ddl::Shim(ShimDdl::DropView(view.old.clone()))),
            Shim::Sync {
                table, old: column, ..
            }
            | Shim::Fill { table, column } => {
                let name = trigger_name(table, column);
                push(Ddl::Shim(ShimDdl::DropTrigger {
                    table: table.clone(),
                    name: name.clone(),
                }));
                push(Ddl::Shim(ShimDdl::DropFunction(table.sibling(name))));
            }
        }
        if let Shim::Sync { table, old, .. } = shim {
            without
                .tables
                .get_mut(table)
                .into_iter()
                .for_each(|it| drop_column(it, old));
            push(Ddl::Table(TableDdl::Alter {
                only: false,
                name: table.clone(),
                actions: vec![TableAction::DropColumn(old.clone())],
            }));
        }
    }
    let directives = shims.iter().map(|shim| DirectiveKind::ShimDrop {
        old: shim.name().to_string(),
    });
    first.directives = directives.collect();

    let planned = plan(&diff(&without, changes.to), &PlanHints::default())?;
    let mut stages = vec![first];
    for stage in planned.stages {
        match stages.as_mut_slice() {
            [only] if stage.tx_mode == TxMode::File => {
                only.statements.extend(stage.statements);
                only.directives.extend(stage.directives);
            }
            _ => stages.push(stage),
        }
    }
    for stage in &mut stages {
        for view in &mut views {
            around(stage, view, changes.to);
        }
    }
    Ok(Plan {
        from: changes.from.fingerprint(),
        to: planned.to,
        stages: stages.into_iter().map(limited).collect(),
    })
}

/// A table after `DROP COLUMN`, which takes along what is on the column. What is left may then get
/// the names that became free.
fn drop_column(table: &mut Table, column: &Ident) {
    table.columns.retain(|it| it.name != *column);
    table
        .constraints
        .retain(|_, it| !constraint_columns(it).contains(&column));
    table.indexes.retain(|_, it| !it.columns.contains(column));
}
