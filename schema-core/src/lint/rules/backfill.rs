//! Rows are written in the transaction that locks their table.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Rows are written in the transaction that locks their table.
pub(super) const RULE: Rule = Rule {
    code: "B028",
    name: "backfill-under-lock",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "rows are written in the transaction that locks their table",
    why: "A lock is held to the end of the transaction: everybody else waits until all rows \
          are written. An ALTER TABLE before the UPDATE is enough, also in one DO block.",
    instead: "Write the rows in a file of its own, in batches, outside of a transaction.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              DO $$\n\
              DECLARE last bigint := 0; top bigint;\n\
              BEGIN\n\
                  LOOP\n\
                      SELECT max(id) INTO top FROM (SELECT id FROM users WHERE id > last ORDER BY id LIMIT 1000) batch;\n\
                      EXIT WHEN top IS NULL;\n\
                      UPDATE users SET plan = 'free' WHERE id > last AND id <= top AND plan IS NULL;\n\
                      COMMIT;\n\
                      last := top;\n\
                  END LOOP;\n\
              END $$;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Backfill => Some(format!(
            "rows of table {} are written while their transaction holds a {} lock on it",
            work.table, work.level
        )),
        _ => None,
    })
}
