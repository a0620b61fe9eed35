//! What a change of a type means for those who write and read the old one.

use crate::observe::{Column, Oid};

/// What a change of a type means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeChange {
    /// Another type for drivers.
    Other,
    /// Old values may not fit.
    Narrower,
    /// Old values fit, and drivers read the new ones as they read the old ones.
    Wider,
}

const INT2: Oid = Oid(21);
const INT4: Oid = Oid(23);
const INT8: Oid = Oid(20);
const TEXT: Oid = Oid(25);
const BPCHAR: Oid = Oid(1042);
const VARCHAR: Oid = Oid(1043);
const TIME: Oid = Oid(1083);
const TIMESTAMP: Oid = Oid(1114);
const TIMESTAMPTZ: Oid = Oid(1184);
const INTERVAL: Oid = Oid(1186);
const TIMETZ: Oid = Oid(1266);
const BIT: Oid = Oid(1560);
const VARBIT: Oid = Oid(1562);
const NUMERIC: Oid = Oid(1700);

/// Array types, with the types of their elements.
const ARRAYS: [(Oid, Oid); 9] = [
    (Oid(1005), INT2),
    (Oid(1007), INT4),
    (Oid(1016), INT8),
    (Oid(1009), TEXT),
    (Oid(1014), BPCHAR),
    (Oid(1015), VARCHAR),
    (Oid(1231), NUMERIC),
    (Oid(1115), TIMESTAMP),
    (Oid(1185), TIMESTAMPTZ),
];

impl TypeChange {
    /// What became of a column's type; none if it is the same, or another one made under the same
    /// name.
    pub fn of(old: &Column, new: &Column) -> Option<Self> {
        if old.data_type == new.data_type {
            return None;
        }
        let change = if storage(old) == storage(new) {
            Some(Self::Wider)
        } else {
            between(storage(old), storage(new))
        };
        // A domain may demand more than its type does.
        let demands = new.type_oid != old.type_oid && new.domain_of.is_some();
        change.map(|change| match change {
            Self::Wider if demands => Self::Narrower,
            _ => change,
        })
    }
}

/// Whether PostgreSQL takes the old values of a column as they are stored, if no USING says
/// otherwise.
pub fn keeps_values(old: &Column, new: &Column) -> bool {
    let checked = new.type_oid != old.type_oid && new.domain_of.is_some();
    !checked && takes_as_stored(storage(old), storage(new))
}

fn takes_as_stored(old: (Oid, i32), new: (Oid, i32)) -> bool {
    let (old_type, before) = old;
    let (new_type, after) = new;
    if old == new {
        return true;
    }
    let same = match (old_type, new_type) {
        (NUMERIC, NUMERIC) => after < 0 || before >= 0 && numeric(before).1 == numeric(after).1,
        (VARCHAR | VARBIT | TIME | TIMETZ | TIMESTAMP | TIMESTAMPTZ | INTERVAL, _) => true,
        (TEXT, VARCHAR) => true,
        // Padded, made of elements that are looked at one by one, or another format.
        _ => false,
    };
    same && between(old, new) == Some(TypeChange::Wider)
}

/// The type below a domain, and its modifier.
fn storage(column: &Column) -> (Oid, i32) {
    let type_oid = column.domain_of.unwrap_or(column.type_oid);
    (type_oid, column.typmod)
}

fn between((old, before): (Oid, i32), (new, after): (Oid, i32)) -> Option<TypeChange> {
    use TypeChange::{Narrower, Other, Wider};
    let element = |oid: Oid| {
        let mut arrays = ARRAYS.iter();
        arrays.find(|(array, _)| *array == oid).map(|(_, it)| *it)
    };
    if let (Some(old), Some(new)) = (element(old), element(new)) {
        return between((old, before), (new, after));
    }
    if old == new {
        return (before != after).then(|| modifier(old, before, after));
    }
    Some(match (old, new) {
        (VARCHAR, TEXT) => Wider,
        (TEXT, VARCHAR) if after < 0 => Wider,
        (TEXT, VARCHAR) | (INT8, INT4 | INT2) | (INT4, INT2) => Narrower,
        _ => Other,
    })
}

