//! Rows of tables of configuration: what the migrations make of them, what the source declares,
//! and the proof that one becomes the other.
//!
//! Both are PostgreSQL's text of values. Rows that the migrations make are kept by the hash chain
//! of the directory, declared ones by what they were made from.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};

use super::desired::bare;
use super::prove::{touched, whole};
use super::{StateError, creation, current, run};
use crate::apply::{ServerError, Silent, execute};
use crate::catalog::{Catalog, Fingerprint, Projection};
use crate::ddl::{Ddl, Declared, ROW_SETTINGS, Value, select, shown};
use crate::dev_db::DevServer;
use crate::diagnostic::Place;
use crate::diff::{Changes, Rename};
use crate::directory::Directory;
use crate::ident::{Ident, QualifiedName};
use crate::plan::{Plan, Row, RowChange, RowOrder, TableRows, part, row_changes, row_statements};
use crate::schema::{DeclaredRow, DeclaredRows, DeclaredValue};

/// Kind of the cache entries that hold rows after migrations.
const PRESENT: &str = "rows";
/// Kind of the cache entries that hold declared rows.
const DECLARED: &str = "declared-rows";

/// Rows by table.
pub(super) type Rows = BTreeMap<QualifiedName, Vec<Row>>;

/// A declared row that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// PostgreSQL refuses a value.
    #[error("PostgreSQL refuses this row of `{table}`: {message}")]
    Refused {
        /// The table.
        table: QualifiedName,
        /// What PostgreSQL says.
        message: String,
        /// The row's place.
        place: Place,
    },
    /// An expression is something else each time.
    #[error("the value of `{column}` in this row of `{table}` is another one each time")]
    Volatile {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: Ident,
        /// The row's place.
        place: Place,
    },
    /// Two rows are one.
    #[error("two rows of `{table}` have the same key: {key}")]
    SameKey {
        /// The table.
        table: QualifiedName,
        /// The key.
        key: String,
        /// The places of both rows, the second first.
        places: Vec<Place>,
    },
}

impl RowError {
    /// The stable code, beside those of [`SchemaError`](crate::schema::SchemaError).
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "S013",
            Self::Volatile { .. } => "S014",
            Self::SameKey { .. } => "S015",
        }
    }

    /// Where, the main place first.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::Refused { place, .. } | Self::Volatile { place, .. } => vec![place.clone()],
            Self::SameKey { places, .. } => places.clone(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Refused { .. } => {
                "a value is a constant: a literal, an enum's variant, `None`, or `sql(\"…\")` that uses no column, table or query"
            }
            Self::Volatile { .. } => {
                "give a value that stays the same, or leave the field out and give the column a default"
            }
            Self::SameKey { .. } => {
                "PostgreSQL takes both keys for the same value: take one of the rows out"
            }
        }
    }
}

/// What a plan for rows starts from: everything that the plan for the schema started from, and that.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The dev database.
    pub dev: &'a DevServer,
    /// The migrations that there are.
    pub directory: &'a Directory,
    /// What they make.
    pub current: &'a Catalog,
    /// What is renamed in place.
    pub renames: &'a [Rename],
    /// What else differs.
    pub changes: &'a Changes<'a>,
    /// What is to be done about the schema.
    pub plan: &'a Plan,
}

/// What has to be done about rows.
#[derive(Clone, Debug, Default)]
pub struct RowPlan {
    /// What differs.
    pub changes: Vec<RowChange>,
    wanted: BTreeMap<QualifiedName, TableRows>,
    /// The rows before these changes; after them, once that is proved.
    rows: Rows,
}

/// Compares the rows that there will be after a plan for the schema with those that are declared.
pub async fn rows(
    scene: &Scene<'_>,
    declared: &BTreeMap<QualifiedName, DeclaredRows>,
) -> Result<RowPlan, StateError> {
    if declared.is_empty() {
        return Ok(RowPlan::default());
    }
    let wanted = wanted(scene, declared).await?;
    let rows = present(scene, &columns(&wanted)).await?;
    Ok(RowPlan {
        changes: row_changes(&rows, &wanted),
        wanted,
        rows,
    })
}

