//! `generate`: the difference between structs and migrations as a new, proved, hashed file.

use std::time::Instant;

use schema_core::directory::{NewFile, check_name};
use schema_core::state;
use serde::Serialize;

use crate::cli::GenerateArgs;
use crate::context::Context;
use crate::directory::{failure, load_or_new};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{Comparison, Timings, compare, since};
use crate::planning::{Asked, Planned, explained, files_of, planned, warn};
use crate::{environment, mock, struct_record};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    written: bool,
    files: Vec<FileReport<'a>>,
    timings: Timings,
}

#[derive(Serialize)]
struct FileReport<'a> {
    name: &'a str,
    sql: &'a str,
}

/// Writes the migration, or prints it.
pub(crate) async fn run(context: &Context, args: &GenerateArgs) -> Result<Exit, Failure> {
    let mut directory = load_or_new(context)?;
    check_name(&args.name).map_err(|error| failure(&error))?;
    mock::refuse(&args.name)?;
    let mut comparison = compare(context, &directory, &args.build, &args.dev).await?;
    let start = Instant::now();
    let asked = Asked {
        plan: &args.plan,
        command: &format!("generate {}", args.name),
    };
    let planned = planned(context, &directory, &asked, &mut comparison).await?;
    let Planned {
        plan, shims, rows, ..
    } = &planned;
    let mut timings = comparison.timings;
    timings.plan_ms = since(start);
    timings.peak_memory_kb = environment::peak_memory_kb();

    let (names, stages): (Vec<String>, Vec<String>) =
        files_of(plan, &args.name).into_iter().unzip();
    let files: Vec<NewFile<'_>> = names
        .iter()
        .zip(&stages)
        .map(|(name, text)| NewFile { name, text })
        .collect();
    let written = if args.dry_run || files.is_empty() {
        names.clone()
    } else {
        directory
            .append(&files, environment::now())
            .map_err(|error| failure(&error))?
    };
    if !args.dry_run {
        struct_record::record(context, &mut directory, &comparison.structs);
    }
    if context.printer.is_json() {
        let files = written
            .iter()
            .zip(&stages)
            .map(|(name, sql)| FileReport { name, sql })
            .collect();
        context.printer.json(&Report {
            version: 1,
            written: !args.dry_run && !stages.is_empty(),
            files,
            timings,
        });
    }
    if stages.is_empty() {
        context
            .printer
            .done("Unchanged", "the migrations say what the structs say");
        return Ok(Exit::Clean);
    }
    warn(context, &args.plan, &comparison, &planned);
    if args.dry_run {
        if !context.printer.is_json() {
            context.printer.sql(&stages.join("\n"));
        }
        context.printer.note("dry run: nothing was written");
        return Ok(Exit::Clean);
    }
    let Comparison {
        dev,
        current,
        desired,
        ..
    } = &comparison;
    // Beside tables, what is left alone may have followed them, and shims are on neither side.
    if current.is_plain() && desired.is_plain() && shims.is_empty() {
        state::remember(dev, &directory, desired)
            .map_err(|error| explained(context, error, &comparison))?;
    }
    rows.remember(dev, &directory)
        .map_err(|error| explained(context, error, &comparison))?;
    for name in &written {
        let path = context.dir.join(name);
        context.printer.done(
            "Created",
            format_args!("{}, proved on {}", context.shown(&path), dev.engine()),
        );
    }
    Ok(Exit::Clean)
}
