//! Arguments of the commands that review new migrations.

use camino::Utf8PathBuf;
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};

use super::DevDbArgs;
use crate::tracker::IssueSource;

/// Look for what loses data, blocks or is out of order in new migrations.
///
/// The new migrations run on a throw-away dev database that stands where the base branch does, and
/// what they really do there is judged: locks, rewrites, scans, drops. Files that are on the base
/// branch already must be as they are there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate lint                          new files against origin's default branch
  cargo migrate lint --latest 1               the last file; needs no git
  cargo migrate lint --stats sizes.json       severity by the size of production's tables
  cargo migrate lint --explain H001           what a rule is about, and the way out

A finding is silenced where it stands, with its reason:
  -- migrate:nolint CODE reason")]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) review: ReviewArgs,
}

/// Refuse new migrations that break the previous release.
///
/// While a deploy runs, and after every rollback, machines of the previous release work on the new
/// schema. The gate runs the new migrations on a throw-away dev database and puts the previous
/// release's contract and its recorded queries (`.sqlx`) to every state that they leave behind.
///
/// What breaks passes only as a contract step that a review has seen: with the approval label on the
/// pull request. A shim, such as the view under the old name of a
/// table, has to have an open issue.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate gate                                   against origin's default branch
  cargo migrate gate --base release/2.4                against another branch
  cargo migrate gate --previous-tag v2.4.0             the release that is in production
  cargo migrate gate --previous-binary target/old/app  the schema that its binary carries
  cargo migrate gate --issues github --format github   in a workflow: annotations on the lines
  cargo migrate gate --explain drop-column             what a rule is about, and the way out

In a GitHub workflow: `fetch-depth: 0` with actions/checkout, and GITHUB_TOKEN in the environment
(permissions: issues: read, pull-requests: read; write for --comment).")]
pub(crate) struct GateArgs {
    /// The binary of the previous release: the schema that it carries is the contract.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "previous_tag",
        help_heading = "Previous release"
    )]
    pub(crate) previous_binary: Option<Utf8PathBuf>,
    /// The tag of the previous release: its migrations and its queries are the contract.
    #[arg(long, value_name = "TAG", help_heading = "Previous release")]
    pub(crate) previous_tag: Option<String>,
    /// The role that the app connects as; its queries run with these privileges
    /// [default: `app-role` of the configuration, else the owner].
    #[arg(long, value_name = "ROLE", help_heading = "Previous release")]
    pub(crate) app_role: Option<String>,
    /// Where the issues of shims are: `github`, `file:PATH` (lines `123 open`), or `none`
    /// [default: `issues` of the configuration].
    #[arg(long, value_name = "TRACKER", help_heading = "Review")]
    pub(crate) issues: Option<IssueSource>,
    /// Write nothing: what is missing in `migrate.touched` is a finding (G015). So it is in CI.
    #[arg(long, env = "CI", hide_env = true, value_parser = FalseyValueParser::new(), help_heading = "Review")]
    pub(crate) check_record: bool,
    #[command(flatten)]
    pub(crate) review: ReviewArgs,
}

/// What `gate` and `lint` share.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) base: BaseArgs,
    /// Do not put rows into the tables of the dev database.
    ///
    /// With rows, a migration that only fails or only scans on a table that is not empty shows it.
    #[arg(long, help_heading = "Rehearsal")]
    pub(crate) no_rows: bool,
    /// Sizes of production's tables, as `cargo migrate stats` exports them.
    #[arg(long, value_name = "FILE", help_heading = "Rehearsal")]
    pub(crate) stats: Option<Utf8PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Report")]
    pub(crate) format: Format,
    /// Write the report as a comment on the pull request, or update the one that is there.
    #[arg(long, help_heading = "Report")]
    pub(crate) comment: bool,
    /// Show the page of a rule, by its code or name.
    #[arg(long, value_name = "CODE", help_heading = "Report")]
    pub(crate) explain: Option<String>,
    /// The pull request, where the CI's event file does not say it.
    #[arg(long, value_name = "NUMBER", help_heading = "Review")]
    pub(crate) pull_request: Option<u64>,
    /// The approval label, if it is on the pull request: for systems other than GitHub.
    ///
    /// Has to be the label that the configuration names [`approval-label`, `migration-approved`].
    #[arg(long, value_name = "LABEL", help_heading = "Review")]
    pub(crate) approved_by_label: Option<String>,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Which migrations are new.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "New migrations")]
pub(crate) struct BaseArgs {
    /// The base branch: new is what is not where this branch left it [default: `base-branch` of the
    /// configuration, else origin/HEAD, origin/main, origin/master, main, master].
    #[arg(long, value_name = "REF")]
    pub(crate) base: Option<String>,
    /// The last N files are new; needs no git.
    #[arg(long, value_name = "N", conflicts_with = "base")]
    pub(crate) latest: Option<usize>,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// One document for programs.
    Json,
    /// Workflow commands: annotations on the lines of a pull request on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// The comment for a pull request.
    Markdown,
}
