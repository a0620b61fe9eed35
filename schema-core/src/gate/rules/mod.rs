//! The rules of the gate, one file each.

mod drop_column;

use crate::rule::Rule;

/// All rules of the gate, by code.
pub const RULES: &[&Rule] = &[&drop_column::RULE];
