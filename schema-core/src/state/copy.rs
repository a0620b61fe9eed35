//! Rows of small tables of a database, as statements that write them into another.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use super::rows::{Columns, Rows, read, settle, types, values};
use super::{Refused, RunError, StateError, current, run};
use crate::apply::Silent;
use crate::catalog::{Catalog, ConstraintKind, Deferrable, Generation, Table};
use crate::ddl::{SNAPSHOT, Value, select, size};
use crate::dev_db::DevServer;
use crate::directory::Directory;
use crate::ident::{Ident, QualifiedName};
use crate::introspect::{IntrospectError, Scope, introspect};
use crate::plan::{Plan, Row, RowChange, RowOrder, TableRows, part, row_changes, row_statements};

/// The most rows that are taken of one table.
pub const MOST_ROWS: u32 = 1000;
/// The most text that is taken of one table, in bytes.
pub const MOST_BYTES: u32 = 1 << 20;

/// A table whose rows are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Which.
    pub name: QualifiedName,
    /// Which of its rows: what stands behind WHERE.
    pub filter: Option<String>,
}

/// Rows that were taken.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The statements that write them.
    pub plan: Plan,
    rows: BTreeMap<QualifiedName, TableRows>,
    catalog: Catalog,
}

/// Why no rows could be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// There is no such table.
    #[error("the database has no table {0}")]
    NoTable(QualifiedName),
    /// Nothing tells its rows apart.
    #[error("table {0} has no primary key, so nothing tells which row is which")]
    NoKey(QualifiedName),
    /// It is no table of configuration.
    #[error("{rows} rows of table {table} are asked for, {bytes} bytes of text")]
    TooMuch {
        /// Which.
        table: QualifiedName,
        /// How many; one more than the most stands for all above.
        rows: i64,
        /// How much text.
        bytes: i64,
    },
    /// There are none.
    #[error("no row of table {0} is asked for")]
    Nothing(QualifiedName),
    /// The condition is wrong, or the role may not read.
    #[error("rows of table {table} cannot be read")]
    Refused {
        /// Which.
        table: QualifiedName,
        /// What PostgreSQL says.
        #[source]
        source: sqlx::Error,
    },
    /// The statements do not run on what the migrations make.
    #[error("the rows cannot be written into what the migrations make")]
    DoesNotRun(#[source] Box<Refused>),
    /// They run, and the rows are others.
    #[error("the rows are others once they are written: {}", .0.join("; "))]
    Differs(Vec<String>),
    /// The database could not be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
    /// The connection failed.
    #[error("the database cannot be read")]
    Connection(#[source] sqlx::Error),
    /// The dev database failed.
    #[error(transparent)]
    State(#[from] StateError),
}

impl CopyError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoTable(_) => {
                "a table of another schema is `schema.table`, in the spelling that PostgreSQL keeps; views and partitioned tables are not taken".to_owned()
            }
            Self::NoKey(_) => {
                "give it a primary key, or write the statements yourself: cargo migrate new NAME --from FILE".to_owned()
            }
            Self::TooMuch { .. } => format!(
                "a migration takes {MOST_ROWS} rows and {MOST_BYTES} bytes of a table: choose fewer with --where, \
                 or load them by a program of their own"
            ),
            Self::Nothing(_) => "look at the condition of --where".to_owned(),
            Self::Refused { .. } => "--where takes what stands behind WHERE, in single quotes of the shell".to_owned(),
            Self::DoesNotRun(_) => {
                "the tables have to be as the migrations of this directory make them, and rows that are referenced \
                 have to come first: name their tables with --from-table too"
                    .to_owned()
            }
            Self::Differs(_) => {
                "a trigger or a default of the migrations changes what is written: write this migration yourself".to_owned()
            }
            Self::Introspect(_) | Self::Connection(_) | Self::State(_) => return None,
        })
    }
}

/// Takes the rows out of a database, all in one snapshot, and writes nothing there.
pub async fn copy(
    connection: &mut PgConnection,
    tables: &[CopiedTable],
) -> Result<Copy, CopyError> {
    let names = tables.iter().map(|table| table.name.clone());
    let catalog = introspect(connection, &Scope::of_tables(names)).await?;
    settle(connection).await?;
    let mut snapshot = connection
        .begin_with(SNAPSHOT)
        .await
        .map_err(CopyError::Connection)?;
    let mut rows = BTreeMap::new();
    for table in tables {
        let taken = take(&mut snapshot, &catalog, table).await?;
        rows.insert(table.name.clone(), taken);
    }
    snapshot.rollback().await.map_err(CopyError::Connection)?;
    let changes: Vec<RowChange> = rows
        .iter()
        .flat_map(|(table, TableRows { key, rows })| {
            rows.iter().map(|row| RowChange::Insert {
                table: table.clone(),
                key: key.clone(),
                row: row.clone(),
            })
        })
        .collect();
    let nothing = Catalog::default().fingerprint();
    let plan = Plan {
        from: nothing.clone(),
        to: nothing,
        stages: Vec::new(),
    };
    let statements = row_statements(&changes, &catalog, RowOrder::ALL[0]);
    Ok(Copy {
        plan: plan.followed_by(statements),
        rows,
        catalog,
    })
}

