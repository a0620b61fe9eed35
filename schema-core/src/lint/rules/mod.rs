//! The rules of the linter, one file each.

mod add_check;
mod add_exclusion;
mod add_foreign_key;
mod add_primary_key;
mod add_serial;
mod add_unique;
mod attach_partition;
mod backfill;
mod compact;
mod constrained_domain;
mod create_index;
mod domain_constraint;
mod index_rebuild;
mod refresh;
mod reindex;
mod set_not_null;
mod storage;
mod stored_generated;
mod time_zone;
mod type_rewrite;
mod unused_nolint;
mod validate;
mod volatile_default;

use super::history;
use crate::rule::Rule;

pub use unused_nolint::RULE as UNUSED_NOLINT;

/// All rules of the linter, by code.
pub const RULES: &[&Rule] = &[
    &create_index::RULE,
    &reindex::RULE,
    &add_foreign_key::RULE,
    &add_check::RULE,
    &set_not_null::RULE,
    &add_unique::RULE,
    &add_primary_key::RULE,
    &add_exclusion::RULE,
    &volatile_default::RULE,
    &add_serial::RULE,
    &stored_generated::RULE,
    &constrained_domain::RULE,
    &type_rewrite::RULE,
    &time_zone::RULE,
    &index_rebuild::RULE,
    &compact::RULE,
    &storage::RULE,
    &refresh::RULE,
    &attach_partition::RULE,
    &validate::RULE,
    &backfill::RULE,
    &domain_constraint::RULE,
    &UNUSED_NOLINT,
    &history::OUT_OF_ORDER,
    &history::EDITED,
    &history::DELETED,
    &history::RENAMED,
    &history::SAME_VERSION,
    &history::SUM_CHANGED,
];
