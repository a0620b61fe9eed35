//! The rules of the gate, one file each.

mod drop_column;
pub mod issue;
mod made_and_dropped;

use crate::rule::Rule;

pub use made_and_dropped::RULE as MADE_AND_DROPPED;

/// All rules of the gate, by code.
pub const RULES: &[&Rule] = &[
    &drop_column::RULE,
    &issue::CLOSED,
    &issue::UNKNOWN,
    &issue::UNREACHABLE,
    &issue::PULL_REQUEST,
    &issue::NO_NUMBER,
    &issue::NO_TRACKER,
    &MADE_AND_DROPPED,
];
