//! The dev database, as commands open it.

use std::path::PathBuf;

use schema_core::dev_db::{DevDbError, DevServer, Options, Source, default_binary_dirs};
use schema_core::ident::Ident;

use crate::cli::DevDbArgs;
use crate::context::Context;
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// What the flags, the configuration and the surroundings say about the dev database.
pub(crate) fn options(context: &Context, args: &DevDbArgs) -> Result<Options, Failure> {
    let source = match (&args.dev_url, &args.pg_bin) {
        (Some(url), _) => Source::Url(url.clone()),
        (None, Some(bin)) => Source::Bin(context.cwd.join(bin).into()),
        (None, None) => Source::Auto,
    };
    let roles = context.config.roles.iter().chain(&context.config.app_role);
    Ok(Options {
        source,
        major: args.postgres_version.or(context.config.postgres_version),
        cache_dir: environment::cache_dir()?,
        run_dirs: vec![PathBuf::from("/dev/shm"), environment::temp_dir()],
        search_path: default_binary_dirs(environment::path().as_deref()),
        roles: roles.map(|role| Ident::new(role.as_str())).collect(),
        privileges: context.config.privileges,
    })
}

/// The dev database; its server is not started yet.
pub(crate) async fn open(context: &Context, args: &DevDbArgs) -> Result<DevServer, Failure> {
    open_with(&options(context, args)?).await
}

/// The dev database of these options; its server is not started yet.
pub(crate) async fn open_with(options: &Options) -> Result<DevServer, Failure> {
    DevServer::open(options)
        .await
        .map_err(|error| failure(&error))
}

/// A dev database error, with its remedy.
pub(crate) fn failure(error: &DevDbError) -> Failure {
    Failure::from_error(Exit::Database, error).with_remedies(&error.remedies())
}
