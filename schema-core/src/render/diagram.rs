//! What a picture is of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::compare::{Mark, Pair, pairs};
use super::{detail, others};
use crate::catalog::{Catalog, Column, ConstraintKind, Generation, Table};
use crate::ident::{DEFAULT_SCHEMA, Ident, QualifiedName};

/// What a picture is of: boxes, references between them, and the types that columns are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    /// What it shows, in words.
    pub title: String,
    /// What it is compared with, in words; nothing is marked without.
    pub compared: Option<String>,
    /// Tables and views by name.
    pub nodes: Vec<Node>,
    /// Foreign keys by table and name.
    pub references: Vec<Reference>,
    /// Enums and domains by name.
    pub types: Vec<NamedType>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: QualifiedName,
    /// What it is.
    pub kind: NodeKind,
    /// What is done with it.
    pub mark: Mark,
    /// Its comment.
    pub comment: Option<String>,
    /// Its columns in order; dropped ones last.
    pub columns: Vec<NodeColumn>,
    /// What else it has: keys, checks, indexes, policies and the like.
    pub sections: Vec<Section>,
    /// The migrations that touched it, oldest first.
    pub history: Vec<Touch>,
}

/// What a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A table.
    Table,
    /// A partitioned table.
    PartitionedTable,
    /// A partition.
    Partition,
    /// A table of another server.
    ForeignTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
}

impl NodeKind {
    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::PartitionedTable => "partitioned table",
            Self::Partition => "partition",
            Self::ForeignTable => "foreign table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
        }
    }

    /// Whether it is made of a query.
    pub fn is_view(self) -> bool {
        matches!(self, Self::View | Self::MaterializedView)
    }
}

/// A row of a box.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a column is each of these or not"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeColumn {
    /// Its name.
    pub name: Ident,
    /// Its type, as PostgreSQL spells it.
    pub data_type: String,
    /// The enum or domain that its type is, in [`Diagram::types`].
    pub type_name: Option<QualifiedName>,
    /// Whether it is never null.
    pub not_null: bool,
    /// What it gets when nothing is given, in words.
    pub value: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
    /// Whether it is in the primary key.
    pub primary: bool,
    /// Whether it is in a foreign key.
    pub foreign: bool,
    /// Whether it is unique by itself.
    pub unique: bool,
    /// What is done with it.
    pub mark: Mark,
    /// What it was before, where that was something else.
    pub was: Option<String>,
}

/// What else a table has, of one sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The sort: `Indexes`.
    pub title: &'static str,
    /// What there is of it, by name.
    pub entries: Vec<Entry>,
}

/// A constraint, an index, a policy or the like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is, as SQL spells it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it was before, where that was something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What is done with it.
    #[serde(skip_serializing_if = "Mark::is_same")]
    pub mark: Mark,
    /// The table that it leads to, by its place in [`Diagram::nodes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<usize>,
}

/// A foreign key between two boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub name: Ident,
    /// The referencing table, by its place.
    pub from: usize,
    /// The referenced table, by its place.
    pub to: usize,
    /// Its columns, and the columns that they refer to.
    pub columns: Vec<(Ident, Ident)>,
    /// Whether a row need not refer to anything.
    pub optional: bool,
    /// Whether at most one row refers to the same.
    pub unique: bool,
    /// What is done with it.
    pub mark: Mark,
}

/// An enum or a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedType {
    /// Its name.
    pub name: QualifiedName,
    /// `enum` or `domain`.
    pub kind: &'static str,
    /// Its labels, or what it stands for.
    pub parts: Vec<(String, Mark)>,
    /// Its comment.
    pub comment: Option<String>,
    /// What is done with it.
    pub mark: Mark,
}

/// A migration that touched a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touch {
    /// The migration's file.
    pub file: String,
    /// What of the table it touched: `created`, `columns`; empty where only that it did is known.
    pub what: Vec<String>,
}

/// The migrations that touched each table, oldest first.
pub type History = BTreeMap<QualifiedName, Vec<Touch>>;

