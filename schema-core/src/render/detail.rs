//! What a table has beside its columns, in words.

use std::collections::BTreeMap;

use super::compare::{Mark, Pair, pairs};
use super::{Entry, NodeColumn, Section};
use crate::catalog::{Constraint, ConstraintKind, Domain, Index, IndexKey, Persistence, Table};
use crate::ddl::{ConstraintDefinition, IndexDdl};
use crate::ident::{Ident, QualifiedName};

/// A column without its name.
pub(super) fn column_text(column: &NodeColumn) -> String {
    let mut text = column.data_type.clone();
    text.push_str(if column.not_null { " not null" } else { "" });
    if let Some(value) = &column.value {
        text.push(' ');
        text.push_str(value);
    }
    text
}

/// Whether at most one row can have the same in these columns.
pub(super) fn is_unique(table: &Table, columns: &[Ident]) -> bool {
    let covers = |key: &[Ident]| key.iter().all(|column| columns.contains(column));
    let constraint = table.constraints.values().any(|it| match &it.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => covers(&key.columns),
        _ => false,
    });
    let index = table.indexes.values().any(|index| {
        let plain = index.unique && index.predicate.is_none();
        let keys = index.elements.iter().map(|it| match &it.key {
            IndexKey::Column(name) => columns.contains(name),
            IndexKey::Expression(_) => false,
        });
        plain && keys.clone().count() > 0 && keys.clone().all(|it| it)
    });
    constraint || index
}

/// Keys, foreign keys, checks, indexes and options of a table, each where there are any.
pub(super) fn sections(
    pair: &Pair<'_, Table>,
    places: &BTreeMap<&QualifiedName, usize>,
) -> Vec<Section> {
    let before = pair.was.map(|table| &table.constraints);
    let constraints = pairs(&pair.is.constraints, before, PartialEq::eq);
    let of = |title, wanted: fn(&ConstraintKind) -> bool| {
        let found = constraints.iter().filter(|(_, it)| wanted(&it.is.kind));
        let entries = found.map(|(name, it)| constraint_entry(name, it, places));
        Section {
            title,
            entries: entries.collect(),
        }
    };
    let keys = of("Keys", |kind| {
        matches!(
            kind,
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)
        )
    });
    let foreign = of("Foreign keys", |kind| {
        matches!(kind, ConstraintKind::ForeignKey(_))
    });
    let checks = of("Checks", |kind| {
        matches!(
            kind,
            ConstraintKind::Check(_) | ConstraintKind::Exclusion(_)
        )
    });
    let before = pair.was.map(|table| &table.indexes);
    let indexes = pairs(&pair.is.indexes, before, PartialEq::eq);
    let text = |index: &Index| {
        let sql = IndexDdl::Create {
            name: "x".into(),
            table: QualifiedName::in_default_schema(""),
            index: Box::new(index.clone()),
            concurrently: false,
            only: false,
        };
        let sql = sql.to_string();
        let unique = if index.unique { "unique " } else { "" };
        let broken = if index.valid { "" } else { ", not valid" };
        // What comes behind the name of the table.
        let rest = sql.split_once(" ON \"\" ").map_or("", |(_, rest)| rest);
        format!("{unique}{rest}{broken}")
    };
    let entries = indexes.iter().map(|(name, it)| Entry {
        name: name.as_str().to_owned(),
        text: text(it.is),
        was: it.was.map(text),
        comment: it.is.comment.clone(),
        mark: it.mark,
        leads_to: None,
    });
    let indexes = Section {
        title: "Indexes",
        entries: entries.collect(),
    };
    let options = Section {
        title: "Options",
        entries: options(pair),
    };
    let mut all = vec![keys, foreign, checks, indexes, options];
    all.retain(|section| !section.entries.is_empty());
    all
}

fn constraint_entry(
    name: &Ident,
    pair: &Pair<'_, Constraint>,
    places: &BTreeMap<&QualifiedName, usize>,
) -> Entry {
    let text = |constraint: &Constraint| {
        let definition = ConstraintDefinition {
            name: name.clone(),
            constraint: constraint.clone(),
        };
        let sql = definition.to_string();
        let named = format!("CONSTRAINT {name} ");
        sql.strip_prefix(&named).unwrap_or(&sql).to_owned()
    };
    let leads_to = match &pair.is.kind {
        ConstraintKind::ForeignKey(key) => places.get(&key.references).copied(),
        _ => None,
    };
    Entry {
        name: name.as_str().to_owned(),
        text: text(pair.is),
        was: pair.was.map(text),
        comment: pair.is.comment.clone(),
        mark: pair.mark,
        leads_to,
    }
}

/// Storage parameters, tablespace and the like, as if they were a map.
fn options(pair: &Pair<'_, Table>) -> Vec<Entry> {
    let map = |table: &Table| {
        let parameters = table.storage_parameters.clone();
        let mut map: BTreeMap<String, String> = parameters.into_iter().collect();
        if table.persistence == Persistence::Unlogged {
            map.insert("unlogged".to_owned(), String::new());
        }
        if let Some(name) = &table.tablespace {
            map.insert("tablespace".to_owned(), name.to_string());
        }
        if let Some(by) = &table.partition_by {
            map.insert("partition by".to_owned(), by.clone());
        }
        if let Some(of) = &table.partition_of {
            let text = format!("{} {}", of.parent, of.bound);
            map.insert("partition of".to_owned(), text);
        }
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table.inherits.iter().map(ToString::to_string).collect();
            map.insert("inherits".to_owned(), parents.join(", "));
        }
        if let Some(foreign) = &table.foreign {
            map.insert("server".to_owned(), foreign.server.to_string());
        }
        map
    };
    let (is, was) = (map(pair.is), pair.was.map(map));
    let found = pairs(&is, was.as_ref(), PartialEq::eq);
    let entry = |(name, it): (&&String, &Pair<'_, String>)| Entry {
        name: (*name).clone(),
        text: it.is.clone(),
        was: it.was.cloned(),
        mark: it.mark,
        ..Entry::default()
    };
    let mut entries: Vec<Entry> = found.iter().map(entry).collect();
    let comments = pair.was.map(|was| &was.comment);
    if let Some(was) = comments.filter(|was| **was != pair.is.comment) {
        entries.push(Entry {
            name: "comment".to_owned(),
            text: pair.is.comment.clone().unwrap_or_default(),
            was: Some(was.clone().unwrap_or_default()),
            mark: Mark::Changed,
            ..Entry::default()
        });
    }
    entries
}

/// What a domain stands for, part by part.
pub(super) fn domain(domain: &Domain) -> Vec<String> {
    let mut parts = vec![domain.base.clone()];
    parts.extend(domain.not_null.then(|| "not null".to_owned()));
    parts.extend(domain.default.as_ref().map(|it| format!("default {it}")));
    let checks = domain.checks.values();
    parts.extend(checks.map(|it| format!("check ({})", it.expression)));
    parts
}
