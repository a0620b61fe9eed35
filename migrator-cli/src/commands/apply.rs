//! `apply`: the pending migrations, on a database.

use std::time::Duration;

use schema_core::apply::{
    ApplyError, ApplyOptions, ApplyReport, Event, Limit, Observer, Transactions, apply,
};
use schema_core::catalog::Catalog;
use schema_core::directory::{Directory, Version};
use schema_core::introspect::{Scope, introspect};
use serde::Serialize;
use sqlx::postgres::PgConnectOptions;

use super::fleet;
use crate::apply_failure::failure;
use crate::cli::{ApplyArgs, TxMode};
use crate::context::Context;
use crate::directory::load_intact;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::preview::{Preview, preview};
use crate::printer::{Printer, Progress, counted};
use crate::{database, dev, grants, state_failure};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    apply: &'a ApplyReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<&'a Preview>,
}

/// Applies what is pending, or shows it.
pub(crate) async fn run(context: &Context, args: &ApplyArgs) -> Result<Exit, Failure> {
    let directory = load_intact(context)?;
    let options = ApplyOptions {
        dry_run: args.dry_run,
        lock_timeout: Duration::from_secs(args.lock_timeout),
        allow_dirty: args.allow_dirty,
        baseline: args.baseline.as_deref().map(Version::new),
        limit: match (args.amount, &args.to) {
            (Some(amount), _) => Limit::Count(amount),
            (None, Some(version)) => Limit::To(Version::new(version.as_str())),
            (None, None) => Limit::None,
        },
        transactions: match args.tx_mode {
            TxMode::File => Transactions::File,
            TxMode::All => Transactions::All,
            TxMode::None => Transactions::None,
        },
        set_role: args.session.set_role.clone(),
        statement_lock_timeout: args.session.statement_lock_timeout,
        statement_timeout: args.session.statement_timeout,
        retry_for: args.session.retry_for,
        revisions_schema: database::revisions_schema(context, &args.database),
        environment: args.app_env.clone(),
        order: args.exec_order.into(),
        app_role: grants::app_role(context, args.app_role.as_ref()),
        ..ApplyOptions::default()
    };
    if args.scratch {
        return scratch(context, args, &directory, &options).await;
    }
    if let Some(source) = &args.fleet.targets.targets {
        return fleet::run(context, args, source, directory, options).await;
    }
    let target = database::target(context, &args.database)?;
    let report = observed(context, &target, &directory, &options)
        .await
        .map_err(|error| failure(context, &error))?;
    let preview = if report.dry_run {
        let schema = options.revisions_schema.as_deref();
        let preview = preview(context, &args.dev, &target, schema, &directory, &report);
        Some(preview.await?)
    } else {
        None
    };
    summarize(&context.printer, &report, preview.as_ref());
    Ok(grants::tell(context, &report.grants))
}

/// Everything on a throw-away database, to see that it runs and what it makes.
async fn scratch(
    context: &Context,
    args: &ApplyArgs,
    directory: &Directory,
    options: &ApplyOptions,
) -> Result<Exit, Failure> {
    let server = dev::open(context, &args.dev).await?;
    let scratch = server
        .scratch()
        .await
        .map_err(|error| dev::failure(&error))?;
    let report = observed(context, &scratch.options(), directory, options).await;
    let report = report.map_err(|error| {
        let lacking = match &error {
            ApplyError::Statement { failure, .. } => {
                state_failure::lacking(&failure.server, server.engine())
            }
            _ => None,
        };
        let failure = failure(context, &error);
        match lacking {
            Some(remedy) => failure.with_help(remedy),
            None => failure,
        }
    })?;
    let mut connection = scratch
        .connect()
        .await
        .map_err(|error| dev::failure(&error))?;
    let catalog = introspect(&mut connection, &Scope::default())
        .await
        .map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
    drop(connection);
    scratch
        .close()
        .await
        .map_err(|error| dev::failure(&error))?;
    summarize(&context.printer, &report, None);
    if !context.printer.is_json() {
        context.printer.data(inventory(&catalog));
    }
    context.printer.note(format_args!(
        "the database was a scratch one on {}, and is gone",
        server.engine()
    ));
    Ok(grants::tell(context, &report.grants))
}

async fn observed(
    context: &Context,
    target: &PgConnectOptions,
    directory: &Directory,
    options: &ApplyOptions,
) -> Result<ApplyReport, ApplyError> {
    let mut talk = Talk {
        printer: &context.printer,
        progress: context.printer.progress("connecting"),
        waiting: false,
    };
    apply(target, directory, options, &mut talk).await
}

/// Says what is going on: a line for each file, and the statement that is running.
struct Talk<'a> {
    printer: &'a Printer,
    progress: Progress,
    /// Whether it was told that another deployment is under way.
    waiting: bool,
}