impl Diagram {
    /// The picture of a catalog. With another, and what that is, what differs from it is marked.
    pub fn new(
        title: impl Into<String>,
        catalog: &Catalog,
        before: Option<(&str, &Catalog)>,
        history: &History,
    ) -> Self {
        let (label, before) = before.unzip();
        let tables = pairs(&catalog.tables, before.map(|it| &it.tables), Table::same_as);
        let others = others::pairs_of(catalog, before);
        let mut names: Vec<&QualifiedName> = tables.keys().copied().collect();
        names.extend(
            others
                .boxes
                .keys()
                .filter(|name| !tables.contains_key(name)),
        );
        names.sort();
        let places: BTreeMap<&QualifiedName, usize> = names
            .iter()
            .enumerate()
            .map(|(place, name)| (*name, place))
            .collect();
        let mut nodes = Vec::new();
        let mut references = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let mut node = match tables.get(name) {
                Some(pair) => {
                    references.extend(references_of(place, pair, &places));
                    node_of(name, pair, &places)
                }
                None => others.boxes[*name].clone(),
            };
            if let Some(more) = others.parts.get(*name) {
                node.sections.extend(more.clone());
                let changes = more.iter().flat_map(|section| &section.entries);
                if node.mark.is_same() && changes.clone().any(|entry| !entry.mark.is_same()) {
                    node.mark = Mark::Changed;
                }
            }
            if let Some(reads) = others.reads.get(*name) {
                let known = reads.iter().filter(|table| places.contains_key(table));
                let entries = known.map(|table| Entry {
                    name: table.to_string(),
                    leads_to: places.get(table).copied(),
                    ..Entry::default()
                });
                let entries: Vec<Entry> = entries.collect();
                if !entries.is_empty() {
                    node.sections.push(Section {
                        title: "Reads",
                        entries,
                    });
                }
            }
            node.history = history.get(*name).cloned().unwrap_or_default();
            nodes.push(node);
        }
        Self {
            title: title.into(),
            compared: label.map(str::to_owned),
            nodes,
            references,
            types: types_of(catalog, before),
        }
    }

    /// The part that differs from what it is compared with, and what refers to that or is referred to.
    #[must_use]
    pub fn only_changes(self) -> Self {
        let is_marked = |place: usize| !self.nodes[place].mark.is_same();
        let mut kept: BTreeSet<usize> = (0..self.nodes.len()).filter(|it| is_marked(*it)).collect();
        for reference in &self.references {
            if is_marked(reference.from) || is_marked(reference.to) {
                kept.extend([reference.from, reference.to]);
            }
        }
        let place_of: BTreeMap<usize, usize> = kept
            .iter()
            .enumerate()
            .map(|(place, was)| (*was, place))
            .collect();
        let nodes = self.nodes.into_iter().enumerate();
        let nodes = nodes.filter(|(place, _)| kept.contains(place));
        let nodes = nodes.map(|(_, mut node)| {
            for entry in node.sections.iter_mut().flat_map(|it| &mut it.entries) {
                entry.leads_to = entry.leads_to.and_then(|to| place_of.get(&to).copied());
            }
            node
        });
        let references = self.references.into_iter().filter_map(|reference| {
            let (from, to) = (place_of.get(&reference.from)?, place_of.get(&reference.to)?);
            Some(Reference {
                from: *from,
                to: *to,
                ..reference
            })
        });
        Self {
            title: self.title,
            compared: self.compared,
            nodes: nodes.collect(),
            references: references.collect(),
            types: self
                .types
                .into_iter()
                .filter(|it| !it.mark.is_same())
                .collect(),
        }
    }

    /// How many boxes and types have each mark: added, removed, changed.
    pub fn changes(&self) -> [usize; 3] {
        let marks = self.nodes.iter().map(|node| node.mark);
        let marks = marks.chain(self.types.iter().map(|it| it.mark));
        let count = |mark: Mark| marks.clone().filter(|it| *it == mark).count();
        [Mark::Added, Mark::Removed, Mark::Changed].map(count)
    }

    /// Whether all is in the default schema, so that names need none.
    pub fn is_in_one_schema(&self) -> bool {
        let mut nodes = self.nodes.iter();
        nodes.all(|node| node.name.schema == *DEFAULT_SCHEMA)
    }
}

impl Node {
    /// Its name as people write it: with its schema unless that is the default one.
    pub fn label(&self) -> String {
        let QualifiedName { schema, name } = &self.name;
        if *schema == *DEFAULT_SCHEMA {
            name.as_str().to_owned()
        } else {
            format!("{}.{}", schema.as_str(), name.as_str())
        }
    }
}

fn node_of(
    name: &QualifiedName,
    pair: &Pair<'_, Table>,
    places: &BTreeMap<&QualifiedName, usize>,
) -> Node {
    Node {
        name: name.clone(),
        kind: if pair.is.foreign.is_some() {
            NodeKind::ForeignTable
        } else if pair.is.partition_by.is_some() {
            NodeKind::PartitionedTable
        } else if pair.is.partition_of.is_some() {
            NodeKind::Partition
        } else {
            NodeKind::Table
        },
        mark: pair.mark,
        comment: pair.is.comment.clone(),
        columns: columns_of(pair),
        sections: detail::sections(pair, places),
        history: Vec::new(),
    }
}

fn columns_of(pair: &Pair<'_, Table>) -> Vec<NodeColumn> {
    let table = pair.is;
    let mut columns: Vec<NodeColumn> = table
        .columns
        .iter()
        .map(|column| {
            let mut row = row_of(table, column);
            let Some(before) = pair.was else { return row };
            match before.column(column.name.as_str()) {
                None => row.mark = Mark::Added,
                Some(was) => {
                    let was_row = row_of(before, was);
                    let keys = |row: &NodeColumn| (row.primary, row.foreign, row.unique);
                    if was != column || keys(&was_row) != keys(&row) {
                        row.mark = Mark::Changed;
                    }
                    let (was, is) = (detail::column_text(&was_row), detail::column_text(&row));
                    row.was = (was != is).then_some(was);
                }
            }
            row
        })
        .collect();
    if let Some(before) = pair.was {
        let mut gone = before.columns.clone();
        gone.retain(|column| table.column(column.name.as_str()).is_none());
        columns.extend(gone.iter().map(|column| NodeColumn {
            mark: Mark::Removed,
            ..row_of(before, column)
        }));
    }
    columns
}

