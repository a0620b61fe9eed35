//! Rows of tables of configuration: what differs, and the statements that bring it about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Plan, Stage, Statement, timeout};
use crate::catalog::{Catalog, Column, ConstraintKind, Generation};
use crate::ddl::{Ddl, EnumDdl, LockLevel, RowsDdl, TableDdl, Value, shown};
use crate::directory::TxMode;
use crate::graph::Graph;
use crate::ident::{Ident, QualifiedName};

/// Values by column.
pub type Row = BTreeMap<Ident, Value>;

/// Rows of one table, and the columns that tell them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRows {
    /// The columns of the key.
    pub key: Vec<Ident>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// It is not there.
    Insert {
        /// Of which table.
        table: QualifiedName,
        /// The columns of its key.
        key: Vec<Ident>,
        /// Its values.
        row: Row,
    },
    /// Some values are others.
    Update {
        /// Of which table.
        table: QualifiedName,
        /// Its key.
        key: Vec<(Ident, Value)>,
        /// What it is to hold.
        set: Vec<(Ident, Value)>,
    },
    /// It is not to be there.
    Delete {
        /// Of which table.
        table: QualifiedName,
        /// Its key.
        key: Vec<(Ident, Value)>,
    },
}

/// In which order rows come, change and go: PostgreSQL tells which one works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowOrder([Kind; 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Insert,
    Update,
    Delete,
}

impl RowOrder {
    /// What references a row that goes may get another one first; or a row that goes makes room
    /// for the unique value of one that comes.
    pub const ALL: [Self; 4] = [
        Self([Kind::Insert, Kind::Update, Kind::Delete]),
        Self([Kind::Delete, Kind::Update, Kind::Insert]),
        Self([Kind::Update, Kind::Insert, Kind::Delete]),
        Self([Kind::Delete, Kind::Insert, Kind::Update]),
    ];
}

impl RowChange {
    /// Of which table.
    pub fn table(&self) -> &QualifiedName {
        match self {
            Self::Insert { table, .. }
            | Self::Update { table, .. }
            | Self::Delete { table, .. } => table,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Insert { .. } => Kind::Insert,
            Self::Update { .. } => Kind::Update,
            Self::Delete { .. } => Kind::Delete,
        }
    }
}

/// `update row code = 'pro' of table plans: monthly = 1900`
impl fmt::Display for RowChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table();
        match self {
            Self::Insert { key, row, .. } => {
                write!(
                    f,
                    "insert row {} into table {table}",
                    shown(&part(row, key))
                )
            }
            Self::Update { key, set, .. } => {
                let (key, set) = (shown(key), shown(set));
                write!(f, "update row {key} of table {table}: {set}")
            }
            Self::Delete { key, .. } => write!(f, "delete row {} from table {table}", shown(key)),
        }
    }
}

/// What differs between the rows that there are and those that are wanted, by table and row.
///
/// A column that a wanted row does not name is left alone; a row that is not wanted goes.
pub fn row_changes(
    present: &BTreeMap<QualifiedName, Vec<Row>>,
    wanted: &BTreeMap<QualifiedName, TableRows>,
) -> Vec<RowChange> {
    let mut changes = Vec::new();
    for (table, TableRows { key, rows }) in wanted {
        let there = present.get(table).into_iter().flatten();
        let mut there: BTreeMap<_, _> = there.map(|row| (part(row, key), row)).collect();
        for row in rows {
            let own_key = part(row, key);
            let Some(old) = there.remove(&own_key) else {
                changes.push(RowChange::Insert {
                    table: table.clone(),
                    key: key.clone(),
                    row: row.clone(),
                });
                continue;
            };
            let differs = row
                .iter()
                .filter(|(name, value)| old.get(*name) != Some(value));
            let set: Vec<_> = differs
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            if !set.is_empty() {
                changes.push(RowChange::Update {
                    table: table.clone(),
                    key: own_key,
                    set,
                });
            }
        }
        changes.extend(there.into_keys().map(|key| RowChange::Delete {
            table: table.clone(),
            key,
        }));
    }
    changes
}

