//! `set`: the history says from now on that a database is at a version.

use std::time::Duration;

use schema_core::apply::{SetError, SetFile, SetOptions, SetReport, set};
use schema_core::directory::{Directory, Version};
use serde::Serialize;
use sqlx::postgres::PgConnectOptions;

use crate::apply_failure::failure;
use crate::cli::SetArgs;
use crate::context::Context;
use crate::directory::load_intact;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::ReplayProgress;
use crate::printer::counted;
use crate::{database, prompt};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    set: &'a SetReport,
}

/// Shows what changes, asks where rows go, and writes.
pub(crate) async fn run(context: &Context, args: &SetArgs) -> Result<Exit, Failure> {
    let directory = load_intact(context)?;
    let target = database::target(context, &args.database)?;
    let mut options = SetOptions {
        version: args.at.as_deref().map(Version::new),
        dry_run: true,
        may_remove: None,
        lock_timeout: Duration::from_secs(args.lock_timeout),
        revisions_schema: database::revisions_schema(context, &args.database),
    };
    let mut report = observed(context, &target, &directory, &options).await?;
    if !args.dry_run {
        if !args.yes && !report.removed.is_empty() {
            agree(context, &report)?;
            // What others have done while the question stood is not agreed to.
            let removed = report.removed.iter().map(|file| file.version.clone());
            options.may_remove = Some(removed.collect());
        }
        options.dry_run = false;
        report = observed(context, &target, &directory, &options).await?;
    }
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            set: &report,
        });
    } else if !shown(&report).is_empty() {
        context.printer.data(shown(&report).join("\n"));
    }
    summarize(context, &directory, &report);
    Ok(Exit::Clean)
}

async fn observed(
    context: &Context,
    target: &PgConnectOptions,
    directory: &Directory,
    options: &SetOptions,
) -> Result<SetReport, Failure> {
    let mut progress = ReplayProgress(context.printer.progress("connecting"));
    set(target, directory, options, &mut progress)
        .await
        .map_err(|error| match error {
            SetError::Apply(error) => failure(context, &error),
            error => Failure::from_error(Exit::Migration, &error)
                .with_help("somebody has changed the history meanwhile: look at `cargo migrate status`, and run the command again"),
        })
}

/// Asks whether the rows may go.
fn agree(context: &Context, report: &SetReport) -> Result<(), Failure> {
    let rows = counted(report.removed.len(), "row");
    if !prompt::is_interactive() {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "{rows} of the history would be removed: {}",
                versions(&report.removed)
            ),
        )
        .with_help("look at it with --dry-run, and give --yes if it is meant"));
    }
    for line in shown(report) {
        context.printer.note(line);
    }
    if prompt::confirm(&format!("Remove {rows} of the history?"))? {
        Ok(())
    } else {
        Err(Failure::new(Exit::Usage, "nothing was changed"))
    }
}

/// A line for each row that changes, and for each statement that counts as executed though no tool has.
fn shown(report: &SetReport) -> Vec<String> {
    let named = |sign: char, file: &SetFile| {
        let name = format!("{sign} {} ({})", file.version, file.description);
        name.replace(" ()", "")
    };
    let mut lines: Vec<String> = report.added.iter().map(|file| named('+', file)).collect();
    for file in &report.resolved {
        lines.push(format!("{} counts as done", named('~', file)));
        lines.extend(file.statements.iter().map(|statement| {
            let first = statement.sql.lines().next().unwrap_or_default();
            format!(
                "    statement {}, line {}: {first}",
                statement.index + 1,
                statement.line
            )
        }));
    }
    lines.extend(report.removed.iter().map(|file| named('-', file)));
    lines
}

fn summarize(context: &Context, directory: &Directory, report: &SetReport) {
    let printer = &context.printer;
    let changed = [&report.added, &report.resolved, &report.removed];
    let count: usize = changed.iter().map(|files| files.len()).sum();
    let at = report.version.as_ref().map_or_else(
        || "at no version".to_owned(),
        |version| format!("at {version}"),
    );
    match (count, report.dry_run) {
        (0, _) => printer.done("Unchanged", format_args!("the history is {at}")),
        (_, true) => printer.note(format_args!(
            "dry run: {} would change; nothing was written",
            counted(count, "row")
        )),
        (_, false) => printer.done("Set", format_args!("the history {at}")),
    }
    if report
        .resolved
        .iter()
        .any(|file| !file.statements.is_empty())
    {
        printer.warning(
            "the statements above were not executed by a migration tool: see that the database holds what they make (`cargo migrate drift`)",
        );
    }
    let half: Vec<_> = report
        .removed
        .iter()
        .filter(|file| file.executed > 0)
        .collect();
    if !half.is_empty() {
        printer.warning(format_args!(
            "what the migrations of {} did stays in the database: take it back, or they will fail when they run again",
            counted(half.len(), "removed row")
        ));
    }
    let at = report.version.as_ref();
    let files = directory.files.iter().rev();
    let pending = files.take_while(|file| Some(&file.version) != at).count();
    if pending > 0 && count > 0 {
        printer.note(format_args!(
            "{} behind it: `cargo migrate apply` runs them",
            counted(pending, "migration")
        ));
    }
}

fn versions(files: &[SetFile]) -> String {
    let versions = files.iter().map(|file| file.version.as_str());
    versions.collect::<Vec<_>>().join(", ")
}
