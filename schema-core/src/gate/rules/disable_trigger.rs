//! A trigger that the previous release may rely on does not fire any more.

use crate::diagnostic::Severity;
use crate::observe::class;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A trigger that the previous release may rely on does not fire any more.
pub(super) const RULE: Rule = Rule {
    code: "N043",
    name: "disable-trigger",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a trigger that the previous release may rely on does not fire any more",
    why: "What the previous release writes silently misses what the trigger did: audit rows, \
          counters, columns that it filled.",
    instead: "Let the app do without the trigger first, and drop it one release later.\n\n\
              ```sql\n\
              -- release N+1\n\
              DROP TRIGGER orders_note ON orders;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs() {
        let base = pair.base;
        let again = pair.named.filter(|_| base.is_view());
        let Some(now) = pair.now.or(again) else {
            continue;
        };
        let name = pair.name();
        for old in base.triggers.iter().filter(|it| it.fires()) {
            let by_number = now.triggers.iter().find(|it| it.oid == old.oid);
            let new = by_number.or_else(|| now.triggers.iter().find(|it| it.name == old.name));
            let dropped = case.dropped_by(class::TRIGGER, old.oid, 0);
            let step = dropped.or_else(|| {
                case.blame_relation(base.oid, |it| {
                    let mut triggers = it.triggers.iter().filter(|it| it.fires());
                    triggers.find(|it| it.name == old.name).map(|it| it.oid)
                })
            });
            let hit = |what: &str| {
                let title = format!("trigger {} of {} {name} {what}", old.name, base.kind_word());
                Hit::new(step, &name, title)
            };
            match new {
                None if pair.now.is_some() && case.went_along(class::TRIGGER, old.oid, 0) => {}
                None => hits.push(hit("is dropped")),
                Some(new) if !new.fires() => hits.push(hit("is disabled")),
                Some(new) if new.oid != old.oid && new.definition != old.definition => {
                    hits.push(hit("is made again otherwise").warning());
                }
                Some(_) => {}
            }
        }
    }
    hits
}
