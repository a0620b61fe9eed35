//! What a statement takes and gives, before and after.

use super::description::{Description, Origin};
use super::query::RecordedColumn;

/// A difference that a release feels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// What is different.
    pub(super) message: String,
    /// The column, as it was.
    pub(super) origin: Option<Origin>,
    /// How it was.
    pub(super) before: String,
    /// How it is.
    pub(super) after: String,
}

/// The differences that a release feels on a connection that is new.
///
/// A result may have grown at its end, and texts are all the same to a driver.
pub(super) fn differences(
    before: &Description,
    after: &Description,
    recorded: &[RecordedColumn],
) -> Vec<Difference> {
    let mut found = Vec::new();
    let parameters = before.parameters.iter().zip(&after.parameters).enumerate();
    for (place, (old, new)) in parameters {
        if family(old) != family(new) {
            found.push(Difference {
                message: format!("parameter ${} is of another type", place + 1),
                origin: None,
                before: old.to_lowercase(),
                after: new.to_lowercase(),
            });
        }
    }
    let named = |description: &Description| {
        let columns = description.columns.iter().take(before.columns.len());
        let names: Vec<String> = columns.map(|column| column.name.clone()).collect();
        names.join(", ")
    };
    if named(before) != named(after) {
        found.push(Difference {
            message: "the result has other columns".into(),
            origin: None,
            before: named(before),
            after: named(after),
        });
        return found;
    }
    for (place, (old, new)) in before.columns.iter().zip(&after.columns).enumerate() {
        let name = &old.name;
        let mut differ = |message: String, before: String, after: String| {
            found.push(Difference {
                message,
                origin: old.origin.clone(),
                before,
                after,
            });
        };
        if family(&old.type_name) != family(&new.type_name) {
            let message = format!("result column {name} is of another type");
            differ(
                message,
                old.type_name.to_lowercase(),
                new.type_name.to_lowercase(),
            );
        }
        let was_known = recorded
            .get(place)
            .is_none_or(|column| column.nullable == Some(false));
        let excludes = |origin: &Option<Origin>| origin.as_ref().and_then(|origin| origin.not_null);
        if was_known && excludes(&old.origin) == Some(true) && excludes(&new.origin) == Some(false)
        {
            let message = format!("result column {name} may be null now");
            differ(message, "not null".into(), "nullable".into());
        }
    }
    found
}

/// The result columns whose types, with their modifiers, are not what they were.
pub(super) fn results(before: &Description, after: &Description) -> (String, String) {
    let list = |one: &Description, other: &Description| {
        let places = 0..one.columns.len().max(other.columns.len());
        let differ = places.filter(|place| shown(one, *place) != shown(other, *place));
        let differ = differ.map(|place| shown(one, place).unwrap_or_else(|| "nothing".into()));
        differ.collect::<Vec<_>>().join(", ")
    };
    (list(before, after), list(after, before))
}

fn shown(description: &Description, place: usize) -> Option<String> {
    let column = description.columns.get(place)?;
    let full = column
        .origin
        .as_ref()
        .map(|origin| origin.full_type.clone());
    let full = full.unwrap_or_else(|| column.type_name.to_lowercase());
    Some(format!("{} {full}", column.name))
}

/// Types between which a driver makes no difference.
fn family(type_name: &str) -> String {
    let lower = type_name.to_lowercase();
    let (element, array) = match lower.strip_suffix("[]") {
        Some(element) => (element, "[]"),
        None => (lower.as_str(), ""),
    };
    let element = match element {
        "varchar" | "char" | "bpchar" | "name" | "character varying" | "character" => "text",
        other => other,
    };
    format!("{element}{array}")
}
