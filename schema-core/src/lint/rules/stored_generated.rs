//! A table is written anew because a column is computed and stored.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew because a column is computed and stored.
pub(super) const RULE: Rule = Rule {
    code: "B013",
    name: "stored-generated",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew because a column is computed and stored",
    why: "ADD COLUMN … GENERATED ALWAYS AS (…) STORED computes the value for every row: it \
          writes the whole table and all of its indexes anew under an ACCESS EXCLUSIVE lock.",
    instead: "Add a plain column that a trigger keeps up to date, and fill the old rows in \
              batches; or compute it in a view. From PostgreSQL 18 on, VIRTUAL writes nothing.\n\
              \n\
              ```sql\n\
              ALTER TABLE users ADD COLUMN email_lower text;\n\
              CREATE FUNCTION users_email_lower() RETURNS trigger LANGUAGE plpgsql\n\
              AS $$ BEGIN NEW.email_lower := lower(NEW.email); RETURN NEW; END $$;\n\
              CREATE TRIGGER users_email_lower BEFORE INSERT OR UPDATE ON users\n\
              FOR EACH ROW EXECUTE FUNCTION users_email_lower();\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::StoredGenerated(column) => Some(format!(
            "table {} is written anew because column {} is computed and stored",
            work.table, column.name
        )),
        _ => None,
    })
}
