//! Expand and contract are two deployments: what of the pending files has to wait for the next.
//!
//! A shim keeps the previous release alive. Where the file that makes one and the file that drops
//! it are pending together, because several releases were promoted at once, no release has run in
//! between: the machines of the old one are still there. So the contract file waits. It can only
//! wait if nothing that runs now needs it to be done.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::pending::{Pending, Step, row_of};
use super::refusal::{Hindrance, Refusal};
use super::revision::{Deferral, Revision};
use crate::directory::{DirectiveKind, Directory, MigrationFile, ShimName};

/// A file that waits for the next deployment.
#[derive(Clone, Debug)]
pub struct Deferred<'a> {
    /// The file.
    pub step: Step<'a>,
    /// Why it waits.
    pub reason: String,
    /// Whether the history says so already, and this run has nothing to add.
    pub is_settled: bool,
}

/// Why a contract file waits.
enum Wait {
    /// No release has run since the shim was made.
    Made { shim: ShimName, by: String },
    /// The history says that it waits, and until when.
    Recorded { reason: String, until: Deferral },
}

impl Wait {
    fn reason(&self) -> String {
        match self {
            Self::Made { shim, by } => format!(
                "it drops the shim of {shim}, which `{by}` makes, and no release has run in between"
            ),
            Self::Recorded { reason, .. } => reason.clone(),
        }
    }
}

/// Splits what is pending into what runs and what waits for the next deployment.
///
/// `began` is when this deployment began, by the clock of the server, before it waited for another
/// one: what that one made was made in this deployment too.
///
/// A database that is not in use gets everything: no release has ever run on it.
pub fn split<'a>(
    directory: &Directory,
    revisions: &[Revision],
    pending: Pending<'a>,
    began: Timestamp,
) -> Result<Pending<'a>, Refusal> {
    if !pending.in_use {
        return Ok(pending);
    }
    let waiting = waiting(directory, revisions, &pending.steps, began);
    if waiting.is_empty() {
        return Ok(pending);
    }
    for (index, wait) in &waiting {
        check(directory, &pending.steps, &waiting, *index, wait)?;
    }
    let (mut steps, mut deferred) = (Vec::new(), pending.deferred);
    for (index, step) in pending.steps.into_iter().enumerate() {
        match waiting.get(&index) {
            None => steps.push(step),
            Some(wait) => deferred.push(Deferred {
                step,
                reason: wait.reason(),
                is_settled: matches!(
                    wait,
                    Wait::Recorded {
                        until: Deferral::Settled,
                        ..
                    }
                ),
            }),
        }
    }
    Ok(Pending {
        steps,
        deferred,
        ..pending
    })
}

