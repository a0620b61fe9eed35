//! A primary key that the previous release may rely on is gone.

use crate::diagnostic::Severity;
use crate::observe::Index;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A primary key that the previous release may rely on is gone.
pub(super) const RULE: Rule = Rule {
    code: "N033",
    name: "drop-primary-key",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a primary key that the previous release may rely on is gone",
    why: "GROUP BY the key alone fails with SQLSTATE 42803 (grouping_error), ON CONFLICT (key) \
          with 42P10, and UPDATE and DELETE of a published table fail because it has no replica \
          identity.",
    instead: "Swap the key in one statement, with an index that was built before.\n\n\
              ```sql\n\
              -- in a file of its own\n\
              -- atlas:txmode none\n\
              CREATE UNIQUE INDEX CONCURRENTLY users_pkey_new ON users (id);\n\
              -- then\n\
              ALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey_new;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        let primary = |it: &&Index| it.primary;
        let Some(old) = base.indexes.iter().find(primary) else {
            continue;
        };
        let lives = |key: &i16| now.column(*key).is_some();
        let new = now.indexes.iter().find(primary);
        if new.is_some_and(|new| new.key() == old.key()) || !old.columns.iter().all(lives) {
            continue;
        }
        let name = base.qualified();
        let step = case.blame_relation(base.oid, |it| {
            it.indexes.iter().find(primary).map(Index::key)
        });
        let keys = old.keys.join(", ");
        let title = format!("table {name} loses its primary key ({keys})");
        hits.push(Hit::new(step, &name, title).notes(case.also_dropped(step)));
    }
    hits
}
