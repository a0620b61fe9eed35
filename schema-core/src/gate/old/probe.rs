//! Rows that a release may write and read, as trials.

use super::sample::{Literals, Sample, fresh_columns, sibling};
use super::statement::insertable;
use super::trial::Trial;
use crate::ident::{Ident, literal};
use crate::observe::rows::shape::{Column, Key, RelationKind, Shape, Table, TypeKind};

/// Something that a release may do.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    /// What, such as `insert null into age`.
    pub(super) kind: String,
    /// The column that it is about.
    pub(super) column: Option<Ident>,
    /// How.
    pub(super) trial: Trial,
}

/// A way to write a row that is not there yet.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    /// What has to be run before.
    before: Vec<String>,
    /// The row.
    row: Literals,
}

/// Ways to write a new row, the likeliest first: which of them the table takes, the base tells.
pub(super) fn recipes(table: &Table, sample: &Sample) -> Vec<Recipe> {
    let mut all = Vec::new();
    for row in &sample.rows {
        let fresh = fresh_columns(table);
        let mut plain = row.clone();
        let mut alike = row.clone();
        for number in &fresh {
            let whole = table
                .references
                .iter()
                .find(|it| it.columns.contains(number));
            let columns = whole.map_or(std::slice::from_ref(number), |it| &it.columns);
            let others = columns
                .iter()
                .filter_map(|it| Some((*it, sample.other.get(it)?.clone())));
            plain.extend(others);
            let other = row.get(number).and_then(|value| sibling(value));
            alike.extend(other.map(|value| (*number, value)));
        }
        all.push(Recipe {
            before: Vec::new(),
            row: plain,
        });
        all.push(Recipe {
            before: Vec::new(),
            row: alike,
        });
        if let Some(delete) = delete(table, row) {
            all.push(Recipe {
                before: vec![delete],
                row: row.clone(),
            });
        }
    }
    all
}

impl Recipe {
    /// Whether the table takes it.
    pub(super) fn trial(&self, table: &Table) -> Trial {
        self.with(table, &Literals::new())
    }

    /// The row with other values in some columns.
    fn with(&self, table: &Table, changed: &Literals) -> Trial {
        let columns: Vec<&Column> = insertable(table).collect();
        let mut row = self.row.clone();
        row.extend(changed.clone());
        let mut run = self.before.clone();
        run.push(insert(table, &columns, &row));
        Trial::of(run)
    }
}

/// All that a release may do to a table; `recipe` is a way to write a row that the base takes.
pub(super) fn probes(
    shape: &Shape,
    table: &Table,
    sample: &Sample,
    recipe: Option<&Recipe>,
) -> Vec<Probe> {
    let mut all = vec![Probe {
        kind: READ.into(),
        column: None,
        trial: read(table),
    }];
    if !matches!(table.kind, RelationKind::Table | RelationKind::Partitioned) {
        return all;
    }
    if let Some(recipe) = recipe {
        inserts(&mut all, shape, table, sample, recipe);
    }
    let columns: Vec<&Column> = insertable(table).collect();
    if let Some(row) = sample.rows.first() {
        for key in table
            .keys
            .iter()
            .filter(|key| key.immediate && !key.exclusion)
        {
            all.extend(upsert(table, key, &columns, row));
        }
        for column in &columns {
            let value = row.get(&column.number).map_or("NULL", String::as_str);
            let text = format!(
                "UPDATE {} SET {} = {value}{}",
                table.path(),
                column.name,
                condition(table, row)
            );
            let kind = format!("update {}", column.name);
            all.push(Probe {
                kind,
                column: Some(column.name.clone()),
                trial: Trial::of(vec![text]),
            });
        }
    }
    for (row, nth) in sample
        .rows
        .iter()
        .zip(["one row", "another row", "a third row"])
    {
        let delete = delete(table, row).into_iter();
        all.extend(delete.map(|text| Probe {
            kind: format!("delete {nth}"),
            column: None,
            trial: Trial::of(vec![text]),
        }));
    }
    all
}

/// What the probe is called that reads rows.
pub(super) const READ: &str = "read rows";

