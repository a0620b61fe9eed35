//! What the shims of the directory have to do with the findings.

use std::collections::BTreeSet;

use super::rule;
use crate::directory::{DirectiveKind, MigrationFile, ShimName, live_shims};
use crate::gate::{MADE_AND_DROPPED, SHIM_NOT_THERE};
use crate::observe::{ObserveError, Rehearsal};
use crate::rule::{Case, Covered, Hit, Rule};

/// What the shims cover that live after the last of the new files.
pub(super) fn covered(base: &[MigrationFile], new: &[MigrationFile]) -> Covered {
    let mut covered = Covered::default();
    // A ledger that cannot be followed is told where the directory is checked.
    for shim in live_shims(base.iter().chain(new)).unwrap_or_default() {
        match shim.old {
            ShimName::Table(table) => _ = covered.tables.insert(table),
            ShimName::Column(table, column) => _ = covered.columns.insert((table, column)),
        }
    }
    covered
}

/// Shims that one set of new files both makes and drops: no release ever had them.
pub(super) fn made_and_dropped(new: &[MigrationFile]) -> Vec<(&'static Rule, Hit)> {
    let mut made = BTreeSet::new();
    let mut hits = Vec::new();
    for (number, file) in new.iter().enumerate() {
        for directive in &file.directives {
            match &directive.kind {
                DirectiveKind::Shim { old, .. } => made.extend(ShimName::parse(old)),
                DirectiveKind::ShimDrop { old } => {
                    let Some(old) = ShimName::parse(old).filter(|old| made.contains(old)) else {
                        continue;
                    };
                    let title =
                        format!("the shim of {old} is made and dropped in the same release");
                    let line = Some((number, directive.line));
                    hits.push((&MADE_AND_DROPPED, Hit::at_line(line, title)));
                }
                _ => {}
            }
        }
    }
    hits
}

/// Shims that a file promises, and that do not stand when it is done.
pub(super) async fn not_there(
    rehearsal: &mut Rehearsal,
    number: usize,
    file: &MigrationFile,
) -> Result<Vec<(&'static Rule, Hit)>, ObserveError> {
    let mut hits = Vec::new();
    for directive in &file.directives {
        let DirectiveKind::Shim { old, .. } = &directive.kind else {
            continue;
        };
        // A name that cannot be read is told where the directory is checked.
        let Some(shim) = ShimName::parse(old) else {
            continue;
        };
        if !rehearsal.has_shim(&shim).await? {
            let title = format!("there is no shim of {shim}, which this directive promises");
            let line = Some((number, directive.line));
            hits.push((&SHIM_NOT_THERE, Hit::at_line(line, title)));
        }
    }
    Ok(hits)
}

/// Shims of the base that are gone, though no directive says so: their issues would be asked for
/// for ever.
pub(super) async fn gone(
    rehearsal: &mut Rehearsal,
    base: &[MigrationFile],
    new: &[MigrationFile],
) -> Result<Vec<(&'static Rule, Hit)>, ObserveError> {
    let mut hits = Vec::new();
    for shim in live_shims(base.iter().chain(new)).unwrap_or_default() {
        let is_old = base.iter().any(|file| file.file_name == shim.file);
        let old = &shim.old;
        if is_old && !rehearsal.has_shim(old).await? && rehearsal.had_shim(old).await? {
            let step = rehearsal.steps().iter().rposition(|step| {
                let mut dropped = step.effects.dropped.iter();
                dropped.any(|it| it.is_old && it.named)
            });
            let title =
                format!("the shim of {old} is gone, and no directive says that it is dropped");
            let mut hit = Hit::at_line(None, title);
            hit.step = step;
            hits.push((&SHIM_NOT_THERE, hit));
        }
    }
    Ok(hits)
}

/// A table that lost its name at an earlier commit point, and whose view comes only now: what is
/// wrong is not that there is none, but that it is late.
pub(super) fn late_shims(case: &Case<'_>, hits: &mut [(&'static Rule, Hit)]) {
    let Some(late) = rule("N050") else { return };
    for pair in case.pairs() {
        let Some(view) = pair.shim() else { continue };
        let name = pair.name();
        for (rule, hit) in hits.iter_mut() {
            if matches!(rule.code, "N002" | "N004" | "N005") && hit.object.as_ref() == Some(&name) {
                *rule = late;
                hit.title = format!(
                    "table {name} is gone until view {} is committed",
                    view.qualified()
                );
            }
        }
    }
}
