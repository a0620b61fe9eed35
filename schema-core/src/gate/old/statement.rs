//! The statements that a release runs on a table, as sea-query builds them.

use sea_query::{
    Alias, Expr, ExprTrait as _, LockType, OnConflict, PostgresQueryBuilder, Query, Value,
};

use crate::observe::rows::shape::{Column, Key, RelationKind, Table};

/// The statement that leans on all columns depending on the primary key.
pub(super) const GROUP_BY_KEY: &str = "group by key";

/// A statement with parameters `$1`, `$2`…
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it does, such as `upsert on (email)`.
    pub operation: String,
    /// Its text.
    pub text: String,
    /// How many parameters it has.
    pub parameters: usize,
}

impl Statement {
    fn new(operation: impl Into<String>, (text, values): (String, sea_query::Values)) -> Self {
        Self {
            operation: operation.into(),
            text,
            parameters: values.0.len(),
        }
    }
}

/// The statements that a release runs on a table or view. All name their columns.
pub fn statements(table: &Table) -> Vec<Statement> {
    let mut all = vec![Statement::new(
        "select",
        select(table).build(PostgresQueryBuilder),
    )];
    if !matches!(table.kind, RelationKind::Table | RelationKind::Partitioned) {
        return all;
    }
    all.push(Statement::new(
        "select for update",
        select(table)
            .lock(LockType::Update)
            .build(PostgresQueryBuilder),
    ));
    let insertable: Vec<&Column> = insertable(table).collect();
    let required: Vec<&Column> = insertable
        .iter()
        .copied()
        .filter(|it| it.is_required())
        .collect();
    all.push(Statement::new(
        "insert",
        insert(table, &insertable).build(PostgresQueryBuilder),
    ));
    all.push(Statement::new(
        "minimal insert",
        insert(table, &required).build(PostgresQueryBuilder),
    ));
    for key in table
        .keys
        .iter()
        .filter(|key| !key.exclusion && key.immediate)
    {
        all.extend(upsert(table, key, &insertable));
    }
    let Some(key) = table.identifying() else {
        return all;
    };
    let found = select(table)
        .cond_where(by_key(&key))
        .build(PostgresQueryBuilder);
    all.push(Statement::new("select by key", found));
    if table.primary().is_some() {
        let key = key.iter().map(|column| Expr::col(name(column)));
        let grouped = select(table).add_group_by(key).build(PostgresQueryBuilder);
        all.push(Statement::new(GROUP_BY_KEY, grouped));
    }
    for column in &insertable {
        let mut update = Query::update();
        update
            .table(path(table))
            .value(name(column), null())
            .cond_where(by_key(&key));
        let operation = format!("update of {}", column.name);
        all.push(Statement::new(
            operation,
            update.build(PostgresQueryBuilder),
        ));
    }
    let mut delete = Query::delete();
    delete.from_table(path(table)).cond_where(by_key(&key));
    all.push(Statement::new("delete", delete.build(PostgresQueryBuilder)));
    all
}

/// The columns that a release may write.
pub(super) fn insertable(table: &Table) -> impl Iterator<Item = &Column> {
    let columns = table.columns.iter();
    columns.filter(|column| !column.generated && column.identity != "a")
}

fn select(table: &Table) -> sea_query::SelectStatement {
    let mut select = Query::select();
    select
        .columns(table.columns.iter().map(name))
        .from(path(table));
    select
}

fn insert(table: &Table, columns: &[&Column]) -> sea_query::InsertStatement {
    let mut insert = Query::insert();
    insert
        .into_table(path(table))
        .returning(Query::returning().columns(table.columns.iter().map(name)));
    if columns.is_empty() {
        insert.or_default_values();
    } else {
        let values = columns.iter().map(|_| null());
        insert
            .columns(columns.iter().map(|it| name(it)))
            .values_panic(values);
    }
    insert
}

fn upsert(table: &Table, key: &Key, columns: &[&Column]) -> Option<Statement> {
    if columns.is_empty() {
        return None;
    }
    let mut conflict = OnConflict::new();
    conflict.exprs(
        key.elements
            .iter()
            .map(|element| Expr::cust(element.clone())),
    );
    if let Some(predicate) = &key.predicate {
        conflict.target_and_where(Expr::cust(predicate.clone()));
    }
    conflict.update_columns(columns.iter().map(|it| name(it)));
    let mut insert = insert(table, columns);
    insert.on_conflict(conflict);
    let operation = format!("upsert on ({})", key.elements.join(", "));
    Some(Statement::new(
        operation,
        insert.build(PostgresQueryBuilder),
    ))
}

fn by_key(key: &[&Column]) -> sea_query::Condition {
    let equal = key.iter().map(|column| Expr::col(name(column)).eq(null()));
    equal.fold(sea_query::Condition::all(), sea_query::Condition::add)
}

fn path(table: &Table) -> (Alias, Alias) {
    (
        Alias::new(table.schema.as_str()),
        Alias::new(table.name.as_str()),
    )
}

fn name(column: &Column) -> Alias {
    Alias::new(column.name.as_str())
}

/// A parameter; its type is PostgreSQL's to find.
fn null() -> Expr {
    Expr::val(Value::Int(None))
}
