//! The rules of the gate, one file each.

mod add_check;
mod add_column_ambiguous;
mod add_column_wildcard;
mod add_exclusion;
mod add_fk;
mod add_json;
mod add_required_column;
mod add_serial;
mod add_trigger;
mod add_unique;
mod change_default;
mod change_type;
mod collation_change;
mod column_reuse;
mod composite_attribute;
mod detach_partition;
mod disable_trigger;
mod drop_check;
mod drop_column;
mod drop_default;
mod drop_extension;
mod drop_fk;
mod drop_function;
mod drop_not_null;
mod drop_primary_key;
mod drop_schema;
mod drop_table;
mod drop_type;
mod drop_unique;
mod drop_view;
mod enable_rls;
mod enum_add_value;
mod enum_remove_value;
mod enum_rename_value;
mod fk_action_change;
mod function_redefined;
mod generated_always;
mod generated_expression;
pub mod issue;
mod live_connection_breaks;
mod made_and_dropped;
mod move_schema;
mod narrow_type;
mod old_query_fails;
mod old_statement_fails;
mod old_write_refused;
mod owner_change;
mod queries;
mod rename_column;
mod rename_constraint;
mod rename_object;
mod rename_schema;
mod rename_table;
mod replica_identity;
mod revoke;
mod sequence_change;
mod set_not_null;
mod shim_incomplete;
mod shim_missing_grants;
mod shim_not_atomic;
mod shim_not_there;
mod shim_not_updatable;
mod shim_rls_bypass;
mod shim_unsupported_statement;
mod touched_not_recorded;
mod type_oid_recreated;
mod view_redefined;
mod widen_type;

use crate::rule::Rule;

pub use made_and_dropped::RULE as MADE_AND_DROPPED;
pub use shim_not_there::RULE as SHIM_NOT_THERE;
pub use touched_not_recorded::RULE as TOUCHED_NOT_RECORDED;

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
    &add_check::RULE,
    &add_unique::RULE,
    &add_fk::RULE,
    &add_exclusion::RULE,
    &add_trigger::RULE,
    &drop_default::RULE,
    &change_default::RULE,
    &change_type::RULE,
    &narrow_type::RULE,
    &widen_type::RULE,
    &add_column_wildcard::RULE,
    &add_column_ambiguous::RULE,
    &enum_remove_value::RULE,
    &enum_rename_value::RULE,
    &enum_add_value::RULE,
    &type_oid_recreated::RULE,
    &composite_attribute::RULE,
    &drop_view::RULE,
    &view_redefined::RULE,
    &drop_function::RULE,
    &function_redefined::RULE,
    &drop_unique::RULE,
    &drop_primary_key::RULE,
    &rename_constraint::RULE,
    &drop_fk::RULE,
    &fk_action_change::RULE,
    &drop_not_null::RULE,
    &generated_always::RULE,
    &generated_expression::RULE,
    &add_serial::RULE,
    &revoke::RULE,
    &enable_rls::RULE,
    &disable_trigger::RULE,
    &drop_type::RULE,
    &drop_extension::RULE,
    &add_json::RULE,
    &detach_partition::RULE,
    &column_reuse::RULE,
    &collation_change::RULE,
    &shim_not_atomic::RULE,
    &shim_rls_bypass::RULE,
    &shim_missing_grants::RULE,
    &shim_incomplete::RULE,
    &shim_not_updatable::RULE,
    &shim_unsupported_statement::RULE,
    &replica_identity::RULE,
    &sequence_change::RULE,
    &owner_change::RULE,
    &drop_check::RULE,
    &old_query_fails::RULE,
    &old_statement_fails::RULE,
    &old_write_refused::RULE,
    &live_connection_breaks::RULE,
    &issue::CLOSED,
    &issue::UNKNOWN,
    &issue::UNREACHABLE,
    &issue::PULL_REQUEST,
    &issue::NO_NUMBER,
    &issue::NO_TRACKER,
    &MADE_AND_DROPPED,
    &queries::UNREADABLE,
    &queries::STALE,
    &SHIM_NOT_THERE,
    &TOUCHED_NOT_RECORDED,
];
