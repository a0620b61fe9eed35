//! A new foreign key refuses what the previous release may write.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A new foreign key refuses what the previous release may write.
pub(super) const RULE: Rule = Rule {
    code: "N013",
    name: "add-fk",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new foreign key refuses what the previous release may write",
    why: "Rows of the previous release that reference nothing fail with SQLSTATE 23503 \
          (foreign_key_violation), and so do its DELETEs of rows that are referenced. NOT VALID \
          does not help: it spares the rows that are there, not those that are written.",
    instead: "Let the app keep the references first, clear the orphans, and add the key one \
              release later.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n\
              ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now, key) in case.new_constraints('f') {
        let name = base.qualified();
        let mut columns = key.columns.iter().filter_map(|number| now.column(*number));
        let had_one = base.constraints.iter().any(|it| it.links_like(key));
        if had_one || !columns.all(|column| case.is_written_by_old(base, column)) {
            continue;
        }
        let step = case.blame_constraint(base.oid, key.oid);
        let columns = now.names_of(&key.columns);
        let title = format!("table {name} gets a foreign key ({columns})");
        let fix = format!(
            "ALTER TABLE {} DROP CONSTRAINT {};",
            now.qualified(),
            key.name
        );
        hits.push(
            Hit::new(step, &name, title)
                .note(key.definition.clone())
                .fix(fix),
        );
    }
    hits
}
