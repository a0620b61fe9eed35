//! Arguments of the commands that bring the checks into git's hooks and into CI.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand, ValueEnum};

use super::DevDbArgs;
use crate::hooks::Hook;

/// Check migrations before each commit and push, by git's hooks.
///
/// Before a commit it looks at what is staged: migrations that do not agree with atlas.sum, files of the base
/// branch that were edited, deleted or renamed, new files that are older than its newest, and structs that
/// changed without a migration. Where nothing of this is staged, it is out at once. Before a push the same
/// is asked of the commits that are pushed, without a build.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate hooks install             into .git/hooks, core.hooksPath, husky, pre-commit or lefthook
  cargo migrate hooks install --dry-run   what would change
  cargo migrate hooks uninstall           takes exactly that out again
  cargo migrate hooks run pre-commit      what the hook runs")]
pub(crate) struct HooksArgs {
    #[command(subcommand)]
    pub(crate) command: HooksCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HooksCommand {
    /// Bring the hooks in, whoever runs them; set up how git merges atlas.sum.
    Install {
        /// Where nothing can be added to a hook that is there, take its place and run it after ours.
        #[arg(long)]
        force: bool,
        /// Print what would change, change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Take out what `install` has put in, to the byte; `.gitattributes` stays.
    Uninstall {
        /// Print what would change, change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Do what a hook does.
    Run {
        /// Which hook.
        hook: Hook,
        #[command(flatten)]
        dev: DevDbArgs,
    },
    /// Merge atlas.sum; git calls this as the merge driver that `install` sets up.
    #[command(hide = true)]
    Merge {
        /// The file of the common ancestor, `%O`.
        ancestor: Utf8PathBuf,
        /// Ours, where the result goes, `%A`.
        ours: Utf8PathBuf,
        /// Theirs, `%B`.
        theirs: Utf8PathBuf,
        /// The path in the repository, `%P`.
        path: Utf8PathBuf,
    },
}

/// Write the files that run the checks in CI.
#[derive(Debug, Args)]
pub(crate) struct CiArgs {
    #[command(subcommand)]
    pub(crate) command: CiCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CiCommand {
    /// Write a workflow that runs `cargo migrate check --all` on pull requests and on the base branch.
    Init {
        /// The system that is to run it.
        system: CiSystem,
        /// Write over a file that is there.
        #[arg(long)]
        force: bool,
        /// Print the file, write nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// A system that runs checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiSystem {
    /// GitHub Actions: `.github/workflows/migrations.yml`.
    Github,
    /// GitLab CI: `.gitlab/migrations.yml`, included by `.gitlab-ci.yml`.
    Gitlab,
}
