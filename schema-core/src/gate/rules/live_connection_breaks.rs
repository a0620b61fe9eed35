//! A connection that lives through the migration fails.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A connection that lives through the migration fails.
pub(super) const RULE: Rule = Rule {
    code: "N083",
    name: "live-connection-breaks",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a connection that lives through the migration fails",
    why: "What a connection has prepared before the migration fails after it with SQLSTATE 0A000 \
          (cached plan must not change result type), or because a type has another number. Some \
          drivers prepare again; sqlx 0.8 fails until the connection is closed.",
    instead: "Leave the types of the result as they are; if they have to change, recycle the \
              connections of the app after the migration.\n\n\
              ```sql\n\
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app' AND state = 'idle';\n\
              ```",
    check: Check::Elsewhere,
};
