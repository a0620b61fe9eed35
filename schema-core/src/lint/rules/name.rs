//! A name does not match the pattern of the project.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A name does not match the pattern of the project.
pub const RULE: Rule = Rule {
    code: "C018",
    name: "naming",
    topic: Topic::Convention,
    severity: Severity::Error,
    title: "a name does not match the pattern of the project",
    why: "Names are a matter of taste: nothing is looked at unless the configuration has a \
          pattern. Only what the new files make is looked at; what is there already keeps its \
          name.",
    instead: "Give it a name that matches, or change the pattern.\n\
              \n\
              ```sql\n\
              ALTER INDEX orders_by_customer RENAME TO orders_customer_id_idx;\n\
              ```",
    check: Check::Elsewhere,
};
