//! CASCADE takes objects along that the file does not name.

use crate::diagnostic::Severity;
use crate::lint::drops::taken_along;
use crate::observe::Dropped;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// CASCADE takes objects along that the file does not name.
pub(super) const RULE: Rule = Rule {
    code: "L005",
    name: "cascade",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "CASCADE takes objects along that the file does not name",
    why: "DROP … CASCADE drops whatever depends on the object: views, foreign keys of other \
          tables, columns of a type, functions. What that is depends on the database that it \
          runs on.",
    instead: "Drop each of them by name, before, and without CASCADE.\n\
              \n\
              ```sql\n\
              DROP VIEW active_users;\n\
              ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;\n\
              DROP TABLE users;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let taken: Vec<&Dropped> = taken_along(step);
        let mut named = step
            .effects
            .dropped
            .iter()
            .filter(|it| it.named && it.is_old);
        let (Some(first), Some(named)) = (taken.first(), named.next()) else {
            continue;
        };
        let list: Vec<String> = taken
            .iter()
            .map(|it| format!("{} {}", it.kind, it.identity))
            .collect();
        let hit = Hit::at_step(
            Some(place),
            format!(
                "dropping {} {} takes {} {} along",
                named.kind, named.identity, first.kind, first.identity
            ),
        );
        hits.push(if list.len() > 1 {
            hit.note(format!("All that goes along: {}.", list.join(", ")))
        } else {
            hit
        });
    }
    hits
}
