//! What the history says of a file: before, between, afterwards, and when it failed.

use std::time::Duration;

use jiff::Timestamp;

use super::execute::{Target, reset};
use super::fault::{Fault, Place};
use super::lock::claim_work;
use super::observer::Silent;
use super::replay::execute;
use super::revision::{Revision, RevisionKind};
use super::session::open;
use super::work::Work;
use crate::directory::{Hash, MigrationFile, SqlStatement};

/// What a half-done file's row says while a statement runs. It stays only if the run is cut off.
pub(super) const CUT_OFF: &str = "cargo migrate was cut off while this statement ran";

/// The row of a file of which nothing is executed yet.
pub(super) fn fresh(file: &MigrationFile, total: usize) -> Revision {
    Revision {
        version: file.version.clone(),
        description: file.description.clone(),
        kind: RevisionKind::EXECUTED,
        applied: 0,
        total,
        executed_at: Timestamp::UNIX_EPOCH,
        execution_time: Duration::ZERO,
        error: None,
        error_statement: None,
        hash: file.hash.clone().unwrap_or_else(|| Hash::new("")),
        partial_hashes: Vec::new(),
        operator: String::new(),
    }
}

/// The row while statement `index` runs.
pub(super) fn mark(
    revision: &mut Revision,
    index: usize,
    hashes: &[Hash],
    statement: &SqlStatement<'_>,
) {
    revision.applied = index;
    revision.partial_hashes = hashes[..index].to_vec();
    revision.error = Some(CUT_OFF.to_owned());
    revision.error_statement = Some(statement.text.to_owned());
}

pub(super) fn finish(revision: &mut Revision, elapsed: Duration) {
    revision.applied = revision.total;
    revision.partial_hashes.clear();
    revision.error = None;
    revision.error_statement = None;
    revision.execution_time = elapsed;
}

/// Puts a failure on record. Returns how many statements of the file are applied, after all.
pub(super) async fn record_failure(
    target: &mut Target<'_>,
    work: &Work<'_>,
    fault: &Fault,
) -> usize {
    if !settle(target).await {
        return work.done;
    }
    let row = recorded(target, work).await;
    let applied = row.as_ref().map_or(work.done, |row| row.applied);
    if fault.is_loss() && row.as_ref().is_some_and(is_cut_off) {
        // Nobody can tell whether the statement was done, and the row says so.
        return applied;
    }
    let statement = match fault.place {
        Place::Statement(index) => Some(work.step.statements[index].text.to_owned()),
        _ => None,
    };
    let revision = Revision {
        applied,
        partial_hashes: work.hashes[..applied.min(work.total())].to_vec(),
        error: Some(fault.server.message.clone()),
        error_statement: statement,
        ..fresh(work.file(), work.total())
    };
    // The failure itself is what the user has to see; a record of it is worth a try.
    let _ = target
        .history
        .write_failure(&mut target.connection, &revision)
        .await;
    applied
}

/// Whether the row is that of a file that was cut off, while its next statement ran or before.
pub(super) fn is_cut_off(row: &Revision) -> bool {
    row.error.as_deref() == Some(CUT_OFF)
}

/// What the history says of the file; of an attempt too that left nothing.
pub(super) async fn recorded(target: &mut Target<'_>, work: &Work<'_>) -> Option<Revision> {
    let version = &work.file().version;
    let row = target.history.read_one(&mut target.connection, version);
    row.await.unwrap_or_default()
}

/// Ends whatever transaction is open; connects again if the connection was lost.
async fn settle(target: &mut Target<'_>) -> bool {
    if execute(&mut target.connection, "ROLLBACK").await.is_ok() && reset(target).await.is_ok() {
        return true;
    }
    let Ok((mut connection, process)) = open(target.options, &target.settings).await else {
        return false;
    };
    // The lost session may still be at it; what it leaves can be told when it has ended.
    let claimed = claim_work(&mut connection, target.patience, &mut Silent).await;
    if claimed.is_err() {
        return false;
    }
    target.connection = connection;
    target.process = process;
    true
}
