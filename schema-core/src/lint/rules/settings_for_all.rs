//! Settings are changed for a role, a database or the whole server.

use crate::diagnostic::Severity;
use crate::directory::words;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Settings are changed for a role, a database or the whole server.
pub(super) const RULE: Rule = Rule {
    code: "T047",
    name: "settings-for-all",
    topic: Topic::Running,
    severity: Severity::Error,
    title: "settings are changed for a role, a database or the whole server",
    why: "ALTER SYSTEM, ALTER DATABASE … SET and ALTER ROLE … SET change what every later \
          session finds, of other apps as well; they are no part of the schema, and no copy of \
          the database has them.",
    instead: "Set it for the transaction, or where the server is configured.\n\
              \n\
              ```sql\n\
              SET LOCAL work_mem = '256MB';\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let mut words = words(steps.text(step));
        // What runs outside of a transaction leaves no trace that is certainly its own.
        let says = words.next().as_deref() == Some("alter")
            && words.next().is_some_and(|word| word == "system");
        if step.effects.set_for_all || says {
            hits.push(Hit::at_step(
                Some(place),
                "settings are changed for more than this migration".to_owned(),
            ));
        }
    }
    hits
}
