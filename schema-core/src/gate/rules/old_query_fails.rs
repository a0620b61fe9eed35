//! A query of the previous release fails.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A query of the previous release fails.
pub(super) const RULE: Rule = Rule {
    code: "N080",
    name: "old-query-fails",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a query of the previous release fails",
    why: "A query that the previous release has in its source, recorded in `.sqlx/` at the base, \
          can be prepared and planned there, and cannot any more: the SQLSTATE tells what it \
          misses.",
    instead: "Read which part of the query broke, and keep it working for one more release; or \
              change the query in the app first.\n\n\
              ```sh\n\
              git show origin/main:.sqlx/query-0123abcd.json\n\
              ```",
    check: Check::Elsewhere,
};