/// The values of some columns.
pub(crate) fn part(row: &Row, columns: &[Ident]) -> Vec<(Ident, Value)> {
    let value = |column| row.get(column).cloned().unwrap_or(Value::Null);
    let columns = columns.iter();
    columns
        .map(|column| (column.clone(), value(column)))
        .collect()
}

/// The statements for these changes on tables of this catalog, referenced rows before those that
/// reference them, and the other way round where they go.
pub fn row_statements(changes: &[RowChange], catalog: &Catalog, order: RowOrder) -> Vec<Statement> {
    let tables = by_references(changes, catalog);
    let mut statements = Vec::new();
    for kind in order.0 {
        let mut tables = tables.clone();
        if kind == Kind::Delete {
            tables.reverse();
        }
        for table in tables {
            let changes = changes.iter();
            let changes: Vec<&RowChange> = changes
                .filter(|change| change.kind() == kind && change.table() == table)
                .collect();
            let columns = catalog.tables.get(table).map(|it| it.columns.as_slice());
            let ddl = match kind {
                Kind::Insert => inserts(table, &changes, columns.unwrap_or_default(), catalog),
                Kind::Update => updates(&changes),
                Kind::Delete => deletes(table, &changes),
            };
            let cause: Vec<String> = changes.iter().map(ToString::to_string).collect();
            let made = ddl.into_iter();
            statements.extend(made.map(|it| Statement::new(Ddl::Rows(it), cause.clone())));
        }
    }
    statements
}

/// The tables of the changes, each after those that it references.
fn by_references<'a>(changes: &'a [RowChange], catalog: &Catalog) -> Vec<&'a QualifiedName> {
    let names: BTreeSet<&QualifiedName> = changes.iter().map(RowChange::table).collect();
    let names: Vec<&QualifiedName> = names.into_iter().collect();
    let mut graph = Graph::new(names.iter().map(|_| ((), ())).collect());
    for (then, name) in names.iter().enumerate() {
        let table = catalog.tables.get(*name);
        for constraint in table.into_iter().flat_map(|it| it.constraints.values()) {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                continue;
            };
            if let Ok(first) = names.binary_search(&&key.references) {
                graph.should(first, then);
            }
        }
    }
    let order = graph.order().unwrap_or_else(|cycle| cycle.0);
    order.into_iter().map(|place| names[place]).collect()
}

/// One statement for all rows that name the same columns, then the sequences of numbered ones.
fn inserts(
    table: &QualifiedName,
    changes: &[&RowChange],
    columns: &[Column],
    catalog: &Catalog,
) -> Vec<RowsDdl> {
    let rows = changes.iter().filter_map(|change| match change {
        RowChange::Insert { key, row, .. } => Some((key, row)),
        _ => None,
    });
    let mut key = &Vec::new();
    let mut groups: Vec<(Vec<Ident>, Vec<Vec<Value>>)> = Vec::new();
    for (own_key, row) in rows {
        key = own_key;
        // In the order of the table.
        let named = columns.iter().map(|column| &column.name);
        let named: Vec<Ident> = named.filter(|it| row.contains_key(*it)).cloned().collect();
        let values = named.iter().map(|it| row[it].clone()).collect();
        match groups.iter_mut().find(|(columns, _)| *columns == named) {
            Some((_, rows)) => rows.push(values),
            None => groups.push((named, vec![values])),
        }
    }
    let mut statements = Vec::new();
    let mut numbered = BTreeSet::new();
    for (names, rows) in groups {
        let given = columns.iter().filter(|column| names.contains(&column.name));
        let always =
            |column: &Column| matches!(&column.generation, Generation::Identity(it) if it.always);
        let always = given.clone().find(|column| always(column));
        let always = always.map(|column| column.name.clone());
        numbered.extend(given.filter_map(|column| {
            Some((column.name.clone(), first_number(table, column, catalog)?))
        }));
        statements.push(RowsDdl::Insert {
            table: table.clone(),
            columns: names,
            always,
            rows,
            key: key.clone(),
        });
    }
    let restarts = numbered
        .into_iter()
        .map(|(column, start)| RowsDdl::Restart {
            table: table.clone(),
            column,
            start,
        });
    statements.extend(restarts);
    statements
}

