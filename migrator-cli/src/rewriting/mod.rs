//! Putting the files of a branch in order: what `squash`, `rebase`, `reset`, `hash`, `rm`, `edit` and
//! `undo` share. Each proposes a rewrite; here it is checked, shown, asked about, remembered and done.

mod guard;
mod shown;
mod undo;

use std::collections::BTreeMap;

use schema_core::directory::{Directory, MigrationFile, Rewrite, StructLine};
use serde::Serialize;

use self::shown::{Change, changes};
pub(crate) use self::undo::Journal;
use crate::branch::{Branch, is_same_but_line_ends};
use crate::cli::RewriteArgs;
use crate::context::Context;
use crate::directory::failure;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pieces::directory_of;
use crate::prompt;

/// What a command would do.
#[derive(Debug)]
pub(crate) struct Proposal {
    /// The command, as it is typed.
    pub(crate) command: &'static str,
    /// What it does to the files.
    pub(crate) rewrite: Rewrite,
    /// What to know about it.
    pub(crate) notes: Vec<String>,
    /// What to say where nothing has to be done.
    pub(crate) nothing: &'static str,
    /// What to do afterwards.
    pub(crate) next: Option<String>,
}

/// What was done, or would be, for machines.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    command: &'a str,
    written: bool,
    changes: &'a [Change<'a>],
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

/// Checks a proposal against the base branch and the database, shows it, asks, and does it.
pub(crate) async fn carry_out(
    context: &Context,
    args: &RewriteArgs,
    branch: Option<&Branch>,
    mut proposal: Proposal,
) -> Result<Exit, Failure> {
    if let Some(branch) = branch {
        guard::base(context, branch, &proposal.rewrite)?;
        proposal.notes.extend(restored(branch, &proposal.rewrite));
    }
    guard::database(context, &args.database, &proposal.rewrite).await?;
    let journal = Journal::of(context)?;
    settle(context, &proposal, args.yes, args.dry_run, |rewrite| {
        journal.push(proposal.command, rewrite)
    })
}

/// What somebody has done to files of the base branch, and is taken back.
fn restored(branch: &Branch, rewrite: &Rewrite) -> Vec<String> {
    let shared = branch.shared();
    let edited = rewrite.0.iter().filter(|(name, it)| {
        let before = it
            .before
            .as_ref()
            .filter(|_| shared.contains_key(name.as_str()));
        let after = it.after.as_ref();
        before.is_some_and(|before| after.is_none_or(|it| !is_same_but_line_ends(before, it)))
    });
    let notes = edited.map(|(name, _)| {
        let base = &branch.base.name;
        format!("{name} was edited here, and will be as it is on {base}; `cargo migrate undo` has the edit until the next commit")
    });
    notes.collect()
}

/// Shows a proposal, asks, and does it, after `remember` has.
pub(crate) fn settle(
    context: &Context,
    proposal: &Proposal,
    yes: bool,
    dry_run: bool,
    remember: impl FnOnce(&Rewrite) -> Result<bool, Failure>,
) -> Result<Exit, Failure> {
    let Proposal {
        command,
        rewrite,
        notes,
        nothing,
        next,
    } = proposal;
    let changes = changes(rewrite);
    for note in notes {
        context.printer.note(note);
    }
    let report = |written| {
        if context.printer.is_json() {
            context.printer.json(&Report {
                version: 1,
                command,
                written,
                changes: &changes,
                notes,
                next: next.as_deref(),
            });
        }
    };
    if rewrite.is_empty() {
        report(false);
        context.printer.done("Unchanged", nothing);
        return Ok(Exit::Clean);
    }
    let asks = !yes && !dry_run && prompt::is_interactive() && !context.printer.is_json();
    if dry_run || asks {
        for change in &changes {
            context.printer.plan(change.sign(), change);
        }
    }
    if dry_run {
        report(false);
        if !context.printer.is_json() {
            for change in &changes {
                if let Some(sql) = change.planned_sql() {
                    context.printer.sql(sql);
                }
            }
        }
        context.printer.note("dry run: nothing was written");
        return Ok(Exit::Clean);
    }
    if asks && !prompt::confirm(&format!("Do that to {}?", context.shown(&context.dir)))? {
        return Err(Failure::new(Exit::Usage, "nothing was changed"));
    }
    let can_be_undone = remember(rewrite)?;
    rewrite
        .apply(&context.dir)
        .map_err(|error| failure(&error))?;
    report(true);
    for change in &changes {
        context.printer.done(change.word(), change);
    }
    if can_be_undone {
        context
            .printer
            .note("`cargo migrate undo` takes this back, until the next commit");
    }
    if let Some(next) = next {
        context.printer.note(next);
    }
    Ok(Exit::Clean)
}

/// What makes the directory one of these files; `heirs` name what takes the place of files that go.
pub(crate) fn rewritten(
    head: &Directory,
    files: &[(String, String)],
    heirs: &BTreeMap<String, String>,
) -> Result<Rewrite, Failure> {
    head.rewrite(files, heirs).map_err(|error| failure(&error))
}

/// The same where the structs were read, and the files say what they say.
pub(crate) fn rewritten_to(
    context: &Context,
    head: &Directory,
    files: &[(String, String)],
    structs: &[StructLine],
) -> Result<Rewrite, Failure> {
    let mut rewrite = rewritten(head, files, &BTreeMap::new())?;
    let after = directory_of(context, files);
    let known = head.structs().map(ToString::to_string);
    let after = after.with_structs(&known.unwrap_or_default());
    rewrite
        .record_structs(head, &after.structs_for(structs))
        .map_err(|error| failure(&error))?;
    Ok(rewrite)
}

/// The files of a directory, as [`Directory::rewrite`] takes them.
pub(crate) fn texts<'a>(
    files: impl IntoIterator<Item = &'a MigrationFile>,
) -> Vec<(String, String)> {
    let files = files.into_iter();
    files
        .map(|file| (file.file_name.clone(), file.text.clone()))
        .collect()
}

/// The file of this branch that is meant by a name, a version, or what the name says after that.
pub(crate) fn own_file<'a>(
    context: &Context,
    head: &'a Directory,
    branch: Option<&Branch>,
    asked: &str,
) -> Result<&'a MigrationFile, Failure> {
    let name = asked.rsplit(['/', '\\']).next().unwrap_or(asked);
    let exact = |file: &&MigrationFile| file.file_name == name || file.version.as_str() == name;
    let described = |file: &&MigrationFile| file.description == name;
    let mut found: Vec<&MigrationFile> = head.files.iter().filter(exact).collect();
    if found.is_empty() {
        found = head.files.iter().filter(described).collect();
    }
    let shown = context.shown(&context.dir);
    let [file] = found.as_slice() else {
        let own = branch.map_or_else(|| head.files.iter().collect(), |it| it.own(head));
        let names = |files: &[&MigrationFile]| {
            let names = files.iter().map(|file| file.file_name.clone());
            names.collect::<Vec<_>>().join(", ")
        };
        return Err(if found.is_empty() {
            let failure = Failure::new(Exit::Usage, format!("{shown} has no migration `{asked}`"));
            match own.len() {
                0 => failure.because("this branch has no migrations of its own"),
                _ => failure.with_help(format!("this branch's own are {}", names(&own))),
            }
        } else {
            Failure::new(Exit::Usage, format!("`{asked}` is more than one migration"))
                .with_help(format!("name one of {}", names(&found)))
        });
    };
    if let Some(branch) = branch
        && branch.shared().contains_key(file.file_name.as_str())
    {
        return Err(guard::is_shared(branch, &file.file_name));
    }
    Ok(file)
}
