//! A view, sequence, type or function is renamed.

use crate::diagnostic::Severity;
use crate::ident::QualifiedName;
use crate::observe::{Relation, Routine, Type};
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A view, sequence, type or function is renamed.
pub(super) const RULE: Rule = Rule {
    code: "N008",
    name: "rename-object",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view, sequence, type or function is renamed",
    why: "Statements of the previous release that name it fail: SQLSTATE 42P01 for a view or \
          sequence, 42704 (undefined_object) for a type, 42883 (undefined_function) for a \
          function. Drivers look types up by name when they bind arrays and enums.",
    instead: "Make a new object beside the old one, and drop the old one when no machine uses \
              it.\n\n\
              ```sql\n\
              -- release N\n\
              CREATE VIEW current_users AS SELECT id, name, email FROM users WHERE status = 'active';\n\
              GRANT SELECT ON current_users TO app;\n\
              -- release N+1\n\
              DROP VIEW active_users;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for pair in case.pairs() {
        let base = pair.base;
        let Some(now) = pair.now.filter(|_| base.is_view() || base.kind == 'S') else {
            continue;
        };
        let step = case.blame_relation(base.oid, Relation::qualified);
        let identity = base.sequence.as_ref().is_some_and(|it| it.is_identity);
        if now.qualified() == pair.name()
            || pair.named.is_some()
            || identity
            || case.renames_schema(step)
        {
            continue;
        }
        let kind = base.kind_word();
        let hit = renamed(step, kind, &pair.name(), &now.qualified());
        // Defaults know the sequence by its number.
        let owned = base.sequence.as_ref().is_some_and(|it| it.is_owned);
        hits.push(if owned { hit.warning() } else { hit });
    }
    for heir in case.types().filter(|it| it.named.is_none()) {
        if let Some(now) = heir.now {
            let step = case.blame_type(heir.base.oid, Type::qualified);
            hits.push(renamed(
                step,
                "type",
                &heir.base.qualified(),
                &now.qualified(),
            ));
        }
    }
    for heir in case.routines().filter(|it| it.named.is_none()) {
        if let Some(now) = heir.now.filter(|it| !it.is_trigger) {
            let oid = heir.base.oid;
            let step = case.blame(|facts| facts.routines.get(&oid).map(Routine::qualified));
            hits.push(renamed(
                step,
                "function",
                &heir.base.qualified(),
                &now.qualified(),
            ));
        }
    }
    hits
}

fn renamed(step: Option<usize>, kind: &str, old: &QualifiedName, new: &QualifiedName) -> Hit {
    Hit::new(step, old, format!("{kind} {old} is renamed to {new}"))
}