fn row_of(table: &Table, column: &Column) -> NodeColumn {
    let mut row = NodeColumn {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        type_name: column.type_name.clone(),
        not_null: column.not_null,
        value: match &column.generation {
            Generation::None => None,
            Generation::Default(expression) => Some(format!("default {expression}")),
            Generation::Identity(identity) if identity.always => {
                Some("identity, always".to_owned())
            }
            Generation::Identity(_) => Some("identity, by default".to_owned()),
            Generation::Stored(expression) => Some(format!("generated as {expression}")),
            Generation::Virtual(expression) => Some(format!("generated when read as {expression}")),
        },
        comment: column.comment.clone(),
        primary: false,
        foreign: false,
        unique: false,
        mark: Mark::Same,
        was: None,
    };
    for constraint in table.constraints.values() {
        match &constraint.kind {
            ConstraintKind::PrimaryKey(key) => row.primary |= key.columns.contains(&column.name),
            ConstraintKind::Unique(key) => {
                row.unique |= key.columns == [column.name.clone()];
            }
            ConstraintKind::ForeignKey(key) => row.foreign |= key.columns.contains(&column.name),
            ConstraintKind::Check(_) | ConstraintKind::Exclusion(_) => {}
        }
    }
    row
}

fn references_of(
    from: usize,
    pair: &Pair<'_, Table>,
    places: &BTreeMap<&QualifiedName, usize>,
) -> Vec<Reference> {
    let before = pair.was.map(|table| &table.constraints);
    let mut found = Vec::new();
    for (name, constraint) in pairs(&pair.is.constraints, before, PartialEq::eq) {
        let ConstraintKind::ForeignKey(key) = &constraint.is.kind else {
            continue;
        };
        // One that leads out of what is shown is in the panel only.
        let Some(to) = places.get(&key.references) else {
            continue;
        };
        let table = match (constraint.mark, pair.was) {
            (Mark::Removed, Some(before)) => before,
            _ => pair.is,
        };
        let is_nullable = |name: &Ident| {
            let column = table.column(name.as_str());
            column.is_some_and(|column| !column.not_null)
        };
        let columns = key.columns.iter().cloned();
        found.push(Reference {
            name: name.clone(),
            from,
            to: *to,
            columns: columns
                .zip(key.referenced_columns.iter().cloned())
                .collect(),
            optional: key.columns.iter().any(is_nullable),
            unique: detail::is_unique(table, &key.columns),
            mark: match pair.mark {
                Mark::Added | Mark::Removed => pair.mark,
                Mark::Same | Mark::Changed => constraint.mark,
            },
        });
    }
    found
}

fn types_of(catalog: &Catalog, before: Option<&Catalog>) -> Vec<NamedType> {
    let mut types = Vec::new();
    for (name, pair) in pairs(&catalog.enums, before.map(|it| &it.enums), PartialEq::eq) {
        let was = pair.was.map_or(&pair.is.labels, |it| &it.labels);
        let added = |label: &String| {
            if was.contains(label) {
                Mark::Same
            } else {
                Mark::Added
            }
        };
        let is = pair.is.labels.iter().map(|it| (it.clone(), added(it)));
        let gone = was.iter().filter(|it| !pair.is.labels.contains(it));
        types.push(NamedType {
            name: name.clone(),
            kind: "enum",
            parts: is
                .chain(gone.map(|it| (it.clone(), Mark::Removed)))
                .collect(),
            comment: pair.is.comment.clone(),
            mark: pair.mark,
        });
    }
    for (name, pair) in pairs(
        &catalog.domains,
        before.map(|it| &it.domains),
        PartialEq::eq,
    ) {
        let mut parts: Vec<(String, Mark)> = Vec::new();
        let is = detail::domain(pair.is);
        let was = pair.was.map_or_else(|| is.clone(), detail::domain);
        parts.extend(is.iter().map(|it| {
            let is_new = !was.contains(it);
            (it.clone(), if is_new { Mark::Added } else { Mark::Same })
        }));
        let gone = was.iter().filter(|it| !is.contains(it));
        parts.extend(gone.map(|it| (it.clone(), Mark::Removed)));
        types.push(NamedType {
            name: name.clone(),
            kind: "domain",
            parts,
            comment: pair.is.comment.clone(),
            mark: pair.mark,
        });
    }
    types.sort_by(|one, other| one.name.cmp(&other.name));
    types
}
