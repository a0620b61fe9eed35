//! Arguments of `check`.

use clap::Args;

use super::{BuildArgs, Format, GateArgs};

/// Check that the migrations say what the structs say.
///
/// Shows what differs as lines of the structs (`+` is in the source and in no migration, `-` is in the
/// migrations and not in the source), and as the SQL that `generate` would write.
///
/// With `--all`, everything that is to hold before a merge, in one run: the hash chain (`validate`), the
/// order against the base branch (`ordering`), the structs (`check`), `lint` and `gate`. The directory is
/// loaded once, the project built once, the new migrations rehearsed once. A step goes on when an
/// earlier one fails, unless it cannot.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate check                                  do structs and migrations agree?
  cargo migrate check --all                            all checks, against origin's default branch
  cargo migrate check --all --latest 1                 the last file is new; needs no git
  cargo migrate check --all --issues github --format github --comment
                                                       in a workflow: annotations, and one comment

Exit code of --all, the first that is true:
  11  validate: the directory is not intact
   4  check: structs and migrations differ
  10  any other finding that is an error
   -  a step that could not be done: the code of why (3 no git or no build, 5 no dev database,
      12 the migrations do not replay)
   0  everything holds")]
pub(crate) struct CheckArgs {
    /// Validate, ordering, check, lint and gate in one run, with one report.
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
}

impl CheckArgs {
    /// An option that was given, and that only `--all` looks at.
    pub(crate) fn needs_all(&self) -> Option<&'static str> {
        let GateArgs {
            previous_binary,
            previous_tag,
            app_role,
            issues,
            // CI sets it everywhere.
            check_record: _,
            review,
        } = &self.gate;
        let given = [
            ("--base", review.base.base.is_some()),
            ("--latest", review.base.latest.is_some()),
            ("--previous-binary", previous_binary.is_some()),
            ("--previous-tag", previous_tag.is_some()),
            ("--app-role", app_role.is_some()),
            ("--issues", issues.is_some()),
            ("--no-rows", review.no_rows),
            ("--stats", review.stats.is_some()),
            (
                "--format",
                !matches!(review.format, Format::Text | Format::Json),
            ),
            ("--comment", review.comment),
            ("--pull-request", review.pull_request.is_some()),
            ("--approved-by-label", review.approved_by_label.is_some()),
        ];
        let mut given = given.into_iter().filter(|(_, is_given)| *is_given);
        given.next().map(|(name, _)| name)
    }
}
