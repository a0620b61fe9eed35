//! What `generate` keeps for the previous release: what has to be, until when, and what ends it.

use schema_core::catalog::{Catalog, Generation};
use schema_core::ddl::{CompatView, Ddl, ShimDdl, ShimRule, ShimValue, TableAction, TableDdl};
use schema_core::diff::{Change, Changes, Delta, Rename, diff, renames_to_apply};
use schema_core::directory::LiveShim;
use schema_core::ident::QualifiedName;
use schema_core::plan::Plan;
use schema_core::plan::shim::{self, ExpandError, Expansion, Shim, ShimError, compat_view, expand};
use schema_core::state;

use crate::cli::{self, PlanArgs};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{Comparison, made, plan_hints};
use crate::printer::Printer;
use crate::prompt;
use crate::renames::old_name;

/// The renames that are done in place, and the columns that are not: those of a table that keeps
/// its name stay beside the new ones. In a renamed table, the view has the old names of all columns.
pub(crate) fn split(renames: &[Rename], done: &[Rename]) -> (Vec<Rename>, Vec<Shim>) {
    let moves = |renames: &[Rename], table: &QualifiedName| {
        let mut renames = renames.iter();
        renames.any(|rename| matches!(rename, Rename::Table { to, .. } if to == table))
    };
    let (beside, in_place): (Vec<_>, Vec<_>) = renames.iter().cloned().partition(|rename| {
        matches!(rename, Rename::Column { table, .. }
            if !moves(renames, table) && !moves(done, table))
    });
    let beside = beside.into_iter().filter_map(|rename| match rename {
        Rename::Column { table, from, to } => Some(Shim::Sync {
            table,
            old: from,
            new: to,
        }),
        _ => None,
    });
    (in_place, beside.collect())
}

/// The views of tables that are renamed.
pub(crate) fn renamed_tables(comparison: &Comparison, renames: &[Rename]) -> Vec<Shim> {
    let Comparison {
        dev,
        current,
        desired,
        ..
    } = comparison;
    let major = dev.engine().major;
    let tables = renames.iter().filter_map(|rename| match rename {
        Rename::Table { from, to } => Some((from, to)),
        _ => None,
    });
    let views = tables.map(|pair| compat_view(current, desired, renames, pair, major));
    views.map(Shim::View).collect()
}

/// All that has to be kept: columns beside their successors, the views of renamed tables, and the
/// triggers of columns that become required.
pub(crate) fn kept(
    comparison: &Comparison,
    renames: &[Rename],
    beside: Vec<Shim>,
    changes: &Changes<'_>,
) -> Result<Vec<Shim>, ShimError> {
    let mut shims = beside;
    let major = comparison.dev.engine().major;
    for shim in renamed_tables(comparison, renames) {
        if let Shim::View(view) = &shim
            && !view.security_invoker
        {
            let table = view.old.clone();
            let secured = format!("row security on {}.{}", table.schema, table.name);
            if comparison.current.unmodelled.contains(&secured) {
                return Err(ShimError::RowSecurity { table, major });
            }
        }
        shims.push(shim);
    }
    for change in &changes.list {
        if let Change::Column(table, name, Delta::Alter { from, to }) = *change
            && (!from.not_null && to.not_null)
            && from.data_type == to.data_type
            && comparison
                .hints
                .backfill
                .contains_key(&(table.clone(), name.clone()))
        {
            let (table, column) = (table.clone(), name.clone());
            shims.push(Shim::Fill { table, column });
        }
    }
    Ok(shims)
}

/// The plan that makes the shims, and works around those that live.
pub(crate) fn expanded(
    comparison: &Comparison,
    renames: &[Rename],
    shims: &[Shim],
    issue: &str,
    changes: &Changes<'_>,
) -> Result<Plan, ExpandError> {
    let Comparison {
        current,
        hints,
        shims: living,
        ..
    } = comparison;
    shim::refuse(current, renames, changes, shims, living)?;
    let expansion = Expansion {
        renames,
        shims,
        issue,
        views: views(&made(living), renames),
    };
    expand(current, changes, &plan_hints(hints), &expansion)
}

/// The live views, by the names that their tables and columns have after the renames.
pub(crate) fn views(shims: &[Shim], renames: &[Rename]) -> Vec<CompatView> {
    let mut views: Vec<CompatView> = shims
        .iter()
        .filter_map(|shim| match shim {
            Shim::View(view) => Some(view.clone()),
            _ => None,
        })
        .collect();
    for view in &mut views {
        for rename in renames {
            match rename {
                Rename::Table { from, to } if *from == view.table => view.table = to.clone(),
                Rename::Column { table, from, to } if *table == view.table => {
                    let shown = view.columns.iter_mut();
                    for column in shown.filter(|it| it.column == *from) {
                        column.column = to.clone();
                    }
                }
                _ => {}
            }
        }
    }
    views
}

/// The issue whose work drops the shims: from the flag, or from whoever is there.
pub(crate) fn issue(args: &PlanArgs, shims: &[Shim], printer: &Printer) -> Result<String, Failure> {
    if let Some(issue) = &args.drop_with {
        return Ok(issue.clone());
    }
    let kept = shims.iter().map(|shim| shim.name().to_string());
    let kept = kept.collect::<Vec<_>>().join(", ");
    if prompt::is_interactive() && !printer.is_json() {
        let question = format!("The issue whose work drops {kept}, when nothing uses it any more");
        return prompt::line(&question, cli::issue);
    }
    Err(Failure::new(
        Exit::Usage,
        format!("this keeps {kept} for the previous release, and nothing says until when"),
    )
    .with_help(
        "name the issue whose work is to drop it: --drop-with '#123'\n\
         or rename in place, for a deployment during which the previous release does not run: --no-shim",
    ))
}

