//! `apply --targets`: the pending migrations, on many databases.

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use schema_core::apply::{
    ApplyOptions, FleetOptions, FleetTarget, Outcome, TargetReport, apply_to_all,
};
use schema_core::directory::Directory;

use crate::apply_failure::failure;
use crate::cli::{ApplyArgs, TargetSource};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::fleet::{Board, Record, in_order, summarize};
use crate::interrupt::Interrupts;
use crate::{grants, targets};

/// Applies what is pending to each target, or shows it.
pub(crate) async fn run(
    context: &Context,
    args: &ApplyArgs,
    source: &TargetSource,
    directory: Directory,
    apply: ApplyOptions,
) -> Result<Exit, Failure> {
    let mut targets = targets::list(context, &args.database, source).await?;
    check_schemas(args, &targets)?;
    if let Some(path) = &args.fleet.report {
        in_order(path, &mut targets)?;
    }
    let record = Record::begin(&targets, args.fleet.report.clone(), apply.dry_run)?;
    let board = Arc::new(Board::new(context, record));
    let is_dry = apply.dry_run;
    let options = FleetOptions {
        apply,
        concurrency: args.fleet.targets.concurrency.get(),
        // Where nothing is written, nothing has to be held back.
        canaries: if is_dry { 0 } else { args.fleet.canary },
        max_failures: if is_dry {
            usize::MAX
        } else {
            args.fleet.max_failures.get()
        },
        ..FleetOptions::default()
    };
    let started = Instant::now();
    let reports = run_until_told(context, &targets, Arc::new(directory), options, &board).await?;
    let mut exit = Ok(Exit::Clean);
    board.finish(|record| {
        let written = record.finish();
        let told = summarize(&context.printer, &targets, record, started.elapsed());
        exit = written.map(|()| told);
    });
    let done = targets.iter().zip(&reports);
    let gaps = done.filter_map(|(target, report)| match &report.outcome {
        Outcome::Applied(report) => Some(report.grants.iter().map(move |gap| (gap, target))),
        _ => None,
    });
    let granted = grants::tell_of_targets(context, gaps.flatten());
    exit.map(|exit| if exit == Exit::Clean { granted } else { exit })
}

/// Runs to the end. The first Ctrl-C lets what is under way come to the end of its file, the second
/// leaves everything as it is.
async fn run_until_told(
    context: &Context,
    targets: &[FleetTarget],
    directory: Arc<Directory>,
    options: FleetOptions,
    board: &Arc<Board>,
) -> Result<Vec<TargetReport>, Failure> {
    let mut interrupts =
        Interrupts::listen().map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
    let stop = Arc::clone(&options.stop);
    let observer = Arc::clone(board);
    let mut all = pin!(apply_to_all(targets.to_vec(), directory, options, observer));
    loop {
        tokio::select! {
            biased;
            result = &mut all => {
                return result.map_err(|error| failure(context, &error));
            }
            () = interrupts.next() => {
                if stop.is_requested() {
                    return Ok(Vec::new());
                }
                stop.request();
                board.note("stopping: what is under way comes to the end of its file; Ctrl-C again leaves it there");
            }
        }
    }
}

/// The history of a schema is in it: no flag can put it elsewhere.
fn check_schemas(args: &ApplyArgs, targets: &[FleetTarget]) -> Result<(), Failure> {
    let schema = targets.iter().find(|target| target.schema.is_some());
    match (schema, &args.database.revisions_schema) {
        (Some(target), Some(_)) => Err(Failure::new(
            Exit::Usage,
            format!("--revisions-schema is not for `{}`", target.name),
        )
        .with_help("leave it out: a schema among the targets has its history in itself")),
        _ => Ok(()),
    }
}
