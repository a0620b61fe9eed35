//! The rules of the linter, one file each.

mod create_index;
mod unused_nolint;

use super::history;
use crate::rule::Rule;

pub use unused_nolint::RULE as UNUSED_NOLINT;

/// All rules of the linter, by code.
pub const RULES: &[&Rule] = &[
    &create_index::RULE,
    &UNUSED_NOLINT,
    &history::OUT_OF_ORDER,
    &history::EDITED,
    &history::DELETED,
    &history::RENAMED,
    &history::SAME_VERSION,
    &history::SUM_CHANGED,
];
