//! A column as `CREATE TABLE` and `ADD COLUMN` spell it.

use std::fmt;

use super::sequence;
use crate::catalog::{Column, Generation, Identity};

/// A column's definition.
///
/// Its storage is left out, as PostgreSQL before 16 takes it in `SET STORAGE` only.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct ColumnDefinition(pub Column);

impl fmt::Display for ColumnDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Column {
            name,
            data_type,
            type_name: _,
            not_null,
            generation,
            collation,
            storage: _,
            compression,
            comment: _,
        } = &self.0;
        write!(f, "{name} {data_type}")?;
        if let Some(compression) = compression {
            write!(f, " COMPRESSION {compression}")?;
        }
        if let Some(collation) = collation {
            write!(f, " COLLATE {collation}")?;
        }
        // An identity is NOT NULL by itself.
        if *not_null && !matches!(generation, Generation::Identity(_)) {
            f.write_str(" NOT NULL")?;
        }
        match generation {
            Generation::None => Ok(()),
            Generation::Default(expression) => write!(f, " DEFAULT {expression}"),
            Generation::Identity(identity) => write!(f, " {}", Generated(identity)),
            Generation::Stored(expression) => {
                write!(f, " GENERATED ALWAYS AS ({expression}) STORED")
            }
        }
    }
}

/// `GENERATED … AS IDENTITY`, with the options that are given.
pub(super) struct Generated<'a>(pub(super) &'a Identity);

impl fmt::Display for Generated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Identity { always, options } = self.0;
        write!(f, "GENERATED {} AS IDENTITY", always_word(*always))?;
        let options = sequence::given(options);
        if options.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", options.join(" "))
    }
}

pub(super) fn always_word(always: bool) -> &'static str {
    if always { "ALWAYS" } else { "BY DEFAULT" }
}