impl Observer for Talk<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::FileStarted { file, done, .. } if done > 0 => {
                self.progress.say(format!(
                    "{}: goes on after statement {done}",
                    file.file_name
                ));
            }
            Event::FileStarted { file, .. } => self.progress.say(file.file_name.clone()),
            Event::Statement { file, sql, .. } => {
                let first = sql.lines().next().unwrap_or_default();
                self.progress.say(format!("{}: {first}", file.file_name));
            }
            Event::Blocked { file, blocker } => {
                self.progress
                    .say(format!("{}: waiting for {blocker}", file.file_name));
            }
            Event::Retry {
                file,
                server,
                blocker,
                pause,
                ..
            } => {
                let blocker = blocker
                    .map_or_else(String::new, |blocker| format!("; it waited for {blocker}"));
                self.progress.above(|| {
                    self.printer.done(
                        "Retry",
                        format_args!(
                            "{} in {pause:.1?}: {}{blocker}",
                            file.file_name, server.message
                        ),
                    );
                });
            }
            Event::FileDone { file, elapsed } => {
                self.progress.above(|| {
                    self.printer.done(
                        "Applied",
                        format_args!("{} in {elapsed:.1?}", file.file_name),
                    );
                });
            }
            Event::FileSkipped { file } => {
                self.progress.above(|| {
                    self.printer.done(
                        "Skipped",
                        format_args!("{} in this environment", file.file_name),
                    );
                });
            }
            Event::FileDeferred { file, reason } => {
                self.progress.above(|| {
                    self.printer.done(
                        "Deferred",
                        format_args!("{} to the next deployment: {reason}", file.file_name),
                    );
                });
            }
            Event::WaitingForLock { holder, waited } => {
                // Where nobody watches a progress line, a log has it once.
                if !self.waiting {
                    self.waiting = true;
                    self.progress.above(|| {
                        self.printer
                            .done("Waiting", format_args!("for another deployment: {holder}"));
                    });
                }
                self.progress
                    .say(format!("waiting for {holder}, {waited:.0?} so far"));
            }
            _ => {}
        }
    }
}

fn summarize(printer: &Printer, report: &ApplyReport, preview: Option<&Preview>) {
    if printer.is_json() {
        printer.json(&Report {
            version: 1,
            apply: report,
            preview,
        });
    } else if let Some(preview) = preview {
        preview.print(printer);
    }
    if let Some(version) = &report.baseline {
        printer.done("Adopted", format_args!("at {version}"));
    }
    let statements: usize = report.files.iter().map(|file| file.statements).sum();
    let files = report.files.len();
    let skipped: Vec<&str> = report
        .files
        .iter()
        .filter(|file| file.skipped)
        .map(|file| file.file.as_str())
        .collect();
    let what = format!(
        "{} with {}",
        counted(files - skipped.len(), "migration"),
        counted(statements, "statement")
    );
    if report.dry_run && !skipped.is_empty() {
        printer.note(format_args!(
            "not for this environment: {}",
            skipped.join(", ")
        ));
    }
    match (files, report.dry_run) {
        (0, _) if !report.deferred.is_empty() => {}
        (0, _) => printer.done("Unchanged", "nothing is pending"),
        (_, true) => printer.note(format_args!(
            "dry run: {what} would run; nothing was written"
        )),
        (_, false) => printer.done("Done", what),
    }
    let waits = match report.deferred.len() {
        0 => return,
        1 => "1 migration waits".to_owned(),
        count => format!("{count} migrations wait"),
    };
    let reasons: Vec<String> = report
        .deferred
        .iter()
        .map(|waiting| format!("{}, because {}", waiting.file, waiting.reason))
        .collect();
    printer.note(format_args!(
        "{waits} for the next deployment: {}",
        reasons.join("; ")
    ));
}

/// What a database holds, in a few lines.
fn inventory(catalog: &Catalog) -> String {
    let mut lines = Vec::new();
    for (name, table) in &catalog.tables {
        let (columns, constraints, indexes) = (
            table.columns.len(),
            table.constraints.len(),
            table.indexes.len(),
        );
        lines.push(format!(
            "table {name}: {}, {}, {}",
            counted(columns, "column"),
            counted(constraints, "constraint"),
            counted(indexes, "index")
        ));
    }
    lines.extend(
        catalog
            .enums
            .iter()
            .map(|(name, kind)| format!("enum {name}: {}", kind.labels.join(", "))),
    );
    lines.extend(
        catalog
            .domains
            .iter()
            .map(|(name, domain)| format!("domain {name}: {}", domain.base)),
    );
    lines.extend(catalog.unmodelled.iter().cloned());
    lines.join("\n")
}
