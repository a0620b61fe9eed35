//! The attributes of a composite type change.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// The attributes of a composite type change.
pub(super) const RULE: Rule = Rule {
    code: "N027",
    name: "composite-attribute",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "the attributes of a composite type change",
    why: "The previous release cannot decode rows of the type any more, and its row constructors \
          fail with SQLSTATE 42846 (cannot_coerce) or 42804 (datatype_mismatch). Every table \
          with a column of the type is rewritten or refused.",
    instead: "Make a new type beside the old one, and a new column of it.\n\n\
              ```sql\n\
              CREATE TYPE address_v2 AS (street text, city text, country text);\n\
              ALTER TABLE customers ADD COLUMN address_v2 address_v2;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for heir in case.types() {
        let Some(now) = heir.now else { continue };
        if now.attributes == heir.base.attributes {
            continue;
        }
        let name = heir.base.qualified();
        let step = case.blame_type(heir.base.oid, |it| it.attributes.clone());
        hits.push(Hit::new(
            step,
            &name,
            format!("the attributes of type {name} change"),
        ));
    }
    hits
}
