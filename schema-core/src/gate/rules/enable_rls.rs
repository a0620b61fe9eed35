//! Row security hides rows from the previous release, or refuses what it writes.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// Row security hides rows from the previous release, or refuses what it writes.
pub(super) const RULE: Rule = Rule {
    code: "N042",
    name: "enable-rls",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "row security hides rows from the previous release, or refuses what it writes",
    why: "With row security and no policy that lets a row through, everybody but the owner reads \
          nothing, and writes fail with SQLSTATE 42501 (insufficient_privilege). Nothing fails \
          where the previous release only reads, and preparing a statement does not tell.",
    instead: "Make a policy that lets everything through in the same transaction, try the strict \
              one out as the app's role, and put it in place one release later.\n\n\
              ```sql\n\
              CREATE POLICY orders_all ON orders USING (true);\n\
              ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (base, now) in case.living_tables() {
        if !now.row_security || now.lets_everything_through(case.app_role) {
            continue;
        }
        let name = base.qualified();
        let mut add = |step, title: String| {
            let hit = Hit::new(step, &name, title);
            // The probes of the app's role tell what it does to them.
            let told = case.app_role.is_some();
            hits.push(if told { hit.warning() } else { hit });
        };
        if !base.row_security {
            let step = case.blame_relation(base.oid, |it| it.row_security);
            add(
                step,
                format!("row security is switched on for table {name}"),
            );
            continue;
        }
        if now.force_row_security && !base.force_row_security {
            let step = case.blame_relation(base.oid, |it| it.force_row_security);
            add(
                step,
                format!("row security is forced on the owner of table {name}"),
            );
        }
        let step = case.blame_relation(base.oid, |it| it.policies.clone());
        for old in base.policies.iter().filter(|it| it.permissive) {
            let new = now.policies.iter().find(|it| it.name == old.name);
            match new {
                None => add(
                    step,
                    format!("policy {} of table {name} is dropped", old.name),
                ),
                Some(new) if new.is_narrower_than(old) => {
                    add(
                        step,
                        format!(
                            "policy {} of table {name} lets other rows through",
                            old.name
                        ),
                    );
                }
                Some(_) => {}
            }
        }
        for new in now.policies.iter().filter(|it| !it.permissive) {
            let old = base
                .policies
                .iter()
                .find(|it| it.name == new.name && !it.permissive);
            if old.is_none_or(|old| new.is_narrower_than(old)) {
                add(step, format!("policy {} restricts table {name}", new.name));
            }
        }
    }
    hits
}
