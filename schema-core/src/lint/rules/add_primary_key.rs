//! A primary key is built or checked while the table is locked.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A primary key is built or checked while the table is locked.
pub(super) const RULE: Rule = Rule {
    code: "B008",
    name: "add-primary-key",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a primary key is built or checked while the table is locked",
    why: "ADD PRIMARY KEY holds an ACCESS EXCLUSIVE lock while it builds the index, and while \
          it reads every row for NULL where a column is nullable, also with USING INDEX.",
    instead: "Build the unique index concurrently and make the columns NOT NULL through a \
              validated check; then let the key take the index over.\n\
              \n\
              ```sql\n\
              -- atlas:txmode none\n\
              CREATE UNIQUE INDEX CONCURRENTLY log_pkey ON log (id);\n\
              ALTER TABLE log ADD CONSTRAINT log_id_not_null CHECK (id IS NOT NULL) NOT VALID;\n\
              ALTER TABLE log VALIDATE CONSTRAINT log_id_not_null;\n\
              ALTER TABLE log ALTER COLUMN id SET NOT NULL;\n\
              ALTER TABLE log ADD CONSTRAINT log_pkey PRIMARY KEY USING INDEX log_pkey;\n\
              ALTER TABLE log DROP CONSTRAINT log_id_not_null;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::PrimaryKey(key) => Some(format!(
            "primary key {} reads every row of table {} under a {} lock",
            key.name, work.table, work.level
        )),
        _ => None,
    })
}
