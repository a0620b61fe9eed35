//! A table that the previous release uses is dropped.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A table that the previous release uses is dropped.
pub(super) const RULE: Rule = Rule {
    code: "N002",
    name: "drop-table",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a table that the previous release uses is dropped",
    why: "Every statement of the previous release on the table fails with SQLSTATE 42P01 \
          (undefined_table), and its rows are lost. DROP TABLE holds ACCESS EXCLUSIVE on the \
          table, and on every table that it references. A table that is made again under the \
          same name has the same structure, but none of the rows.",
    instead: "Take the table out of the app first, and drop it one release later; drop its \
              foreign keys before that, each in a transaction of its own. The drop is a contract \
              step: it needs the approval label.\n\n\
              ```sql\n\
              -- release N: nothing\n\
              -- release N+1\n\
              ALTER TABLE log DROP CONSTRAINT log_user_id_fkey;\n\
              DROP TABLE log;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs() {
        let base = pair.base;
        let is_table = (base.is_table() || base.kind == 'f') && base.partition_bound.is_none();
        if !is_table || pair.now.is_some() || case.went_along(class::RELATION, base.oid, 0) {
            continue;
        }
        let name = pair.name();
        let step = case.relation_dropped_by(base.oid);
        let hit = match pair.named {
            Some(named) => {
                let title = format!("table {name} is dropped and made again without its rows");
                let note = format!("the {} of that name is another one", named.kind_word());
                Hit::new(step, &name, title).note(note)
            }
            None => Hit::new(step, &name, format!("table {name} is dropped")),
        };
        hits.push(hit.notes(case.also_dropped(step)));
    }
    hits
}
