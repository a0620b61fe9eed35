//! A table loses its rows in a crash from now on.

use crate::diagnostic::Severity;
use crate::observe::Effects;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table loses its rows in a crash from now on.
pub(super) const RULE: Rule = Rule {
    code: "L007",
    name: "set-unlogged",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a table loses its rows in a crash from now on",
    why: "An UNLOGGED table is emptied when the server restarts after a crash, and is not \
          replicated: on a standby it cannot be read, and after a failover it is empty.",
    instead: "Keep the table logged; use an unlogged one only for what can be computed again.\n\
              \n\
              ```sql\n\
              CREATE UNLOGGED TABLE search_cache (key text PRIMARY KEY, result jsonb);\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let Effects { before, facts, .. } = &step.effects;
        for after in facts.relations.values() {
            let earlier = before.relations.get(&after.oid);
            let was_logged = earlier.is_some_and(|it| it.persistence == 'p');
            if was_logged && after.persistence == 'u' && after.is_table() {
                let name = after.qualified();
                let title = format!("table {name} becomes unlogged: a crash empties it");
                hits.push(Hit::new(Some(place), &name, title));
            }
        }
    }
    hits
}
