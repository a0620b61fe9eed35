//! A table is emptied.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::ident::QualifiedName;
use crate::lint::work::root;
use crate::observe::{Relation, Target};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table is emptied.
pub(super) const RULE: Rule = Rule {
    code: "L001",
    name: "truncate",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a table is emptied",
    why: "TRUNCATE removes all rows under an ACCESS EXCLUSIVE lock, fires no row triggers, and \
          with CASCADE reaches every table that references this one.",
    instead: "If the rows have to go, delete them in batches with a condition that says which; if \
              that is what is wanted, say why.\n\
              \n\
              ```sql\n\
              -- migrate:nolint L001 the import tables are filled again every night\n\
              TRUNCATE imports;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let facts = &step.effects.facts.relations;
        let is_view = |it: &&Target| facts.get(&it.oid).is_some_and(Relation::is_view);
        let emptied: BTreeSet<QualifiedName> = step
            .effects
            .truncated
            .iter()
            .filter(|it| !is_view(it))
            .map(|it| root(&step.effects, it))
            .collect();
        if let Some(table) = emptied.first() {
            let names: Vec<String> = emptied.iter().map(ToString::to_string).collect();
            let title = format!("all rows of {} are removed", names.join(", "));
            hits.push(Hit::new(Some(place), table, title));
        }
    }
    hits
}