async fn take(
    connection: &mut PgConnection,
    catalog: &Catalog,
    CopiedTable { name, filter }: &CopiedTable,
) -> Result<TableRows, CopyError> {
    let table = catalog.tables.get(name);
    let table = table.ok_or_else(|| CopyError::NoTable(name.clone()))?;
    let key = primary_key(table).ok_or_else(|| CopyError::NoKey(name.clone()))?;
    let columns = table.columns.iter();
    let columns: Vec<Ident> = columns
        .filter(|column| {
            !matches!(
                column.generation,
                Generation::Stored(_) | Generation::Virtual(_)
            )
        })
        .map(|column| column.name.clone())
        .collect();
    let refused = |source| CopyError::Refused {
        table: name.clone(),
        source,
    };
    // One statement only: whatever the condition is, nothing follows it.
    let asked = size(name, filter.as_deref(), MOST_ROWS + 1);
    let asked = sqlx::query(AssertSqlSafe(asked)).fetch_one(&mut *connection);
    let asked = asked.await.map_err(refused)?;
    let (rows, bytes): (i64, i64) = (asked.get(0), asked.get(1));
    if rows > i64::from(MOST_ROWS) || bytes > i64::from(MOST_BYTES) {
        return Err(CopyError::TooMuch {
            table: name.clone(),
            rows,
            bytes,
        });
    }
    if rows == 0 {
        return Err(CopyError::Nothing(name.clone()));
    }
    let sql = select(name, &columns, &key, filter.as_deref());
    let fetched = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *connection);
    let fetched = fetched.await.map_err(refused)?;
    let types = types(catalog, name, &columns);
    let rows: Result<Vec<Row>, sqlx::Error> =
        fetched.iter().map(|row| values(row, &types)).collect();
    let mut rows = rows.map_err(refused)?;
    // Not as PostgreSQL does: its order of texts is that of the database.
    rows.sort_by(|left, right| by_key(&part(left, &key), &part(right, &key)));
    Ok(TableRows { key, rows })
}

fn primary_key(table: &Table) -> Option<Vec<Ident>> {
    let mut constraints = table.constraints.values();
    constraints.find_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) if constraint.deferrable == Deferrable::No => {
            Some(key.columns.clone())
        }
        _ => None,
    })
}

/// Numbers by their size, all else by its bytes.
fn by_key(left: &[(Ident, Value)], right: &[(Ident, Value)]) -> Ordering {
    let number = |value: &Value| match value {
        Value::Plain(text) => text.parse::<i128>().ok(),
        _ => None,
    };
    let pairs = left.iter().zip(right);
    let mut orders = pairs.map(
        |((_, left), (_, right))| match (number(left), number(right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left.cmp(right),
        },
    );
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

impl Copy {
    /// Runs the statements twice on what the migrations make: each time, the rows are as they were
    /// taken.
    pub async fn prove(&self, dev: &DevServer, directory: &Directory) -> Result<(), CopyError> {
        let scratch = current::restore(dev, directory, &mut Silent).await?;
        let columns = self.rows.iter().map(|(name, table)| {
            let named = table.rows.first().into_iter().flat_map(|row| row.keys());
            (name.clone(), (named.cloned().collect(), table.key.clone()))
        });
        let columns: Columns = columns.collect();
        for _ in 0..2 {
            let mut connection = scratch.connect().await.map_err(StateError::from)?;
            run(&mut connection, &self.plan.stages)
                .await
                .map_err(|error| match error {
                    RunError::Refused(refused) => CopyError::DoesNotRun(Box::new(refused)),
                    RunError::Connection(error) => StateError::Connection(error).into(),
                })?;
            drop(connection);
            let mut connection = scratch.connect().await.map_err(StateError::from)?;
            let made: Rows = read(&mut connection, &columns, &self.catalog).await?;
            let differences = row_changes(&made, &self.rows);
            let differences: Vec<String> = differences
                .iter()
                .filter(|change| !matches!(change, RowChange::Delete { .. }))
                .map(ToString::to_string)
                .collect();
            if !differences.is_empty() {
                return Err(CopyError::Differs(differences));
            }
        }
        Ok(scratch.close().await.map_err(StateError::from)?)
    }

    /// How many rows were taken of each table.
    pub fn counts(&self) -> impl Iterator<Item = (&QualifiedName, usize)> {
        self.rows
            .iter()
            .map(|(name, table)| (name, table.rows.len()))
    }
}