/// The same type with another length, precision or scale; -1 is none.
fn modifier(of: Oid, before: i32, after: i32) -> TypeChange {
    use TypeChange::{Narrower, Wider};
    let widens = match of {
        // Exactly as long as it says.
        BIT => false,
        VARCHAR | BPCHAR | VARBIT | TIME | TIMETZ | TIMESTAMP | TIMESTAMPTZ => {
            after < 0 || before >= 0 && after >= before
        }
        NUMERIC => {
            let (digits, scale) = numeric(after);
            let (old_digits, old_scale) = numeric(before);
            after < 0 || before >= 0 && digits >= old_digits && scale >= old_scale
        }
        INTERVAL => after < 0,
        // Whatever an extension's modifier means.
        _ => return TypeChange::Other,
    };
    if widens { Wider } else { Narrower }
}

/// Digits before the point, and behind it.
fn numeric(modifier: i32) -> (i32, i32) {
    let packed = modifier - 4;
    let precision = (packed >> 16) & 0xffff;
    // Eleven bits with a sign.
    let scale = ((packed & 0x7ff) ^ 1024) - 1024;
    (precision - scale, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn packed(precision: i32, scale: i32) -> i32 {
        ((precision << 16) | (scale & 0x7ff)) + 4
    }

    #[test]
    fn numeric_modifiers_are_unpacked() {
        assert_eq!(numeric(packed(10, 2)), (8, 2));
        assert_eq!(numeric(packed(2, -3)), (5, -3));
        assert_eq!(numeric(packed(3, 5)), (-2, 5));
    }

    #[test]
    fn values_stay_as_they_are_stored() {
        let check = |old, new, stays| assert_eq!(takes_as_stored(old, new), stays);
        check((VARCHAR, 54), (VARCHAR, 104), true);
        check((VARCHAR, 104), (VARCHAR, 54), false);
        check((VARCHAR, 54), (TEXT, -1), true);
        check((BPCHAR, 8), (BPCHAR, 12), false);
        check((INT4, -1), (INT8, -1), false);
        check((NUMERIC, packed(10, 2)), (NUMERIC, packed(12, 2)), true);
        check((NUMERIC, packed(10, 2)), (NUMERIC, packed(12, 3)), false);
        check((TIMESTAMP, 3), (TIMESTAMP, 6), true);
        // Only the collation.
        check((TEXT, -1), (TEXT, -1), true);
        check((Oid(1015), 54), (Oid(1015), 104), false);
    }

    #[test]
    fn types_grow_and_shrink() {
        let numeric = |one: i32, other: i32| between((NUMERIC, one), (NUMERIC, other));
        assert_eq!(
            numeric(packed(10, 2), packed(12, 2)),
            Some(TypeChange::Wider)
        );
        assert_eq!(
            numeric(packed(10, 2), packed(10, 4)),
            Some(TypeChange::Narrower)
        );
        assert_eq!(
            numeric(packed(10, 2), packed(12, 0)),
            Some(TypeChange::Narrower)
        );
        assert_eq!(numeric(-1, packed(12, 0)), Some(TypeChange::Narrower));
        assert_eq!(numeric(packed(12, 0), -1), Some(TypeChange::Wider));
        assert_eq!(between((VARCHAR, 54), (TEXT, -1)), Some(TypeChange::Wider));
        assert_eq!(
            between((TEXT, -1), (VARCHAR, 54)),
            Some(TypeChange::Narrower)
        );
        assert_eq!(between((INT4, -1), (INT8, -1)), Some(TypeChange::Other));
        assert_eq!(
            between((Oid(1015), 54), (Oid(1015), 104)),
            Some(TypeChange::Wider)
        );
        assert_eq!(between((VARCHAR, 54), (VARCHAR, 54)), None);
    }
}
