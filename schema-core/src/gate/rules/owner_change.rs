//! An object of the previous release gets another owner.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// An object of the previous release gets another owner.
pub(super) const RULE: Rule = Rule {
    code: "N059",
    name: "owner-change",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "an object of the previous release gets another owner",
    why: "The old owner loses every right that it has as the owner: SQLSTATE 42501 \
          (insufficient_privilege). Row security starts to hold for the old owner, and a view \
          asks with the rights of the new one.",
    instead: "Grant the old owner what it needs in the same transaction, and change the owner \
              one release after the app connects as another role.\n\n\
              ```sql\n\
              GRANT SELECT, INSERT, UPDATE, DELETE ON users TO app;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs() {
        let (base, Some(now)) = (pair.base, pair.now) else {
            continue;
        };
        // A sequence of a column goes with its table.
        let owned = base.sequence.as_ref().is_some_and(|it| it.is_owned);
        if now.owner == base.owner || owned {
            continue;
        }
        let (name, kind) = (pair.name(), base.kind_word());
        let step = case.blame_relation(base.oid, |it| it.owner.clone());
        let title = format!(
            "{kind} {name} is owned by {} instead of {}",
            now.owner, base.owner
        );
        hits.push(Hit::new(step, &name, title));
    }
    hits
}
