//! Targets that are alike, told together.

use schema_core::apply::FleetTarget;

/// How many names of a group are shown.
const SHOWN: usize = 5;

/// Targets that are alike.
pub(crate) struct Group<'a, T, E> {
    /// What is the same about them.
    pub(crate) what: T,
    /// What there is of each.
    pub(crate) entries: Vec<&'a E>,
}

/// Groups in the order in which they first come.
pub(crate) fn grouped<'a, T: PartialEq, E>(
    pairs: impl Iterator<Item = (T, &'a E)>,
) -> Vec<Group<'a, T, E>> {
    let mut groups: Vec<Group<'a, T, E>> = Vec::new();
    for (what, entry) in pairs {
        match groups.iter_mut().find(|group| group.what == what) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                what,
                entries: vec![entry],
            }),
        }
    }
    groups
}

/// The first of some names.
pub(crate) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let names = names.take(SHOWN).collect::<Vec<_>>().join(", ");
    match more {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

/// A message without the name of the database or schema, which PostgreSQL and we put in quotes. So
/// what differs only in that is the same.
pub(crate) fn without_name(message: &str, target: &FleetTarget) -> String {
    let names = [target.options.get_database(), target.schema.as_deref()];
    let names = names.into_iter().flatten();
    names.fold(message.to_owned(), |text, name| {
        text.replace(&format!("\"{name}\""), "\"…\"")
            .replace(&format!("`{name}`"), "`…`")
    })
}