/// Whether a shim is both made and dropped.
pub(super) fn expands_and_contracts(directory: &Directory, steps: &[Step<'_>]) -> bool {
    let mut contracts = steps.iter().filter(|step| step.file.is_contract());
    contracts.any(|step| made_by(directory, step.file, |maker| runs(steps, maker)).is_some())
}

/// Whether a file is among the steps, and is executed.
fn runs(steps: &[Step<'_>], file: &MigrationFile) -> bool {
    let mut steps = steps.iter();
    steps.any(|it| it.file.version == file.version && it.skipped_on.is_none())
}

/// Which of the steps wait, and why.
fn waiting(
    directory: &Directory,
    revisions: &[Revision],
    steps: &[Step<'_>],
    began: Timestamp,
) -> BTreeMap<usize, Wait> {
    let mut waiting = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        // What has begun is brought to its end, and what does nothing hurts nobody.
        if step.skipped_on.is_some() || step.done() > 0 || step.statements.is_empty() {
            continue;
        }
        if !step.file.is_contract() {
            continue;
        }
        let just_ran = |maker: &MigrationFile| {
            let row = row_of(revisions, maker);
            row.is_some_and(|row| row.is_executed() && row.executed_at >= began)
        };
        // A maker that waits itself is among the steps too.
        let wait = made_by(directory, step.file, |maker| runs(steps, maker))
            .or_else(|| recorded(row_of(revisions, step.file)?, began))
            .or_else(|| made_by(directory, step.file, just_ran));
        waiting.extend(wait.map(|wait| (index, wait)));
    }
    waiting
}

/// A shim that the file drops, and that a file of this kind makes.
fn made_by(
    directory: &Directory,
    file: &MigrationFile,
    is: impl Fn(&MigrationFile) -> bool,
) -> Option<Wait> {
    dropped(file).find_map(|shim| {
        let maker = maker(directory, file, &shim)?;
        let by = maker.file_name.clone();
        is(maker).then_some(Wait::Made { shim, by })
    })
}

/// What the history says of a file that waits, unless it has waited long enough.
fn recorded(row: &Revision, began: Timestamp) -> Option<Wait> {
    let (until, reason) = row.deferral()?;
    let waits = until == Deferral::Open || row.executed_at >= began;
    let reason = reason.to_owned();
    waits.then_some(Wait::Recorded { reason, until })
}

/// The shims that a file drops.
fn dropped(file: &MigrationFile) -> impl Iterator<Item = ShimName> {
    // A name that cannot be read is told where the directory is checked.
    file.directives.iter().filter_map(|it| match &it.kind {
        DirectiveKind::ShimDrop { old } => ShimName::parse(old),
        _ => None,
    })
}

/// The file that makes the shim that `file` drops: the last one before it that does.
fn maker<'a>(
    directory: &'a Directory,
    file: &MigrationFile,
    shim: &ShimName,
) -> Option<&'a MigrationFile> {
    let before = directory.files.iter();
    let before = before.take_while(|it| it.version != file.version);
    let makes = |it: &&MigrationFile| {
        it.directives.iter().any(|it| match &it.kind {
            DirectiveKind::Shim { old, .. } => ShimName::parse(old).as_ref() == Some(shim),
            _ => false,
        })
    };
    before.filter(makes).last()
}

/// Sees that no file that runs now needs what a file does that waits.
fn check(
    directory: &Directory,
    steps: &[Step<'_>],
    waiting: &BTreeMap<usize, Wait>,
    index: usize,
    wait: &Wait,
) -> Result<(), Refusal> {
    let position = |file: &MigrationFile| {
        let mut files = directory.files.iter();
        files.position(|it| it.version == file.version)
    };
    let file = steps[index].file;
    let own = position(file);
    let later = steps.iter().enumerate().filter(|(other, step)| {
        let runs = !waiting.contains_key(other) && step.skipped_on.is_none();
        runs && position(step.file) > own
    });
    let later: Vec<&MigrationFile> = later.map(|(_, step)| step.file).collect();
    let hindrances = hindrances(directory, file, &later);
    if hindrances.is_empty() {
        return Ok(());
    }
    let earlier = steps[..index].iter().enumerate();
    let mut runs = earlier.filter(|(other, _)| !waiting.contains_key(other));
    Err(Refusal::CannotWait {
        file: file.file_name.clone(),
        reason: wait.reason(),
        hindrances,
        before: runs.next_back().map(|(_, step)| step.file.version.clone()),
        from_end: directory.files.len() - own.unwrap_or_default(),
    })
}

/// What keeps a file from waiting while these later ones run.
fn hindrances(
    directory: &Directory,
    file: &MigrationFile,
    later: &[&MigrationFile],
) -> Vec<Hindrance> {
    if later.is_empty() {
        return Vec::new();
    }
    let unknown = |file: &MigrationFile| {
        let file = file.file_name.clone();
        Hindrance::Unrecorded { file }
    };
    let unseen = |file: &MigrationFile| {
        let file = file.file_name.clone();
        Hindrance::Unseen { file }
    };
    let Some(own) = directory.touches(file) else {
        return vec![unknown(file)];
    };
    if own.is_everything() {
        return vec![unseen(file)];
    }
    let hindrance = |other: &&MigrationFile| {
        let Some(touches) = directory.touches(other) else {
            return Some(unknown(other));
        };
        let Some(common) = own.common(touches) else {
            return Some(unseen(other));
        };
        let objects: Vec<String> = common.iter().map(ToString::to_string).collect();
        let file = other.file_name.clone();
        (!objects.is_empty()).then_some(Hindrance::Common { file, objects })
    };
    later.iter().filter_map(hindrance).collect()
}
