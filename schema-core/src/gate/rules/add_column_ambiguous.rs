//! A new column makes a statement of the previous release ambiguous.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A new column makes a statement of the previous release ambiguous.
pub(super) const RULE: Rule = Rule {
    code: "N022",
    name: "add-column-ambiguous",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new column makes a statement of the previous release ambiguous",
    why: "A column name without its table fails with SQLSTATE 42702 (ambiguous_column) once a \
          second joined table has that column; INSERT … SELECT * fails with 42601, COPY without \
          a column list with 22P04. It is found where the statements of the previous release are \
          known.",
    instead: "Name the column otherwise, or qualify the columns in the app one release earlier.\n\n\
              ```sql\n\
              SELECT orders.status FROM orders JOIN users ON users.id = orders.user_id;\n\
              ```",
    check: Check::Elsewhere,
};
