//! Statements that PostgreSQL refuses, where a rule says why.

use super::rule;
use crate::observe::ObserveError;
use crate::rule::{Hit, Rule};

/// SQLSTATEs that have a rule.
const RULES: [(&str, &str); 3] = [
    // active_sql_transaction: CREATE INDEX CONCURRENTLY and the like.
    ("25001", "T023"),
    // unsafe_new_enum_value_usage.
    ("55P04", "T039"),
    // feature_not_supported: CONCURRENTLY on a partitioned table.
    ("0A000", "T024"),
];

/// The finding for a statement that PostgreSQL refused; the error itself where no rule explains it.
pub(super) fn hit(file: usize, error: ObserveError) -> Result<(&'static Rule, Hit), ObserveError> {
    let ObserveError::Statement(failure) = &error else {
        return Err(error);
    };
    let sqlstate = failure.server.sqlstate.as_deref().unwrap_or_default();
    let code = RULES.iter().find(|(state, _)| *state == sqlstate);
    let Some(rule) = code.and_then(|(_, code)| rule(code)) else {
        return Err(error);
    };
    let mut hit = Hit::at_line(Some((file, failure.line)), failure.server.message.clone());
    hit.notes.extend(failure.server.detail.clone());
    Ok((rule, hit))
}