/// A refusal, with the way out.
pub(crate) fn refused(error: &ShimError) -> Failure {
    Failure::from_error(Exit::Usage, error).with_help(error.help())
}

/// The shims of the issues that are done.
///
/// What else differs between structs and migrations has to be written before: the contract migration
/// holds nothing but the contract.
pub(crate) fn done(
    comparison: &Comparison,
    issues: &[String],
) -> Result<(Vec<Shim>, Vec<Shim>), Failure> {
    let live = &comparison.shims;
    for issue in issues {
        if !live.iter().any(|(shim, _)| shim.issue == *issue) {
            return Err(none_of(issue, live));
        }
    }
    let (going, staying): (Vec<_>, Vec<_>) = live
        .iter()
        .cloned()
        .partition(|(shim, _)| issues.contains(&shim.issue));
    if let Some((shim, _)) = going.iter().find(|(_, made)| made.is_none()) {
        let LiveShim {
            old,
            file,
            line: number,
            ..
        } = shim;
        return Err(Failure::new(
            Exit::Usage,
            format!("what keeps {old} was not made by `generate`, so only you know what it is"),
        )
        .because(format!("{file}:{number} says that it is there"))
        .with_help(format!(
            "write the migration that drops it, with the line `-- migrate:n-1-shim-drop: {old}`: cargo migrate new NAME"
        )));
    }
    let (mut from, mut desired) = (comparison.current.clone(), comparison.desired.clone());
    let renames = renames_to_apply(&from, &desired, &comparison.hints.renames);
    state::adopt(&mut from, &mut desired, &comparison.hints, &made(live));
    let differences = diff(&from, &desired).list;
    let differences = differences.iter().map(ToString::to_string);
    let renames = renames.iter().map(ToString::to_string);
    let differences: Vec<String> = renames.chain(differences).collect();
    if !differences.is_empty() {
        let mut failure = Failure::new(
            Exit::Regenerate,
            "the migrations do not say what the structs say, and a contract does nothing else",
        );
        failure.causes = differences;
        return Err(failure.with_help(
            "write that migration first: cargo migrate generate NAME, without --contract",
        ));
    }
    Ok((made(&going), made(&staying)))
}

fn none_of(issue: &str, live: &[(LiveShim, Option<Shim>)]) -> Failure {
    let mut failure = Failure::new(
        Exit::Usage,
        format!("nothing is kept for the previous release until #{issue} is done"),
    );
    failure.causes = live
        .iter()
        .map(|(shim, _)| format!("{} is, until #{}", shim.old, shim.issue))
        .collect();
    if failure.causes.is_empty() {
        failure.with_help("there is nothing to drop")
    } else {
        failure.with_help("give the number of one of these")
    }
}

/// What the previous release will not survive, though the plan does it.
pub(crate) fn warn(
    printer: &Printer,
    current: &Catalog,
    renames: &[Rename],
    changes: &Changes<'_>,
    plan: &Plan,
    shims: &[Shim],
) {
    for rename in renames {
        let in_place = match rename {
            Rename::Table { from, .. } => !shims
                .iter()
                .any(|shim| matches!(shim, Shim::View(view) if view.old == *from)),
            Rename::Column { table, .. } => !shims
                .iter()
                .any(|shim| matches!(shim, Shim::View(view) if view.table == *table)),
            _ => false,
        };
        if in_place {
            printer.warning(format_args!(
                "{rename}: the previous release cannot use {} any more; the gate will ask for approval",
                old_name(rename)
            ));
        }
    }
    for statement in plan.stages.iter().flat_map(|stage| &stage.statements) {
        let Ddl::Shim(ShimDdl::CreateTrigger(trigger)) = &statement.ddl else {
            continue;
        };
        if let ShimRule::Sync {
            old,
            new,
            forward: ShimValue::Expression { sql, .. },
            back,
        } = &trigger.rule
        {
            printer.warning(format_args!(
                "column {}.{new} is made of {old} by `{sql}`, and {old} of what this release writes by a plain cast, `{back}`: \
                 check that this is the way back",
                trigger.table
            ));
        }
    }
    for shim in shims {
        let Shim::Sync { table, old, new } = shim else {
            continue;
        };
        let column = current.tables.get(table);
        let column = column.and_then(|table| table.column(old.as_str()));
        if column.is_some_and(|it| !it.not_null && it.generation != Generation::None) {
            printer.warning(format_args!(
                "column {table}.{old} has a default and allows NULL: as long as both live, an INSERT with NULL for {new} gets that default"
            ));
        }
    }
    let statements = plan.stages.iter().flat_map(|stage| &stage.statements);
    let retyped = statements.filter_map(|statement| match &statement.ddl {
        Ddl::Table(TableDdl::Alter { name, actions, .. }) => Some((name, actions)),
        _ => None,
    });
    for (table, actions) in retyped {
        for action in actions {
            if let TableAction::SetType {
                column,
                rewrites: true,
                ..
            } = action
            {
                printer.warning(format_args!(
                    "column {table}.{column} cannot have a type for each release: give it a new name with `renamed_from = \"{}\"`, and both work",
                    column.as_str()
                ));
            }
        }
    }
    for change in &changes.list {
        let Change::Column(table, name, Delta::Alter { from, to }) = *change else {
            continue;
        };
        let filled = shims.iter().any(|shim| {
            matches!(shim, Shim::Fill { table: of, column } if of == table && column == name)
        });
        if !from.not_null && to.not_null && !filled && current.tables.contains_key(table) {
            printer.warning(format_args!(
                "column {table}.{name} becomes required, and the previous release may still leave it out: with `backfill = …`, a trigger fills it"
            ));
        }
    }
}
