//! Dropping a table locks the tables that it references.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Dropping a table locks the tables that it references.
pub(super) const RULE: Rule = Rule {
    code: "B035",
    name: "drop-referencing-table",
    topic: Topic::Blocking,
    severity: Severity::Warning,
    title: "dropping a table locks the tables that it references",
    why: "DROP TABLE takes ACCESS EXCLUSIVE locks on the tables that its foreign keys point to \
          as well, because their triggers go. They are short, but wait for the longest query \
          that runs there.",
    instead: "Drop each foreign key first, in a file of its own.\n\
              \n\
              ```sql\n\
              -- first file\n\
              ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_fkey;\n\
              -- second file\n\
              DROP TABLE sessions;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let before = &step.effects.before.relations;
        let gone = |oid| step.effects.drops(class::RELATION, oid, 0);
        let dropped = before.values().filter(|it| it.is_table() && gone(it.oid));
        for table in dropped {
            let keys = table.constraints.iter().filter(|it| it.kind == 'f');
            let other = keys.map(|it| it.references).find(|oid| !gone(*oid));
            let Some(other) = other.and_then(|oid| before.get(&oid)) else {
                continue;
            };
            let (table, other) = (table.qualified(), other.qualified());
            let title = format!("dropping table {table} locks table {other}, which it references");
            hits.push(Hit::new(Some(place), &other, title));
        }
    }
    hits
}
