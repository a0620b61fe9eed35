//! Deleting a row deletes rows of another table from now on.

use crate::diagnostic::Severity;
use crate::lint::drops::at_base;
use crate::observe::{Constraint, Relation};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Deleting a row deletes rows of another table from now on.
pub(super) const RULE: Rule = Rule {
    code: "L009",
    name: "delete-cascade",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "deleting a row deletes rows of another table from now on",
    why: "A foreign key ON DELETE CASCADE turns every DELETE of the app on the referenced \
          table into one on this table too, without a word in its code.",
    instead: "Leave it at NO ACTION, and let the app say what it deletes; or let the app go first, \
              and say so with a nolint.\n\
              \n\
              ```sql\n\
              ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey\n\
              FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE NO ACTION NOT VALID;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let base = at_base(steps);
    for (place, step) in steps.steps.iter().enumerate() {
        for after in step.effects.facts.relations.values() {
            let Some(earlier) = base.get(&after.oid) else {
                continue;
            };
            let cascades = |it: &Relation, key: &Constraint| {
                let mut keys = it.constraints.iter();
                keys.any(|old| {
                    (&old.columns, old.references, old.on_delete)
                        == (&key.columns, key.references, key.on_delete)
                })
            };
            for key in after
                .constraints
                .iter()
                .filter(|it| it.kind == 'f' && it.on_delete == 'c')
            {
                let is_old = key.columns.iter().all(|it| earlier.column(*it).is_some());
                // A partition has the keys of its parent.
                let inherited = !after.parents.is_empty();
                if is_old && !inherited && !cascades(earlier, key) {
                    let name = after.qualified();
                    let title = format!(
                        "foreign key {} deletes rows of table {name} from now on",
                        key.name
                    );
                    hits.push(Hit::new(Some(place), &name, title));
                }
            }
        }
    }
    hits
}
