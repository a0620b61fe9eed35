//! `new`: a hashed migration that a person writes, or that holds rows of a database.

mod rows;

use schema_core::directory::{NewFile, check_name};
use serde::Serialize;

use crate::cli::NewArgs;
use crate::context::Context;
use crate::directory::{failure, load_or_new};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::{environment, mock};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    files: Vec<String>,
    written: bool,
    sql: &'a str,
}

/// Writes the file and its line in `atlas.sum`.
pub(crate) async fn run(context: &Context, args: &NewArgs) -> Result<Exit, Failure> {
    check_name(&args.name).map_err(|error| failure(&error))?;
    mock::refuse(&args.name)?;
    let mut directory = load_or_new(context)?;
    let text = match args.from.as_deref() {
        _ if !args.tables.is_empty() => rows::text(context, args, &directory).await?,
        Some(from) => read_from(context, from)?,
        None => String::new(),
    };
    let names = if args.dry_run {
        vec![args.name.clone()]
    } else {
        let file = NewFile {
            name: &args.name,
            text: &text,
        };
        directory
            .append(&[file], environment::now())
            .map_err(|error| failure(&error))?
    };
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            files: names,
            written: !args.dry_run,
            sql: &text,
        });
    } else if args.dry_run {
        context.printer.sql(&text);
        context.printer.note("dry run: nothing was written");
    } else {
        for name in &names {
            let path = context.dir.join(name);
            context.printer.done("Created", context.shown(&path));
        }
        if text.is_empty() {
            context
                .printer
                .note("write it, then run `cargo migrate hash`");
        }
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
