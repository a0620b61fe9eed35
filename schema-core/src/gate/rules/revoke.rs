//! A role of the previous release loses a privilege.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Severity;
use crate::ident::QualifiedName;
use crate::observe::{Privilege, Relation, class};
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A role of the previous release loses a privilege.
pub(super) const RULE: Rule = Rule {
    code: "N041",
    name: "revoke",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a role of the previous release loses a privilege",
    why: "Statements of the previous release fail with SQLSTATE 42501 (insufficient_privilege), \
          not when they are prepared but when they are planned or run. What is dropped and made \
          again has none of the privileges that it had.",
    instead: "Revoke one release after the app has stopped using it. Grant again what is made \
              again.\n\n\
              ```sql\n\
              GRANT SELECT ON active_users TO app;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut seen = BTreeSet::new();
    let mut by_statement: BTreeMap<_, Vec<&Relation>> = BTreeMap::new();
    for pair in case.pairs() {
        let (base, Some(named)) = (pair.base, pair.named) else {
            continue;
        };
        // Rows are gone, or a view stands in: told elsewhere.
        if base.is_table() && named.oid != base.oid {
            continue;
        }
        let (name, kind) = (pair.name(), base.kind_word());
        let again = named.oid != base.oid;
        let step = again
            .then(|| case.commanded(class::RELATION, named.oid))
            .flatten()
            .or_else(|| case.privileges_changed())
            .or_else(|| case.last_touch(base.oid));
        for (privileges, columns) in lost(case, base, named) {
            let words: Vec<_> = privileges.iter().map(Privilege::word).collect();
            let role = privileges
                .first()
                .map(Privilege::grantee)
                .unwrap_or_default();
            let words = words.join(", ");
            if columns.is_empty() {
                let alike = by_statement.entry((step, role, words, kind)).or_default();
                alike.push(base);
            } else {
                let title = format!("{role} loses {words} on {columns}{kind} {name}");
                hits.push(Hit::new(step, &name, title));
            }
        }
        let held = Privilege::of(&named.schema_acl);
        for it in Privilege::of(&base.schema_acl) {
            let (role, schema) = (it.grantee(), &base.schema);
            let is_lost =
                it.letter == 'U' && base.schema == named.schema && !serves(case, &it, &held);
            if is_lost && role != base.owner && seen.insert((role.clone(), schema)) {
                let title = format!("{role} loses USAGE on schema {schema}");
                let fix = format!("GRANT USAGE ON SCHEMA {schema} TO {role};");
                hits.push(Hit::at_step(case.privileges_changed(), title).fix(fix));
            }
        }
    }
    for ((step, role, words, kind), relations) in by_statement {
        hits.extend(of_relations(step, &role, &words, kind, &relations));
    }
    for heir in case.routines() {
        let (base, Some(now)) = (heir.base, heir.now.or(heir.named)) else {
            continue;
        };
        let held = Privilege::of(&now.acl);
        for it in Privilege::of(&base.acl) {
            if serves(case, &it, &held) || it.grantee() == base.owner {
                continue;
            }
            let (role, signature) = (it.grantee(), base.signature());
            let step = case
                .privileges_changed()
                .or_else(|| case.commanded(class::ROUTINE, now.oid));
            let title = format!("{role} loses EXECUTE on function {signature}");
            let fix = format!("GRANT EXECUTE ON FUNCTION {signature} TO {role};");
            hits.push(Hit::new(step, &base.qualified(), title).fix(fix));
        }
    }
    hits
}

/// What a role loses by one statement, on as many relations as it names. Partitions are meant with
/// their parent.
fn of_relations(
    step: Option<usize>,
    role: &str,
    words: &str,
    kind: &str,
    relations: &[&Relation],
) -> Option<Hit> {
    let is_part = |it: &Relation| {
        let mut others = relations.iter();
        others.any(|other| it.parents.contains(&other.oid))
    };
    let relations = relations.iter().filter(|it| !is_part(it));
    let names: Vec<QualifiedName> = relations.map(|it| it.qualified()).collect();
    let first = names.first()?;
    let all: Vec<String> = names.iter().map(ToString::to_string).collect();
    let all = all.join(", ");
    let title = match names.len() {
        1 => format!("{role} loses {words} on {kind} {first}"),
        many => format!("{role} loses {words} on {many} {kind}s"),
    };
    let on = if kind == "sequence" { "SEQUENCE " } else { "" };
    let mut hit = Hit::new(step, first, title);
    if names.len() > 1 {
        hit = hit.note(format!("They are {all}."));
    }
    Some(hit.fix(format!("GRANT {words} ON {on}{all} TO {role};")))
}

/// Whether a set holds a privilege: for its role, for everybody, or, where everybody had it, at
/// least for the role of the app.
fn serves(case: &Case<'_>, privilege: &Privilege, held: &BTreeSet<Privilege>) -> bool {
    let app = privilege.role.is_none().then(|| Privilege {
        role: case.app_role.cloned(),
        letter: privilege.letter,
    });
    privilege.is_in(held) || app.is_some_and(|it| held.contains(&it))
}

/// What roles have lost on a relation, by role, and on single columns of it.
fn lost(case: &Case<'_>, base: &Relation, now: &Relation) -> Vec<(Vec<Privilege>, String)> {
    let held = Privilege::of(&now.acl);
    let mut by_role: BTreeMap<(String, String), Vec<Privilege>> = BTreeMap::new();
    let mut add = |it: Privilege, columns: String| {
        let key = (columns, it.grantee());
        by_role.entry(key).or_default().push(it);
    };
    for it in base.lent() {
        // Column by column is as good.
        let by_columns = base.columns.iter().all(|column| {
            let same = now.column_named(&column.name);
            same.is_some_and(|same| it.is_in(&Privilege::of(&same.acl)))
        });
        let served = serves(case, &it, &held) || by_columns && "arwx".contains(it.letter);
        if !served {
            add(it, String::new());
        }
    }
    for column in &base.columns {
        let Some(same) = now.column_named(&column.name) else {
            continue;
        };
        let kept = Privilege::of(&same.acl);
        for it in Privilege::of(&column.acl) {
            if !it.is_in(&kept) && !it.is_in(&held) && it.grantee() != base.owner {
                add(it, format!("column {} of ", column.name));
            }
        }
    }
    by_role
        .into_iter()
        .map(|((columns, _), it)| (it, columns))
        .collect()
}
