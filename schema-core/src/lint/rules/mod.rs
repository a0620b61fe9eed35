//! The rules of the linter, one file each.

mod add_check;
mod add_exclusion;
mod add_foreign_key;
mod add_primary_key;
mod add_serial;
mod add_unique;
mod attach_partition;
mod backfill;
mod cascade;
mod compact;
mod concurrently_in_transaction;
mod constrained_domain;
mod create_index;
mod data_dependent;
mod delete_cascade;
mod detach_partition;
mod does_not_run;
mod domain_constraint;
mod drop_database;
mod drop_index;
mod drop_owned;
mod drop_referencing_table;
mod drop_sequence;
mod drop_with_rows;
mod enum_value;
mod explicit_lock;
mod index_rebuild;
mod index_window;
mod invalid_index;
mod lossy_cast;
mod many_locks;
mod mock_data;
mod name;
mod no_lock_timeout;
mod partitioned;
mod recreate_table;
mod refresh;
mod reindex;
mod set_not_null;
mod settings_for_all;
mod storage;
mod stored_generated;
mod time_zone;
mod transaction_control;
mod truncate;
mod type_rewrite;
mod unbatched;
mod unlogged;
mod unqualified_write;
mod unused_nolint;
mod validate;
mod volatile_default;
mod work_behind_lock;

use super::{history, structs};
use crate::rule::Rule;

pub use does_not_run::RULE as DOES_NOT_RUN;
pub use name::RULE as NAME;
pub use unused_nolint::RULE as UNUSED_NOLINT;

/// All rules of the linter, by code.
pub const RULES: &[&Rule] = &[
    &create_index::RULE,
    &drop_index::RULE,
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
    &detach_partition::RULE,
    &validate::RULE,
    &work_behind_lock::RULE,
    &many_locks::RULE,
    &backfill::RULE,
    &unbatched::RULE,
    &explicit_lock::RULE,
    &no_lock_timeout::RULE,
    &drop_referencing_table::RULE,
    &domain_constraint::RULE,
    &index_window::RULE,
    &truncate::RULE,
    &unqualified_write::RULE,
    &lossy_cast::RULE,
    &drop_database::RULE,
    &cascade::RULE,
    &recreate_table::RULE,
    &unlogged::RULE,
    &drop_sequence::RULE,
    &delete_cascade::RULE,
    &drop_with_rows::RULE,
    &drop_owned::RULE,
    &concurrently_in_transaction::RULE,
    &partitioned::RULE,
    &invalid_index::RULE,
    &enum_value::RULE,
    &data_dependent::RULE,
    &transaction_control::RULE,
    &settings_for_all::RULE,
    &DOES_NOT_RUN,
    &NAME,
    &mock_data::RULE,
    &UNUSED_NOLINT,
    &history::OUT_OF_ORDER,
    &history::EDITED,
    &history::DELETED,
    &history::RENAMED,
    &history::SAME_VERSION,
    &history::SUM_CHANGED,
    &structs::DIFFERS,
    &structs::NO_MIGRATION,
    &structs::NO_STRUCT,
];
