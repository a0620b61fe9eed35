//! `reset`: the directory as on the base branch, and the branch's own migrations anew.

use schema_core::directory::{MigrationFile, check_name};

use crate::branch::Branch;
use crate::cli::ResetArgs;
use crate::context::Context;
use crate::directory::{failure, load_any};
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pieces::{Item, Placing, directory_of};
use crate::pipeline::replayed;
use crate::planning::Asked;
use crate::replan::{name_of, to_structs, with_issue};
use crate::rewriting::{Proposal, carry_out, rewritten_to, texts};

/// Restores the base branch's files, plans what the structs say beyond them, and puts what was written by
/// hand behind it.
pub(crate) async fn run(context: &Context, args: &ResetArgs) -> Result<Exit, Failure> {
    if let Some(name) = &args.name {
        check_name(name).map_err(|error| failure(&error))?;
    }
    let head = load_any(context)?;
    let branch = Branch::find(context, args.rewrite.base.as_deref(), &head)?;
    let own = branch.own_files(context, &head)?;
    let (planned, by_hand): (Vec<_>, Vec<_>) =
        own.iter().cloned().partition(MigrationFile::is_generated);
    // What was written before anything was generated builds on the base branch alone.
    let first = own.iter().position(MigrationFile::is_generated);
    let leading = first.unwrap_or(own.len());
    let mut items: Vec<Item> = own[..leading].iter().map(Item::of).collect();

    let placing = Placing {
        head: &head,
        ground: branch.ground(&head),
        newest: branch.newest(),
        now: environment::now(),
    };
    let before = placing.files(&items)?;
    let plan = with_issue(&args.plan, &directory_of(context, &texts(&own)));
    let asked = Asked {
        plan: &plan,
        command: "reset",
    };
    let name = match name_of(args.name.as_ref(), &planned) {
        name if name.is_empty() => "changes".to_owned(),
        name => name,
    };
    let before = directory_of(context, &before);
    let (anew, comparison) =
        to_structs(context, &before, &name, &asked, &args.build, &args.dev).await?;
    items.extend(anew);
    let behind = &by_hand[leading..];
    items.extend(behind.iter().map(Item::of));
    let files = placing.files(&items)?;
    replayed(context, &comparison.dev, &directory_of(context, &files))
        .await
        .map_err(|error| Failure {
            message: format!("{}; nothing was changed", error.message),
            help: Some(
                "correct it by `cargo migrate edit`, or remove it by `cargo migrate rm`".to_owned(),
            ),
            ..error
        })?;
    let last = own.iter().rposition(MigrationFile::is_generated);
    let moved = own.iter().enumerate().filter(|(at, file)| {
        !file.is_generated() && *at >= leading && last.is_some_and(|last| *at < last)
    });
    let notes = moved.map(|(_, file)| {
        format!("{} stood between migrations that are one now, and comes behind it: look whether it still does what it is for", file.file_name)
    });
    let proposal = Proposal {
        command: "reset",
        rewrite: rewritten_to(context, &head, &files, &comparison.structs)?,
        notes: notes.collect(),
        nothing: "the migrations are those of the base branch, and say what the structs say",
        next: branch.then(context)?,
    };
    carry_out(context, &args.rewrite, Some(&branch), proposal).await
}
