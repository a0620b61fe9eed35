//! One file a command, each with one public function.

mod apply;
mod baseline;
mod check;
mod ci;
mod dev;
mod diff;
mod drift;
mod edit;
mod erd;
mod fleet;
mod fleet_status;
mod gate;
mod generate;
mod hash;
mod hooks;
mod import;
mod init;
mod introspect;
mod lint;
mod new;
mod rebase;
mod reset;
mod rm;
mod set;
mod squash;
mod stats;
mod status;
mod undo;
mod validate;

use crate::cli::{Cli, ColorWhen, Command};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// Runs a command and says how it went.
pub(crate) fn run(cli: Cli) -> Exit {
    match cli.global.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => anstream::ColorChoice::Always.write_global(),
        ColorWhen::Never => anstream::ColorChoice::Never.write_global(),
    }
    let printer = Printer::new(cli.global.json, cli.global.quiet);
    let context = match Context::new(&cli.global, printer) {
        Ok(context) => context,
        Err(failure) => return report(&Printer::new(cli.global.json, cli.global.quiet), &failure),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return report(
                &context.printer,
                &Failure::from_error(Exit::Unexpected, &error),
            );
        }
    };
    match runtime.block_on(dispatch(&context, cli.command)) {
        Ok(exit) => exit,
        Err(failure) => report(&context.printer, &context.with_target(failure)),
    }
}

async fn dispatch(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(context, &args),
        Command::Introspect(args) => introspect::run(context, &args).await,
        Command::Generate(args) => generate::run(context, &args).await,
        Command::New(args) => new::run(context, &args).await,
        Command::Import(args) => import::run(context, &args).await,
        Command::Squash(args) => squash::run(context, &args).await,
        Command::Rebase(args) => rebase::run(context, &args).await,
        Command::Reset(args) => reset::run(context, &args).await,
        Command::Hash(args) => hash::run(context, &args).await,
        Command::Rm(args) => rm::run(context, &args).await,
        Command::Edit(args) => edit::run(context, &args).await,
        Command::Undo(args) => undo::run(context, &args),
        Command::Validate(args) => validate::run(context, &args),
        Command::Check(args) => check::run(context, &args).await,
        Command::Lint(args) => lint::run(context, &args).await,
        Command::Gate(args) => gate::run(context, &args).await,
        Command::Apply(args) => apply::run(context, &args).await,
        Command::Status(args) => status::run(context, &args).await,
        Command::Diff(args) => Box::pin(diff::run(context, &args)).await,
        Command::Drift(args) => drift::run(context, &args).await,
        Command::Set(args) => set::run(context, &args).await,
        Command::Baseline(args) => baseline::run(context, &args).await,
        Command::Stats(args) => stats::run(context, &args).await,
        Command::Erd(args) => erd::run(context, &args).await,
        Command::Dev(args) => dev::run(context, args).await,
        Command::Hooks(args) => hooks::run(context, &args).await,
        Command::Ci(args) => ci::run(context, &args),
    }
}

fn report(printer: &Printer, failure: &Failure) -> Exit {
    printer.failure(failure);
    failure.exit
}
