//! What a statement did, whatever its text says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;

use super::facts::{Facts, Oid, Relation, Routine, Type};
use crate::ddl::LockLevel;
use crate::ident::{Ident, QualifiedName};

/// One executed statement.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which of the new files it is in.
    pub file: usize,
    /// Which statement of the file, from 0.
    pub index: usize,
    /// The line that it begins on, from 1.
    pub line: u32,
    /// Where it stands in the file, in bytes.
    pub range: Range<usize>,
    /// The transaction that it ran in: equal for statements that were committed together.
    pub transaction: usize,
    /// False for what PostgreSQL does not run inside a transaction: its locks are not seen.
    pub in_transaction: bool,
    /// Whether a lock timeout was set while it ran.
    pub lock_timeout: bool,
    /// What it did.
    pub effects: Effects,
    /// What PostgreSQL said about the rows that were there, if it refused them; it was then run
    /// again without the rows of that table.
    pub refused_rows: Option<crate::apply::ServerError>,
}

/// What a statement did to the objects that were there before the new migrations.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// Locks that it took, the strongest for each relation, where that is stronger than what its
    /// transaction held before.
    pub locks: Vec<Lock>,
    /// Tables that were written anew.
    pub rewritten: Vec<Target>,
    /// Tables that were emptied.
    pub truncated: Vec<Target>,
    /// Tables of which every row was read.
    pub scanned: Vec<Target>,
    /// Indexes that were built anew without their table.
    pub reindexed: Vec<BuiltIndex>,
    /// Indexes that were built, on tables that were there.
    pub built: Vec<BuiltIndex>,
    /// Rows that were written, by table.
    pub rows: Vec<WrittenRows>,
    /// Commands that changed the catalog, as event triggers name them.
    pub commands: Vec<Command>,
    /// Objects that were dropped, cascades included.
    pub dropped: Vec<Dropped>,
    /// The objects that it touched, as they were afterwards.
    pub facts: Facts,
}

/// A relation that was there before the new migrations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Its number.
    pub oid: Oid,
    /// Its name at that time.
    pub name: QualifiedName,
}

/// A lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// On what; for the lock of an index, its table.
    pub on: Target,
    /// `relkind` of what is locked.
    pub kind: char,
    /// How strong.
    pub level: LockLevel,
}

/// An index that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltIndex {
    /// The index.
    pub name: QualifiedName,
    /// Its table.
    pub table: Target,
    /// The lock on the table while it was built.
    pub level: LockLevel,
}

/// Rows that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenRows {
    /// Where.
    pub table: Target,
    /// How many were inserted, updated, deleted.
    pub inserted: u64,
    /// Updated.
    pub updated: u64,
    /// Deleted.
    pub deleted: u64,
}

/// A command on one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// `ALTER TABLE`.
    pub tag: String,
    /// The catalog table that the object is in: `pg_class`.
    pub class: Oid,
    /// The object; none for grants.
    pub object: Option<Oid>,
    /// The column's number, or 0.
    pub part: i32,
    /// `table`, `table column`, `index`, …
    pub kind: String,
    /// Its name, as PostgreSQL identifies it.
    pub identity: String,
    /// Whether it was there before the new migrations.
    pub is_old: bool,
}

/// An object that was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The command that did it.
    pub tag: String,
    /// The catalog table that it was in.
    pub class: Oid,
    /// The object.
    pub object: Oid,
    /// The column's number, or 0.
    pub part: i32,
    /// `table`, `table column`, `index`, …
    pub kind: String,
    /// Its name, as PostgreSQL identifies it.
    pub identity: String,
    /// Whether the command named it; false for what went with it.
    pub named: bool,
    /// Whether it was there before the new migrations.
    pub is_old: bool,
}

/// Numbers of the catalog tables, which are the same in every PostgreSQL.
pub mod class {
    use super::Oid;

    /// `pg_type`.
    pub const TYPE: Oid = Oid(1247);
    /// `pg_proc`.
    pub const ROUTINE: Oid = Oid(1255);
    /// `pg_class`.
    pub const RELATION: Oid = Oid(1259);
    /// `pg_constraint`.
    pub const CONSTRAINT: Oid = Oid(2606);
    /// `pg_namespace`.
    pub const SCHEMA: Oid = Oid(2615);
    /// `pg_trigger`.
    pub const TRIGGER: Oid = Oid(2620);
    /// `pg_extension`.
    pub const EXTENSION: Oid = Oid(3079);
}

