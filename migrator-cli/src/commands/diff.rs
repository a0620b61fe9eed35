//! `diff`: two schemas, and the SQL that makes the second of the first.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;

use schema_core::catalog::{Catalog, Filter, Pattern};
use schema_core::diff::diff;
use schema_core::ident::Ident;
use schema_core::plan::{PlanHints, plan};
use schema_core::schema::Hints;
use schema_core::state;
use serde::Serialize;

use crate::cli::{DiffArgs, DiffFormat};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;
use crate::sides::{Form, Loaded, Loader, Side, script, steps, tree};
use crate::{pipeline, state_failure};

/// How many names are told on standard error.
const MOST_TOLD: usize = 8;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    from: &'a str,
    to: &'a str,
    equal: bool,
    differences: Vec<DifferenceReport<'a>>,
    statements: Vec<StatementReport>,
    /// Whether the statements were run on the dev database and gave the second side.
    proved: bool,
    not_managed: NotManaged<'a>,
    excluded: &'a BTreeSet<String>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct DifferenceReport<'a> {
    object: &'a str,
    property: &'a str,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct StatementReport {
    sql: String,
    comment: String,
    lock: String,
    hazards: Vec<String>,
    /// Which part of the plan, from 1: each is committed before the next.
    stage: usize,
    in_transaction: bool,
}

#[derive(Serialize)]
struct NotManaged<'a> {
    from: &'a BTreeSet<String>,
    to: &'a BTreeSet<String>,
}