fn inserts(all: &mut Vec<Probe>, shape: &Shape, table: &Table, sample: &Sample, recipe: &Recipe) {
    let mut add = |kind: String, column: Option<&Column>, trial: Trial| {
        all.push(Probe {
            kind,
            column: column.map(|it| it.name.clone()),
            trial,
        });
    };
    add(
        "insert a row like another".into(),
        None,
        recipe.trial(table),
    );
    for column in insertable(table) {
        let name = &column.name;
        let mut with = |kind: String, value: String| {
            let changed = Literals::from([(column.number, value)]);
            add(kind, Some(column), recipe.with(table, &changed));
        };
        if !column.not_null {
            with(format!("insert null into {name}"), "NULL".into());
        }
        if let Some(other) = sample.other.get(&column.number) {
            with(format!("insert another value into {name}"), other.clone());
        }
        for (kind, value) in sample.extremes.get(&column.number).into_iter().flatten() {
            with(format!("insert {kind} into {name}"), value.clone());
        }
        let (base, _) = shape.base(column.data_type, column.modifier);
        let labels = shape
            .types
            .get(&base)
            .filter(|found| found.kind == TypeKind::Enum);
        for label in labels.into_iter().flat_map(|found| &found.labels) {
            with(format!("insert label {label} into {name}"), literal(label));
        }
    }
    let required: Vec<&Column> = insertable(table).filter(|it| it.is_required()).collect();
    let mut minimal = recipe.before.clone();
    minimal.push(insert(table, &required, &recipe.row));
    add(
        "insert only what is required".into(),
        None,
        Trial::of(minimal),
    );
    // A key without a default is needed too, to make the row a new one.
    let fresh = fresh_columns(table);
    let keyed: Vec<&Column> = insertable(table)
        .filter(|it| it.is_required() || (fresh.contains(&it.number) && !it.has_default))
        .collect();
    if keyed.len() > required.len() {
        let mut minimal = recipe.before.clone();
        minimal.push(insert(table, &keyed, &recipe.row));
        add(
            "insert only what is required, and keys".into(),
            None,
            Trial::of(minimal),
        );
    }
}

fn upsert(table: &Table, key: &Key, columns: &[&Column], row: &Literals) -> Option<Probe> {
    let target = columns
        .iter()
        .find(|it| !key.columns.contains(&it.number))
        .or(columns.first())?;
    let name = &target.name;
    let predicate = key
        .predicate
        .as_ref()
        .map(|it| format!(" WHERE {it}"))
        .unwrap_or_default();
    let elements = key.elements.join(", ");
    let text = format!(
        "{} ON CONFLICT ({elements}){predicate} DO UPDATE SET {name} = EXCLUDED.{name}",
        insert(table, columns, row)
    );
    Some(Probe {
        kind: format!("upsert on ({elements})"),
        column: None,
        trial: Trial::of(vec![text]),
    })
}

fn insert(table: &Table, columns: &[&Column], row: &Literals) -> String {
    if columns.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", table.path());
    }
    let names: Vec<String> = columns
        .iter()
        .map(|column| column.name.to_string())
        .collect();
    let values = columns.iter().map(|column| row.get(&column.number));
    let values: Vec<&str> = values
        .map(|value| value.map_or("NULL", String::as_str))
        .collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.path(),
        names.join(", "),
        values.join(", ")
    )
}

fn delete(table: &Table, row: &Literals) -> Option<String> {
    table.identifying()?;
    Some(format!(
        "DELETE FROM {}{}",
        table.path(),
        condition(table, row)
    ))
}

/// The condition that finds a row by its key; all rows are found in a table without one.
fn condition(table: &Table, row: &Literals) -> String {
    let Some(key) = table.identifying() else {
        return String::new();
    };
    let equal = key.iter().map(|column| {
        let value = row.get(&column.number).map_or("NULL", String::as_str);
        format!("{} = {value}", column.name)
    });
    format!(" WHERE {}", equal.collect::<Vec<_>>().join(" AND "))
}

/// The number of rows, and for each column a number made from its values.
fn read(table: &Table) -> Trial {
    let names = table
        .columns
        .iter()
        .map(|column| literal(column.name.as_str()));
    let names: Vec<String> = std::iter::once("''".into()).chain(names).collect();
    let values = table.columns.iter();
    let values = values.map(|it| format!("sum(hashtextextended({}::text, 0))::text", it.name));
    let values: Vec<String> = std::iter::once("count(*)::text".into())
        .chain(values)
        .collect();
    let read = format!(
        "SELECT json_object(ARRAY[{}], ARRAY[{}])::text FROM {}",
        names.join(", "),
        values.join(", "),
        table.path()
    );
    Trial {
        run: Vec::new(),
        read: Some(read),
    }
}
