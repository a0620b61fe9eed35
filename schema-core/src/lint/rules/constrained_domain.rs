//! A table is written anew because the domain of a new column has a constraint.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew because the domain of a new column has a constraint.
pub(super) const RULE: Rule = Rule {
    code: "B014",
    name: "constrained-domain",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew because the domain of a new column has a constraint",
    why: "ADD COLUMN of a domain with a CHECK or NOT NULL writes the whole table and all of \
          its indexes anew under an ACCESS EXCLUSIVE lock, also where all values are NULL.",
    instead: "Add the column with the type below the domain, and the domain's rule as a check that \
              is validated later.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE users ADD COLUMN contact text;\n\
              ALTER TABLE users ADD CONSTRAINT users_contact_check CHECK (contact ~ '@') NOT VALID;\n\
              -- second file\n\
              ALTER TABLE users VALIDATE CONSTRAINT users_contact_check;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Domain(column) => Some(format!(
            "table {} is written anew because the domain {} of new column {} has a constraint",
            work.table, column.data_type, column.name
        )),
        _ => None,
    })
}
