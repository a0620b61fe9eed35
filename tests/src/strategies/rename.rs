//! Other names for what there is.

use schema_core::catalog::{ConstraintKind, Generation};
use schema_core::ident::{Ident, QualifiedName};
use serde_json::Value;

use super::Builder;
use super::repair::replaced;

impl Builder {
    pub(super) fn rename_column(&mut self, table: &QualifiedName) {
        let Some(old) = self.any_column(table).map(|column| column.name.clone()) else {
            return;
        };
        let new = self.fresh_name();
        let value = serde_json::to_value(&self.catalog.tables[table]).expect("serialises");
        let renamed = rewritten(value, &old, &new);
        *self.table(table) = serde_json::from_value(renamed).expect("is still a table");
        let constraints = self.catalog.tables.values_mut();
        for constraint in constraints.flat_map(|table| table.constraints.values_mut()) {
            if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
                && key.references == *table
            {
                let columns = key.referenced_columns.iter_mut();
                columns
                    .filter(|it| **it == old)
                    .for_each(|it| *it = new.clone());
            }
        }
        for sequence in self.catalog.sequences.values_mut() {
            if sequence.owned_by == Some((table.clone(), old.clone())) {
                sequence.owned_by = Some((table.clone(), new.clone()));
            }
        }
    }

    /// Another name, perhaps in another schema.
    pub(super) fn rename_table(&mut self, old: &QualifiedName) {
        let new = self.fresh_qualified_name();
        let mut table = self.catalog.tables.remove(old);
        for column in table.iter_mut().flat_map(|it| &mut it.columns) {
            if let Generation::Identity(identity) = &mut column.generation
                && let Some(sequence) = &mut identity.sequence
            {
                sequence.schema = new.schema.clone();
            }
        }
        self.catalog
            .tables
            .extend(table.map(|table| (new.clone(), table)));
        let constraints = self.catalog.tables.values_mut();
        for constraint in constraints.flat_map(|table| table.constraints.values_mut()) {
            if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
                && key.references == *old
            {
                key.references = new.clone();
            }
        }
        for sequence in self.catalog.sequences.values_mut() {
            if let Some((table, _)) = &mut sequence.owned_by
                && table == old
            {
                *table = new.clone();
            }
        }
    }
}

/// The value with the column renamed wherever a text is or uses it.
fn rewritten(value: Value, old: &Ident, new: &Ident) -> Value {
    match value {
        Value::String(text) if *old == *text => Value::String(new.as_str().to_owned()),
        Value::String(text) => Value::String(replaced(&text, old, new)),
        Value::Array(values) => {
            let values = values.into_iter();
            values.map(|value| rewritten(value, old, new)).collect()
        }
        Value::Object(members) => {
            let members = members.into_iter();
            members
                .map(|(name, value)| (name, rewritten(value, old, new)))
                .collect()
        }
        other => other,
    }
}
