//! Statements that read or write whole tables, and the locks that stand behind them.

use std::collections::BTreeSet;

use super::drops::at_base;
use super::work::{held, root};
use crate::ddl::LockLevel;
use crate::directory::words;
use crate::ident::QualifiedName;
use crate::observe::{Step, Target};
use crate::rule::Steps;

/// A statement that updates or deletes rows, and that no index bounds.
#[derive(Clone, Debug)]
pub(super) struct FullWrite {
    /// Where.
    pub(super) table: Target,
    /// How many rows of the rehearsal it met.
    pub(super) rows: u64,
    /// Whether it deletes them.
    pub(super) deletes: bool,
    /// Whether it meets every row because there is no WHERE, and loses what was in it.
    pub(super) is_bare: bool,
}

impl FullWrite {
    /// What becomes of the rows.
    pub(super) fn verb(&self) -> &'static str {
        if self.deletes { "deleted" } else { "updated" }
    }
}

/// The full write of a step, if it is one.
///
/// It meets all rows of the table, or reads all of them where sequential scans are avoided: then
/// no index helps in production either.
pub(super) fn full_write(steps: &Steps<'_>, place: usize) -> Option<FullWrite> {
    let step = &steps.steps[place];
    let effects = &step.effects;
    if !step.in_transaction {
        return None;
    }
    let words: Vec<String> = words(steps.text(step)).collect();
    let scanned = |table: &Target| effects.scanned.contains(table);
    let given = |table: &Target| steps.rows.get(&table.name).copied().unwrap_or_default() as u64;
    let writes = effects
        .rows
        .iter()
        .map(|it| (&it.table, it.updated, it.deleted));
    let full = writes
        .filter(|(_, updated, deleted)| updated + deleted > 0)
        .find(|(table, updated, deleted)| {
            let all = given(table) > 1 && updated + deleted >= given(table);
            scanned(table) || all
        });
    let (table, updated, deleted) = match full {
        Some((table, updated, deleted)) => (table, updated, deleted),
        None => (met_nothing(step, &words)?, 0, 0),
    };
    if held(effects, table) >= LockLevel::Share {
        return None;
    }
    let is_delete = deleted > updated || words.first().is_some_and(|word| word == "delete");
    let is_new_column = || {
        let base = at_base(steps);
        let now = effects.facts.relations.get(&table.oid).or_else(|| {
            let mut earlier = steps.steps[..place].iter().rev();
            earlier.find_map(|it| it.effects.facts.relations.get(&table.oid))
        });
        let (Some(base), Some(now)) = (base.get(&table.oid), now) else {
            return false;
        };
        now.columns
            .iter()
            .any(|it| base.column(it.number).is_none())
    };
    let has_where = words.iter().any(|word| word == "where");
    Some(FullWrite {
        table: table.clone(),
        rows: updated + deleted,
        deletes: is_delete,
        is_bare: !has_where && (is_delete || !is_new_column()),
    })
}

/// The table of a DELETE or UPDATE that read it in full and met no row.
fn met_nothing<'a>(step: &'a Step, words: &[String]) -> Option<&'a Target> {
    let first = words.first()?;
    if !matches!(first.as_str(), "delete" | "update") {
        return None;
    }
    let mut scanned = step.effects.scanned.iter();
    // Its name comes first: UPDATE ONLY schema.name, DELETE FROM ONLY schema.name.
    scanned.find(|it| {
        words
            .iter()
            .take(5)
            .any(|word| it.name.name.as_str().eq_ignore_ascii_case(word))
    })
}

/// A table that stays locked while a step reads or writes all rows of another: which, how, and
/// that other one.
pub(super) fn blocked_by<'a>(
    steps: &Steps<'a>,
    place: usize,
) -> Option<(QualifiedName, LockLevel, &'a Target)> {
    let step = &steps.steps[place];
    let effects = &step.effects;
    let mut scanned = effects.scanned.iter();
    let busy = scanned.find(|it| step.in_transaction && held(effects, it) < LockLevel::Share)?;
    let locks = steps.transaction(place).iter().flat_map(|it| {
        let locks = it.effects.locks.iter();
        locks.map(|lock| (root(&it.effects, &lock.on), lock))
    });
    let own = root(effects, busy);
    let mut strong = locks.filter(|(table, lock)| {
        lock.level >= LockLevel::Share && matches!(lock.kind, 'r' | 'p') && *table != own
    });
    let (table, lock) = strong.next()?;
    Some((table, lock.level, busy))
}

/// Tables that a step newly locks at least so.
pub(super) fn strong_locks(step: &Step, level: LockLevel) -> impl Iterator<Item = QualifiedName> {
    let locks = step.effects.locks.iter();
    let tables: BTreeSet<QualifiedName> = locks
        .filter(|lock| lock.level >= level && is_table(lock.kind))
        .map(|lock| root(&step.effects, &lock.on))
        .collect();
    tables.into_iter()
}

fn is_table(kind: char) -> bool {
    matches!(kind, 'r' | 'p' | 'm')
}
