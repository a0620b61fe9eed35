//! Rows of tables of configuration.

use std::fmt;

use super::{Hazard, List, LockLevel};
use crate::ident::{Ident, QualifiedName, literal};

/// A statement about rows of one table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum RowsDdl {
    /// `INSERT … ON CONFLICT (key) DO UPDATE`: a row that is there already gets these values.
    Insert {
        table: QualifiedName,
        columns: Vec<Ident>,
        /// A column that PostgreSQL alone numbers: it can be given, but not changed.
        always: Option<Ident>,
        rows: Vec<Vec<Value>>,
        key: Vec<Ident>,
    },
    /// `UPDATE` of the row with this key.
    Update {
        table: QualifiedName,
        set: Vec<(Ident, Value)>,
        key: Vec<(Ident, Value)>,
    },
    /// `DELETE` of the rows with these keys.
    Delete {
        table: QualifiedName,
        key: Vec<Ident>,
        rows: Vec<Vec<Value>>,
    },
    /// The numbers that PostgreSQL gives to a column go on behind the highest that is there.
    Restart {
        table: QualifiedName,
        column: Ident,
        /// The first number that it would give.
        start: i64,
    },
}

/// A value of a row, in the text form of its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// NULL.
    Null,
    /// A number or truth value, which needs no quotes.
    Plain(String),
    /// Anything else: PostgreSQL reads it as the type of the column that it goes to.
    Quoted(String),
}

impl Value {
    /// The value of a column of this type (as `format_type` spells it) from its text form.
    ///
    /// ```
    /// use schema_core::ddl::Value;
    /// let sql = |text: &str, ty| Value::new(Some(text.to_owned()), ty).to_string();
    /// assert_eq!(sql("-12.50", "numeric(12,2)"), "-12.50");
    /// assert_eq!(sql("NaN", "numeric"), "'NaN'");
    /// assert_eq!(sql("0.1", "real"), "'0.1'");
    /// assert_eq!(sql("it's", "text"), "'it''s'");
    /// assert_eq!(sql("two\nlines", "text"), "E'two\\nlines'");
    /// ```
    pub fn new(text: Option<String>, data_type: &str) -> Self {
        let Some(text) = text else {
            return Self::Null;
        };
        let base = data_type.split('(').next().unwrap_or(data_type);
        let array = data_type.ends_with(']');
        // Not of floats: a number with a fraction is numeric, and no float is equal to it.
        let plain = !array
            && match base {
                "smallint" | "integer" | "bigint" | "numeric" => is_number(&text),
                "boolean" => matches!(text.as_str(), "true" | "false"),
                _ => false,
            };
        if plain {
            Self::Plain(text)
        } else {
            Self::Quoted(text)
        }
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Line breaks and other control characters are escaped: a file with converted line ends still
/// says the same.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Plain(text) => f.write_str(text),
            Self::Quoted(text) if !text.contains(char::is_control) => f.write_str(&literal(text)),
            Self::Quoted(text) => {
                f.write_str("E'")?;
                for character in text.chars() {
                    match character {
                        '\'' => f.write_str("''")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        other if other.is_control() => write!(f, "\\u{:04X}", u32::from(other))?,
                        other => write!(f, "{other}")?,
                    }
                }
                f.write_str("'")
            }
        }
    }
}

impl RowsDdl {
    /// The table.
    pub fn table(&self) -> &QualifiedName {
        match self {
            Self::Insert { table, .. }
            | Self::Update { table, .. }
            | Self::Delete { table, .. }
            | Self::Restart { table, .. } => table,
        }
    }

    pub(super) fn comment(&self) -> String {
        match self {
            Self::Insert { table, rows, .. } => format!("Insert {} into {table}", count(rows)),
            Self::Update { table, .. } => format!("Update rows of {table}"),
            Self::Delete { table, rows, .. } => format!("Delete {} from {table}", count(rows)),
            Self::Restart { table, column, .. } => {
                format!("Number further rows of {table} behind these by {column}")
            }
        }
    }

    pub(super) fn lock(&self) -> LockLevel {
        match self {
            Self::Insert { .. } | Self::Update { .. } | Self::Delete { .. } => {
                LockLevel::RowExclusive
            }
            Self::Restart { .. } => LockLevel::None,
        }
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::Delete { table, .. } => vec![Hazard::DeletesRows {
                table: table.clone(),
            }],
            _ => Vec::new(),
        }
    }
}

fn count(rows: &[Vec<Value>]) -> String {
    match rows.len() {
        1 => "1 row".to_owned(),
        many => format!("{many} rows"),
    }
}

impl fmt::Display for RowsDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insert {
                table,
                columns,
                always,
                rows,
                key,
            } => {
                write!(f, "INSERT INTO {table} ({})", List(columns))?;
                if always.is_some() {
                    f.write_str(" OVERRIDING SYSTEM VALUE")?;
                }
                f.write_str("\nVALUES")?;
                for (place, row) in rows.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}\n    ({})", List(row))?;
                }
                write!(f, "\nON CONFLICT ({}) DO ", List(key))?;
                let others = columns.iter();
                let others = others.filter(|it| !key.contains(it) && Some(*it) != always.as_ref());
                let set: Vec<String> = others
                    .map(|column| format!("{column} = excluded.{column}"))
                    .collect();
                if set.is_empty() {
                    return f.write_str("NOTHING");
                }
                write!(f, "UPDATE SET\n    {}", set.join(",\n    "))
            }
            Self::Update { table, set, key } => {
                write!(
                    f,
                    "UPDATE {table} SET {} WHERE {}",
                    equals(set, ", "),
                    equals(key, " AND ")
                )
            }
            Self::Delete { table, key, rows } => match (&key[..], &rows[..]) {
                (_, [row]) => {
                    let pairs: Vec<_> = key.iter().cloned().zip(row.iter().cloned()).collect();
                    write!(f, "DELETE FROM {table} WHERE {}", equals(&pairs, " AND "))
                }
                ([column], rows) => {
                    let values = rows.concat();
                    write!(
                        f,
                        "DELETE FROM {table} WHERE {column} IN ({})",
                        List(&values)
                    )
                }
                (key, rows) => {
                    let rows: Vec<String> =
                        rows.iter().map(|row| format!("({})", List(row))).collect();
                    write!(
                        f,
                        "DELETE FROM {table} WHERE ({}) IN ({})",
                        List(key),
                        List(&rows)
                    )
                }
            },
            Self::Restart {
                table,
                column,
                start,
            } => {
                let sequence = format!(
                    "pg_get_serial_sequence({}, {})",
                    literal(&table.to_string()),
                    literal(column.as_str())
                );
                write!(
                    f,
                    "SELECT setval({sequence}, max({column})) FROM {table}\n\
                     HAVING max({column}) >= coalesce(pg_sequence_last_value({sequence}::regclass) + 1, {start})"
                )
            }
        }
    }
}

fn equals(pairs: &[(Ident, Value)], separator: &str) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(column, value)| format!("{column} = {value}"))
        .collect();
    pairs.join(separator)
}
