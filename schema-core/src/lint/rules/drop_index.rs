//! An index is dropped while every query of its table waits.

use crate::diagnostic::Severity;
use crate::ident::QualifiedName;
use crate::lint::drops::dropped_indexes;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// An index is dropped while every query of its table waits.
pub(super) const RULE: Rule = Rule {
    code: "B002",
    name: "drop-index",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "an index is dropped while every query of its table waits",
    why: "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table. It is short, but it waits \
          for the longest query that runs, and all later queries queue behind it.",
    instead: "Drop it concurrently, in a file of its own, outside of a transaction.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              DROP INDEX CONCURRENTLY IF EXISTS orders_customer_id_idx;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        for (table, index) in dropped_indexes(step).filter(|_| step.in_transaction) {
            let name = table.qualified();
            let title = format!(
                "index {} is dropped while table {name} is locked",
                index.name
            );
            let index = QualifiedName {
                schema: name.schema.clone(),
                name: index.name.clone(),
            };
            let fix = format!("-- atlas:txmode none\nDROP INDEX CONCURRENTLY IF EXISTS {index};");
            let hit = Hit::new(Some(place), &name, title);
            // On a partitioned table it cannot be dropped concurrently.
            hits.push(if table.kind == 'p' { hit } else { hit.fix(fix) });
        }
    }
    hits
}
