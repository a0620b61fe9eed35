//! All objects of a role are dropped.

use crate::diagnostic::Severity;
use crate::directory::words;
use crate::observe::Dropped;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// All objects of a role are dropped.
pub(super) const RULE: Rule = Rule {
    code: "L011",
    name: "drop-owned",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "all objects of a role are dropped",
    why: "DROP OWNED BY drops whatever the role owns in this database, and takes its \
          privileges away; what that is depends on the database that it runs on. DROP ROLE is \
          for the whole server.",
    instead: "Give the objects to another role, and drop the role where roles are administered.\n\
              \n\
              ```sql\n\
              REASSIGN OWNED BY old_app TO app;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let owned = |it: &Dropped| it.tag == "DROP OWNED";
        let first: Vec<String> = words(steps.text(step)).take(2).collect();
        // On the dev server a role may own nothing, and roles have no event triggers.
        let says =
            first == ["drop", "owned"] || first == ["drop", "role"] || first == ["drop", "user"];
        if says || step.effects.dropped.iter().any(owned) {
            hits.push(Hit::at_step(
                Some(place),
                "all objects of a role, or the role itself, are dropped".to_owned(),
            ));
        }
    }
    hits
}
