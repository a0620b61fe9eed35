//! The values of one row: everyday ones, daring ones, and those that foreign keys ask for.

use std::collections::BTreeSet;

use super::fill::{Filling, Manner, is_nullable};
use super::insert::RowValues;
use super::shape::{Column, RelationKind, Table};
use super::value::Flavour;

impl<'s> Filling<'s> {
    /// The `nth` row of a table, its values at this place.
    pub(super) fn row(
        &mut self,
        table: &'s Table,
        place: u32,
        nth: u32,
        manner: Manner,
        solutions: &[RowValues],
    ) -> RowValues {
        let mut row = RowValues::new();
        let unique: BTreeSet<i16> = table
            .keys
            .iter()
            .flat_map(|key| key.columns.iter().copied())
            .collect();
        let solved = solutions.get(match manner {
            Manner::Varied => nth as usize,
            Manner::Full | Manner::Minimal => nth as usize % 2,
        });
        for column in &table.columns {
            if column.generated {
                continue;
            }
            let number = column.number;
            if let Some(sequence) = &column.sequence {
                let value = self.next(sequence.oid, sequence.next, sequence.increment);
                row.insert(number, value.to_string());
                continue;
            }
            let is_key = unique.contains(&number);
            let value = match manner {
                Manner::Minimal if !column.is_required() => None,
                Manner::Varied if nth == 2 && !column.not_null && !is_key => Some("NULL".into()),
                Manner::Varied if nth == 1 && !is_key => {
                    self.values.of(column, place, self.wide(column))
                }
                _ => self.values.of(column, place, Flavour::Plain),
            };
            row.extend(value.map(|value| (number, value)));
        }
        if let Some(solved) = solved {
            let named = solved.iter().filter(|(number, value)| {
                manner != Manner::Minimal || row.contains_key(number) || *value != "NULL"
            });
            row.extend(
                named
                    .map(|(number, value)| (*number, value.clone()))
                    .collect::<Vec<_>>(),
            );
        }
        let solved: BTreeSet<i16> = solved
            .into_iter()
            .flat_map(|row| row.keys().copied())
            .collect();
        for (index, reference) in table.references.iter().enumerate() {
            if reference
                .columns
                .iter()
                .any(|number| solved.contains(number))
            {
                continue;
            }
            let nullable = is_nullable(table, &reference.columns);
            let nulls =
                nullable && (manner == Manner::Minimal || (manner == Manner::Varied && nth == 2));
            let known = self.rows.contains_key(&reference.table);
            if !known
                && reference.table != table.oid
                && nullable
                && manner == Manner::Varied
                && nth == 0
            {
                self.later.push((table.oid, index));
            }
            let of_itself = reference.table == table.oid;
            for (number, there) in reference.columns.iter().zip(&reference.referenced) {
                let Some(column) = table.column(*number) else {
                    continue;
                };
                let value = if (nulls || (nullable && !known && !(of_itself && nth > 0)))
                    && !column.not_null
                {
                    "NULL".into()
                } else if nulls {
                    continue;
                } else if of_itself {
                    // The first row is its own parent, or has none.
                    match row.get(there) {
                        Some(value) => value.clone(),
                        None => continue,
                    }
                } else {
                    self.referenced(reference.table, *there, nth)
                };
                row.insert(*number, value);
            }
        }
        row
    }

    /// The part of a type's values that a daring row has.
    pub(super) fn wide(&self, column: &Column) -> Flavour {
        let (base, _) = self.values.shape.base(column.data_type, column.modifier);
        match self.values.shape.types.get(&base) {
            Some(found) if matches!(found.category, 'S' | 'V' | 'U') => Flavour::Longest,
            _ => Flavour::Negative,
        }
    }

    pub(super) fn next(&mut self, sequence: u32, start: i64, increment: i64) -> i64 {
        let (next, last) = self.sequences.entry(sequence).or_insert((start, None));
        let value = *next;
        *last = Some(value);
        *next = next.saturating_add(increment);
        value
    }

    /// The value of a column of a referenced row.
    pub(super) fn referenced(&self, table: u32, number: i16, nth: u32) -> String {
        let rows = self.rows.get(&table).map(Vec::as_slice).unwrap_or_default();
        let row = rows.get(nth as usize % rows.len().max(1));
        if let Some(value) = row.and_then(|row| row.get(&number)) {
            return value.clone();
        }
        let Some(found) = self.shape.tables.get(&table) else {
            return "NULL".into();
        };
        let Some(column) = found.column(number) else {
            return "NULL".into();
        };
        if rows.is_empty() && found.kind != RelationKind::Partitioned && self.is_to_come(table) {
            // What it will get: a cycle that cannot be broken.
            return match &column.sequence {
                Some(sequence) => (sequence.next + sequence.increment * i64::from(nth)).to_string(),
                None => self
                    .values
                    .of(column, nth, Flavour::Plain)
                    .unwrap_or_else(|| "NULL".into()),
            };
        }
        let (name, path) = (&column.name, found.path());
        format!(
            "(SELECT {name} FROM {path} WHERE {name} IS NOT NULL ORDER BY 1 OFFSET {nth} LIMIT 1)"
        )
    }
}
