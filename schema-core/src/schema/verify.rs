//! The checks of a whole schema.

use super::{Schema, SchemaError, cycles, names, references, renames, requirements};
use crate::def::Record;

/// All errors, sorted by place. The records are given too, since of those that share a name only
/// the first is in the schema.
pub(super) fn verify(schema: &Schema<'_>, records: &[Record<'_>]) -> Vec<SchemaError> {
    let mut errors = [
        names::check(records),               // S001, S002, S003
        references::check(schema),           // S004, S005, S006
        cycles::check(schema),               // S007
        renames::check(schema),              // S008, S009
        requirements::declarations(records), // S010
        requirements::types(schema),         // S011, S012
    ]
    .concat();
    errors.sort_by_key(|error| (error.places(), error.code()));
    errors
}
