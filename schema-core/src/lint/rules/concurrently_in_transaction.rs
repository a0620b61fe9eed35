//! A statement does not run inside a transaction.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A statement does not run inside a transaction.
pub(super) const RULE: Rule = Rule {
    code: "T023",
    name: "concurrently-in-transaction",
    topic: Topic::Running,
    severity: Severity::Error,
    title: "a statement does not run inside a transaction",
    why: "CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, VACUUM, \
          CREATE DATABASE, ALTER SYSTEM and the like fail with SQLSTATE 25001 \
          (active_sql_transaction) inside of one, and a file runs as one transaction.",
    instead: "Put the statement into a file of its own with `txmode none`.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n\
              ```",
    check: Check::Elsewhere,
};