impl RowPlan {
    /// The plan with what is to be done about rows, not proved.
    pub fn added_to(&self, plan: Plan, to: &Catalog) -> Plan {
        plan.followed_by(row_statements(&self.changes, to, RowOrder::ALL[0]))
    }

    /// The plan with what is to be done about rows, in an order that works on the rows that the
    /// migrations make: afterwards the rows are those that are declared.
    pub async fn prove(&mut self, scene: &Scene<'_>) -> Result<Plan, StateError> {
        let mut first_error = None;
        if self.changes.is_empty() {
            return Ok(scene.plan.clone());
        }
        let columns = columns(&self.wanted);
        for order in RowOrder::ALL {
            let statements = row_statements(&self.changes, scene.changes.to, order);
            let plan = scene.plan.clone().followed_by(statements);
            match run_and_read(scene, &plan, &columns).await {
                Ok(rows) => {
                    let left_over = row_changes(&rows, &self.wanted);
                    if left_over.is_empty() {
                        self.rows = rows;
                        return Ok(plan);
                    }
                    let left_over = left_over.iter().map(ToString::to_string);
                    let error = StateError::RowsLeftOver(left_over.collect());
                    first_error.get_or_insert(error);
                }
                Err(error @ StateError::RowsFail(_)) => {
                    first_error.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(first_error.unwrap_or(StateError::RowsLeftOver(Vec::new())))
    }

    /// Keeps the rows of a directory to which the plan was added.
    pub fn remember(&self, dev: &DevServer, directory: &Directory) -> Result<(), StateError> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let key = key(directory, &columns(&self.wanted));
        Ok(dev.cache().put(PRESENT, &key, &self.rows)?)
    }
}

/// The columns to read and those of the key, by table.
pub(super) type Columns = BTreeMap<QualifiedName, (Vec<Ident>, Vec<Ident>)>;

/// All columns that a row names, and the key.
fn columns(wanted: &BTreeMap<QualifiedName, TableRows>) -> Columns {
    let tables = wanted.iter().map(|(name, table)| {
        let named = table.rows.iter().flat_map(BTreeMap::keys);
        let all: BTreeSet<&Ident> = named.chain(&table.key).collect();
        let all = all.into_iter().cloned().collect();
        (name.clone(), (all, table.key.clone()))
    });
    tables.collect()
}

/// What rows are kept under: everything up to the last file, and what was read.
fn key(directory: &Directory, columns: &Columns) -> String {
    format!("{} {}", current::key(directory), Fingerprint::of(columns))
}

/// The rows that there will be after the plan for the schema.
async fn present(scene: &Scene<'_>, columns: &Columns) -> Result<Rows, StateError> {
    let Scene { changes, .. } = scene;
    let (there, new): (Columns, Columns) = columns
        .clone()
        .into_iter()
        .partition(|(name, _)| changes.from.tables.contains_key(name));
    let mut rows = if there.is_empty() {
        Rows::new()
    } else if concerned(scene, &there) {
        run_and_read(scene, scene.plan, &there).await?
    } else {
        unchanged(scene, &there).await?
    };
    rows.extend(new.into_keys().map(|name| (name, Vec::new())));
    Ok(rows)
}

/// Whether the plan for the schema may do something to the rows of these tables, or to their names.
fn concerned(scene: &Scene<'_>, tables: &Columns) -> bool {
    let Scene { changes, .. } = scene;
    let touched: BTreeSet<QualifiedName> = touched(changes).collect();
    let roots = tables.keys().cloned().collect();
    let part = Projection::new(&[changes.from, changes.to], &roots);
    let part = [part.apply(changes.from), part.apply(changes.to)];
    let types = part
        .iter()
        .flat_map(|it| it.enums.keys().chain(it.domains.keys()));
    !scene.renames.is_empty() || tables.keys().chain(types).any(|it| touched.contains(it))
}

/// The rows that the migrations make, from the cache where they are known.
async fn unchanged(scene: &Scene<'_>, columns: &Columns) -> Result<Rows, StateError> {
    let key = key(scene.directory, columns);
    if let Some(rows) = scene.dev.cache().get(PRESENT, &key) {
        return Ok(rows);
    }
    let scratch = current::restore(scene.dev, scene.directory, &mut Silent).await?;
    let rows = read(&mut scratch.connect().await?, columns, scene.changes.to).await?;
    scratch.close().await?;
    scene.dev.cache().put(PRESENT, &key, &rows)?;
    Ok(rows)
}

/// The rows after a plan that begins with that for the schema, on all that the migrations make.
async fn run_and_read(
    scene: &Scene<'_>,
    plan: &Plan,
    columns: &Columns,
) -> Result<Rows, StateError> {
    let scratch = whole(
        scene.dev,
        scene.directory,
        scene.current,
        scene.renames,
        scene.changes,
    )
    .await?;
    let mut connection = scratch.connect().await?;
    run(&mut connection, &plan.stages).await.map_err(|error| {
        StateError::of_run(error, |refused| match refused.statement.ddl {
            Ddl::Rows(_) => StateError::RowsFail(refused),
            _ => StateError::PlanFails(refused),
        })
    })?;
    drop(connection);
    let rows = read(&mut scratch.connect().await?, columns, scene.changes.to).await?;
    scratch.close().await?;
    Ok(rows)
}

pub(super) async fn read(
    connection: &mut PgConnection,
    columns: &Columns,
    catalog: &Catalog,
) -> Result<Rows, StateError> {
    settle(connection).await?;
    let mut rows = Rows::new();
    for (name, (columns, key)) in columns {
        let sql = select(name, columns, key, None);
        let fetched = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut *connection);
        let fetched = fetched.await.map_err(StateError::Connection)?;
        let types = types(catalog, name, columns);
        let read = fetched.iter().map(|row| values(row, &types));
        let read: Result<_, sqlx::Error> = read.collect();
        rows.insert(name.clone(), read.map_err(StateError::Connection)?);
    }
    Ok(rows)
}

pub(super) async fn settle(connection: &mut PgConnection) -> Result<(), StateError> {
    let settled = execute(connection, ROW_SETTINGS).await;
    settled.map_err(StateError::Connection)
}

/// Columns with their types.
pub(super) fn types<'a>(
    catalog: &'a Catalog,
    table: &QualifiedName,
    columns: &'a [Ident],
) -> Vec<(&'a Ident, &'a str)> {
    let table = catalog.tables.get(table);
    let columns = columns.iter().map(|name| {
        let column = table.and_then(|table| table.column(name.as_str()));
        (name, column.map_or("", |column| column.data_type.as_str()))
    });
    columns.collect()
}

