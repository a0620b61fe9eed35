//! Many rows are written in one transaction.

use crate::diagnostic::Severity;
use crate::lint::work::root;
use crate::lint::writes::{blocked_by, full_write};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Many rows are written in one transaction.
pub(super) const RULE: Rule = Rule {
    code: "B029",
    name: "unbatched-write",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "many rows are written in one transaction",
    why: "Every row stays locked until the last one is written, so updates of the app wait; \
          vacuum cannot clean up behind it, replicas lag, and whatever fails near the end \
          undoes it all. The statement reads the whole table: no index bounds it.",
    instead: "Write in batches, each committed by itself, in a file of its own outside of a \
              transaction.\n\
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
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let Some(write) = full_write(steps, place) else {
            continue;
        };
        if write.is_bare || blocked_by(steps, place).is_some() {
            continue;
        }
        let table = root(&step.effects, &write.table);
        let title = format!(
            "rows of table {table} are {} in one transaction",
            write.verb()
        );
        let hit = Hit::new(Some(place), &table, title);
        // The rows of the rehearsal tell how many it may meet.
        hits.push(if write.rows == 0 { hit.warning() } else { hit });
    }
    hits
}
