//! A shim that one release both makes and drops.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A shim that one release both makes and drops.
pub const RULE: Rule = Rule {
    code: "G011",
    name: "shim-made-and-dropped",
    topic: Topic::Gate,
    severity: Severity::Error,
    title: "one release makes a shim and drops it again",
    why: "Expand and contract in one release leave no time in which both releases work: while the \
          machines of the previous release still run, the shim is gone already.",
    instead: "Take the file with `n-1-shim-drop` out of this branch, and write it again once this \
              release runs everywhere.\n\n\
              ```sh\n\
              # next release, when the issue of the shim is done\n\
              cargo migrate generate drop_users --contract '#123'\n\
              ```",
    check: Check::Elsewhere,
};
