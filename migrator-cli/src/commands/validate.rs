//! `validate`: the hash chain of the directory.

use serde::Serialize;

use crate::cli::ValidateArgs;
use crate::context::Context;
use crate::directory::load_intact;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    files: usize,
    hash: &'a str,
}

/// Says that the directory is intact, or everything that is wrong with it.
pub(crate) fn run(context: &Context, _: &ValidateArgs) -> Result<Exit, Failure> {
    let directory = load_intact(context)?;
    let hash = directory.hash();
    context.printer.done(
        "Intact",
        format_args!(
            "{} with {}",
            context.shown(&context.dir),
            counted(directory.files.len(), "migration")
        ),
    );
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            files: directory.files.len(),
            hash: hash.as_str(),
        });
    }
    Ok(Exit::Clean)
}
