//! `rm`: migrations of the branch go.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::directory::Directory;

use crate::branch::Branch;
use crate::cli::RmArgs;
use crate::context::Context;
use crate::directory::{load, prefixes};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::replays;
use crate::rewriting::{Proposal, carry_out, own_file, rewritten, texts};

/// Removes files, where the rest does without them.
pub(crate) async fn run(context: &Context, args: &RmArgs) -> Result<Exit, Failure> {
    let head = load(context)?;
    let branch = Branch::find(context, args.rewrite.base.as_deref(), &head)?;
    let mut going = BTreeSet::new();
    for asked in &args.files {
        going.insert(
            own_file(context, &head, Some(&branch), asked)?
                .file_name
                .as_str(),
        );
    }
    let stays = head.files.iter();
    let stays = texts(stays.filter(|file| !going.contains(file.file_name.as_str())));
    let rewrite = rewritten(&head, &stays, &BTreeMap::new())?;
    let after = Directory::from_texts(&context.dir, stays, None, &prefixes(context));
    replays(context, &after, &args.dev)
        .await
        .map_err(|error| Failure {
            message: format!(
                "the other migrations do not replay without it: {}",
                error.message
            ),
            ..error
        })?;
    let proposal = Proposal {
        command: "rm",
        rewrite,
        notes: Vec::new(),
        nothing: "there is nothing to remove",
        next: None,
    };
    carry_out(context, &args.rewrite, Some(&branch), proposal).await
}
