//! Values for the columns that checks, and the bounds of partitions, speak of.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::fill::{Filling, ROWS};
use super::insert::RowValues;
use super::shape::{Column, Table};
use super::solve::{Choice, candidates, solve};

impl<'s> Filling<'s> {
    /// Values of the columns that checks and the bounds of a partition speak of, for each row.
    pub(super) async fn solutions(
        &self,
        connection: &mut PgConnection,
        table: &'s Table,
        place: u32,
    ) -> Vec<RowValues> {
        let mut rows = vec![RowValues::new(); ROWS as usize];
        for (numbers, conditions) in components(table) {
            let columns = numbers.iter().filter_map(|number| table.column(*number));
            let columns: Vec<&Column> = columns.filter(|column| !column.generated).collect();
            if columns.is_empty() || columns.len() < numbers.len() {
                continue;
            }
            let choices = columns
                .iter()
                .map(|column| self.choice(table, column, place, &conditions));
            let choices: Vec<Choice> = choices.collect();
            let Ok(found) = solve(connection, &choices, &conditions).await else {
                continue;
            };
            for (row, solution) in rows.iter_mut().zip(pick(&choices, &found)) {
                for ((column, choice), index) in columns.iter().zip(&choices).zip(solution) {
                    let value = &choice.values[*index];
                    let value = if value.starts_with("NULL::") {
                        "NULL"
                    } else {
                        value
                    };
                    row.insert(column.number, value.to_owned());
                }
            }
        }
        rows
    }

    pub(super) fn choice(
        &self,
        table: &Table,
        column: &Column,
        place: u32,
        conditions: &[&str],
    ) -> Choice {
        let reference = table
            .references
            .iter()
            .find(|it| it.columns.contains(&column.number));
        let referenced = reference.and_then(|reference| {
            let at = reference
                .columns
                .iter()
                .position(|number| *number == column.number)?;
            let rows = self.rows.get(&reference.table)?;
            let values = rows
                .iter()
                .filter_map(|row| row.get(&reference.referenced[at]));
            let type_name = &column.type_name;
            Some(
                values
                    .take(4)
                    .map(|value| format!("({value})::{type_name}"))
                    .collect(),
            )
        });
        let mut values: Vec<String> = referenced.unwrap_or_else(|| {
            candidates(
                &self.values,
                column.data_type,
                column.modifier,
                place,
                conditions,
            )
        });
        if !column.not_null {
            let base = self.shape.base(column.data_type, column.modifier).0;
            let spelling = self.shape.types.get(&base).map(|found| &found.spelling);
            let at = values.len().min(3);
            values.splice(at..at, spelling.map(|spelling| format!("NULL::{spelling}")));
        }
        Choice {
            name: column.name.to_string(),
            values,
        }
    }
}

/// The conditions of a table, in groups that share no column.
fn components(table: &Table) -> Vec<(BTreeSet<i16>, Vec<&str>)> {
    let checks = table.checks.iter();
    let checks = checks.map(|check| {
        (
            check.columns.iter().copied().collect(),
            check.expression.as_str(),
        )
    });
    let bound = table.bound.iter().map(|bound| {
        let is_named = |column: &&Column| {
            let name = column.name.to_string();
            let mut words = bound.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '"')));
            words.any(|word| word == name)
        };
        (
            table
                .columns
                .iter()
                .filter(is_named)
                .map(|it| it.number)
                .collect(),
            bound.as_str(),
        )
    });
    let mut groups: Vec<(BTreeSet<i16>, Vec<&str>)> = Vec::new();
    for (mut numbers, condition) in checks.chain(bound) {
        let mut conditions = vec![condition];
        groups.retain_mut(|(others, more)| {
            if others.is_disjoint(&numbers) {
                return true;
            }
            numbers.append(others);
            conditions.append(more);
            false
        });
        groups.push((numbers, conditions));
    }
    groups
}

/// One solution for each row: the likeliest without nulls, one as different as there is, and one
/// with many nulls.
fn pick<'f>(choices: &[Choice], found: &'f [Vec<usize>]) -> Vec<&'f Vec<usize>> {
    let nulls = |solution: &Vec<usize>| {
        let given = solution.iter().zip(choices);
        given
            .filter(|(index, choice)| choice.values[**index].starts_with("NULL::"))
            .count()
    };
    let Some(first) = found.iter().find(|it| nulls(it) == 0).or(found.first()) else {
        return Vec::new();
    };
    let apart = |one: &Vec<usize>, other: &Vec<usize>| {
        one.iter().zip(other).filter(|(a, b)| a != b).count()
    };
    let pick = |rank: &dyn Fn(&Vec<usize>) -> usize| {
        let best = found.iter().rev().max_by_key(|it| rank(it));
        best.unwrap_or(first)
    };
    let second = pick(&|it| apart(it, first) * 4 + usize::from(nulls(it) == 0));
    let third = pick(&|it| {
        let distinct = apart(it, first).min(apart(it, second));
        distinct * 4 + nulls(it)
    });
    vec![first, second, third]
}
