//! The rules of the gate, one file each.

mod add_required_column;
mod drop_column;
mod drop_schema;
mod drop_table;
pub mod issue;
mod made_and_dropped;
mod move_schema;
mod rename_column;
mod rename_object;
mod rename_schema;
mod rename_table;
mod set_not_null;

use crate::rule::Rule;

pub use made_and_dropped::RULE as MADE_AND_DROPPED;

/// All rules of the gate, by code.
pub const RULES: &[&Rule] = &[
    &drop_column::RULE,
    &drop_table::RULE,
    &rename_column::RULE,
    &rename_table::RULE,
    &move_schema::RULE,
    &rename_schema::RULE,
    &drop_schema::RULE,
    &rename_object::RULE,
    &add_required_column::RULE,
    &set_not_null::RULE,
    &issue::CLOSED,
    &issue::UNKNOWN,
    &issue::UNREACHABLE,
    &issue::PULL_REQUEST,
    &issue::NO_NUMBER,
    &issue::NO_TRACKER,
    &MADE_AND_DROPPED,
];
