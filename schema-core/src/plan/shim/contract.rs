//! The plan that takes shims away once nobody needs them.

use super::super::{Plan, PlanError, PlanHints, Stage, Statement, plan};
use super::around::around;
use super::{LOCK_SECONDS, Shim, trigger_name};
use crate::ddl::{CompatView, Ddl, ShimDdl};
use crate::diff::Changes;
use crate::directory::{DirectiveKind, TxMode};

/// The plan that drops shims, and with them does the changes that had to wait for it.
///
/// `changes` lead to what is wanted without these shims; `views` are those that live on.
pub fn contract(
    changes: &Changes<'_>,
    shims: &[Shim],
    mut views: Vec<CompatView>,
) -> Result<Plan, PlanError> {
    let mut first = Stage::default();
    let timeout = ShimDdl::LockTimeout {
        seconds: LOCK_SECONDS,
    };
    let mut push = |ddl| {
        let statement = Statement::new(Ddl::Shim(ddl), Vec::new());
        first.statements.push(statement);
    };
    push(timeout);
    for shim in shims {
        match shim {
            Shim::View(view) => push(ShimDdl::DropView(view.old.clone())),
            Shim::Sync {
                table, old: column, ..
            }
            | Shim::Fill { table, column } => {
                let name = trigger_name(table, column);
                push(ShimDdl::DropTrigger {
                    table: table.clone(),
                    name: name.clone(),
                });
                push(ShimDdl::DropFunction(table.sibling(name)));
            }
        }
    }
    let directives = shims.iter().map(|shim| DirectiveKind::ShimDrop {
        old: shim.name().to_string(),
    });
    first.directives = directives.collect();

    let planned = plan(changes, &PlanHints::default())?;
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
        from: planned.from,
        to: planned.to,
        stages,
    })
}