pub(super) fn values(row: &PgRow, types: &[(&Ident, &str)]) -> Result<Row, sqlx::Error> {
    let columns = types.iter().enumerate();
    let values = columns.map(|(place, (name, ty))| {
        let text: Option<String> = row.try_get(place)?;
        Ok(((*name).clone(), Value::new(text, ty)))
    });
    values.collect()
}

/// The declared rows in PostgreSQL's text, from the cache where they are known.
async fn wanted(
    scene: &Scene<'_>,
    declared: &BTreeMap<QualifiedName, DeclaredRows>,
) -> Result<BTreeMap<QualifiedName, TableRows>, StateError> {
    let to = scene.changes.to;
    let roots: BTreeSet<QualifiedName> = declared.keys().cloned().collect();
    let part = to.project(&roots);
    let sources: Vec<_> = declared
        .iter()
        .map(|(name, it)| {
            let values: Vec<_> = it.rows.iter().map(|row| &row.values).collect();
            let columns = it.columns();
            let table = types(to, name, &columns);
            Fingerprint::of(&(name, &it.key, values, table))
        })
        .collect();
    let beside: Vec<_> = scene.current.objects.iter().collect();
    let unmodelled = &scene.current.unmodelled;
    let source = (
        sources,
        &part.enums,
        &part.domains,
        &part.extensions,
        beside,
        unmodelled,
    );
    let key = Fingerprint::of(&source).to_string();
    if let Some(wanted) = scene.dev.cache().get(DECLARED, &key) {
        return Ok(wanted);
    }
    let (scratch, base) = bare(scene.dev, scene.directory, scene.current).await?;
    let mut connection = scratch.connect().await?;
    run(&mut connection, &creation(&base, &part)?.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::Schema))?;
    settle(&mut connection).await?;
    let mut wanted = BTreeMap::new();
    for (number, (name, declared)) in declared.iter().enumerate() {
        let asked = Asked {
            name,
            temporary: Declared::new(format!("declared_{number}"), declared.columns()),
            columns: declared.columns(),
            catalog: to,
        };
        wanted.insert(name.clone(), asked.rows(&mut connection, declared).await?);
    }
    drop(connection);
    scratch.close().await?;
    scene.dev.cache().put(DECLARED, &key, &wanted)?;
    Ok(wanted)
}

