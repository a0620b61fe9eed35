//! Arguments of the commands that put the files of a branch in order.

use clap::Args;

use super::{BuildArgs, DatabaseArgs, DevDbArgs, PlanArgs};

/// What all of them take.
#[derive(Debug, Args)]
pub(crate) struct RewriteArgs {
    /// The base branch: the branch's own files are those that it does not have [default: `base-branch` of
    /// the configuration, else origin/HEAD, origin/main, origin/master, main, master].
    #[arg(long, value_name = "REF")]
    pub(crate) base: Option<String>,
    /// Do it without asking.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Show what would be done; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Refuse to change files that the database of `--url` has applied.
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
}

/// Make one migration of those of this branch.
///
/// What `generate` wrote is planned anew, from the state of the base branch to that of the structs. Files
/// that a person wrote or edited stay as they are and where they are: then there is one migration before
/// and one after each of them. So do files that make or drop a shim. The result is replayed, and has to
/// give exactly the state that the old files gave.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate squash                  under the name of the first one
  cargo migrate squash add_orders       under this name
  cargo migrate squash --dry-run        the new files, and their SQL
  cargo migrate squash --url $STAGING   unless staging has run one of them
  cargo migrate undo                    as it was, until the next commit")]
pub(crate) struct SquashArgs {
    /// Name of the migration: letters, digits, `_` and `-`.
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Put this branch's migrations behind those that have landed on the base branch.
///
/// After `git merge` or `git rebase`, finished or not: this branch's files get versions of now, in their
/// order, and `atlas.sum` is extended over them; a conflict in it is resolved. What `generate` wrote is
/// planned anew where it does not fit the new base any more, because that has changed the same tables.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  git merge origin/main                 a conflict in atlas.sum
  cargo migrate rebase                  resolves it
  git add migrations && git merge --continue")]
pub(crate) struct RebaseArgs {
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Make the migrations as they are on the base branch, and this branch's anew from the structs.
///
/// Files of the base branch that were edited, deleted or renamed are restored. What `generate` wrote here is
/// planned anew as one migration; what a person wrote stays, in its order, behind it. For a branch whose
/// migrations are in such a state that nothing else helps.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate reset --dry-run         what would be restored, removed and written
  cargo migrate reset add_orders        the new migration under this name
  cargo migrate undo                    as it was, until the next commit")]
pub(crate) struct ResetArgs {
    /// Name of the migration: letters, digits, `_` and `-`.
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Take new and edited files of this branch into `atlas.sum`.
///
/// For a file made by `new` and written since, or one that came by hand. Lines of files that are on
/// the base branch never change: the first that would is named, and nothing is written. A
/// directory that another tool made, which never had an `atlas.sum`, gets its first.
#[derive(Debug, Args)]
pub(crate) struct HashArgs {
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
}

/// Remove migrations of this branch.
///
/// What is left has to replay without them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate rm 20261123120500
  cargo migrate rm add_orders --yes")]
pub(crate) struct RmArgs {
    /// Which: file name, version, or what the name says after it.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Edit a migration of this branch, and hash it again.
///
/// Opens a copy in `$VISUAL`, else `$EDITOR`; the file is replaced when the new text can be read and
/// replayed. A file that `generate` wrote counts as written by a person from then on: `squash`, `rebase` and
/// `reset` keep it as it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate edit config_plans
  cargo migrate edit 20261123120500 --from corrected.sql")]
pub(crate) struct EditArgs {
    /// Which: file name, version, or what the name says after it.
    pub(crate) file: String,
    /// Take the new text from this file, or from standard input with `-`.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<String>,
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Take back the last `squash`, `rebase`, `reset`, `hash`, `rm` or `edit`.
///
/// Until the next commit; then git has what was before. Files that were changed since are not
/// overwritten.
#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// Do it without asking.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Show what would be done; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}
