//! The steps that need no server: the directory by itself, and against the base branch.

use schema_core::diagnostic::Finding;
use schema_core::directory::{Directory, LiveShim};
use schema_core::lint::history::{self, History};

use crate::base::Against;
use crate::context::Context;

/// `validate`: what is wrong with the chain and the directives, and the shims that live after all
/// files.
pub(crate) fn integrity(context: &Context, head: &Directory) -> (Vec<LiveShim>, Vec<Finding>) {
    let shown = context.shown(&context.dir);
    let problems = head.verify();
    let mut findings: Vec<Finding> = problems.iter().map(|it| it.finding(&shown)).collect();
    let shims = head.live_shims().unwrap_or_else(|errors| {
        findings.extend(errors.iter().map(|it| it.finding(&shown)));
        Vec::new()
    });
    (shims, findings)
}

/// `ordering`: what does not fit the base branch. Without the order of new files, only what makes
/// the files that run others than those that are looked at.
pub(super) fn ordering(
    context: &Context,
    head: &Directory,
    against: &Against,
    with_order: bool,
) -> Vec<Finding> {
    let Some(tip) = &against.tip else {
        return Vec::new();
    };
    let mut findings = history::check(&History {
        base_name: &against.name,
        fork: &against.fork,
        tip,
        head,
        same_to_git: &against.same_to_git,
        shown: &context.shown(&context.dir),
    });
    if !with_order {
        findings.retain(|finding| !history::is_order(finding.code));
    }
    findings
}
