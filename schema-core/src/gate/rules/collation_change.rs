//! A column of the previous release sorts and compares otherwise.

use crate::diagnostic::Severity;
use crate::observe::Oid;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A column of the previous release sorts and compares otherwise.
pub(super) const RULE: Rule = Rule {
    code: "N049",
    name: "collation-change",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column of the previous release sorts and compares otherwise",
    why: "ORDER BY, ranges and, with a collation that is not deterministic, equality and unique \
          keys silently change for the previous release. Indexes on the column are built anew \
          under ACCESS EXCLUSIVE.",
    instead: "Make a new column with the new collation, keep both in step, and swap one release \
              later; or name the collation in the queries of the new release.\n\n\
              ```sql\n\
              SELECT name FROM orgs ORDER BY name COLLATE \"de-x-icu\";\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let none = Oid::default();
    let changed = case.changed_columns(|it| it.collation);
    changed
        .filter(|(pair, _)| pair.old.collation != none && pair.new.collation != none)
        .map(|(pair, step)| pair.hit(step, "has another collation"))
        .collect()
}