/// A table whose rows PostgreSQL is asked about.
struct Asked<'a> {
    name: &'a QualifiedName,
    temporary: Declared,
    columns: Vec<Ident>,
    catalog: &'a Catalog,
}

impl Asked<'_> {
    async fn rows(
        &self,
        connection: &mut PgConnection,
        declared: &DeclaredRows,
    ) -> Result<TableRows, StateError> {
        execute(connection, &self.temporary.create(self.name))
            .await
            .map_err(StateError::Connection)?;
        let mut rows = Vec::new();
        let mut places: BTreeMap<Vec<(Ident, Value)>, &Place> = BTreeMap::new();
        for row in &declared.rows {
            let values = self.row(connection, row).await?;
            let key = part(&values, &declared.key);
            if let Some(first) = places.insert(key.clone(), &row.place) {
                return Err(RowError::SameKey {
                    table: self.name.clone(),
                    key: shown(&key),
                    places: vec![row.place.clone(), first.clone()],
                }
                .into());
            }
            rows.push(values);
        }
        Ok(TableRows {
            key: declared.key.clone(),
            rows,
        })
    }

    /// One row. What is an expression is asked for twice.
    async fn row(
        &self,
        connection: &mut PgConnection,
        row: &DeclaredRow,
    ) -> Result<Row, StateError> {
        let refused = |error: sqlx::Error| {
            if error.as_database_error().is_none() {
                return StateError::Connection(error);
            }
            StateError::from(RowError::Refused {
                table: self.name.clone(),
                message: ServerError::from(&error).message,
                place: row.place.clone(),
            })
        };
        let mut constant = true;
        let mut values = Vec::new();
        for (column, value) in &row.values {
            values.push(match value {
                DeclaredValue::Null => (column, Some("NULL")),
                DeclaredValue::Literal(sql) => (column, Some(sql.as_str())),
                DeclaredValue::Expression(sql) => {
                    let sql = self.temporary.expression(column, sql);
                    execute(connection, &sql).await.map_err(refused)?;
                    constant = false;
                    (column, None)
                }
            });
        }
        let sql = self.temporary.insert(&values);
        let types = types(self.catalog, self.name, &self.columns);
        let mut made: Option<Row> = None;
        for _ in 0..if constant { 1 } else { 2 } {
            let fetched = sqlx::raw_sql(AssertSqlSafe(sql.clone()));
            let fetched = fetched.fetch_one(&mut *connection).await.map_err(refused)?;
            let mut again = self::values(&fetched, &types).map_err(StateError::Connection)?;
            again.retain(|column, _| row.values.contains_key(column));
            let first = made.get_or_insert_with(|| again.clone());
            let differs = first
                .iter()
                .find(|(name, value)| again.get(*name) != Some(value));
            if let Some((column, _)) = differs {
                return Err(RowError::Volatile {
                    table: self.name.clone(),
                    column: column.clone(),
                    place: row.place.clone(),
                }
                .into());
            }
        }
        Ok(made.unwrap_or_default())
    }
}
