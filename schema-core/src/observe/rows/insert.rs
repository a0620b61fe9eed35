//! Rows as `INSERT` statements, and what the server says to them.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgConnection};

use super::RowsError;
use super::shape::Table;

/// Values as SQL by the number of their column; a column that is not there gets its default.
pub(super) type RowValues = BTreeMap<i16, String>;

/// Which triggers and foreign keys watch an `INSERT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// All of them.
    ByAll,
    /// None: the row is right by how it was made.
    ByNone,
}

/// `INSERT` of these rows, which need not name the same columns.
fn statement(table: &Table, rows: &[&RowValues]) -> String {
    let used = table.columns.iter();
    let used: Vec<_> = used
        .filter(|column| rows.iter().any(|row| row.contains_key(&column.number)))
        .collect();
    if used.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", table.path());
    }
    let columns: Vec<String> = used.iter().map(|column| column.name.to_string()).collect();
    let rows = rows.iter().map(|row| {
        let values = used.iter().map(|column| row.get(&column.number));
        let values: Vec<&str> = values
            .map(|value| value.map_or("DEFAULT", String::as_str))
            .collect();
        format!("({})", values.join(", "))
    });
    let rows: Vec<String> = rows.collect();
    format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}",
        table.path(),
        columns.join(", "),
        rows.join(", "),
    )
}

/// Inserts rows, all or none; tells what the server says against it.
pub(super) async fn insert(
    connection: &mut PgConnection,
    table: &Table,
    rows: &[&RowValues],
    watched: Watched,
) -> Result<Result<(), String>, RowsError> {
    let sql = statement(table, rows);
    let sql = match watched {
        Watched::ByAll => sql,
        // One message is one transaction: the setting goes when the statement fails.
        Watched::ByNone => {
            format!("SET session_replication_role = replica; {sql}; RESET session_replication_role")
        }
    };
    run(connection, table, sql).await
}

/// Runs a statement on a table; tells what the server says against it.
pub(super) async fn run(
    connection: &mut PgConnection,
    table: &Table,
    sql: String,
) -> Result<Result<(), String>, RowsError> {
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await {
        Ok(_) => Ok(Ok(())),
        Err(sqlx::Error::Database(refusal)) => Ok(Err(refusal.message().to_owned())),
        Err(source) => Err(RowsError::Connection {
            table: table.qualified(),
            source,
        }),
    }
}

/// Whether a migration has put rows into a table.
pub(super) async fn has_rows(
    connection: &mut PgConnection,
    table: &Table,
) -> Result<bool, RowsError> {
    let sql = format!("SELECT FROM {} LIMIT 1", table.path());
    let row = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_optional(connection)
        .await;
    let row = row.map_err(|source| RowsError::Connection {
        table: table.qualified(),
        source,
    })?;
    Ok(row.is_some())
}
