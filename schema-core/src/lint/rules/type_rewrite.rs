//! A table is written anew because a column gets another type.

use crate::diagnostic::Severity;
use crate::lint::work::{Cause, hits};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is written anew because a column gets another type.
pub(super) const RULE: Rule = Rule {
    code: "B015",
    name: "type-rewrite",
    topic: Topic::Blocking,
    severity: Severity::Error,
    title: "a table is written anew because a column gets another type",
    why: "ALTER COLUMN … TYPE writes the whole table and all of its indexes anew under an \
          ACCESS EXCLUSIVE lock, unless the old values are valid as they are stored: a longer \
          varchar, varchar to text, a numeric with more digits of the same scale.",
    instead: "Add a column of the new type, keep both in step by a trigger, fill it in batches, \
              let the app move over, and drop the old one a release later.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE orders ADD COLUMN total_big bigint;\n\
              CREATE FUNCTION orders_total_sync() RETURNS trigger LANGUAGE plpgsql\n\
              AS $$ BEGIN NEW.total_big := NEW.total; RETURN NEW; END $$;\n\
              CREATE TRIGGER orders_total_sync BEFORE INSERT OR UPDATE ON orders\n\
              FOR EACH ROW EXECUTE FUNCTION orders_total_sync();\n\
              -- second file: UPDATE in batches, outside of a transaction\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    hits(steps, |work| match work.cause {
        Cause::Type(before, after) => Some(format!(
            "table {} is written anew because column {} becomes {} instead of {}",
            work.table, after.name, after.data_type, before.data_type
        )),
        _ => None,
    })
}
