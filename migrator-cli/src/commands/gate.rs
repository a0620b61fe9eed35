//! `gate`: no migration that breaks the previous release.

use crate::cli::GateArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::review::{self, Task};

/// Judges the new migrations against the previous release.
pub(crate) async fn run(context: &Context, args: &GateArgs) -> Result<Exit, Failure> {
    review::run(context, Task::Gate(args)).await
}