/// What `cargo_migrate.reading` gives.
#[derive(Debug, Deserialize)]
pub(super) struct Reading {
    pub(super) lock_timeout: bool,
    locks: Vec<HeldLock>,
    pub(super) journal: Vec<Entry>,
    pub(super) gauges: Vec<Gauge>,
    relations: Vec<Relation>,
    types: Vec<Type>,
    routines: Vec<Routine>,
}

#[derive(Debug, Deserialize)]
struct HeldLock {
    relation: Oid,
    mode: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) place: i64,
    kind: char,
    tag: String,
    #[serde(deserialize_with = "number")]
    class: Option<Oid>,
    #[serde(deserialize_with = "number")]
    object: Option<Oid>,
    part: Option<i32>,
    r#type: Option<String>,
    identity: Option<String>,
    original: Option<bool>,
}

/// PostgreSQL gives an `oid` in JSON as text.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Oid>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map(Oid).map_err(serde::de::Error::custom))
        .transpose()
}

/// Files, sizes and counters of a relation.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Gauge {
    pub(super) oid: Oid,
    schema: Ident,
    name: Ident,
    kind: char,
    owner_table: Oid,
    filenode: Option<u32>,
    bytes: u64,
    scans: u64,
    inserted: u64,
    updated: u64,
    deleted: u64,
}

impl Gauge {
    /// The same, read in another session.
    pub(super) fn without_counters(self) -> Self {
        Self {
            scans: 0,
            inserted: 0,
            updated: 0,
            deleted: 0,
            ..self
        }
    }

    fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }
}

/// What is known between two readings of one connection.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The last reading of each relation.
    pub(super) gauges: BTreeMap<Oid, Gauge>,
    /// What the transaction holds.
    pub(super) held: BTreeMap<Oid, LockLevel>,
    /// Relations that earlier commands made, in whatever transaction.
    made: BTreeSet<Oid>,
}

impl Reading {
    /// Old relations of which nothing is known yet.
    pub(super) fn unknown(&self, before: &Before, old_below: Oid) -> Vec<Oid> {
        let gauges = self.gauges.iter().map(|gauge| gauge.oid);
        gauges
            .filter(|oid| *oid < old_below && !before.gauges.contains_key(oid))
            .collect()
    }

