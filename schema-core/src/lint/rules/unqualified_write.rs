//! Every row is deleted or overwritten, because there is no WHERE.

use crate::diagnostic::Severity;
use crate::lint::work::root;
use crate::lint::writes::full_write;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Every row is deleted or overwritten, because there is no WHERE.
pub(super) const RULE: Rule = Rule {
    code: "L002",
    name: "write-without-where",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "every row is deleted or overwritten, because there is no WHERE",
    why: "DELETE and UPDATE without WHERE hit every row of the table, lock them all to the end \
          of the transaction, and leave nothing to go back to.",
    instead: "Say which rows are meant, and write them in batches outside of a transaction.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              DO $$\n\
              BEGIN\n\
                  LOOP\n\
                      DELETE FROM log WHERE id IN (SELECT id FROM log WHERE at < '2025-01-01' LIMIT 1000);\n\
                      EXIT WHEN NOT FOUND;\n\
                      COMMIT;\n\
                  END LOOP;\n\
              END $$;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        if let Some(write) = full_write(steps, place).filter(|it| it.is_bare) {
            let table = root(&step.effects, &write.table);
            let title = format!("every row of table {table} is {}", write.verb());
            hits.push(Hit::new(Some(place), &table, title));
        }
    }
    hits
}
