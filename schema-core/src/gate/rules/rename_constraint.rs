//! A constraint that the previous release may name is renamed.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A constraint that the previous release may name is renamed.
pub(super) const RULE: Rule = Rule {
    code: "N034",
    name: "rename-constraint",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a constraint that the previous release may name is renamed",
    why: "ON CONFLICT ON CONSTRAINT fails with SQLSTATE 42704 (undefined_object), and code that \
          tells errors apart by the name of the constraint no longer does.",
    instead: "Keep the name. If it has to change, let the app use ON CONFLICT (columns) and know \
              both names one release earlier.\n\n\
              ```sql\n\
              INSERT INTO users (name, email) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        let name = base.qualified();
        for old in &base.constraints {
            let has_name = now.constraints.iter().any(|it| it.name == old.name);
            let successor = now.constraint(old.oid).or_else(|| {
                let mut others = now.constraints.iter();
                others.find(|it| {
                    let is_new = base.constraint(it.oid).is_none();
                    is_new && it.kind == old.kind && it.definition == old.definition
                })
            });
            let (false, Some(new)) = (has_name, successor) else {
                continue;
            };
            let step = case.blame_relation(base.oid, |it| {
                it.constraints.iter().any(|it| it.name == old.name)
            });
            let title = format!(
                "constraint {} of table {name} is renamed to {}",
                old.name, new.name
            );
            let hit = Hit::new(step, &name, title);
            let named_by_queries = matches!(old.kind, 'p' | 'u' | 'x');
            hits.push(if named_by_queries { hit } else { hit.warning() });
        }
        for old in base
            .indexes
            .iter()
            .filter(|it| it.unique && !base.has_constraint_of(it))
        {
            let new = now
                .indexes
                .iter()
                .find(|it| it.oid == old.oid && it.name != old.name);
            let Some(new) = new else { continue };
            let step = case.blame_relation(base.oid, |it| {
                it.indexes.iter().any(|it| it.name == old.name)
            });
            let title = format!(
                "unique index {} of table {name} is renamed to {}",
                old.name, new.name
            );
            hits.push(Hit::new(step, &name, title).warning());
        }
    }
    hits
}
