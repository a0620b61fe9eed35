//! PostgreSQL does not do this on a partitioned table.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// PostgreSQL does not do this on a partitioned table.
pub(super) const RULE: Rule = Rule {
    code: "T024",
    name: "not-on-partitioned",
    topic: Topic::Running,
    severity: Severity::Error,
    title: "PostgreSQL does not do this on a partitioned table",
    why: "CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY fail with SQLSTATE 0A000 \
          (feature_not_supported) on a partitioned table, ADD FOREIGN KEY … NOT VALID with \
          42809 (wrong_object_type) before PostgreSQL 18.",
    instead: "Work on each partition by itself, and attach the result to the parent.\n\
              \n\
              ```sql\n\
              CREATE INDEX events_what_idx ON ONLY events (what);\n\
              -- second file, atlas:txmode none\n\
              CREATE INDEX CONCURRENTLY events_2025_what_idx ON events_2025 (what);\n\
              -- third file\n\
              ALTER INDEX events_what_idx ATTACH PARTITION events_2025_what_idx;\n\
              ```",
    check: Check::Elsewhere,
};
