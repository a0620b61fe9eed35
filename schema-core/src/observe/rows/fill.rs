//! Which rows a table gets, in which order tables get them, and what is tried when one is refused.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use super::insert::{RowValues, Watched, has_rows, insert};
use super::shape::{Shape, Table};
use super::solve::{Choice, candidates, solve};
use super::value::Values;
use super::{Population, RowsError};
use crate::graph::{Cycle, Graph};

/// Rows of a table.
pub(super) const ROWS: u32 = 3;

/// Reads the shape of the database and fills it.
pub(super) async fn fill(connection: &mut PgConnection) -> Result<Population, RowsError> {
    let shape = Shape::read(connection, None).await?;
    let domains = domains(connection, &shape).await;
    let mut filling = Filling {
        shape: &shape,
        values: Values {
            shape: &shape,
            domains,
        },
        rows: BTreeMap::new(),
        sequences: BTreeMap::new(),
        places: BTreeMap::new(),
        later: Vec::new(),
        unwatched: BTreeSet::new(),
        population: Population::default(),
    };
    for table in order(&shape) {
        filling.table(connection, &shape.tables[&table]).await?;
    }
    filling.close_cycles(connection).await?;
    filling.move_sequences(connection).await?;
    Ok(filling.population)
}

/// Values of every domain that has conditions.
async fn domains(connection: &mut PgConnection, shape: &Shape) -> BTreeMap<u32, Vec<String>> {
    let mut values = Values {
        shape,
        domains: BTreeMap::new(),
    };
    // A domain over another is made after it: a type is never older than what it is made of.
    for (oid, domain) in &shape.types {
        if domain.checks.is_empty() {
            continue;
        }
        let checks: Vec<&str> = domain.checks.iter().map(String::as_str).collect();
        let choice = Choice {
            name: "value".into(),
            values: candidates(&values, domain.base, domain.modifier, 0, &checks),
        };
        // Conditions that fail for some values are left to what is tried later.
        let Ok(found) = solve(connection, std::slice::from_ref(&choice), &checks).await else {
            continue;
        };
        let found = found
            .iter()
            .map(|solution| choice.values[solution[0]].clone());
        let found: Vec<String> = found.collect();
        if !found.is_empty() {
            values.domains.insert(*oid, found);
        }
    }
    values.domains
}

/// Tables that hold rows, those that others reference first.
fn order(shape: &Shape) -> Vec<u32> {
    let tables: Vec<&Table> = shape
        .tables
        .values()
        .filter(|table| table.has_storage())
        .collect();
    let places: BTreeMap<u32, usize> = tables
        .iter()
        .enumerate()
        .map(|(n, it)| (it.oid, n))
        .collect();
    let mut parts: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for table in &tables {
        for above in lineage(shape, table) {
            parts.entry(above.oid).or_default().push(places[&table.oid]);
        }
    }
    let mut loose: BTreeSet<usize> = BTreeSet::new();
    loop {
        let nodes = tables
            .iter()
            .map(|table| ((), (table.schema.clone(), table.name.clone())));
        let mut graph = Graph::new(nodes.collect());
        for (place, table) in tables.iter().enumerate() {
            for reference in &table.references {
                let nullable = is_nullable(table, &reference.columns);
                for first in parts.get(&reference.table).into_iter().flatten() {
                    if nullable || (loose.contains(&place) && loose.contains(first)) {
                        graph.should(*first, place);
                    } else {
                        graph.must(*first, place);
                    }
                }
            }
        }
        match graph.order() {
            Ok(order) => return order.into_iter().map(|place| tables[place].oid).collect(),
            Err(Cycle(cycle)) => loose.extend(cycle),
        }
    }
}

/// A table, and the partitioned tables that it is a part of.
fn lineage<'s>(shape: &'s Shape, table: &'s Table) -> Vec<&'s Table> {
    let above = |table: &&'s Table| shape.tables.get(&table.partition_of?);
    std::iter::successors(Some(table), above).collect()
}

pub(super) fn is_nullable(table: &Table, columns: &[i16]) -> bool {
    let mut columns = columns.iter().filter_map(|number| table.column(*number));
    columns.any(|column| !column.not_null)
}

/// What is known while tables are filled.
pub(super) struct Filling<'s> {
    pub(super) shape: &'s Shape,
    pub(super) values: Values<'s>,
    /// The rows made so far, for foreign keys.
    pub(super) rows: BTreeMap<u32, Vec<RowValues>>,
    /// The values that sequences give next, with the last that was used.
    pub(super) sequences: BTreeMap<u32, (i64, Option<i64>)>,
    /// The next place of values, by the table at the top.
    pub(super) places: BTreeMap<u32, u32>,
    /// Foreign keys that are set when all tables have rows.
    pub(super) later: Vec<(u32, usize)>,
    /// Tables whose rows no foreign key has checked.
    pub(super) unwatched: BTreeSet<u32>,
    pub(super) population: Population,
}

