//! `validate`: the hash chain of the directory.

use serde::Serialize;

use crate::cli::ValidateArgs;
use crate::context::Context;
use crate::directory::load;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;
use crate::review::integrity;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    files: usize,
    hash: &'a str,
}

/// Says that the directory is intact, or everything that is wrong with it.
pub(crate) fn run(context: &Context, _: &ValidateArgs) -> Result<Exit, Failure> {
    let directory = load(context)?;
    let shown = context.shown(&context.dir);
    let (_, findings) = integrity(context, &directory);
    if !findings.is_empty() {
        let message = format!("the migration directory {shown} is not intact");
        return Err(Failure::findings(Exit::Integrity, message, findings));
    }
    let hash = directory.hash();
    let migrations = counted(directory.files.len(), "migration");
    context
        .printer
        .done("Intact", format_args!("{shown} with {migrations}"));
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            files: directory.files.len(),
            hash: hash.as_str(),
        });
    }
    Ok(Exit::Clean)
}
