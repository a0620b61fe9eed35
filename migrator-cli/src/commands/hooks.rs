//! `hooks`: the checks before commits and pushes.

use serde::Serialize;

use crate::cli::{HooksArgs, HooksCommand};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::Repository;
use crate::hooks::{Edit, Hook, Plan, Setting, install, run_pre_commit, run_pre_push, uninstall};
use crate::merge_driver::{Sides, merge};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    changed: bool,
    files: Vec<FileReport<'a>>,
    settings: Vec<String>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct FileReport<'a> {
    path: &'a str,
    change: String,
}

/// Brings hooks in, takes them out, or does what one does.
pub(crate) async fn run(context: &Context, args: &HooksArgs) -> Result<Exit, Failure> {
    let open = || Repository::open(&context.root);
    match &args.command {
        HooksCommand::Install { force, dry_run } => {
            let repository = open()?;
            let plan = install(context, &repository, *force)?;
            carry_out(context, &repository, &plan, *dry_run, "the hooks are in")
        }
        HooksCommand::Uninstall { dry_run } => {
            let repository = open()?;
            let plan = uninstall(context, &repository)?;
            carry_out(
                context,
                &repository,
                &plan,
                *dry_run,
                "there are no hooks of ours",
            )
        }
        HooksCommand::Run { hook, dev } => match hook {
            Hook::PreCommit => run_pre_commit(context, dev).await,
            Hook::PrePush => run_pre_push(context),
        },
        HooksCommand::Merge {
            ancestor,
            ours,
            theirs,
            path,
        } => merge(
            context,
            &Sides {
                ancestor,
                ours,
                theirs,
                path,
            },
        ),
    }
}

/// Makes the changes, unless they are only to be told.
fn carry_out(
    context: &Context,
    repository: &Repository,
    plan: &Plan,
    dry_run: bool,
    unchanged: &str,
) -> Result<Exit, Failure> {
    let printer = &context.printer;
    if !dry_run {
        plan.make(repository)?;
    }
    if printer.is_json() {
        printer.json(&report(plan, dry_run));
    }
    for edit in &plan.edits {
        let (word, path) = edit.told();
        let shown = context.shown(path);
        if !dry_run {
            printer.done(word, shown);
            continue;
        }
        printer.done("Would be", format_args!("{}: {shown}", word.to_lowercase()));
        if !printer.is_json() {
            for line in edit.added() {
                printer.data(format_args!("+ {line}"));
            }
        }
    }
    for setting in &plan.settings {
        let word = if dry_run { "Would run" } else { "Ran" };
        printer.done(word, setting.told());
    }
    if plan.is_empty() {
        printer.done("Unchanged", unchanged);
    }
    for note in &plan.notes {
        printer.note(note);
    }
    if dry_run {
        printer.note("dry run: nothing was changed");
    }
    Ok(Exit::Clean)
}

fn report(plan: &Plan, dry_run: bool) -> Report<'_> {
    let file = |edit| {
        let (word, path) = Edit::told(edit);
        FileReport {
            path: path.as_str(),
            change: word.to_lowercase(),
        }
    };
    Report {
        version: 1,
        changed: !dry_run && !plan.is_empty(),
        files: plan.edits.iter().map(file).collect(),
        settings: plan.settings.iter().map(Setting::told).collect(),
        notes: &plan.notes,
    }
}
