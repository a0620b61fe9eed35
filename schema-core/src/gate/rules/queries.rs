//! Recorded queries of the previous release that say nothing.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A file of `.sqlx/` that cannot be read.
pub(super) const UNREADABLE: Rule = Rule {
    code: "G012",
    name: "unreadable-query",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "a recorded query of the previous release cannot be used",
    why: "What cannot be read cannot be put to the migrated database: a query that breaks would \
          not be seen.",
    instead: "Record the queries again with the sqlx of the previous release, and commit them on the \
              base branch.\n\n\
              ```sh\n\
              cargo sqlx prepare --workspace\n\
              ```",
    check: Check::Elsewhere,
};

/// A recorded query that fails at the base already.
pub(super) const STALE: Rule = Rule {
    code: "G013",
    name: "stale-query",
    topic: Topic::Gate,
    severity: Severity::Warning,
    title: "a recorded query fails before the new migrations run",
    why: "A query that fails on the schema of the base branch says nothing about the new \
          migrations: it is left over, needs something that the migrations do not make (a role, an \
          extension), or the folder was not recorded again.",
    instead: "Record the queries of the base branch again; what is left over goes.\n\n\
              ```sh\n\
              cargo sqlx prepare --workspace\n\
              ```",
    check: Check::Elsewhere,
};
