//! Why migrations could not be applied, as a failed command.

use schema_core::apply::{ApplyError, Refusal};

use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// Why it could not be applied, with the exit code.
pub(crate) fn failure(context: &Context, error: &ApplyError) -> Failure {
    let exit = match error {
        ApplyError::Connect(_)
        | ApplyError::Locked { .. }
        | ApplyError::Standby
        | ApplyError::LockLost { .. } => Exit::Database,
        ApplyError::Directory(_)
        | ApplyError::Refused(
            Refusal::Missing { .. } | Refusal::OutOfOrder { .. } | Refusal::Modified { .. },
        ) => Exit::Integrity,
        _ => Exit::Migration,
    };
    let mut failure = Failure::from_error(exit, error).with_optional_help(error.help());
    if let ApplyError::Statement {
        failure: statement, ..
    } = error
    {
        let file = context.shown(&context.dir.join(&statement.file));
        failure.message = format!("{file}:{}: {}", statement.line, statement.server);
        failure.causes = vec![format!(
            "statement {} of {}:\n{}",
            statement.index + 1,
            statement.of,
            statement.sql
        )];
        failure
            .causes
            .extend(statement.server.detail.iter().cloned());
    }
    failure
}
