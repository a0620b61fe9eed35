//! A table or column is dropped with what is in it.

use crate::diagnostic::Severity;
use crate::directory::{DirectiveKind, ShimName};
use crate::lint::drops::{Lost, dropped_with_rows};
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// A table or column is dropped with what is in it.
pub(super) const RULE: Rule = Rule {
    code: "L010",
    name: "drop-with-data",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "a table or column is dropped with what is in it",
    why: "DROP TABLE and DROP COLUMN cannot be undone once they are committed. In a review \
          that asks for breaks of the previous release as well, N001 and N002 say it instead.",
    instead: "Drop it in a release of its own, when nothing uses it any more, and let the pull \
              request carry the approval label; or say why it may go.\n\
              \n\
              ```sql\n\
              -- migrate:nolint L010 nobody has used nicknames since May, a dump is kept\n\
              ALTER TABLE users DROP COLUMN nickname;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (place, it) in dropped_with_rows(steps).filter(|(_, it)| !it.again) {
        if is_contract(steps, place, &it) {
            continue;
        }
        let title = match &it.column {
            Some(column) => format!(
                "column {column} of table {} is dropped with its values",
                it.table
            ),
            None => format!("table {} is dropped with its rows", it.table),
        };
        hits.push(Hit::new(Some(place), &it.table, title));
    }
    hits
}

/// Whether the file ends the shim of the column: its values live on in the one that took its place.
fn is_contract(steps: &Steps<'_>, place: usize, lost: &Lost) -> bool {
    let file = &steps.files[steps.steps[place].file];
    let mut dropped = file.directives.iter().filter_map(|it| match &it.kind {
        DirectiveKind::ShimDrop { old } => ShimName::parse(old),
        _ => None,
    });
    lost.column.as_ref().is_some_and(|column| {
        let name = ShimName::Column(lost.table.clone(), column.clone());
        dropped.any(|it| it == name)
    })
}
