//! Names of what the new files make, held against patterns of the project's own.

use regex::Regex;

use crate::observe::{Made, MadeKind};
use crate::rule::{Hit, Steps};

/// How names have to look; nothing is asked where there is no pattern.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// Names of tables.
    pub tables: Option<Regex>,
    /// Names of columns.
    pub columns: Option<Regex>,
    /// Names of indexes.
    pub indexes: Option<Regex>,
    /// Names of constraints.
    pub constraints: Option<Regex>,
}

impl Naming {
    /// Whether no name is looked at.
    pub fn is_off(&self) -> bool {
        let Self {
            tables,
            columns,
            indexes,
            constraints,
        } = self;
        [tables, columns, indexes, constraints]
            .into_iter()
            .all(Option::is_none)
    }

    fn pattern(&self, kind: MadeKind) -> Option<&Regex> {
        match kind {
            MadeKind::Table => self.tables.as_ref(),
            MadeKind::Column => self.columns.as_ref(),
            MadeKind::Index => self.indexes.as_ref(),
            MadeKind::Constraint => self.constraints.as_ref(),
        }
    }
}

/// Names that do not match.
pub(crate) fn check(naming: &Naming, made: &[Made], steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for it in made {
        let Some(pattern) = naming.pattern(it.kind) else {
            continue;
        };
        if pattern.is_match(it.name.as_str()) {
            continue;
        }
        let mut all = steps.steps.iter();
        let step = all.position(|step| {
            let mut commands = step.effects.commands.iter();
            commands.any(|command| [Some(it.oid), Some(it.table_oid)].contains(&command.object))
        });
        let what = match it.kind {
            MadeKind::Table => format!("table {}", it.table),
            kind => format!("{} {} of table {}", kind.word(), it.name, it.table),
        };
        let title = format!("{what} does not match `{pattern}`");
        hits.push(Hit::new(step, &it.table, title));
    }
    hits
}
