//! The database that a command works on.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::cli::DatabaseArgs;
use crate::context::Context;
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// How to connect to it.
pub(crate) fn target(args: &DatabaseArgs) -> Result<PgConnectOptions, Failure> {
    let url = args
        .url
        .clone()
        .map_or_else(environment::database_url, Ok)?;
    parse(&url)
}

/// How to connect to the database of a URL.
pub(crate) fn parse(url: &str) -> Result<PgConnectOptions, Failure> {
    // The URL may hold a password: it is not repeated.
    PgConnectOptions::from_str(url).map_err(|error| {
        Failure::from_error(Exit::Usage, &error)
            .because("the database URL cannot be read")
            .with_help("write it as postgres://user:password@host:5432/database")
    })
}

/// The schema of the history table, where the flag or the configuration names one.
pub(crate) fn revisions_schema(context: &Context, args: &DatabaseArgs) -> Option<String> {
    args.revisions_schema
        .clone()
        .or_else(|| context.config.revisions_schema.clone())
}
