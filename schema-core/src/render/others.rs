//! What a catalog has beside tables: views, which are boxes, and what belongs to a table.

use std::collections::BTreeMap;

use super::compare::{Mark, Pair, pairs};
use super::{Entry, Node, NodeColumn, NodeKind, Section};
use crate::catalog::{Catalog, Object, ObjectId, ObjectKind, Part};
use crate::ident::QualifiedName;

/// Views and parts of tables, by name.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Boxes of their own.
    pub(super) boxes: BTreeMap<QualifiedName, Node>,
    /// What belongs to a table or view.
    pub(super) parts: BTreeMap<QualifiedName, Vec<Section>>,
    /// What each view reads.
    pub(super) reads: BTreeMap<QualifiedName, Vec<QualifiedName>>,
}

/// Where the panel shows an object of a table or view; nothing where it does not.
fn title_of(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::Policy | ObjectKind::RowSecurity | ObjectKind::ForcedRowSecurity => "Policies",
        ObjectKind::Trigger | ObjectKind::TriggerState => "Triggers",
        ObjectKind::Rule | ObjectKind::RuleState => "Rules",
        ObjectKind::Index => "Indexes",
        ObjectKind::Statistics | ObjectKind::StatisticsTarget | ObjectKind::ColumnStatistics => {
            "Statistics"
        }
        ObjectKind::Owner | ObjectKind::Grant | ObjectKind::Revoke => "Privileges",
        ObjectKind::PublicationTable => "Publications",
        ObjectKind::ReplicaIdentity
        | ObjectKind::ClusterOn
        | ObjectKind::ColumnOption
        | ObjectKind::ViewDefault => "More",
        _ => return None,
    })
}

/// What is beside the tables of both catalogs.
pub(super) fn pairs_of(catalog: &Catalog, before: Option<&Catalog>) -> Others {
    let mut others = Others::default();
    let same = |one: &Object, other: &Object| !one.differs(other);
    for (id, pair) in pairs(&catalog.objects, before.map(|it| &it.objects), same) {
        others.put(id, &pair);
    }
    for (user, used) in catalog.dependencies.iter() {
        let (Part::Object(id), Some(table)) = (user, relation_of(used)) else {
            continue;
        };
        let view = id.qualified().filter(|_| box_of(id.kind).is_some());
        if let Some(view) = view.filter(|view| *view != table) {
            let reads = others.reads.entry(view).or_default();
            if !reads.contains(&table) {
                reads.push(table);
            }
        }
    }
    others
}

fn box_of(kind: ObjectKind) -> Option<NodeKind> {
    match kind {
        ObjectKind::View => Some(NodeKind::View),
        ObjectKind::MaterializedView => Some(NodeKind::MaterializedView),
        _ => None,
    }
}

/// The table or view that something is, or is a part of.
fn relation_of(part: &Part) -> Option<QualifiedName> {
    match part {
        Part::Table(name)
        | Part::Column(name, _)
        | Part::NotNull(name, _)
        | Part::Constraint(name, _)
        | Part::Key(name, _) => Some(name.clone()),
        Part::Object(id) => box_of(id.kind).and_then(|_| id.qualified()),
        _ => None,
    }
}

impl Others {
    fn put(&mut self, id: &ObjectId, pair: &Pair<'_, Object>) {
        if let (Some(kind), Some(name)) = (box_of(id.kind), id.qualified()) {
            let query = Entry {
                name: "query".to_owned(),
                text: pair.is.definition.clone(),
                was: pair.was.map(|was| was.definition.clone()),
                mark: pair.mark,
                ..Entry::default()
            };
            let node = Node {
                name: name.clone(),
                kind,
                mark: pair.mark,
                comment: None,
                columns: columns_of(pair),
                sections: vec![Section {
                    title: "Query",
                    entries: vec![query],
                }],
                history: Vec::new(),
            };
            self.boxes.insert(name, node);
            return;
        }
        let table = pair.is.of.as_ref().and_then(relation_of);
        let (Some(title), Some(table)) = (title_of(id.kind), table) else {
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
        let name = match id.kind {
            ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Index => {
                id.name.split(" ON ").next().unwrap_or(&id.name).to_owned()
            }
            kind => kind.name().to_owned(),
        };
        sections[place].entries.push(Entry {
            name,
            text: pair.is.definition.clone(),
            was: pair.was.map(|was| was.definition.clone()),
            mark: pair.mark,
            ..Entry::default()
        });
    }
}

/// The columns of a view: its signature has them, each with its type.
fn columns_of(pair: &Pair<'_, Object>) -> Vec<NodeColumn> {
    let was = pair.was.map(|was| &was.signature);
    let is = pair.is.signature.iter();
    let mut columns: Vec<NodeColumn> = is
        .map(|column| {
            let is_new = was.is_some_and(|was| !was.contains(column));
            column_of(column, if is_new { Mark::Added } else { Mark::Same })
        })
        .collect();
    let gone = was.into_iter().flatten();
    let gone = gone.filter(|column| !pair.is.signature.contains(column));
    columns.extend(gone.map(|column| column_of(column, Mark::Removed)));
    columns
}

fn column_of(text: &str, mark: Mark) -> NodeColumn {
    let (name, data_type) = split(text);
    // A collation comes last.
    let data_type = match data_type.rsplit_once(' ') {
        Some((data_type, last)) if last.is_empty() || last.ends_with('"') => data_type.to_owned(),
        _ => data_type,
    };
    NodeColumn {
        name: name.into(),
        data_type,
        type_name: None,
        // PostgreSQL does not say whether a column of a view can be null.
        not_null: true,
        value: None,
        comment: None,
        primary: false,
        foreign: false,
        unique: false,
        mark,
        was: None,
    }
}

/// `"Full name" character varying(80)` as name and type.
fn split(text: &str) -> (String, String) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (name, data_type) = text.split_once(' ').unwrap_or((text, ""));
        return (name.to_owned(), data_type.to_owned());
    };
    let mut name = String::new();
    let mut characters = quoted.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        if character != '"' {
            name.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            return (name, quoted[place + 1..].trim_start().to_owned());
        }
    }
    (text.to_owned(), String::new())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn columns_of_views_are_read_as_they_are_quoted() {
        let is = |text: &str, name: &str, data_type: &str| {
            assert_eq!(split(text), (name.to_owned(), data_type.to_owned()));
        };
        is("id bigint", "id", "bigint");
        is(
            "at timestamp with time zone",
            "at",
            "timestamp with time zone",
        );
        is("\"a \"\"b\" text", "a \"b", "text");
        is("alone", "alone", "");
    }
}
