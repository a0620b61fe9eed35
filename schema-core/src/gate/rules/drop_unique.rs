//! A unique key that the previous release may rely on is gone.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A unique key that the previous release may rely on is gone.
pub(super) const RULE: Rule = Rule {
    code: "N032",
    name: "drop-unique",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a unique key that the previous release may rely on is gone",
    why: "ON CONFLICT (columns) of the previous release fails with SQLSTATE 42P10 \
          (invalid_column_reference), not when it is prepared but when it is planned; a partial \
          index in its place does not serve. Duplicates that were refused are let in.",
    instead: "Keep the key until the app has stopped using it, and drop it one release later; \
              make what replaces it first.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users DROP CONSTRAINT users_email_key;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        let name = base.qualified();
        for index in base
            .indexes
            .iter()
            .filter(|it| it.arbitrates() && !it.primary)
        {
            let lives = |key: &i16| *key == 0 || now.column(*key).is_some();
            let replaced = now.indexes.iter().any(|it| {
                it.arbitrates() && it.key() == index.key() && it.predicate == index.predicate
            });
            let constraint = base
                .constraints
                .iter()
                .find(|it| it.kind == 'u' && it.index == index.oid);
            let along = match constraint {
                Some(it) => case.went_along(class::CONSTRAINT, it.oid, 0),
                None => case.went_along(class::RELATION, index.oid, 0),
            };
            if replaced || along || !index.columns.iter().all(lives) {
                continue;
            }
            let oid = index.oid;
            let step = case.relation_dropped_by(oid).or_else(|| {
                case.blame_relation(base.oid, |it| {
                    it.indexes.iter().any(|it| it.oid == oid && it.arbitrates())
                })
            });
            let keys = index.keys.join(", ");
            let title = format!("table {name} loses the unique key {} ({keys})", index.name);
            hits.push(Hit::new(step, &name, title).notes(case.also_dropped(step)));
        }
    }
    hits
}
