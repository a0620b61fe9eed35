//! How bad work under a lock is, by the size that the table has in production.

use crate::diagnostic::Severity;
use crate::ident::QualifiedName;
use crate::lint::Stats;
use crate::observe::Effects;
use crate::rule::{Hit, Rule, Steps, Topic};

/// A queue forms behind a lock on a table of any size.
const ON_ANY_TABLE: [&str; 1] = ["no-lock-timeout"];

/// Work that PostgreSQL does by a query, which leaves no certain trace.
const BY_QUERY: [&str; 2] = ["add-fk-validating", "validate-under-lock"];

/// Adds to each hit about work on a table how big that is; on a small one it is a warning.
pub(super) fn weigh(stats: &Stats, all: &Steps<'_>, hits: &mut [(&Rule, Hit)]) {
    for (rule, hit) in hits {
        if rule.topic != Topic::Blocking || ON_ANY_TABLE.contains(&rule.name) {
            continue;
        }
        let step = hit.step.and_then(|step| all.steps.get(step));
        let (Some(step), Some(table)) = (step, &hit.object) else {
            continue;
        };
        if !BY_QUERY.contains(&rule.name) && !works_on(&step.effects, table) {
            continue;
        }
        if let Some(size) = stats.describe(table) {
            hit.notes.insert(0, size);
        }
        if stats.is_small(table) {
            hit.severity = Some(Severity::Warning);
        }
    }
}

/// Whether something was done that takes longer the bigger the table is.
fn works_on(effects: &Effects, table: &QualifiedName) -> bool {
    let whole = effects.rewritten.iter().chain(&effects.scanned);
    let indexes = effects.built.iter().chain(&effects.reindexed);
    let mut targets = whole.chain(indexes.map(|index| &index.table));
    targets.any(|target| target.name == *table)
}
