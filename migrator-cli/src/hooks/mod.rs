//! Git's hooks: what they check, and how they come into a repository and out of it.

mod attributes;
mod block;
mod edit;
mod entry;
mod framework;
mod history;
mod install;
mod message;
mod place;
mod pushed;
mod script;
mod staged;
mod structs;
mod yaml;

use clap::ValueEnum;

pub(crate) use self::attributes::{FILE_NAME as ATTRIBUTES_FILE, merged as merged_attributes};
pub(crate) use self::edit::Edit;
pub(crate) use self::install::{Plan, Setting, install, uninstall};
pub(crate) use self::pushed::run as run_pre_push;
pub(crate) use self::staged::run as run_pre_commit;
pub(crate) use self::yaml::append_include;

/// A hook that we have something to say in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Hook {
    /// Before a commit: what is staged.
    PreCommit,
    /// Before a push: the commits that are pushed.
    PrePush,
}

impl Hook {
    /// Both, in the order in which they come.
    pub(crate) const ALL: [Self; 2] = [Self::PreCommit, Self::PrePush];

    /// Its name in git.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PrePush => "pre-push",
        }
    }

    /// What it is before.
    fn act(self) -> &'static str {
        match self {
            Self::PreCommit => "commit",
            Self::PrePush => "push",
        }
    }
}