/// How daring a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Nulls, long texts and numbers below zero in some of the rows.
    Varied,
    /// Everyday values in every column.
    Full,
    /// Only what has to be named.
    Minimal,
}

impl<'s> Filling<'s> {
    async fn table(
        &mut self,
        connection: &mut PgConnection,
        table: &'s Table,
    ) -> Result<(), RowsError> {
        let top = lineage(self.shape, table)
            .last()
            .map_or(table.oid, |top| top.oid);
        let first = self.places.get(&top).copied().unwrap_or(0);
        self.places.insert(top, first + ROWS);
        let solutions = self.solutions(connection, table, first).await;
        let varied = self.make(table, first, Manner::Varied, &solutions);
        let mut made: Vec<RowValues> = Vec::new();
        let all: Vec<&RowValues> = varied.iter().collect();
        match insert(connection, table, &all, self.watched(table)).await? {
            Ok(()) => made = varied,
            Err(first_reason) => {
                // Far from the values of rows that a migration may have put there.
                let full = self.make(table, first + 500, Manner::Full, &solutions);
                let minimal = self.make(table, first + 500, Manner::Minimal, &solutions);
                for n in 0..varied.len() {
                    let tries = [
                        (&varied[n], Watched::ByAll),
                        (&full[n], Watched::ByAll),
                        (&minimal[n], Watched::ByAll),
                        (&full[n], Watched::ByNone),
                        (&minimal[n], Watched::ByNone),
                    ];
                    for (row, watched) in tries {
                        if insert(connection, table, &[row], watched).await?.is_ok() {
                            made.push(row.clone());
                            if watched == Watched::ByNone {
                                self.unwatched.insert(table.oid);
                            }
                            break;
                        }
                    }
                }
                if made.is_empty() && !has_rows(connection, table).await? {
                    self.population
                        .empty
                        .insert(table.qualified(), first_reason);
                    return Ok(());
                }
            }
        }
        self.population.rows.insert(table.qualified(), made.len());
        self.remember(table, &made);
        Ok(())
    }

    fn make(
        &mut self,
        table: &'s Table,
        first: u32,
        manner: Manner,
        solutions: &[RowValues],
    ) -> Vec<RowValues> {
        let count = self.count(table);
        let rows = (0..count).map(|n| self.row(table, first + n, n, manner, solutions));
        rows.collect()
    }

    /// How many rows it gets: one less than what it references where that has at most one row of
    /// it, so that there is place for another.
    fn count(&self, table: &Table) -> u32 {
        let keys = table
            .keys
            .iter()
            .filter(|key| key.columns.iter().all(|it| table.refers(*it)));
        let first = keys.filter_map(|key| key.columns.first());
        let references = first.filter_map(|number| {
            table
                .references
                .iter()
                .find(|it| it.columns.contains(number))
        });
        let counts = references.filter_map(|it| Some(self.rows.get(&it.table)?.len()));
        let count = counts
            .min()
            .map_or(ROWS as usize, |least| least.saturating_sub(1).max(1));
        u32::try_from(count).unwrap_or(ROWS).min(ROWS)
    }

    /// A table of a cycle that cannot be broken is filled before what it references.
    fn watched(&mut self, table: &Table) -> Watched {
        let ahead = table.references.iter().any(|reference| {
            reference.table != table.oid
                && !is_nullable(table, &reference.columns)
                && !self.rows.contains_key(&reference.table)
                && self.is_to_come(reference.table)
        });
        if ahead {
            self.unwatched.insert(table.oid);
            return Watched::ByNone;
        }
        Watched::ByAll
    }

    pub(super) fn is_to_come(&self, table: u32) -> bool {
        let Some(table) = self.shape.tables.get(&table) else {
            return false;
        };
        !self.population.empty.contains_key(&table.qualified())
    }

    fn remember(&mut self, table: &'s Table, made: &[RowValues]) {
        for above in lineage(self.shape, table) {
            let rows = made.iter().map(|row| {
                let named = row.iter().filter_map(|(number, value)| {
                    let name = &table.column(*number)?.name;
                    let there = above.columns.iter().find(|column| column.name == *name)?;
                    Some((there.number, value.clone()))
                });
                named.collect()
            });
            let rows: Vec<RowValues> = rows.collect();
            self.rows.entry(above.oid).or_default().extend(rows);
        }
    }
}
