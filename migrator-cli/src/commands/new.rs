//! `new`: a hashed migration that a person writes.

use schema_core::directory::NewFile;
use serde::Serialize;

use crate::cli::NewArgs;
use crate::context::Context;
use crate::directory::{failure, load_or_new};
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;

#[derive(Serialize)]
struct Report {
    version: u32,
    files: Vec<String>,
}

/// Writes the file and its line in `atlas.sum`.
pub(crate) fn run(context: &Context, args: &NewArgs) -> Result<Exit, Failure> {
    let text = match args.from.as_deref() {
        Some(from) => read_from(context, from)?,
        None => String::new(),
    };
    let mut directory = load_or_new(context)?;
    let names = directory
        .append(
            &[NewFile {
                name: &args.name,
                text: &text,
            }],
            environment::now(),
        )
        .map_err(|error| failure(&error))?;
    for name in &names {
        context
            .printer
            .done("Created", context.shown(&context.dir.join(name)));
    }
    if text.is_empty() {
        context
            .printer
            .note("write it, then run `cargo migrate hash`");
    }
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            files: names,
        });
    }
    Ok(Exit::Clean)
}

/// The text of a file, or of standard input for `-`.
pub(super) fn read_from(context: &Context, from: &str) -> Result<String, Failure> {
    let text = if from == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        fs_err::read_to_string(context.cwd.join(from))
    };
    text.map_err(|error| Failure::from_error(Exit::Usage, &error))
}
