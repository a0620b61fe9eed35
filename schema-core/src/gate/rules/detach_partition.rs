//! A partition with its rows leaves its table.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A partition with its rows leaves its table.
pub(super) const RULE: Rule = Rule {
    code: "N047",
    name: "detach-partition",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a partition with its rows leaves its table",
    why: "Rows vanish from what the previous release reads, and its INSERTs for that range fail \
          with SQLSTATE 23514 (no partition found for row). Nothing fails where it only reads.",
    instead: "Detach the partition one release after the app has stopped to read and write its \
              rows.\n\n\
              ```sql\n\
              -- release N+1, in a file of its own\n\
              -- atlas:txmode none\n\
              ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let relations = &case.sides.base.relations;
    for pair in case
        .pairs()
        .filter(|it| it.base.is_table() || it.base.kind == 'f')
    {
        let (base, name) = (pair.base, pair.name());
        let gone = base
            .parents
            .iter()
            .filter(|it| pair.now.is_none_or(|now| !now.parents.contains(it)));
        let parents: Vec<_> = gone.filter_map(|it| relations.get(it)).collect();
        let Some(now) = pair.now else {
            if base.partition_bound.is_some() && !case.went_along(class::RELATION, base.oid, 0) {
                let step = case.relation_dropped_by(base.oid);
                hits.push(Hit::new(
                    step,
                    &name,
                    format!("partition {name} is dropped"),
                ));
            }
            continue;
        };
        for parent in parents {
            let step = case.blame_relation(base.oid, |it| it.parents.clone());
            let parent = parent.qualified();
            let what = if base.partition_bound.is_some() {
                "partition"
            } else {
                "child"
            };
            let title = format!("{name} is no {what} of {parent} any more");
            let mut hit = Hit::new(step, &name, title);
            if let Some(bound) = &base.partition_bound {
                let table = now.qualified();
                hit = hit.fix(format!(
                    "ALTER TABLE {parent} ATTACH PARTITION {table} {bound};"
                ));
            }
            hits.push(hit);
        }
    }
    hits
}
