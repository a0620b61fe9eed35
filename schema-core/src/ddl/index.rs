//! Indexes.

use std::fmt;

use super::{Hazard, List, LockLevel, With};
use crate::catalog::{Index, IndexElement, IndexKey};
use crate::ident::{Ident, QualifiedName};

/// A statement about an index.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum IndexDdl {
    /// `CREATE INDEX`: SHARE, against writing, for as long as it takes to build, unless it is built
    /// concurrently.
    Create {
        name: Ident,
        table: QualifiedName,
        index: Box<Index>,
        /// It takes SHARE UPDATE EXCLUSIVE and two scans, and cannot be in a transaction.
        concurrently: bool,
        /// `ON ONLY`: those of the partitions are built by themselves, and attached.
        only: bool,
    },
    /// `ALTER INDEX … ATTACH PARTITION …`.
    AttachPartition {
        name: QualifiedName,
        partition: QualifiedName,
        /// The partition that has the second.
        table: QualifiedName,
    },
    /// `DROP INDEX CONCURRENTLY IF EXISTS` before such a build: what one that failed has left is
    /// invalid, and has the name.
    DropLeftover { name: Ident, table: QualifiedName },
    /// `ALTER INDEX … RENAME TO …`: SHARE UPDATE EXCLUSIVE.
    Rename { name: QualifiedName, to: Ident },
    /// `DROP INDEX`: ACCESS EXCLUSIVE on its table, unless it is dropped concurrently.
    Drop {
        name: QualifiedName,
        /// It takes SHARE UPDATE EXCLUSIVE, and cannot be in a transaction.
        concurrently: bool,
    },
}

impl IndexDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create { name, table, .. } | Self::DropLeftover { name, table } => {
                format!("Create index {name} on table {table}")
            }
            Self::AttachPartition {
                name, partition, ..
            } => format!("Attach index {partition} to index {name}"),
            Self::Rename { name, to } => format!("Rename index {name} to {to}"),
            Self::Drop { name, .. } => format!("Drop index {name}"),
        }
    }

    pub(super) fn lock(&self) -> LockLevel {
        match self {
            // There is nothing to read.
            Self::Create { only: true, .. } => LockLevel::ShareUpdateExclusive,
            Self::Create {
                concurrently: false,
                ..
            } => LockLevel::Share,
            Self::Drop {
                concurrently: false,
                ..
            } => LockLevel::AccessExclusive,
            Self::Create { .. }
            | Self::AttachPartition { .. }
            | Self::DropLeftover { .. }
            | Self::Rename { .. }
            | Self::Drop { .. } => LockLevel::ShareUpdateExclusive,
        }
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::Create {
                name,
                index,
                concurrently,
                only,
                ..
            } => {
                let blocks = (!concurrently && !only).then_some(Hazard::BuildsIndex);
                let name = name.clone();
                let fails = (index.unique && !only).then_some(Hazard::FailsOnViolation { name });
                blocks.into_iter().chain(fails).collect()
            }
            Self::AttachPartition { .. }
            | Self::DropLeftover { .. }
            | Self::Rename { .. }
            | Self::Drop { .. } => Vec::new(),
        }
    }

    /// Builds and drops that let others write meanwhile.
    pub(crate) fn is_concurrent(&self) -> bool {
        match self {
            Self::Create { concurrently, .. } | Self::Drop { concurrently, .. } => *concurrently,
            Self::DropLeftover { .. } => true,
            Self::AttachPartition { .. } | Self::Rename { .. } => false,
        }
    }
}

impl fmt::Display for IndexDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create {
                name,
                table,
                index,
                concurrently,
                only,
            } => {
                let only = if *only { "ONLY " } else { "" };
                let unique = if index.unique { "UNIQUE " } else { "" };
                let how = word(*concurrently);
                write!(f, "CREATE {unique}INDEX {how}{name} ON {only}{table}")?;
                definition(f, index)
            }
            Self::DropLeftover { name, table } => {
                let name = table.sibling(name.clone());
                write!(f, "DROP INDEX CONCURRENTLY IF EXISTS {name}")
            }
            Self::AttachPartition {
                name, partition, ..
            } => write!(f, "ALTER INDEX {name} ATTACH PARTITION {partition}"),
            Self::Rename { name, to } => write!(f, "ALTER INDEX {name} RENAME TO {to}"),
            Self::Drop { name, concurrently } => {
                write!(f, "DROP INDEX {}{name}", word(*concurrently))
            }
        }
    }
}

fn word(concurrently: bool) -> &'static str {
    if concurrently { "CONCURRENTLY " } else { "" }
}

fn definition(f: &mut fmt::Formatter<'_>, index: &Index) -> fmt::Result {
    if index.method != *"btree" {
        write!(f, " USING {}", index.method)?;
    }
    let elements: Vec<Element<'_>> = index.elements.iter().map(Element).collect();
    write!(f, " ({})", List(&elements))?;
    if !index.include.is_empty() {
        write!(f, " INCLUDE ({})", List(&index.include))?;
    }
    if index.nulls_not_distinct {
        f.write_str(" NULLS NOT DISTINCT")?;
    }
    write!(f, "{}", With(&index.storage_parameters))?;
    if let Some(tablespace) = &index.tablespace {
        write!(f, " TABLESPACE {tablespace}")?;
    }
    match &index.predicate {
        Some(predicate) => write!(f, " WHERE {predicate}"),
        None => Ok(()),
    }
}

/// One element of an index or exclusion constraint.
pub(super) struct Element<'a>(pub(super) &'a IndexElement);

impl fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let IndexElement {
            key,
            opclass,
            collation,
            descending,
            nulls_first,
        } = self.0;
        match key {
            IndexKey::Column(column) => write!(f, "{column}")?,
            IndexKey::Expression(call) if is_call(call) => f.write_str(call)?,
            IndexKey::Expression(expression) => write!(f, "({expression})")?,
        }
        if let Some(collation) = collation {
            write!(f, " COLLATE {collation}")?;
        }
        if let Some(opclass) = opclass {
            write!(f, " {opclass}")?;
        }
        f.write_str(if *descending { " DESC" } else { "" })?;
        f.write_str(match (descending, nulls_first) {
            (true, true) | (false, false) => "",
            (false, true) => " NULLS FIRST",
            (true, false) => " NULLS LAST",
        })
    }
}

/// True for `name(…)`, which needs no parentheses around it.
fn is_call(expression: &str) -> bool {
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    let arguments = expression.trim_start_matches(named);
    if arguments.len() == expression.len() || !arguments.starts_with('(') {
        return false;
    }
    let mut depth = 0_usize;
    let mut quote = None;
    for (place, character) in arguments.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth -= 1;
                if depth == 0 {
                    return place + 1 == arguments.len();
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_call;

    #[test]
    fn only_a_single_call_goes_without_parentheses() {
        assert!(is_call("lower(email)"));
        assert!(is_call("f(a, ')')"));
        assert!(!is_call("lower(a) || lower(b)"));
        assert!(!is_call("(a + b)"));
        assert!(!is_call("a"));
    }
}
