//! `check`: do the migrations say what the structs say?

use std::sync::Arc;

use crate::cli::CheckArgs;
use crate::consistency::{Consistency, consistency};
use crate::context::Context;
use crate::dev;
use crate::directory::load_or_new;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::review::{self, Task};
use crate::structs;

/// Says what a `generate` would have to write; with `--all`, runs the other checks too.
pub(crate) async fn run(context: &Context, args: &CheckArgs) -> Result<Exit, Failure> {
    if args.all || args.gate.review.explain.is_some() {
        return review::run(context, Task::All(args)).await;
    }
    if let Some(option) = args.needs_all() {
        return Err(
            Failure::new(Exit::Usage, format!("{option} is of `check --all`")).with_help(format!(
                "give --all as well, or leave {option} out: `check` by itself looks at structs and migrations only"
            )),
        );
    }
    let directory = load_or_new(context)?;
    let open = async {
        dev::open(context, &args.gate.review.dev)
            .await
            .map(Arc::new)
    };
    let found = Box::pin(consistency(context, &directory, &args.build, open)).await?;
    Ok(report(context, args, &found))
}

fn report(context: &Context, args: &CheckArgs, found: &Consistency) -> Exit {
    let printer = &context.printer;
    let is_json = printer.is_json() || args.gate.review.format == crate::cli::Format::Json;
    for diff in &found.structs {
        printer.say(structs::render(diff));
    }
    if is_json {
        printer.json(found);
    } else if !found.up_to_date {
        printer.sql(&found.sql);
    }
    if found.up_to_date {
        printer.done("Up to date", "the migrations say what the structs say");
        return Exit::Clean;
    }
    for change in &found.changes {
        printer.done("Differs", change);
    }
    printer.note("run `cargo migrate generate NAME` to write the migration");
    Exit::Regenerate
}
