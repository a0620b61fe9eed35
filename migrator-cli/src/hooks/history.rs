//! What is wrong with the migrations of a tree of git: by themselves, and against the base branch.

use std::collections::BTreeSet;

use schema_core::diagnostic::Finding;
use schema_core::directory::Directory;
use schema_core::lint::history::{self, History};

use crate::branch::{OnBase, directory};
use crate::context::Context;
use crate::git::{Base, Entry, GitError, Repository};

/// The migrations of a tree, and what was found.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The migrations.
    pub(crate) head: Directory,
    /// What is wrong with the chain, or with files by themselves.
    pub(crate) chain: Vec<Finding>,
    /// What does not fit the base branch.
    pub(crate) history: Vec<Finding>,
    /// The base branch, or why there was nothing to compare with.
    pub(crate) base: Result<String, String>,
}

impl Checked {
    /// Whether all is well.
    pub(crate) fn passes(&self) -> bool {
        self.chain.is_empty() && self.history.is_empty()
    }
}

/// Checks the migrations of a tree. Without a base that is the chain alone.
pub(crate) fn check(
    context: &Context,
    repository: &Repository,
    tree: &[Entry],
    folder: &str,
    base: Result<Base, GitError>,
) -> Result<Checked, GitError> {
    let head = directory(context, repository, tree, folder)?;
    let shown = context.shown(&context.dir);
    let chain = head.verify().iter().map(|it| it.finding(&shown)).collect();
    let (history, base) = match base {
        Ok(base) => {
            let findings = against(context, repository, &head, folder, &base)?;
            (findings, Ok(base.name))
        }
        Err(error) if is_no_base(&error) => (Vec::new(), Err(error.to_string())),
        Err(error) => return Err(error),
    };
    Ok(Checked {
        head,
        chain,
        history,
        base,
    })
}

fn against(
    context: &Context,
    repository: &Repository,
    head: &Directory,
    folder: &str,
    base: &Base,
) -> Result<Vec<Finding>, GitError> {
    let OnBase { fork, tip, .. } = OnBase::read(context, repository, base, folder, head)?;
    Ok(history::check(&History {
        base_name: &base.name,
        fork: &fork,
        tip: &tip,
        head,
        // Objects of git have git's line ends on both sides.
        same_to_git: &BTreeSet::new(),
        shown: &context.shown(&context.dir),
    }))
}

/// Whether there is nothing to compare with, as in a new repository or one without a remote.
fn is_no_base(error: &GitError) -> bool {
    matches!(
        error,
        GitError::NoCommit
            | GitError::NoBase { .. }
            | GitError::NoSuchBase { .. }
            | GitError::Shallow { .. }
            | GitError::Unrelated { .. }
    )
}
