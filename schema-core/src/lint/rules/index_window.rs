//! An index is dropped before the one that replaces it is there.

use crate::diagnostic::Severity;
use crate::lint::drops::dropped_indexes;
use crate::observe::Index;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index is dropped before the one that replaces it is there.
pub(super) const RULE: Rule = Rule {
    code: "B043",
    name: "index-window",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "an index is dropped before the one that replaces it is there",
    why: "Between the two, every query that needs the index reads the whole table.",
    instead: "Build the new index first, and drop the old one afterwards.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              CREATE INDEX CONCURRENTLY orders_customer_id_placed_at_idx ON orders (customer_id, \
              placed_at);\n\
              DROP INDEX CONCURRENTLY orders_customer_id_idx;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        for (table, index) in dropped_indexes(step) {
            // An index that failed to build served nobody, and one beside it serves on.
            let serves = |it: &&Index| {
                it.oid != index.oid && it.valid && it.keys.first() == index.keys.first()
            };
            if !index.valid || table.indexes.iter().any(|it| serves(&it)) {
                continue;
            }
            let later = steps.steps[place + 1..].iter();
            let mut later = later.filter(|it| it.transaction != step.transaction);
            let built = later.find_map(|it| {
                let after = it.effects.facts.relations.get(&table.oid)?;
                after.indexes.iter().find(serves)
            });
            if let Some(built) = built {
                let name = table.qualified();
                let title = format!(
                    "index {} of table {name} is dropped before {} replaces it",
                    index.name, built.name
                );
                hits.push(Hit::new(Some(place), &name, title));
            }
        }
    }
    hits
}
