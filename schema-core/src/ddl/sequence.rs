//! Sequences and the options of identity columns.

use std::fmt;

use super::{Hazard, LockLevel};
use crate::catalog::{Sequence, SequenceOptions};
use crate::ident::{Ident, QualifiedName};

/// A statement about a sequence. None locks a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum SequenceDdl {
    /// `CREATE SEQUENCE`, without its owner.
    Create {
        name: QualifiedName,
        sequence: Sequence,
    },
    /// `ALTER SEQUENCE`, all that differs but the owner.
    Alter {
        name: QualifiedName,
        from: Box<Sequence>,
        to: Box<Sequence>,
    },
    /// `ALTER SEQUENCE … OWNED BY …`.
    OwnedBy {
        name: QualifiedName,
        owner: Option<(QualifiedName, Ident)>,
    },
    /// `ALTER SEQUENCE … RENAME TO …`.
    Rename { name: QualifiedName, to: Ident },
    /// `DROP SEQUENCE`.
    Drop(QualifiedName),
}

impl SequenceDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create { name, .. } => format!("Create sequence {name}"),
            Self::Alter { name, .. } => format!("Change sequence {name}"),
            Self::OwnedBy {
                name,
                owner: Some((table, column)),
            } => format!("Tie sequence {name} to column {table}.{column}"),
            Self::OwnedBy { name, owner: None } => format!("Untie sequence {name}"),
            Self::Rename { name, to } => format!("Rename sequence {name} to {to}"),
            Self::Drop(name) => format!("Drop sequence {name}"),
        }
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn lock(&self) -> LockLevel {
        LockLevel::None
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        match self {
            Self::Alter { from, to, .. } if restarts(&from.options, &to.options) => {
                vec![Hazard::Restarts]
            }
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for SequenceDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { name, sequence } => {
                write!(f, "CREATE SEQUENCE {name}")?;
                if sequence.data_type != "bigint" {
                    write!(f, " AS {}", sequence.data_type)?;
                }
                for option in given(&sequence.options) {
                    write!(f, " {option}")?;
                }
                Ok(())
            }
            Self::Alter { name, from, to } => {
                write!(f, "ALTER SEQUENCE {name}")?;
                if from.data_type != to.data_type {
                    write!(f, " AS {}", to.data_type)?;
                }
                for option in changed(&from.options, &to.options) {
                    write!(f, " {option}")?;
                }
                Ok(())
            }
            Self::OwnedBy {
                name,
                owner: Some((table, column)),
            } => write!(f, "ALTER SEQUENCE {name} OWNED BY {table}.{column}"),
            Self::OwnedBy { name, owner: None } => write!(f, "ALTER SEQUENCE {name} OWNED BY NONE"),
            Self::Rename { name, to } => write!(f, "ALTER SEQUENCE {name} RENAME TO {to}"),
            Self::Drop(name) => write!(f, "DROP SEQUENCE {name}"),
        }
    }
}

/// The options that are given, as `CREATE SEQUENCE` and `GENERATED … AS IDENTITY (…)` spell them.
pub(super) fn given(options: &SequenceOptions) -> Vec<String> {
    let SequenceOptions {
        start,
        increment,
        min,
        max,
        cache,
        cycle,
    } = options;
    let numbers = [
        ("START WITH", start),
        ("INCREMENT BY", increment),
        ("MINVALUE", min),
        ("MAXVALUE", max),
        ("CACHE", cache),
    ];
    let mut given: Vec<String> = numbers
        .into_iter()
        .filter_map(|(word, value)| value.map(|value| format!("{word} {value}")))
        .collect();
    given.extend(cycle.then(|| "CYCLE".to_owned()));
    given
}

/// The options that differ, with PostgreSQL's defaults written out where they come back.
pub(super) fn changed(from: &SequenceOptions, to: &SequenceOptions) -> Vec<String> {
    let mut changed = Vec::new();
    if from.increment != to.increment {
        changed.push(format!("INCREMENT BY {}", to.increment.unwrap_or(1)));
    }
    // The defaults of both ends depend on the direction. Where the data type changes as well,
    // `NO MINVALUE` means the type's end whatever the direction, so the near end is written out.
    let turned = ascends(from) != ascends(to);
    if from.min != to.min || turned {
        let none = || {
            if ascends(to) {
                "MINVALUE 1"
            } else {
                "NO MINVALUE"
            }
            .to_owned()
        };
        changed.push(to.min.map_or_else(none, |min| format!("MINVALUE {min}")));
    }
    if from.max != to.max || turned {
        let none = || {
            if ascends(to) {
                "NO MAXVALUE"
            } else {
                "MAXVALUE -1"
            }
            .to_owned()
        };
        changed.push(to.max.map_or_else(none, |max| format!("MAXVALUE {max}")));
    }
    if first_value(from) != first_value(to) {
        changed.push(format!("START WITH {}", first_value(to)));
    }
    if restarts(from, to) {
        changed.push("RESTART".to_owned());
    }
    if from.cache != to.cache {
        changed.push(format!("CACHE {}", to.cache.unwrap_or(1)));
    }
    if from.cycle != to.cycle {
        changed.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    changed
}

/// True where a fresh sequence would be out of its new bounds; PostgreSQL refuses these unless the
/// sequence restarts.
pub(super) fn restarts(from: &SequenceOptions, to: &SequenceOptions) -> bool {
    let (low, high) = if ascends(to) {
        (to.min.unwrap_or(1), to.max.unwrap_or(i64::MAX))
    } else {
        (to.min.unwrap_or(i64::MIN), to.max.unwrap_or(-1))
    };
    !(low..=high).contains(&first_value(from))
}

pub(super) fn ascends(options: &SequenceOptions) -> bool {
    options.increment.unwrap_or(1) > 0
}

/// Where the sequence starts: at the lower end where it ascends, else at the upper.
pub(super) fn first_value(options: &SequenceOptions) -> i64 {
    let end = if ascends(options) {
        options.min.unwrap_or(1)
    } else {
        options.max.unwrap_or(-1)
    };
    options.start.unwrap_or(end)
}
