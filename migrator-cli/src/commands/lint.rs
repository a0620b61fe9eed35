//! `lint`: what loses data, blocks, or is out of order.

use crate::cli::LintArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::review::{self, Task};

/// Judges the new migrations by themselves.
pub(crate) async fn run(context: &Context, args: &LintArgs) -> Result<Exit, Failure> {
    review::run(context, Task::Lint(args)).await
}
