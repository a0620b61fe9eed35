//! A schema that the previous release uses is renamed.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::ident::Ident;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A schema that the previous release uses is renamed.
pub(super) const RULE: Rule = Rule {
    code: "N006",
    name: "rename-schema",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a schema that the previous release uses is renamed",
    why: "Every statement of the previous release that names the schema fails with SQLSTATE \
          42P01 (undefined_table) or 3F000 (invalid_schema_name), and every search_path with the \
          old name finds nothing there.",
    instead: "Make the new schema beside the old one, move the objects one by one, and leave \
              views under the old names.\n\n\
              ```sql\n\
              CREATE SCHEMA sales;\n\
              ALTER TABLE shop.carts SET SCHEMA sales;\n\
              CREATE VIEW shop.carts WITH (security_invoker = true) AS SELECT id, user_id FROM sales.carts;\n\
              GRANT SELECT, INSERT, UPDATE, DELETE ON shop.carts TO app;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let mut schemas: BTreeMap<&Ident, (&Ident, Option<usize>, Vec<String>)> = BTreeMap::new();
    for pair in case.pairs() {
        let (base, Some(now)) = (pair.base, pair.now) else {
            continue;
        };
        if now.schema == base.schema || pair.named.is_some() {
            continue;
        }
        let step = case.blame_relation(base.oid, |it| it.schema.clone());
        if case.renames_schema(step) {
            let entry = schemas
                .entry(&base.schema)
                .or_insert((&now.schema, step, Vec::new()));
            entry.2.push(format!("{} {}", base.kind_word(), base.name));
        }
    }
    let hit = |(old, (new, step, objects)): (&Ident, (&Ident, _, Vec<String>))| {
        let title = format!("schema {old} is renamed to {new}");
        Hit::at_step(step, title).note(format!("in it are {}", objects.join(", ")))
    };
    schemas.into_iter().map(hit).collect()
}
