//! A new exclusion constraint refuses what the previous release may write.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A new exclusion constraint refuses what the previous release may write.
pub(super) const RULE: Rule = Rule {
    code: "N014",
    name: "add-exclusion",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new exclusion constraint refuses what the previous release may write",
    why: "Rows of the previous release that conflict with another one fail with SQLSTATE 23P01 \
          (exclusion_violation). There is no NOT VALID for it, and its index is built under \
          ACCESS EXCLUSIVE.",
    instead: "Let the app keep the rule first, and demand it from the database one release \
              later; or make a new table with the constraint and move over.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE bookings ADD CONSTRAINT bookings_no_overlap EXCLUDE USING gist (room WITH =, during WITH &&);\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, constraint) in case.new_constraints('x') {
        let name = base.qualified();
        let mut columns = constraint.columns.iter().filter_map(|it| now.column(*it));
        if !columns.all(|column| case.is_written_by_old(base, column)) {
            continue;
        }
        let step = case.blame_constraint(base.oid, constraint.oid);
        let title = format!(
            "table {name} gets the exclusion constraint {}",
            constraint.name
        );
        let table = now.qualified();
        let fix = format!("ALTER TABLE {table} DROP CONSTRAINT {};", constraint.name);
        hits.push(
            Hit::new(step, &name, title)
                .note(constraint.definition.clone())
                .fix(fix),
        );
    }
    hits
}
