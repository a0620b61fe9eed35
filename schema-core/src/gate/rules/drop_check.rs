//! A check that the previous release may rely on is gone.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A check that the previous release may rely on is gone.
pub(super) const RULE: Rule = Rule {
    code: "N060",
    name: "drop-check",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a check that the previous release may rely on is gone",
    why: "The new release may write values that the previous one cannot read: PostgreSQL does \
          not tell, because nothing fails until then.",
    instead: "Keep the check until no machine of the previous release runs, and drop it one \
              release later.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users DROP CONSTRAINT users_age_check;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, check) in case.gone_constraints('c') {
        let mut columns = base.columns.iter();
        let by_not_null = columns.any(|column| {
            let not_null = now.column(column.number).is_some_and(|it| it.not_null);
            not_null && base.null_checks(column).any(|it| it.oid == check.oid)
        });
        if by_not_null || case.went_along(class::CONSTRAINT, check.oid, 0) {
            continue;
        }
        let name = base.qualified();
        let step = case.blame_constraint(base.oid, check.oid);
        let successor = now.constraints.iter().find(|it| {
            it.kind == 'c' && it.columns == check.columns && base.constraint(it.oid).is_none()
        });
        let condition = check.condition().unwrap_or_default();
        hits.push(match successor {
            None => {
                let title = format!("table {name} loses the check {}", check.name);
                let table = now.qualified();
                let fix = format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {} CHECK {condition} NOT VALID;",
                    check.name
                );
                Hit::new(step, &name, title)
                    .note(format!("it demanded {condition}"))
                    .fix(fix)
            }
            Some(it) if case.sides.implied.contains(&it.oid) => {
                let title = format!("the check {} of table {name} is looser", check.name);
                Hit::new(step, &name, title)
                    .note(it.definition.clone())
                    .warning()
            }
            // Stricter, or simply another one: what it refuses is told as a new check.
            Some(_) => continue,
        });
    }
    for heir in case.types().filter(|it| !it.base.used_by.is_empty()) {
        let Some(now) = heir.now else { continue };
        let name = heir.base.qualified();
        for check in heir
            .base
            .checks
            .iter()
            .filter(|it| !it.is_one_of(&now.checks))
        {
            let step = case.blame_type(heir.base.oid, |it| it.checks.len());
            let title = format!("domain {name} loses the check {}", check.name);
            hits.push(Hit::new(step, &name, title));
        }
    }
    hits
}
