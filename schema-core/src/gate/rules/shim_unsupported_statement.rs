//! A statement of the previous release does not work on a view.

use crate::diagnostic::Severity;
use crate::observe::{Step, class};
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A statement of the previous release does not work on a view.
pub(super) const RULE: Rule = Rule {
    code: "N055",
    name: "shim-unsupported-stmt",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a statement of the previous release does not work on a view",
    why: "No view serves ON CONFLICT ON CONSTRAINT (42704), GROUP BY the primary key alone \
          (42803), COPY FROM, TRUNCATE, TABLESAMPLE, WHERE CURRENT OF, ctid and xmin, or, before \
          PostgreSQL 17, MERGE. Where the statements of the previous release are known, each is \
          tried; what is not known, this warning is for.",
    instead: "Rewrite the statement in the app one release before the table is renamed.\n\n\
              ```sql\n\
              INSERT INTO users (name, email) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name;\n\
              ```",
    check: Check::Contract(check),
};

/// Told once for each view; it is an error where a statement is known to fail.
fn check(case: &Case<'_>) -> Vec<Hit> {
    let told = case.shims().map(|(pair, _, view)| {
        let name = pair.name();
        let title = format!(
            "a view serves {name} for the previous release, and no view serves every statement"
        );
        let mut steps = case.all.steps.iter();
        let makes = |step: &Step| {
            let mut commands = step.effects.commands.iter();
            commands.any(|it| it.class == class::RELATION && it.object == Some(view.oid))
        };
        let step = steps.position(makes);
        Hit::new(step, &name, title).warning()
    });
    told.collect()
}
