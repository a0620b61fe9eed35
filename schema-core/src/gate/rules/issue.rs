//! The issue of a shim: open as long as the view is there.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

const CONTRACT: &str = "If the work is done, write the contract migration: `cargo migrate generate NAME --contract '#123'`. \
     If it is not, open the issue again, or name another one that is open in the directive of the shim.";

/// The issue of a shim is closed, and the shim is still there.
pub const CLOSED: Rule = Rule {
    code: "G001",
    name: "shim-issue-closed",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "the issue of a shim is closed, and the shim is still there",
    why: "A shim, such as the view under the old name of a table, is only there for the previous release, and goes \
          with the work of its issue. A closed issue says that this work is done: the shim is left over, and keeps \
          every later change of the table from being simple.",
    instead: CONTRACT,
    check: Check::Elsewhere,
};

/// The issue of a shim does not exist.
pub const UNKNOWN: Rule = Rule {
    code: "G002",
    name: "shim-issue-unknown",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "the issue of a shim does not exist",
    why: "Nobody is reminded of the shim by an issue that does not exist, so it would stay for ever.",
    instead: "Open an issue for taking the shim away, and name it in a new migration's directive, or check the token: \
              GitHub also answers so for a private repository that the token cannot see.",
    check: Check::Elsewhere,
};

/// The tracker does not say whether the issues of shims are open.
pub const UNREACHABLE: Rule = Rule {
    code: "G003",
    name: "tracker-unreachable",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "the tracker does not say whether the issues of shims are open",
    why: "A live shim needs an open issue. Not to know is not to pass.",
    instead: "Run the check again when the tracker answers, or give the states by `--issues file:PATH`.",
    check: Check::Elsewhere,
};

/// The issue of a shim is a pull request.
pub const PULL_REQUEST: Rule = Rule {
    code: "G004",
    name: "shim-issue-is-pull-request",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "the issue of a shim is a pull request",
    why: "A pull request is closed when it is merged, which is when the shim only begins to live. It reminds nobody.",
    instead: "Open an issue for taking the shim away, and name that.",
    check: Check::Elsewhere,
};

/// The issue of a shim is not a number.
pub const NO_NUMBER: Rule = Rule {
    code: "G005",
    name: "shim-issue-no-number",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "the issue of a shim is not a number",
    why: "The tracker is asked by number, and cannot be asked for anything else.",
    instead: "Write the number of an issue: `drop-with #123`.",
    check: Check::Elsewhere,
};

/// There are shims, and nothing says where their issues are.
pub const NO_TRACKER: Rule = Rule {
    code: "G006",
    name: "no-tracker",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "there are shims, and nothing says where their issues are",
    why: "A live shim needs an open issue, and without a tracker nobody looks whether it is.",
    instead: "Set `issues = \"github\"` in migrate.toml, or `file:PATH`; `none` if issues are not to be looked at.",
    check: Check::Elsewhere,
};