/// The first number that PostgreSQL gives to a column, if it counts up.
fn first_number(table: &QualifiedName, column: &Column, catalog: &Catalog) -> Option<i64> {
    let owner = (table.clone(), column.name.clone());
    let options = match &column.generation {
        Generation::Identity(identity) => &identity.options,
        Generation::Default(_) => {
            let mut sequences = catalog.sequences.values();
            &sequences
                .find(|it| it.owned_by.as_ref() == Some(&owner))?
                .options
        }
        Generation::None | Generation::Stored(_) | Generation::Virtual(_) => return None,
    };
    let upwards = options.increment.is_none_or(|increment| increment > 0);
    upwards.then(|| options.start.or(options.min).unwrap_or(1))
}

fn updates(changes: &[&RowChange]) -> Vec<RowsDdl> {
    let updates = changes.iter().filter_map(|change| match change {
        RowChange::Update { table, key, set } => Some(RowsDdl::Update {
            table: table.clone(),
            set: set.clone(),
            key: key.clone(),
        }),
        _ => None,
    });
    updates.collect()
}

fn deletes(table: &QualifiedName, changes: &[&RowChange]) -> Vec<RowsDdl> {
    let keys = changes.iter().filter_map(|change| match change {
        RowChange::Delete { key, .. } => Some(key),
        _ => None,
    });
    let keys: Vec<&Vec<(Ident, Value)>> = keys.collect();
    let Some(first) = keys.first() else {
        return Vec::new();
    };
    let rows = keys.iter();
    vec![RowsDdl::Delete {
        table: table.clone(),
        key: first.iter().map(|(column, _)| column.clone()).collect(),
        rows: rows
            .map(|key| key.iter().map(|(_, value)| value.clone()).collect())
            .collect(),
    }]
}

impl Plan {
    /// The same plan with statements about rows behind its own.
    ///
    /// They are a file of their own, unless the last stage only makes new things: rows are not
    /// written while a table in use is locked, and a new label of an enum has to be committed.
    #[must_use]
    pub fn followed_by(mut self, mut statements: Vec<Statement>) -> Self {
        if statements.is_empty() {
            return self;
        }
        let made = self.stages.iter().flat_map(|stage| &stage.statements);
        let made = made.filter_map(|statement| match &statement.ddl {
            Ddl::Table(TableDdl::Create { name, .. }) => Some(name),
            _ => None,
        });
        let made: BTreeSet<&QualifiedName> = made.collect();
        for statement in &mut statements {
            if matches!(&statement.ddl, Ddl::Rows(rows) if made.contains(rows.table())) {
                statement.lock = LockLevel::None;
            }
        }
        let mut last = Stage {
            statements,
            ..Stage::default()
        };
        if self.stages.last().is_some_and(only_makes) {
            let mut stage = self.stages.pop().unwrap_or_default();
            stage.statements.append(&mut last.statements);
            last = stage;
        }
        self.stages.push(timeout::limited(last));
        self
    }
}

fn only_makes(stage: &Stage) -> bool {
    stage.tx_mode == TxMode::File
        && stage.statements.iter().all(|it| {
            it.lock == LockLevel::None
                && !matches!(
                    it.ddl,
                    Ddl::LockTimeout(_) | Ddl::Enum(EnumDdl::AddValue { .. })
                )
        })
}
