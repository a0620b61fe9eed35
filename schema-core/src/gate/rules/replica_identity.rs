//! What subscribers get of a table changes.

use crate::diagnostic::Severity;
use crate::observe::Relation;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// What subscribers get of a table changes.
pub(super) const RULE: Rule = Rule {
    code: "N056",
    name: "replica-identity",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "what subscribers get of a table changes",
    why: "Logical replication goes by names: a subscriber has no table of the new name, and its \
          worker stops. Without a replica identity UPDATE and DELETE of a published table fail \
          with SQLSTATE 55000.",
    instead: "Change the subscribers first, and the publication together with them.\n\n\
              ```sql\n\
              ALTER TABLE orgs REPLICA IDENTITY FULL;\n\
              ALTER PUBLICATION changes ADD TABLE orgs;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        let name = base.qualified();
        let published = !base.publications.is_empty();
        if now.replica_identity != base.replica_identity {
            let step = case.blame_relation(base.oid, |it| it.replica_identity);
            let hit = Hit::new(
                step,
                &name,
                format!("table {name} has another replica identity"),
            );
            hits.push(if published { hit } else { hit.warning() });
        }
        for publication in &base.publications {
            if now.publications.contains(publication) {
                continue;
            }
            let step = case.blame_relation(base.oid, |it| it.publications.contains(publication));
            let title = format!("table {name} leaves publication {publication}");
            let table = now.qualified();
            let fix = format!("ALTER PUBLICATION {publication} ADD TABLE {table};");
            hits.push(Hit::new(step, &name, title).fix(fix));
        }
        if published && now.qualified() != name {
            let step = case.blame_relation(base.oid, Relation::qualified);
            let title = format!(
                "the published table {name} is {} to its subscribers",
                now.qualified()
            );
            let publications = format!("it is in {}", base.publications.join(", "));
            hits.push(Hit::new(step, &name, title).note(publications));
        }
    }
    for (step, it) in case
        .dropped()
        .filter(|(_, it)| it.is_old && it.kind == "publication")
    {
        hits.push(Hit::at_step(
            Some(step),
            format!("publication {} is dropped", it.identity),
        ));
    }
    hits
}
