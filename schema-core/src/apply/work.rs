//! A file that is being run, and how far it is.

use std::time::Instant;

use super::pending::Step;
use super::settings::mentions;
use crate::directory::{Hash, MigrationFile, SqlStatement, StatementChain};

/// A file that is being run.
pub(super) struct Work<'a> {
    pub step: &'a Step<'a>,
    /// What a partial row says of each statement.
    pub hashes: Vec<Hash>,
    /// How many statements are done.
    pub done: usize,
    pub start: Instant,
    /// Locks to begin with: for each of them, the transaction has waited while it held others.
    pub locks: Vec<String>,
    /// Whether the file may set the name of the session itself.
    pub sets_name: bool,
    /// Whether the file may set the lock timeout itself.
    pub sets_lock_timeout: bool,
}

impl<'a> Work<'a> {
    pub(super) fn new(step: &'a Step<'a>) -> Self {
        let mut chain = StatementChain::default();
        let hashes = step.statements.iter();
        Self {
            step,
            hashes: hashes.map(|it| chain.add(it.text)).collect(),
            done: step.done(),
            start: Instant::now(),
            locks: Vec::new(),
            sets_name: mentions(&step.statements, "application_name"),
            sets_lock_timeout: mentions(&step.statements, "lock_timeout"),
        }
    }

    pub(super) fn file(&self) -> &'a MigrationFile {
        self.step.file
    }

    pub(super) fn total(&self) -> usize {
        self.step.statements.len()
    }

    /// The statements that may have set what is to come: a setting ends with its session.
    pub(super) fn settings(&self) -> impl Iterator<Item = &'a SqlStatement<'a>> {
        let done = self.step.statements[..self.done].iter();
        done.filter(|statement| statement.sets_session())
    }
}