/// Compares.
pub(crate) async fn run(context: &Context, args: &DiffArgs) -> Result<Exit, Failure> {
    let (from_side, to_side) = (parse(&args.from)?, parse(&args.to)?);
    let loader = Loader::new(context, &args.build, &args.dev);
    let privileges = !(args.no_owner && args.no_privileges);
    let (from, to) = tokio::try_join!(
        loader.load(&from_side, privileges),
        loader.load(&to_side, privileges)
    )?;
    let mut notes: Vec<String> = from.notes.iter().chain(&to.notes).cloned().collect();
    let filter = filter(context, args, &from, &to, &mut notes);
    let mut excluded = filter.left_out(&from.catalog);
    excluded.append(&mut filter.left_out(&to.catalog));
    // What one side does not say is told once, not object by object.
    excluded.retain(|name| !ATTENDANT.iter().any(|kind| name.starts_with(kind)));
    let (mut old, mut new) = (filter.apply(&from.catalog), filter.apply(&to.catalog));
    let mut hints = PlanHints::default();
    if let Some(said) = &to.hints {
        state::adopt(&mut old, &mut new, said, &[]);
        hints = pipeline::plan_hints(said);
    } else if let Some(said) = &from.hints {
        state::adopt(&mut new, &mut old, said, &[]);
    }
    let changes = diff(&old, &new);
    let plan =
        plan(&changes, &hints).map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
    if args.prove {
        prove(context, &loader, (&old, &new), &hints).await?;
    }
    let form = if args.online {
        Form::Online
    } else {
        Form::Plain
    };
    let steps = steps(plan, form);
    let equal = steps.is_empty() && old.unmodelled == new.unmodelled;
    let printer = &context.printer;
    let format = match args.format {
        _ if printer.is_json() => DiffFormat::Json,
        Some(format) => format,
        None if std::io::stdout().is_terminal() => DiffFormat::Tree,
        None => DiffFormat::Sql,
    };
    match format {
        DiffFormat::Sql => printer.script(&script(&steps, form)),
        DiffFormat::Tree => {
            let tree = tree(&old.compare(&new));
            if !tree.is_empty() {
                printer.data(tree);
            }
        }
        DiffFormat::Json => {
            let differences = old.compare(&new);
            let mut statements = Vec::new();
            for (step, place) in steps.iter().zip(1..) {
                statements.extend(step.statements.iter().map(|it| StatementReport {
                    sql: it.ddl.to_string(),
                    comment: it.comment.clone(),
                    lock: it.lock.to_string(),
                    hazards: it.hazards.iter().map(ToString::to_string).collect(),
                    stage: place,
                    in_transaction: step.in_transaction,
                }));
            }
            let differences = differences.iter().map(|it| DifferenceReport {
                object: &it.object,
                property: &it.property,
                from: &it.left,
                to: &it.right,
            });
            printer.json(&Report {
                version: 1,
                // Not as they were written: a URL may hold a password.
                from: kind(&from_side),
                to: kind(&to_side),
                equal,
                differences: differences.collect(),
                statements,
                proved: args.prove,
                not_managed: NotManaged {
                    from: &old.unmodelled,
                    to: &new.unmodelled,
                },
                excluded: &excluded,
                notes: &notes,
            });
        }
    }
    tell(context, &notes, &excluded, &old, &new);
    if equal {
        printer.done("No difference", "the two sides hold the same");
    } else {
        let count = steps.iter().map(|step| step.statements.len()).sum();
        printer.done(
            "Differ",
            format_args!(
                "{} make the second of the first",
                counted(count, "statement")
            ),
        );
    }
    Ok(if args.exit_code && !equal {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn parse(text: &str) -> Result<Side, Failure> {
    Side::parse(text)
        .map_err(|error| Failure::from_error(Exit::Usage, &error).with_help(error.help()))
}

fn kind(side: &Side) -> &'static str {
    match side {
        Side::Code => "code",
        Side::Directory { .. } => "directory",
        Side::File(_) => "file",
        Side::Url(_) | Side::Variable(_) => "database",
        Side::Binary(_) => "binary",
    }
}

/// What owners and privileges are read as.
const OWNERS: [&str; 1] = ["owner"];
const GRANTS: [&str; 3] = ["grant", "revoke", "default privileges"];
/// How such objects begin.
const ATTENDANT: [&str; 4] = ["owner ", "grant ", "revoke ", "default privileges "];

/// What counts: the configuration, the flags, and of owners and privileges what both sides say.
fn filter(
    context: &Context,
    args: &DiffArgs,
    from: &Loaded,
    to: &Loaded,
    notes: &mut Vec<String>,
) -> Filter {
    let mut filter = context.config.schema.filter();
    filter.excluded.extend(args.exclude.iter().cloned());
    filter.schemas = args
        .schemas
        .iter()
        .map(|it| Ident::new(it.as_str()))
        .collect();
    let (from, to) = (from.privileges, to.privileges);
    let read = from.read && to.read;
    for (flag, one, other, kinds, what) in [
        (args.no_owner, from.owners, to.owners, &OWNERS[..], "owners"),
        (
            args.no_privileges,
            from.grants,
            to.grants,
            &GRANTS[..],
            "privileges",
        ),
    ] {
        // What two scripts do not say is the same.
        let counts = read && (one && other || from.script && to.script);
        if flag || !counts {
            let kinds = kinds.iter().map(|kind| Pattern::kind(kind));
            filter.excluded.extend(kinds);
        }
        if !flag && !counts && one != other {
            notes.push(format!(
                "{what} do not count: one side says nothing of them"
            ));
        }
    }
    filter
}

/// What the result does not show.
fn tell(
    context: &Context,
    notes: &[String],
    excluded: &BTreeSet<String>,
    old: &Catalog,
    new: &Catalog,
) {
    let printer = &context.printer;
    for note in notes {
        printer.note(note);
    }
    let unmodelled: BTreeSet<&String> = old.unmodelled.union(&new.unmodelled).collect();
    if !unmodelled.is_empty() {
        let differ = old.unmodelled.symmetric_difference(&new.unmodelled).count();
        printer.note(format_args!(
            "not managed, and left alone: {} ({differ} on one side only)",
            list(unmodelled.into_iter())
        ));
    }
    if !excluded.is_empty() {
        printer.note(format_args!("excluded: {}", list(excluded.iter())));
    }
}

fn list<'a>(names: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = names.len().saturating_sub(MOST_TOLD);
    let shown: Vec<&str> = names.take(MOST_TOLD).map(String::as_str).collect();
    let shown = shown.join(", ");
    match more {
        0 => shown,
        more => format!("{shown} and {more} more (all with --json)"),
    }
}

async fn prove(
    context: &Context,
    loader: &Loader<'_>,
    (old, new): (&Catalog, &Catalog),
    hints: &PlanHints,
) -> Result<(), Failure> {
    let dev = loader.dev().await?;
    // The dev database need not have the roles.
    let kinds = OWNERS.iter().chain(&GRANTS).map(|kind| Pattern::kind(kind));
    let without_roles = Filter {
        excluded: kinds.collect(),
        ..Filter::default()
    };
    let (old, new) = (&without_roles.apply(old), &without_roles.apply(new));
    let plan = &plan(&diff(old, new), hints)
        .map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
    let progress = context.printer.progress("proving the plan");
    let proved = state::prove_between(dev, old, new, plan).await;
    drop(progress);
    proved.map_err(|error| state_failure::explain(context, error, &Hints::default(), dev.engine()))
}
