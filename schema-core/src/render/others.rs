//! What a catalog has beside tables: views, which are boxes, and what belongs to a table.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::Mark;
use super::{Entry, Node, NodeKind, Section};
use crate::catalog::Catalog;
use crate::ident::{Ident, QualifiedName};

/// Views and parts of tables, by name.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Boxes of their own.
    pub(super) boxes: BTreeMap<QualifiedName, Node>,
    /// What belongs to a table or view.
    pub(super) parts: BTreeMap<QualifiedName, Vec<Section>>,
}

/// Sorts of parts, each with the kind that its objects have.
const PARTS: [(&str, &str); 4] = [
    ("row security", "Row security"),
    ("policy", "Policies"),
    ("trigger", "Triggers"),
    ("rule", "Rules"),
];

/// Kinds that are boxes of their own. The longer come first.
const BOXES: [(&str, NodeKind); 4] = [
    ("materialized view", NodeKind::MaterializedView),
    ("foreign table", NodeKind::ForeignTable),
    ("view", NodeKind::View),
    ("table", NodeKind::OtherTable),
];

/// What is beside the tables of both catalogs.
pub(super) fn pairs_of(catalog: &Catalog, before: Option<&Catalog>) -> Others {
    let mut others = Others::default();
    let none = BTreeSet::new();
    let was = before.map_or(&none, |it| &it.unmodelled);
    for identity in catalog.unmodelled.union(was) {
        let mark = match before {
            None => Mark::Same,
            Some(before) => match (
                catalog.unmodelled.contains(identity),
                before.unmodelled.contains(identity),
            ) {
                (true, false) => Mark::Added,
                (false, true) => Mark::Removed,
                _ => Mark::Same,
            },
        };
        others.put(identity, mark);
    }
    others
}

impl Others {
    fn put(&mut self, identity: &str, mark: Mark) {
        for (word, title) in PARTS {
            let Some(rest) = identity.strip_prefix(word) else {
                continue;
            };
            // The name of the table is behind the last ` on ` outside of quotes.
            let Some((name, table)) = belongs(rest) else {
                return;
            };
            let sections = self.parts.entry(table).or_default();
            let place = sections.iter().position(|section| section.title == title);
            let place = place.unwrap_or_else(|| {
                sections.push(Section {
                    title,
                    entries: Vec::new(),
                });
                sections.len() - 1
            });
            let enabled = || "enabled".to_owned();
            sections[place].entries.push(Entry {
                name: Some(name)
                    .filter(|it| !it.is_empty())
                    .unwrap_or_else(enabled),
                mark,
                ..Entry::default()
            });
            return;
        }
        for (word, kind) in BOXES {
            let Some(rest) = identity.strip_prefix(word) else {
                continue;
            };
            let Some(name) = rest.strip_prefix(' ').and_then(qualified) else {
                return;
            };
            let node = Node {
                name: name.clone(),
                kind,
                mark,
                comment: None,
                columns: Vec::new(),
                sections: Vec::new(),
                history: Vec::new(),
            };
            self.boxes.insert(name, node);
            return;
        }
    }
}

/// ` audit on public.users` as the part's name and its table.
fn belongs(rest: &str) -> Option<(String, QualifiedName)> {
    let mut quoted = false;
    let mut found = None;
    for (place, character) in rest.char_indices() {
        if character == '"' {
            quoted = !quoted;
        } else if !quoted && rest[place..].starts_with(" on ") {
            found = Some(place);
        }
    }
    let place = found?;
    let name = rest[..place].trim();
    let plain =
        unquoted(name).map_or_else(|| name.to_owned(), |(name, _)| name.as_str().to_owned());
    Some((plain, qualified(&rest[place + 4..])?))
}

/// `public."Users"` as a name.
fn qualified(text: &str) -> Option<QualifiedName> {
    let (schema, rest) = unquoted(text)?;
    let (name, rest) = unquoted(rest.strip_prefix('.')?)?;
    rest.is_empty().then(|| QualifiedName::new(schema, name))
}

/// The name at the begin, and what follows it.
fn unquoted(text: &str) -> Option<(Ident, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['.', ' ']).unwrap_or(text.len());
        return (end > 0).then(|| (Ident::new(&text[..end]), &text[end..]));
    };
    let mut name = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        if character != '"' {
            name.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            return Some((Ident::new(name), &quoted[place + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{belongs, qualified};
    use crate::ident::QualifiedName;

    #[test]
    fn identities_are_read_as_they_are_quoted() {
        let users = QualifiedName::new("app", "Users on \"x\".y");
        assert_eq!(
            qualified("app.\"Users on \"\"x\"\".y\""),
            Some(users.clone())
        );
        assert_eq!(
            belongs(" \"a on b\" on app.\"Users on \"\"x\"\".y\""),
            Some(("a on b".to_owned(), users))
        );
        assert_eq!(
            belongs(" on public.t"),
            Some((String::new(), QualifiedName::in_default_schema("t")))
        );
        assert_eq!(qualified("public"), None);
        assert_eq!(qualified("\"open"), None);
    }
}
