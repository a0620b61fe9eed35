//! What went wrong with a file, as the run goes on from it.

use super::batch::BatchError;
use super::error::ApplyError;
use super::failure::{ServerError, StatementFailure};
use super::record::is_cut_off;
use super::retry::{is_canceled, is_deadlock, is_passing};
use super::watch::Seen;
use super::work::Work;
use crate::directory::MigrationFile;

/// What went wrong with a file, before it is put on record.
#[derive(Debug)]
pub(super) struct Fault {
    pub place: Place,
    pub server: ServerError,
    pub seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a statement of the file.
    Statement(usize),
    /// At the end of its transaction.
    End,
    /// In something of ours.
    Session(&'static str),
    /// The file leaves a transaction open.
    Open,
}

impl Fault {
    pub(super) fn session(what: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| Self {
            place: Place::Session(what),
            server: ServerError::from(&error),
            seen: Seen::default(),
        }
    }

    /// Of a file that begins a transaction and does not end it.
    pub(super) fn open(file: &MigrationFile) -> Self {
        let error = ApplyError::OpenTransaction {
            file: file.file_name.clone(),
        };
        Self {
            place: Place::Open,
            server: ServerError {
                message: error.to_string(),
                sqlstate: None,
                detail: None,
                hint: None,
                context: None,
                position: None,
            },
            seen: Seen::default(),
        }
    }

    /// Whether it may be about the locks that we take before anything else, which are then forgotten:
    /// the role that a file works as may be another than the one that it begins as.
    pub(super) fn is_not_ours_to_lock(&self, locks: &mut Vec<String>) -> bool {
        let lost = self.server.sqlstate.is_none();
        let ours = self.place == Place::End && !lost && !self.is_passing() && !locks.is_empty();
        if ours {
            locks.clear();
        }
        ours
    }

    /// In this statement, where nothing says otherwise.
    pub(super) fn in_statement(mut self, index: usize) -> Self {
        if self.place == Place::End {
            self.place = Place::Statement(index);
        }
        self
    }

    /// Of a batch, of which everything else is at its end.
    pub(super) fn of(error: BatchError, seen: Seen) -> Self {
        // Where the connection was lost, the statement is the one that was last seen.
        let lost = error.server.sqlstate.is_none();
        let statement = if lost {
            seen.statement
        } else {
            error.statement
        };
        let mut server = error.server;
        if let Some(waiter) = seen.gave_way_to.as_ref().filter(|_| is_canceled(&server)) {
            server.message = format!(
                "stopped to give way to {waiter}, which waited for a lock of this migration"
            );
        }
        Self {
            place: statement.map_or(Place::End, Place::Statement),
            server,
            seen,
        }
    }

    /// Whether the same may work a moment later.
    pub(super) fn is_passing(&self) -> bool {
        self.gave_way() || is_passing(&self.server)
    }

    fn gave_way(&self) -> bool {
        self.seen.gave_way_to.is_some() && is_canceled(&self.server)
    }

    /// Puts the lock at which the transaction and the app came to wait for each other before all
    /// others: there, the next attempt waits while it holds nothing that anybody could wait for.
    ///
    /// The order grows into that of the app, which is not known.
    pub(super) fn learn(&self, locks: &mut Vec<String>) {
        if !(self.gave_way() || is_deadlock(&self.server)) {
            return;
        }
        if let Some(wanted) = &self.seen.wanted {
            locks.retain(|lock| lock != wanted);
            locks.insert(0, wanted.clone());
        }
    }

    /// Whether the connection was lost.
    pub(super) fn is_loss(&self) -> bool {
        self.place != Place::Open && self.server.is_lost()
    }

    pub(super) fn into_error(self, work: &Work<'_>) -> ApplyError {
        let file = work.file();
        let server = self.server;
        match self.place {
            Place::Statement(index) => {
                let statement = &work.step.statements[index];
                let cut_off_at = work
                    .step
                    .resume
                    .filter(|row| is_cut_off(row))
                    .map(|row| row.applied);
                ApplyError::Statement {
                    failure: Box::new(StatementFailure::of(
                        file,
                        statement,
                        index,
                        work.total(),
                        server,
                    )),
                    applied: work.done,
                    interrupted_before: cut_off_at == Some(index),
                }
            }
            Place::End if server.is_lost() => ApplyError::Interrupted {
                file: file.file_name.clone(),
                server: Box::new(server),
            },
            Place::End => ApplyError::Commit {
                file: file.file_name.clone(),
                server: Box::new(server),
            },
            Place::Session(what) => ApplyError::Session {
                what,
                server: Box::new(server),
            },
            Place::Open => ApplyError::OpenTransaction {
                file: file.file_name.clone(),
            },
        }
    }
}
