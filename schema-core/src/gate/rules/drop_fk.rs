//! A foreign key that the previous release may rely on is gone.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A foreign key that the previous release may rely on is gone.
pub(super) const RULE: Rule = Rule {
    code: "N035",
    name: "drop-fk",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a foreign key that the previous release may rely on is gone",
    why: "The previous release may delete a row and rely on ON DELETE CASCADE or SET NULL for \
          those that reference it, or on SQLSTATE 23503 (foreign_key_violation): orphans are \
          left. The drop locks both tables ACCESS EXCLUSIVE.",
    instead: "Let the app do without the foreign key first, and drop it one release later.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, key) in case.gone_constraints('f') {
        let replaced = now.constraints.iter().any(|it| it.links_like(key));
        if replaced || case.went_along(class::CONSTRAINT, key.oid, 0) {
            continue;
        }
        let name = base.qualified();
        let step = case.blame_constraint(base.oid, key.oid);
        let title = format!("table {name} loses the foreign key {}", key.name);
        let table = now.qualified();
        let fix = format!(
            "ALTER TABLE {table} ADD CONSTRAINT {} {} NOT VALID;",
            key.name,
            key.rule()
        );
        hits.push(
            Hit::new(step, &name, title)
                .note(key.definition.clone())
                .fix(fix),
        );
    }
    hits
}
