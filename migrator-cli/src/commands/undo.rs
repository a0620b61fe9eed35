//! `undo`: the last rewrite, taken back.

use crate::cli::UndoArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::rewriting::{Journal, Proposal, settle};

/// Puts the files back as they were before the last command that rewrote them.
pub(crate) fn run(context: &Context, args: &UndoArgs) -> Result<Exit, Failure> {
    let journal = Journal::of(context)?;
    let last = journal.last()?;
    let rewrite = last.as_ref().map(|step| step.rewrite.reversed());
    let done = last.map(|step| format!("taking back `cargo migrate {}`", step.command));
    let proposal = Proposal {
        command: "undo",
        rewrite: rewrite.unwrap_or_default(),
        notes: done.into_iter().collect(),
        nothing: "nothing was rewritten since the last commit",
        next: None,
    };
    let exit = settle(context, &proposal, args.yes, args.dry_run, |_| Ok(false))?;
    if !args.dry_run {
        journal.pop()?;
    }
    Ok(exit)
}
