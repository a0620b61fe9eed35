//! One transaction locks several tables, statement by statement.

use std::collections::BTreeSet;

use crate::ddl::LockLevel;
use crate::diagnostic::Severity;
use crate::ident::QualifiedName;
use crate::lint::writes::strong_locks;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// One transaction locks several tables, statement by statement.
pub(super) const RULE: Rule = Rule {
    code: "B027",
    name: "many-locks",
    topic: Topic::Blocking,
    severity: Severity::Warning,
    title: "one transaction locks several tables, statement by statement",
    why: "Locks are taken one after the other and held to the end. A query that uses the same \
          tables in another order waits for one of them while the migration waits for it: a \
          deadlock, SQLSTATE 40P01, which ends one of the two.",
    instead: "Change one table in one file.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE users ADD COLUMN plan text;\n\
              -- second file\n\
              ALTER TABLE orders ADD COLUMN plan text;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut transaction = None;
    let mut locked: BTreeSet<QualifiedName> = BTreeSet::new();
    for (place, step) in steps.steps.iter().enumerate() {
        if transaction != Some(step.transaction) {
            transaction = Some(step.transaction);
            locked.clear();
        }
        let new: Vec<QualifiedName> = strong_locks(step, LockLevel::AccessExclusive)
            .filter(|table| !locked.contains(table))
            .collect();
        // Said once for a transaction.
        if let (1, Some(first), Some(table)) = (locked.len(), locked.first(), new.first()) {
            let title = format!("table {table} is locked while table {first} still is");
            hits.push(Hit::new(Some(place), table, title));
        }
        locked.extend(new);
    }
    hits
}