    /// What happened since `before`, which then knows this reading.
    pub(super) fn effects(self, before: &mut Before, old_below: Oid) -> Effects {
        let mut effects = Effects::default();
        let by_oid: BTreeMap<Oid, &Gauge> = self.gauges.iter().map(|it| (it.oid, it)).collect();
        let target = |oid: Oid| {
            let gauge = by_oid.get(&oid)?;
            (oid < old_below).then(|| Target {
                oid,
                name: gauge.qualified(),
            })
        };
        let mut held: BTreeMap<Oid, LockLevel> = BTreeMap::new();
        for lock in &self.locks {
            let level = level(&lock.mode);
            let strongest = held.entry(lock.relation).or_default();
            *strongest = level.max(*strongest);
        }
        for (oid, level) in &held {
            let earlier = before.held.get(oid).copied().unwrap_or_default();
            let Some(gauge) = by_oid.get(oid).filter(|_| *level > earlier) else {
                continue;
            };
            if let Some(on) = target(gauge.owner_table).filter(|_| *oid < old_below) {
                let kind = gauge.kind;
                let level = *level;
                effects.locks.push(Lock { on, kind, level });
            }
        }
        let events: BTreeSet<Oid> = self
            .journal
            .iter()
            .filter(|entry| entry.kind == 'r')
            .filter_map(|entry| entry.object)
            .collect();
        let level_on = |table: Oid| held.get(&table).copied().unwrap_or_default();
        let mut emptied_or_rewritten: BTreeSet<Oid> = BTreeSet::new();
        let mut indexes = Vec::new();
        for gauge in &self.gauges {
            let earlier = before.gauges.get(&gauge.oid);
            let Some(table) = target(gauge.owner_table) else {
                continue;
            };
            if matches!(gauge.kind, 'i' | 'I') {
                indexes.push((gauge, earlier, table));
                continue;
            }
            let Some(earlier) = earlier else { continue };
            let moved = gauge.filenode != earlier.filenode;
            if gauge.kind != 't' && moved {
                let empty = gauge.bytes == 0 && !events.contains(&gauge.oid);
                emptied_or_rewritten.insert(gauge.oid);
                let list = if empty {
                    &mut effects.truncated
                } else {
                    &mut effects.rewritten
                };
                list.push(table.clone());
            }
            if gauge.kind != 't' && since(gauge.scans, earlier.scans) > 0 {
                effects.scanned.push(table.clone());
            }
            let rows = WrittenRows {
                inserted: since(gauge.inserted, earlier.inserted),
                updated: since(gauge.updated, earlier.updated),
                deleted: since(gauge.deleted, earlier.deleted),
                table,
            };
            if gauge.kind != 't' && rows.inserted + rows.updated + rows.deleted > 0 {
                effects.rows.push(rows);
            }
        }
        for (gauge, earlier, table) in indexes {
            let level = level_on(table.oid);
            let rewritten = emptied_or_rewritten.contains(&table.oid);
            let index = BuiltIndex {
                name: gauge.qualified(),
                table,
                level,
            };
            match earlier {
                None if gauge.oid >= old_below && !before.made.contains(&gauge.oid) => {
                    effects.built.push(index);
                }
                Some(earlier) if earlier.filenode != gauge.filenode && !rewritten => {
                    effects.reindexed.push(index);
                }
                _ => {}
            }
        }
        let made = self.journal.iter().filter_map(|entry| entry.object);
        before.made.extend(made.filter(|oid| *oid >= old_below));
        effects.take_journal(self.journal, old_below);
        effects.facts = Facts {
            relations: self.relations.into_iter().map(|it| (it.oid, it)).collect(),
            types: self.types.into_iter().map(|it| (it.oid, it)).collect(),
            routines: self.routines.into_iter().map(|it| (it.oid, it)).collect(),
        };
        before.held = held;
        for gauge in self.gauges {
            before.gauges.insert(gauge.oid, gauge);
        }
        effects
    }
}

impl Effects {
    fn take_journal(&mut self, journal: Vec<Entry>, old_below: Oid) {
        for entry in journal {
            let class = entry.class.unwrap_or_default();
            let part = entry.part.unwrap_or_default();
            let kind = entry.r#type.unwrap_or_default();
            let identity = entry.identity.unwrap_or_default();
            let is_old = entry.object.is_some_and(|object| object < old_below);
            match (entry.kind, entry.object) {
                ('d', Some(object)) => self.dropped.push(Dropped {
                    tag: entry.tag,
                    class,
                    object,
                    part,
                    kind,
                    identity,
                    named: entry.original.unwrap_or_default(),
                    is_old,
                }),
                ('c', object) => self.commands.push(Command {
                    tag: entry.tag,
                    class,
                    object,
                    part,
                    kind,
                    identity,
                    is_old,
                }),
                _ => {}
            }
        }
    }

    /// The strongest new lock on a relation that was there.
    pub fn strongest_lock(&self) -> Option<&Lock> {
        self.locks.iter().max_by_key(|lock| lock.level)
    }

    /// Whether an object that was there was dropped.
    pub fn drops(&self, class: Oid, object: Oid, part: i32) -> bool {
        self.dropped
            .iter()
            .any(|it| (it.class, it.object, it.part) == (class, object, part))
    }
}

/// Counters begin anew whenever the server takes them over.
fn since(now: u64, before: u64) -> u64 {
    if now >= before { now - before } else { now }
}

fn level(mode: &str) -> LockLevel {
    match mode {
        "AccessShareLock" => LockLevel::AccessShare,
        "RowShareLock" => LockLevel::RowShare,
        "RowExclusiveLock" => LockLevel::RowExclusive,
        "ShareUpdateExclusiveLock" => LockLevel::ShareUpdateExclusive,
        "ShareLock" => LockLevel::Share,
        "ShareRowExclusiveLock" => LockLevel::ShareRowExclusive,
        "ExclusiveLock" => LockLevel::Exclusive,
        "AccessExclusiveLock" => LockLevel::AccessExclusive,
        _ => LockLevel::None,
    }
}
