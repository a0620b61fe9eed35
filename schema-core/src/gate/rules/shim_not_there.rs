//! A shim that a directive promises and nothing provides.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A shim that a directive promises and nothing provides.
pub const RULE: Rule = Rule {
    code: "G014",
    name: "shim-not-there",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "a directive promises a shim that is not there",
    why: "`n-1-shim` names what the previous release goes on using: a table by its old name, for which a view \
          stands in, or a column that a trigger keeps. At the end of the file there is no such view or trigger: \
          the name is misspelt, or the shim is missing. Its issue would be asked for, and nothing would be \
          kept.",
    instead: "Name what the file keeps as `schema.table` or `schema.table.column`, by its old name, and make the \
              view or trigger in this file. A file that takes a shim away says `n-1-shim-drop`.\n\n\
              ```sql\n\
              -- migrate:n-1-shim: public.users drop-with #123\n\
              ALTER TABLE users RENAME TO accounts;\n\
              CREATE VIEW users WITH (security_invoker = true) AS SELECT id, name FROM accounts;\n\
              -- a release later, in the contract migration\n\
              -- migrate:n-1-shim-drop: public.users\n\
              DROP VIEW users;\n\
              ```",
    check: Check::Elsewhere,
};
