//! A new check refuses what the previous release may write.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A new check refuses what the previous release may write.
pub(super) const RULE: Rule = Rule {
    code: "N011",
    name: "add-check",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new check refuses what the previous release may write",
    why: "Rows that the previous release writes outside of the condition fail with SQLSTATE \
          23514 (check_violation). NOT VALID does not help: it spares the rows that are there, \
          not those that are written. A check that PostgreSQL proves from the checks and NOT \
          NULLs of the base is not reported.",
    instead: "Put the rule into the app first, and demand it from the database one release \
              later.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users ADD CONSTRAINT users_age_adult CHECK (age >= 18) NOT VALID;\n\
              ALTER TABLE users VALIDATE CONSTRAINT users_age_adult;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, check) in case.new_constraints('c') {
        let name = base.qualified();
        let mut old = check.columns.iter().filter_map(|key| base.column(*key));
        let is_null_check = now
            .columns
            .iter()
            .any(|column| now.null_checks(column).any(|it| it.oid == check.oid));
        if !old.any(|column| case.contract.uses_column(&name, &column.name))
            || is_null_check
            || case.sides.implied.contains(&check.oid)
        {
            continue;
        }
        let step = case.blame_constraint(base.oid, check.oid);
        let condition = check.condition().unwrap_or_default();
        let title = format!("table {name} gets the check {}", check.name);
        let fix = format!(
            "ALTER TABLE {} DROP CONSTRAINT {};",
            now.qualified(),
            check.name
        );
        hits.push(
            Hit::new(step, &name, title)
                .note(format!("it demands {condition}"))
                .fix(fix),
        );
    }
    for heir in case.types().filter(|it| !it.base.used_by.is_empty()) {
        let Some(now) = heir.now else { continue };
        let name = heir.base.qualified();
        for check in now
            .checks
            .iter()
            .filter(|it| !it.is_one_of(&heir.base.checks))
        {
            let step = case.blame_type(heir.base.oid, |it| it.checks.len());
            let title = format!("domain {name} gets the check {}", check.name);
            let fix = format!("ALTER DOMAIN {name} DROP CONSTRAINT {};", check.name);
            hits.push(Hit::new(step, &name, title).fix(fix));
        }
    }
    hits
}
