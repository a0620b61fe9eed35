//! `new --from-table`: rows of a database as statements that write them.

use schema_core::apply::connect;
use schema_core::directory::Directory;
use schema_core::ident::QualifiedName;
use schema_core::plan::render;
use schema_core::schema::Hints;
use schema_core::state::{CopiedTable, CopyError, copy};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::cli::{DatabaseArgs, NewArgs};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;
use crate::{database, dev, state_failure};

/// The text of the migration, proved on a dev database.
pub(super) async fn text(
    context: &Context,
    args: &NewArgs,
    directory: &Directory,
) -> Result<String, Failure> {
    let tables = tables(args)?;
    let database = DatabaseArgs {
        url: args.url.clone(),
        revisions_schema: None,
    };
    let failed = |error: sqlx::Error| Failure::from_error(Exit::Database, &error);
    let options = database::target(context, &database)?.application_name("cargo-migrate new");
    let mut connection = connect(&options.disable_statement_logging())
        .await
        .map_err(failed)?;
    let progress = context.printer.progress("reading the rows");
    let taken = copy(&mut connection, &tables)
        .await
        .map_err(|error| explained(&error))?;
    connection.close().await.map_err(failed)?;
    progress.say("writing them into what the migrations make");
    let dev = dev::open(context, &args.dev).await?;
    let proved = taken.prove(&dev, directory).await;
    drop(progress);
    proved.map_err(|error| match error {
        CopyError::State(error) => {
            state_failure::explain(context, error, &Hints::default(), dev.engine())
        }
        error => explained(&error),
    })?;
    for (table, rows) in taken.counts() {
        let rows = counted(rows, "row");
        context.printer.note(format_args!(
            "{rows} of {table}, proved on {}",
            dev.engine()
        ));
    }
    Ok(taken.plan.stages.iter().map(render).collect())
}

fn explained(error: &CopyError) -> Failure {
    let exit = match error {
        CopyError::Introspect(_) | CopyError::Connection(_) => Exit::Database,
        CopyError::DoesNotRun(_) | CopyError::Differs(_) => Exit::Migration,
        CopyError::State(_) => Exit::Unexpected,
        _ => Exit::Usage,
    };
    let mut failure = Failure::from_error(exit, error).with_optional_help(error.help());
    if let CopyError::DoesNotRun(refused) = error {
        failure.causes = state_failure::causes(refused);
    }
    failure
}

/// The tables with their conditions, which are given for none of them or for each.
fn tables(args: &NewArgs) -> Result<Vec<CopiedTable>, Failure> {
    let (tables, filters) = (&args.tables, &args.filters);
    if !filters.is_empty() && filters.len() != tables.len() {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "{} for {}",
                counted(filters.len(), "condition"),
                counted(tables.len(), "table")
            ),
        )
        .with_help(
            "give --where once for each --from-table, in their order; --where true takes all rows",
        ));
    }
    let mut copied: Vec<CopiedTable> = Vec::new();
    for (place, text) in tables.iter().enumerate() {
        let name = table_name(text).ok_or_else(|| {
            Failure::new(Exit::Usage, format!("`{text}` is no name of a table")).with_help(
                "write `table` or `schema.table`; a name with a dot stands in double quotes",
            )
        })?;
        if copied.iter().any(|table| table.name == name) {
            return Err(
                Failure::new(Exit::Usage, format!("table {name} is named twice"))
                    .with_help("join the conditions by OR"),
            );
        }
        copied.push(CopiedTable {
            name,
            filter: filters.get(place).cloned(),
        });
    }
    Ok(copied)
}

/// `table` or `schema.table`, each perhaps in double quotes.
fn table_name(text: &str) -> Option<QualifiedName> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let part = parts.last_mut()?;
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => part.push('"'),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            other => part.push(other),
        }
    }
    if quoted || parts.iter().any(String::is_empty) {
        return None;
    }
    match &parts[..] {
        [name] => Some(QualifiedName::in_default_schema(name.as_str())),
        [schema, name] => Some(QualifiedName::new(schema.as_str(), name.as_str())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables_may_be_quoted() {
        for (text, expected) in [
            ("plans", Some(QualifiedName::in_default_schema("plans"))),
            ("b.Plans", Some(QualifiedName::new("b", "Plans"))),
            (
                "\"a.b\".\"it\"\"s\"",
                Some(QualifiedName::new("a.b", "it\"s")),
            ),
            ("a.b.c", None),
            ("a.", None),
            ("\"a", None),
        ] {
            assert_eq!(table_name(text), expected, "{text}");
        }
    }
}
