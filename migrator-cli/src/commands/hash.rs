//! `hash`: new and edited files of the branch, taken into `atlas.sum`.

use std::collections::BTreeMap;

use schema_core::directory::{Directory, Rewrite, SUM_FILE};

use crate::branch::Branch;
use crate::cli::HashArgs;
use crate::context::Context;
use crate::directory::load;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::GitError;
use crate::rewriting::{Proposal, carry_out, rewritten, texts};

/// Writes the lines of `atlas.sum` that are not on the base branch.
pub(crate) async fn run(context: &Context, args: &HashArgs) -> Result<Exit, Failure> {
    let directory = load(context)?;
    let rewrite = rewritten(&directory, &texts(&directory.files), &BTreeMap::new())?;
    let branch = match Branch::find(context, args.rewrite.base.as_deref(), &directory) {
        Ok(branch) => Some(branch),
        // Without a base branch to tell what is shared, only the end may change.
        Err(
            GitError::NoGit
            | GitError::NoRepository { .. }
            | GitError::NoCommit
            | GitError::NoBase { .. }
            | GitError::Unrelated { .. },
        ) if args.rewrite.base.is_none() => {
            only_the_end(&directory, &rewrite)?;
            None
        }
        Err(error) => return Err(error.into()),
    };
    let proposal = Proposal {
        command: "hash",
        rewrite,
        notes: Vec::new(),
        nothing: "atlas.sum says what the files say",
        next: None,
    };
    carry_out(context, &args.rewrite, branch.as_ref(), proposal).await
}

/// Refuses where another line than the last would change.
fn only_the_end(directory: &Directory, rewrite: &Rewrite) -> Result<(), Failure> {
    let Some(recorded) = directory.recorded_sum().filter(|_| !rewrite.is_empty()) else {
        return Ok(());
    };
    let now = directory.computed_sum();
    let before = recorded.entries.split_last().map_or(&[][..], |(_, it)| it);
    let changed = before
        .iter()
        .enumerate()
        .find(|(at, entry)| now.entries.get(*at) != Some(entry));
    let Some((at, entry)) = changed else {
        return Ok(());
    };
    let line = at + 2;
    let name = &entry.name;
    Err(Failure::new(
        Exit::Integrity,
        format!("line {line} of {SUM_FILE}, {name}, would change"),
    )
    .because("there is no base branch that could tell whether somebody else has it already")
    .with_help("`cargo migrate validate` says what was done to which file; name the branch by --base, or put the file back as it was"))
}
