//! Where a list of targets comes from.

use std::process::{Command, Stdio};

use schema_core::apply::connect;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, ValueRef as _};

use crate::cli::{DatabaseArgs, TargetSource};
use crate::context::Context;
use crate::database;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// One entry of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Where it stands.
    pub(super) place: String,
    /// What it is called, where the list says so.
    pub(super) name: Option<String>,
    /// How it is written.
    pub(super) text: String,
}

/// Reads the list.
pub(super) async fn read(
    context: &Context,
    args: &DatabaseArgs,
    source: &TargetSource,
) -> Result<Vec<Listed>, Failure> {
    match source {
        TargetSource::File(path) => {
            let text = fs_err::read_to_string(path)
                .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
            Ok(lines(&text, path.as_str()))
        }
        TargetSource::Sql(query) => {
            let rows = rows(context, args, query).await?;
            let rows = rows.iter().enumerate();
            rows.map(|(index, row)| listed(row, index + 1)).collect()
        }
        TargetSource::Command(command) => Ok(lines(&output(command)?, "output")),
    }
}

/// One entry a line; blank lines and comments are none.
fn lines(text: &str, place: &str) -> Vec<Listed> {
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    let lines = lines.map(|(line, number)| (line.trim(), number));
    lines
        .filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, number)| Listed {
            place: format!("{place}:{number}"),
            name: None,
            text: line.to_owned(),
        })
        .collect()
}

async fn rows(context: &Context, args: &DatabaseArgs, query: &str) -> Result<Vec<PgRow>, Failure> {
    let options = database::target(context, args)?.application_name("cargo-migrate");
    let mut connection = connect(&options).await.map_err(|error| {
        Failure::from_error(Exit::Database, &error)
            .because("the query for the targets runs on the database of --url")
    })?;
    let rows = read_only(&mut connection, query).await;
    let _ = connection.close().await;
    rows.map_err(|error| {
        Failure::from_error(Exit::Usage, &error)
            .because(format!("the query for the targets is: {query}"))
    })
}

/// A list is read; a query that writes is a mistake.
async fn read_only(connection: &mut PgConnection, query: &str) -> Result<Vec<PgRow>, sqlx::Error> {
    sqlx::raw_sql("SET default_transaction_read_only = on")
        .execute(&mut *connection)
        .await?;
    // As a simple query every value comes as text, whatever its type.
    sqlx::raw_sql(AssertSqlSafe(query))
        .fetch_all(connection)
        .await
}

/// A row: the target, or its name and the target.
fn listed(row: &PgRow, number: usize) -> Result<Listed, Failure> {
    let place = format!("row {number}");
    let value = |column: usize| {
        let raw = row.try_get_raw(column).ok().filter(|raw| !raw.is_null());
        let text = raw.and_then(|raw| raw.as_str().ok().map(str::to_owned));
        text.ok_or_else(|| {
            Failure::new(Exit::Usage, format!("{place} of the targets has no value"))
                .with_help("leave such rows out (`WHERE … IS NOT NULL`)")
        })
    };
    let (name, text) = match row.len() {
        1 => (None, value(0)?),
        2 => (Some(value(0)?), value(1)?),
        columns => {
            let message = format!("the query for the targets gives {columns} columns");
            return Err(Failure::new(Exit::Usage, message)
                .with_help("select one column, the target, or two: its name and the target"));
        }
    };
    Ok(Listed { place, name, text })
}

/// What a command prints. What it has to say goes where ours goes.
fn output(command: &str) -> Result<String, Failure> {
    let failed = |message: String| {
        Failure::new(Exit::Usage, message)
            .because(format!("the command for the targets is: {command}"))
    };
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(format!("no shell to list the targets: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!(
            "the targets cannot be listed: {}",
            output.status
        )));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| failed("the list of targets is not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_are_no_targets() {
        let listed = lines(
            "\u{feff}# tenants\r\n\r\n  acme \r\n# gone: globex\ndb:#odd\n",
            "tenants.txt",
        );
        let shown: Vec<_> = listed
            .iter()
            .map(|it| (it.place.as_str(), it.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [("tenants.txt:3", "acme"), ("tenants.txt:5", "db:#odd")]
        );
    }
}
