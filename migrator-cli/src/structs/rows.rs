//! Rows of configuration that differ, as the lines that declare them.

use schema_core::ddl::Value;
use schema_core::ident::Ident;
use schema_core::plan::RowChange;
use schema_core::schema::{DeclaredRow, DeclaredValue};

use super::hunk::{Hunk, Sides};

/// A row that comes or changes is shown where it is declared; one that goes by its key.
pub(super) fn of_row(change: &RowChange, sides: &Sides<'_>) -> Hunk {
    let key: Vec<(&Ident, &Value)> = match change {
        RowChange::Insert { key, row, .. } => {
            let values = key.iter().filter_map(|column| row.get_key_value(column));
            values.collect()
        }
        RowChange::Update { key, .. } | RowChange::Delete { key, .. } => {
            key.iter().map(|(column, value)| (column, value)).collect()
        }
    };
    if let RowChange::Delete { .. } = change {
        return Hunk {
            removed: vec![spelled(change, &key, sides)],
            added: Vec::new(),
        };
    }
    let declared = sides.hints.rows.get(change.table());
    let mut rows = declared.into_iter().flat_map(|declared| &declared.rows);
    let row = rows.find(|row| key.iter().all(|(column, value)| holds(row, column, value)));
    Hunk {
        removed: Vec::new(),
        added: row.map_or_else(Vec::new, |row| sides.declaration(row)),
    }
}

fn holds(row: &DeclaredRow, column: &Ident, value: &Value) -> bool {
    match (row.values.get(column), value) {
        (Some(DeclaredValue::Literal(sql)), Value::Plain(text) | Value::Quoted(text)) => {
            let quoted = sql.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
            quoted.map_or_else(|| sql.clone(), |it| it.replace("''", "'")) == *text
        }
        (Some(DeclaredValue::Null), Value::Null) => true,
        _ => false,
    }
}

/// `{ code: "pro" },`
fn spelled(change: &RowChange, key: &[(&Ident, &Value)], sides: &Sides<'_>) -> String {
    let values = key.iter().map(|(column, value)| {
        let value = match value {
            Value::Null => "None".to_owned(),
            Value::Plain(text) => text.clone(),
            Value::Quoted(text) => format!("{text:?}"),
        };
        format!("{}: {value}", sides.names.field(change.table(), column).0)
    });
    format!("    {{ {} }},", values.collect::<Vec<_>>().join(", "))
}
