//! `hash`: the newest migration, hashed again.

use schema_core::directory::SUM_FILE;
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

/// Writes the last line of `atlas.sum` anew, where the newest file was edited; all of it where
/// there never was one.
pub(crate) fn run(context: &Context, _: &HashArgs) -> Result<Exit, Failure> {
    let mut directory = load(context)?;
    let sum = context.dir.join(SUM_FILE);
    if directory.recorded_sum().is_none() && git::base_with(&sum).is_none() {
        let written = directory.first_sum().map_err(|error| failure(&error))?;
        return Ok(if written {
            hashed(context, SUM_FILE)
        } else {
            unchanged(context)
        });
    }
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
    let Some(hashed_file) = directory.rehash_newest().map_err(|error| failure(&error))? else {
        return Ok(unchanged(context));
    };
    Ok(hashed(context, &hashed_file))
}

fn hashed(context: &Context, file: &str) -> Exit {
    context
        .printer
        .done("Hashed", context.shown(&context.dir.join(file)));
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            hashed: Some(file.to_owned()),
        });
    }
    Exit::Clean
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
