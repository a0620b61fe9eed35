//! Why migrations could not be applied, as a failed command.

use schema_core::apply::{ApplyError, ErrorCode};

use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// Why it could not be applied, with the exit code.
pub(crate) fn failure(context: &Context, error: &ApplyError) -> Failure {
    let code = error.code();
    let mut failure = Failure::from_error(exit(code), error)
        .with_code(code.code)
        .with_optional_help(error.help());
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

/// The exit code that goes with a code: the first digit tells, but for two.
fn exit(code: ErrorCode) -> Exit {
    match code {
        ErrorCode::AHEAD => Exit::Ahead,
        ErrorCode::NO_ENVIRONMENT | ErrorCode::NOT_IN_ONE => Exit::Usage,
        code if code.code.starts_with("A0") => Exit::Database,
        code if code.code.starts_with("A1") => Exit::Integrity,
        _ => Exit::Migration,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Set to write the page instead of comparing it.
    const UPDATE: &str = "UPDATE_ERRORS";

    #[test]
    fn every_code_is_on_the_page() {
        let mut page = "# Errors of a deploy\n\n\
            What `cargo migrate apply` and `status` can fail with. The code stands in `error[A001]: …`, and as `code` in \
            the output of `--json`; it keeps its meaning. Whatever the error, the lock is released, and the history \
            says what stayed. This page is written by `UPDATE_ERRORS=1 cargo test -p cargo-migrate every_code`.\n\n\
            | code | what happened | what stays, and how to go on | exit |\n| --- | --- | --- | --- |\n"
            .to_owned();
        for error in ErrorCode::ALL {
            let ErrorCode { code, title, next } = error;
            writeln!(
                page,
                "| `{code}` | {title} | {next} | {} |",
                exit(*error) as u8
            )
            .unwrap();
        }
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/apply-errors.md");
        if std::env::var_os(UPDATE).is_some() {
            fs_err::write(file, &page).unwrap();
        }
        assert_eq!(fs_err::read_to_string(file).unwrap(), page);
    }
}
