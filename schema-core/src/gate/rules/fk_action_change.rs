//! A foreign key does something else when the previous release deletes or updates.

use crate::diagnostic::Severity;
use crate::observe::Constraint;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A foreign key does something else when the previous release deletes or updates.
pub(super) const RULE: Rule = Rule {
    code: "N036",
    name: "fk-action-change",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a foreign key does something else when the previous release deletes or updates",
    why: "A DELETE of the previous release that used to cascade fails with SQLSTATE 23503 \
          (foreign_key_violation); one that used to be refused deletes rows of the other table.",
    instead: "Let the app work with both actions first, and change the foreign key one release \
              later.\n\n\
              ```sql\n\
              -- release N+1, after the app deletes the orders itself\n\
              ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey,\n\
              ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT NOT VALID;\n\
              ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        let name = base.qualified();
        for old in &base.constraints {
            let same = |it: &&Constraint| it.links_like(old) && it.actions() == old.actions();
            let another = now.constraints.iter().find(|it| it.links_like(old));
            let (Some(new), None) = (another, now.constraints.iter().find(same)) else {
                continue;
            };
            let step = case.blame_relation(base.oid, |it| {
                let mut keys = it.constraints.iter();
                keys.find(|it| it.links_like(old)).map(Constraint::actions)
            });
            let title = format!(
                "the foreign key {} of table {name} gets other actions",
                old.name
            );
            let hit = Hit::new(step, &name, title)
                .note(format!("it was {}", old.definition))
                .note(format!("it is {}", new.definition));
            // NO ACTION and RESTRICT both refuse, at the end of the statement or at once.
            let refuses = |action: char| matches!(action, 'a' | 'r');
            let both = |it: &Constraint| refuses(it.on_delete) && refuses(it.on_update);
            hits.push(if both(old) && both(new) {
                hit.warning()
            } else {
                hit
            });
        }
    }
    hits
}
