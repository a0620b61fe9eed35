//! `hash`: the newest migration, hashed again.

use serde::Serialize;

use crate::cli::HashArgs;
use crate::context::Context;
use crate::directory::{failure, load};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git;

#[derive(Serialize)]
struct Report {
    version: u32,
    hashed: Option<String>,
}

/// Writes the last line of `atlas.sum` anew, where the newest file was edited.
pub(crate) fn run(context: &Context, _: &HashArgs) -> Result<Exit, Failure> {
    let mut directory = load(context)?;
    let newest = directory
        .files
        .last()
        .map(|file| context.dir.join(&file.file_name));
    if let Some(base) = newest.as_deref().and_then(git::base_with) {
        // Nothing to do is no offence.
        if directory.verify().is_empty() {
            return Ok(unchanged(context));
        }
        let name = newest
            .as_deref()
            .and_then(|path| path.file_name())
            .unwrap_or_default();
        return Err(Failure::new(
            Exit::Integrity,
            format!("{name} is on {base} already, and is not hashed again"),
        )
        .with_help(format!(
            "restore it (`git checkout {base} -- {}`), and write a new migration",
            context.shown(&context.dir)
        )));
    }
    let Some(hashed) = directory.rehash_newest().map_err(|error| failure(&error))? else {
        return Ok(unchanged(context));
    };
    context
        .printer
        .done("Hashed", context.shown(&context.dir.join(&hashed)));
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            hashed: Some(hashed),
        });
    }
    Ok(Exit::Clean)
}

fn unchanged(context: &Context) -> Exit {
    context
        .printer
        .done("Unchanged", "atlas.sum says what the files say");
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            hashed: None,
        });
    }
    Exit::Clean
}
