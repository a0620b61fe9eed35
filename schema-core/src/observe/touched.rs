//! Everything that a statement touched, for the record of what may go before what.
//!
//! The locks of its transaction tell of relations, in whatever mode, reading included; the journal
//! tells of what has no locks. What neither of them tells is everything.

use std::collections::BTreeSet;

use super::effects::class;
use super::facts::Oid;
use super::reading::{Before, Entry, Reading};
use crate::directory::{Touched, Touches};
use crate::ident::QualifiedName;

/// Schemas in which nothing lasts, or nothing is of the user's.
const OTHERS: [&str; 4] = [
    "pg_toast",
    "pg_catalog",
    "information_schema",
    "cargo_migrate",
];

impl Reading {
    /// What the transaction touched so far, by the names before and after.
    pub(super) fn touched(&self, before: &Before) -> Touches {
        let mut touched = BTreeSet::new();
        for oid in self.locks.iter().map(|lock| lock.relation) {
            let now = self.gauges.iter().find(|gauge| gauge.oid == oid);
            let names = now.into_iter().chain(before.gauges.get(&oid));
            touched.extend(names.map(|gauge| Touched::Object(gauge.qualified())));
        }
        let named = self.granted.iter().chain(&self.indexed).chain(&self.used);
        touched.extend(named.filter_map(|name| Touched::first(name)));
        touched.extend(self.dropped_from(before).flatten());
        for entry in &self.journal {
            match told(entry) {
                Told::This(it) => _ = touched.insert(it),
                Told::ByLocks => {}
                Told::Nothing => return Touches::Everything,
            }
        }
        if self.set_for_all {
            return Touches::Everything;
        }
        touched.retain(|it| {
            let (Touched::Object(QualifiedName { schema, .. }) | Touched::Schema(schema)) = it;
            !(OTHERS.contains(&schema.as_str()) || schema.as_str().starts_with("pg_temp"))
        });
        Touches::These(touched)
    }

    /// Whether the journal tells of a statement that left no locks behind: it made or dropped
    /// indexes, whose tables are known.
    pub(super) fn is_told(&self, before: &Before) -> bool {
        !self.journal.is_empty()
            && self.journal.iter().all(Entry::is_index)
            && self.dropped_from(before).all(|table| table.is_some())
    }

    /// The tables of dropped indexes, where they are known.
    fn dropped_from(&self, before: &Before) -> impl Iterator<Item = Option<Touched>> {
        let journal = self.journal.iter();
        let dropped = journal.filter(|entry| entry.kind == 'd' && entry.is_index());
        dropped.map(|entry| {
            let table = before.table_of(entry.object?)?;
            Some(Touched::Object(table.qualified()))
        })
    }
}

/// What an entry of the journal tells.
enum Told {
    This(Touched),
    /// It is about a part of a relation, which is locked.
    ByLocks,
    /// It may be about anything.
    Nothing,
}

fn told(entry: &Entry) -> Told {
    const PARTS: [Oid; 6] = [
        class::CONSTRAINT,
        class::DEFAULT,
        class::POLICY,
        class::RULE,
        class::STATISTICS,
        class::TRIGGER,
    ];
    let identity = entry.identity.as_deref().unwrap_or_default();
    let this = match entry.class {
        // A rewritten table is locked.
        _ if entry.kind == 'r' => return Told::ByLocks,
        Some(class) if PARTS.contains(&class) => return Told::ByLocks,
        Some(class::RELATION | class::TYPE | class::ROUTINE) => Touched::first(identity),
        Some(class::SCHEMA) => Touched::first(&format!("{identity}.*")),
        // Whose privileges they are, the catalog tells.
        None if matches!(entry.tag.as_str(), "GRANT" | "REVOKE") => return Told::ByLocks,
        _ => None,
    };
    this.map_or(Told::Nothing, Told::This)
}
