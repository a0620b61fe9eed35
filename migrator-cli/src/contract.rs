//! What the previous release relies on: the base branch, a tag, or what its binary carries.

use std::collections::{BTreeMap, BTreeSet};

use bumpalo::Bump;
use camino::Utf8Path;
use schema_core::dev_db::DevServer;
use schema_core::directory::Directory;
use schema_core::ident::{Ident, QualifiedName};
use schema_core::metadata::extract;
use schema_core::rule::Contract;
use schema_core::schema::{self, Hints};
use schema_core::state;
use sqlx::Row as _;

use crate::cli::GateArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::ReplayProgress;
use crate::{dev, state_failure};

type Tables = BTreeMap<QualifiedName, BTreeSet<Ident>>;

/// The contract that the arguments name. `tagged` are the migrations of the tag, where one is named.
pub(crate) async fn contract(
    context: &Context,
    args: &GateArgs,
    tagged: Option<&Directory>,
    server: &DevServer,
) -> Result<Contract, Failure> {
    Ok(match (&args.previous_binary, tagged) {
        (Some(file), _) => Contract::Tables(carried(context, file)?),
        (None, Some(directory)) => Contract::Tables(migrated(context, directory, server).await?),
        (None, None) => Contract::Base,
    })
}

/// The tables that a binary carries in its section.
fn carried(context: &Context, file: &Utf8Path) -> Result<Tables, Failure> {
    let arena = Bump::new();
    let records = extract::records(&[context.cwd.join(file)], &arena)
        .map_err(|error| Failure::from_error(Exit::Project, &error))?;
    if records.is_empty() {
        return Err(
            Failure::new(Exit::Project, format!("{file} carries no schema")).with_help(
                "name the executable of the previous release, as cargo built it: stripping and LTO do no harm, packing does",
            ),
        );
    }
    let schema = schema::build(&records).map_err(|errors| {
        let findings = errors.iter().map(schema::SchemaError::finding).collect();
        let message = format!("the schema that {file} carries is not one");
        Failure::findings(Exit::Project, message, findings)
    })?;
    let tables = schema.tables.into_iter().map(|(name, table)| {
        let columns = table.columns.iter().map(|column| Ident::from(column.name));
        (name, columns.collect())
    });
    Ok(tables.collect())
}

/// What there is after the migrations of a tag: views and foreign tables too.
async fn migrated(
    context: &Context,
    directory: &Directory,
    server: &DevServer,
) -> Result<Tables, Failure> {
    let line = context.printer.progress("replaying the previous release");
    let scratch = state::restore(server, directory, &mut ReplayProgress(line))
        .await
        .map_err(|error| {
            state_failure::explain(context, error, &Hints::default(), server.engine())
        })?;
    let failed = |error: sqlx::Error| Failure::from_error(Exit::Unexpected, &error);
    let mut connection = scratch
        .connect()
        .await
        .map_err(|error| dev::failure(&error))?;
    let rows = sqlx::raw_sql(include_str!("contract.sql"))
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?;
    let mut tables = Tables::new();
    for row in rows {
        let text = |column| row.try_get::<String, _>(column).map_err(failed);
        let name = QualifiedName::new(text("schema")?, text("name")?);
        let columns = tables.entry(name).or_default();
        let column: Option<String> = row.try_get("column").map_err(failed)?;
        columns.extend(column.map(Ident::new));
    }
    drop(connection);
    scratch
        .close()
        .await
        .map_err(|error| dev::failure(&error))?;
    Ok(tables)
}
