//! A view gives something else to the previous release.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A view gives something else to the previous release.
pub(super) const RULE: Rule = Rule {
    code: "N029",
    name: "view-redefined",
    topic: Topic::PreviousRelease,
    severity: Severity::Warning,
    title: "a view gives something else to the previous release",
    why: "The previous release silently reads other rows or other values: nothing fails, so no \
          statement tells.",
    instead: "Make a new view for the new release, and drop the old one when no machine uses it.\n\n\
              ```sql\n\
              CREATE VIEW paying_users AS SELECT id, name, email FROM users WHERE status = 'active' AND balance > 0;\n\
              GRANT SELECT ON paying_users TO app;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs().filter(|it| it.base.is_view()) {
        let (base, Some(named)) = (pair.base, pair.named) else {
            continue;
        };
        let renamed = named.oid == base.oid
            && (base.columns.iter()).any(|it| named.column_named(&it.name).is_none());
        if named.view == base.view || renamed || !pair.is_continued() {
            continue;
        }
        let step = case
            .commanded(class::RELATION, named.oid)
            .or_else(|| case.last_touch(base.oid));
        let name = pair.name();
        let title = format!("{} {name} has another query", base.kind_word());
        hits.push(Hit::new(step, &name, title));
    }
    hits
}
