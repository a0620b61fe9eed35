//! A new enum label is used in the transaction that adds it.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A new enum label is used in the transaction that adds it.
pub(super) const RULE: Rule = Rule {
    code: "T039",
    name: "enum-value-used-at-once",
    topic: Topic::Running,
    severity: Severity::Error,
    title: "a new enum label is used in the transaction that adds it",
    why: "PostgreSQL refuses it with SQLSTATE 55P04 (unsafe_new_enum_value_usage): a label can \
          be used when the transaction that added it has committed.",
    instead: "Add the label in one file and use it in the next.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TYPE order_status ADD VALUE 'refunded';\n\
              -- second file\n\
              ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'refunded';\n\
              ```",
    check: Check::Elsewhere,
};
