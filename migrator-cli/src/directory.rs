//! The migration directory, as commands load it.

use schema_core::directory::{Directory, DirectoryError, Prefixes};

use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// The directory of the project, intact.
pub(crate) fn load_intact(context: &Context) -> Result<Directory, Failure> {
    let directory = load(context)?;
    let problems = directory.verify();
    if problems.is_empty() {
        return Ok(directory);
    }
    let shown = context.shown(&context.dir);
    let findings = problems
        .iter()
        .map(|problem| problem.finding(&shown))
        .collect();
    Err(Failure::findings(
        Exit::Integrity,
        format!("the migration directory {shown} is not intact"),
        findings,
    ))
}

/// The directory of the project, or an empty one where there is none yet.
pub(crate) fn load_or_new(context: &Context) -> Result<Directory, Failure> {
    if context.dir.exists() {
        load_intact(context)
    } else {
        Ok(Directory::empty(&context.dir))
    }
}

/// The directory of the project as it is, or an empty one where there is none yet.
pub(crate) fn load_any(context: &Context) -> Result<Directory, Failure> {
    if context.dir.exists() {
        load(context)
    } else {
        Ok(Directory::empty(&context.dir))
    }
}

/// The directory of the project, as it is.
pub(crate) fn load(context: &Context) -> Result<Directory, Failure> {
    Directory::load_with(&context.dir, &prefixes(context)).map_err(|error| failure(&error))
}

/// What directives begin with in this project.
pub(crate) fn prefixes(context: &Context) -> Prefixes {
    Prefixes::with_own(&context.config.directive_prefixes)
}

/// A directory error, with its exit code.
pub(crate) fn failure(error: &DirectoryError) -> Failure {
    let exit = match error {
        DirectoryError::Broken { .. } | DirectoryError::Edited { .. } => Exit::Integrity,
        DirectoryError::Locked { .. } | DirectoryError::Changed { .. } => Exit::Database,
        DirectoryError::Name { .. } => Exit::Usage,
        _ => Exit::Project,
    };
    Failure::from_error(exit, error).with_optional_help(error.help())
}
