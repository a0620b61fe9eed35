//! `migrate.structs`: `generate` writes what the structs say, for `check_migrations!`.

use schema_core::directory::{Directory, STRUCTS_FILE, StructLine};

use crate::context::Context;

/// Writes what a build says, if that is not on record. The migrations are written by then, so what
/// goes wrong here is told and no more.
pub(crate) fn record(context: &Context, directory: &mut Directory, seen: &[StructLine]) {
    let path = context.shown(&context.dir.join(STRUCTS_FILE));
    match directory.record_structs(seen) {
        Ok(true) => context
            .printer
            .done("Recorded", format_args!("what the structs say, in {path}")),
        Ok(false) => {}
        Err(error) => {
            let help = error.help().unwrap_or_default();
            context
                .printer
                .warning(format_args!("{path} was not written: {error}; {help}"));
        }
    }
}
