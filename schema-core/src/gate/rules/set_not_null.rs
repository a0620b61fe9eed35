//! A column of the previous release must not be NULL any more.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A column of the previous release must not be NULL any more.
pub(super) const RULE: Rule = Rule {
    code: "N010",
    name: "set-not-null",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column of the previous release must not be NULL any more",
    why: "The previous release may still write NULL, or leave the column out: its INSERTs and \
          UPDATEs fail with SQLSTATE 23502 (not_null_violation), or 23514 (check_violation) \
          where it is a check. NOT VALID does not help: it spares the rows that are there, not \
          those that are written.",
    instead: "Let the app write the column always in this release, and demand it in the next \
              one, by a check that is validated first, so that no scan holds a strong lock.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users ADD CONSTRAINT users_nickname_not_null CHECK (nickname IS NOT NULL) NOT VALID;\n\
              ALTER TABLE users VALIDATE CONSTRAINT users_nickname_not_null;\n\
              ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;\n\
              ALTER TABLE users DROP CONSTRAINT users_nickname_not_null;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.living_columns() {
        let (table, number) = (pair.table(), pair.old.number);
        if pair.base.forbids_null(pair.old)
            || !pair.now.forbids_null(pair.new)
            || case.covers_column(&table, &pair.old.name)
        {
            continue;
        }
        let step = case.blame_relation(pair.base.oid, |it| {
            it.column(number).map(|column| it.forbids_null(column))
        });
        let hit = pair.hit(step, "must not be NULL any more");
        hits.push(match pair.now.null_checks(pair.new).next() {
            Some(check) if !pair.new.not_null => {
                let table = pair.now.qualified();
                hit.fix(format!(
                    "ALTER TABLE {table} DROP CONSTRAINT {};",
                    check.name
                ))
            }
            _ => hit.fix(pair.alter("DROP NOT NULL")),
        });
    }
    for heir in case.types() {
        let Some(now) = heir.now else { continue };
        if now.not_null && !heir.base.not_null && !heir.base.used_by.is_empty() {
            let name = heir.base.qualified();
            let step = case.blame_type(heir.base.oid, |it| it.not_null);
            hits.push(Hit::new(
                step,
                &name,
                format!("domain {name} must not be NULL any more"),
            ));
        }
    }
    hits
}
