//! A view stands in for a table without its privileges.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::observe::{Privilege, class};
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A view stands in for a table without its privileges.
pub(super) const RULE: Rule = Rule {
    code: "N052",
    name: "shim-missing-grants",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a view stands in for a table without its privileges",
    why: "Privileges are not copied: statements of the previous release on the view fail with \
          SQLSTATE 42501 (insufficient_privilege).",
    instead: "Grant on the view what was granted on the table, column privileges too.\n\n\
              ```sql\n\
              GRANT SELECT, INSERT, UPDATE, DELETE ON users TO app;\n\
              GRANT SELECT (id, name) ON users TO reporting;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (pair, _, view) in case.shims() {
        let name = pair.name();
        let step = case.commanded(class::RELATION, view.oid);
        let held = Privilege::of(&view.acl);
        let of_columns = pair.base.columns.iter().flat_map(|column| {
            let acl = Privilege::of(&column.acl).into_iter();
            acl.map(move |it| (it, Some(&column.name)))
        });
        let of_table = pair.base.lent().into_iter().map(|it| (it, None));
        let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (it, column) in of_table.chain(of_columns) {
            let same = column.and_then(|column| view.column_named(column));
            let on_column = same.is_some_and(|same| it.is_in(&Privilege::of(&same.acl)));
            // A view has no use for the others.
            if it.is_in(&held) || on_column || !"rawd".contains(it.letter) {
                continue;
            }
            let part = column.map_or(String::new(), |column| format!(" ({column})"));
            let words = missing.entry(it.grantee()).or_default();
            words.push(format!("{}{part}", it.word()));
        }
        for (role, words) in missing {
            let words = words.join(", ");
            let title = format!("{role} has no {words} on view {name}");
            let fix = format!("GRANT {words} ON {name} TO {role};");
            hits.push(Hit::new(step, &name, title).fix(fix));
        }
    }
    hits
}
