//! Statements that PostgreSQL refuses, and the rule that says why.

use super::rule;
use crate::apply::ReplayError;
use crate::dev_db::MissingRole;
use crate::lint::DOES_NOT_RUN;
use crate::observe::ObserveError;
use crate::rule::{Hit, Rule};

/// SQLSTATEs that have a rule, with a word that the message has then.
const RULES: [(&str, &str, &str); 5] = [
    // active_sql_transaction: CREATE INDEX CONCURRENTLY and the like.
    ("25001", "", "T023"),
    // invalid_transaction_termination: COMMIT in a DO block or procedure.
    ("2D000", "", "T041"),
    // unsafe_new_enum_value_usage.
    ("55P04", "", "T039"),
    // feature_not_supported: CONCURRENTLY.
    ("0A000", "partition", "T024"),
    // wrong_object_type: a foreign key NOT VALID.
    ("42809", "partition", "T024"),
];

/// The finding for a statement that PostgreSQL refused; any other error as it is.
pub(super) fn hit(file: usize, error: ObserveError) -> Result<(&'static Rule, Hit), ObserveError> {
    let ObserveError::Migration(ReplayError::Statement(failure)) = &error else {
        return Err(error);
    };
    let sqlstate = failure.server.sqlstate.as_deref().unwrap_or_default();
    let message = &failure.server.message;
    let known = |(state, word, _): &&(_, &str, _)| *state == sqlstate && message.contains(*word);
    let known = RULES.iter().find(known).and_then(|(.., code)| rule(code));
    let title = match known {
        Some(_) => message.clone(),
        None => format!("a new migration does not run: {}", failure.server),
    };
    let mut hit = Hit::at_line(Some((file, failure.line)), title);
    let said = [&failure.server.detail, &failure.server.hint];
    hit.notes.extend(said.into_iter().flatten().cloned());
    let role = MissingRole::new(failure.server.sqlstate.as_deref(), message);
    hit.notes.extend(role.map(|role| role.remedy()));
    Ok((known.unwrap_or(&DOES_NOT_RUN), hit))
}
