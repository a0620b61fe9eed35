//! Triggers that let two releases write to one table.

use std::fmt::{self, Write};

use super::{List, Quoted};
use crate::ident::{Ident, QualifiedName, literal};

/// A trigger before INSERT and UPDATE, and its function, which has the same name.
///
/// Its arguments name its columns, so that one can tell from the catalogs what it is for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ShimTrigger {
    /// The table.
    pub table: QualifiedName,
    /// The name of the trigger, and in the schema of the table that of the function.
    pub name: Ident,
    /// What it does.
    pub rule: ShimRule,
}

/// What a trigger of a shim does to each row that is written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShimRule {
    /// Two columns hold the same: the one that was written wins, the new one if both were. Whether
    /// a value was written is told by its bytes (`*<>`), as not every type has an equality, and for
    /// some what is equal differs.
    Sync {
        /// The column of the previous release.
        old: Ident,
        /// The column of this release.
        new: Ident,
        /// The old value as a new one.
        forward: ShimValue,
        /// The new value as an old one.
        back: ShimValue,
    },
    /// A value takes the place of NULL.
    Fill {
        /// The column.
        column: Ident,
        /// The value.
        value: ShimValue,
    },
}

impl ShimRule {
    fn values(&self) -> Vec<&ShimValue> {
        match self {
            Self::Sync { forward, back, .. } => vec![forward, back],
            Self::Fill { value, .. } => vec![value],
        }
    }
}

/// A value made of the row that is written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShimValue {
    /// A column, through all of these casts.
    Column {
        /// The column.
        column: Ident,
        /// Types, as SQL spells them, in order.
        casts: Vec<String>,
    },
    /// An expression of the user's.
    Expression {
        /// The expression.
        sql: String,
        /// The type that it is to have.
        data_type: String,
        /// The columns that it may use: each of the row's, and what the expression calls it.
        columns: Vec<(Ident, Ident)>,
    },
}

/// As an expression of PL/pgSQL in which the row is `NEW`.
impl fmt::Display for ShimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column { column, casts } => {
                write!(f, "NEW.{column}")?;
                casts.iter().try_for_each(|cast| write!(f, "::{cast}"))
            }
            Self::Expression { sql, columns, .. } if columns.is_empty() => {
                write!(f, "({sql})")
            }
            Self::Expression { sql, columns, .. } => {
                let columns = columns.iter();
                let columns = columns.map(|(column, name)| format!("NEW.{column} AS {name}"));
                let columns: Vec<String> = columns.collect();
                write!(
                    f,
                    "(SELECT {sql} FROM (SELECT {}) AS \"row\")",
                    List(&columns)
                )
            }
        }
    }
}

impl ShimTrigger {
    /// Queries that PostgreSQL only accepts where the values of the trigger can be made; they give no
    /// row. The function itself is not looked into before it runs.
    pub fn probes(&self) -> Vec<String> {
        let probe = |value: &ShimValue| {
            let value = match value {
                ShimValue::Column { .. } => value.to_string(),
                ShimValue::Expression { data_type, .. } => format!("CAST({value} AS {data_type})"),
            };
            format!("SELECT {value} FROM {} AS new WHERE false", self.table)
        };
        self.rule.values().into_iter().map(probe).collect()
    }

    pub(super) fn function(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = String::new();
        let expression = |value: &&ShimValue| matches!(value, ShimValue::Expression { .. });
        if self.rule.values().iter().any(expression) {
            // A column may be called as a variable is.
            body.push_str("#variable_conflict use_column\n");
        }
        body.push_str("BEGIN\n");
        match &self.rule {
            ShimRule::Sync {
                old,
                new,
                forward,
                back,
            } => write!(
                body,
                "    IF TG_OP = 'INSERT' THEN\n        \
                     IF NEW.{new} IS NULL THEN\n            \
                         NEW.{new} := {forward};\n        \
                     ELSE\n            \
                         NEW.{old} := {back};\n        \
                     END IF;\n    \
                 ELSIF ROW(NEW.{new})::record *<> ROW(OLD.{new})::record THEN\n        \
                     NEW.{old} := {back};\n    \
                 ELSIF NEW.{new} IS NULL OR ROW(NEW.{old})::record *<> ROW(OLD.{old})::record THEN\n        \
                     NEW.{new} := {forward};\n    \
                 END IF;\n"
            )?,
            ShimRule::Fill { column, value } => write!(
                body,
                "    IF NEW.{column} IS NULL THEN\n        \
                     NEW.{column} := {value};\n    \
                 END IF;\n"
            )?,
        }
        body.push_str("    RETURN NEW;\nEND\n");
        write!(
            f,
            "CREATE FUNCTION {}() RETURNS trigger\nLANGUAGE plpgsql\nSET search_path = public, pg_temp\nAS {}",
            self.table.sibling(self.name.clone()),
            Quoted(&body)
        )
    }

    pub(super) fn trigger(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<&Ident> = match &self.rule {
            ShimRule::Sync { old, new, .. } => vec![old, new],
            ShimRule::Fill { column, .. } => vec![column],
        };
        let arguments = columns.iter().map(|column| literal(column.as_str()));
        let arguments: Vec<String> = arguments.collect();
        write!(
            f,
            "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {}\nFOR EACH ROW EXECUTE FUNCTION {}({})",
            self.name,
            self.table,
            self.table.sibling(self.name.clone()),
            List(&arguments)
        )
    }
}
