//! Where a catalog comes from: a database, a file of SQL, or a migration directory.

use schema_core::apply::{connect, former_tables};
use schema_core::catalog::{Catalog, Filter, Pattern};
use schema_core::directory::Directory;
use schema_core::introspect::{Scope, introspect};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::cli::DevDbArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::{apply_failure, database, dev, pipeline};

/// What was named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// A database.
    Url(String),
    /// A file that a server can run.
    File(String),
    /// A migration directory; the project's own without a path.
    Directory(Option<String>),
}

impl From {
    /// What a word means.
    pub(crate) fn of(text: &str) -> Self {
        match text.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Self::Url(text.to_owned()),
            Some(("dir", path)) => Self::Directory(Some(path.to_owned())),
            _ if text == "dir" => Self::Directory(None),
            _ => Self::File(text.to_owned()),
        }
    }
}

/// A catalog, and what was left out of it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) catalog: Catalog,
    /// Histories of migration tools: which, and of what tool.
    pub(crate) former: Vec<String>,
}

/// Reads it.
pub(crate) async fn read(
    context: &Context,
    from: &From,
    dev_args: &DevDbArgs,
) -> Result<Found, Failure> {
    match from {
        From::Url(url) => of_url(context, url).await,
        From::File(path) => of_file(context, path, dev_args).await,
        From::Directory(path) => {
            let path = path
                .as_ref()
                .map_or_else(|| context.dir.clone(), |it| context.cwd.join(it));
            let directory = Directory::load(&path)
                .map_err(|error| Failure::from_error(Exit::Integrity, &error))?;
            let catalog = pipeline::replays(context, &directory, dev_args).await?;
            Ok(Found {
                catalog,
                former: Vec::new(),
            })
        }
    }
}

async fn of_url(context: &Context, url: &str) -> Result<Found, Failure> {
    let options = database::read(context, url, &"the command line")?;
    context.note_target(database::place(&options));
    let progress = context.printer.progress("connecting");
    let broken = |error: &sqlx::Error| {
        Failure::from_error(Exit::Database, error).because("cannot connect to the database")
    };
    let mut connection = connect(&options).await.map_err(|error| broken(&error))?;
    progress.say("reading the database");
    let found = within(context, &mut connection).await;
    let _ = connection.close().await;
    found
}

async fn of_file(context: &Context, path: &str, dev_args: &DevDbArgs) -> Result<Found, Failure> {
    let sql = fs_err::read_to_string(context.cwd.join(path))
        .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    let progress = context.printer.progress("running the file");
    let dev = dev::open(context, dev_args).await?;
    let scratch = dev.scratch().await.map_err(|error| dev::failure(&error))?;
    let mut connection = scratch
        .connect()
        .await
        .map_err(|error| dev::failure(&error))?;
    let ran = sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await;
    drop(progress);
    let found = match ran {
        Ok(_) => within(context, &mut connection).await,
        Err(error) => Err(Failure::from_error(Exit::Migration, &error)
            .because(format!("{path} does not run on an empty database"))),
    };
    drop(connection);
    scratch
        .close()
        .await
        .map_err(|error| dev::failure(&error))?;
    found
}

async fn within(context: &Context, connection: &mut sqlx::PgConnection) -> Result<Found, Failure> {
    let former = former_tables(connection)
        .await
        .map_err(|error| apply_failure::failure(context, &error))?;
    let catalog = introspect(connection, &Scope::default())
        .await
        .map_err(|error| Failure::from_error(Exit::Database, &error))?;
    let mut filter = Filter::default();
    let mut named = Vec::new();
    for table in former {
        if catalog.tables.contains_key(&table.name) {
            filter.excluded.push(Pattern::exactly(&table.name));
            filter.only_if_used.insert(table.name.schema.clone());
            named.push(format!("{} of {}", table.name, table.tool));
        }
    }
    Ok(Found {
        catalog: filter.apply(&catalog),
        former: named,
    })
}
