//! A view stands in for a table only after the rename was committed.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A view stands in for a table only after the rename was committed.
pub(super) const RULE: Rule = Rule {
    code: "N050",
    name: "shim-not-atomic",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view stands in for a table only after the rename was committed",
    why: "Between the two commits the previous release finds nothing under the old name: \
          SQLSTATE 42P01 (undefined_table). In one transaction there is no such moment: whoever \
          waits for the rename finds the view.",
    instead: "Rename the table and make the view in one transaction, that is in one file without \
              `txmode none`.\n\n\
              ```sql\n\
              ALTER TABLE users RENAME TO people;\n\
              CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name, email FROM people;\n\
              GRANT SELECT, INSERT, UPDATE, DELETE ON users TO app;\n\
              ```",
    check: Check::Elsewhere,
};
