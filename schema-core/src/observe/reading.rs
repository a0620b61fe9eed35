//! A reading of the dev database, and what two of them tell of the statement in between.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::effects::{BuiltIndex, Command, Dropped, Effects, Lock, Target, WrittenRows, class};
use super::facts::{Facts, Oid, Relation, Routine, Type};
use crate::ddl::LockLevel;
use crate::ident::{Ident, QualifiedName};

/// What `cargo_migrate.reading` gives.
#[derive(Debug, Deserialize)]
pub(super) struct Reading {
    pub(super) lock_timeout: bool,
    pub(super) set_for_all: bool,
    /// The newest relation.
    newest: Oid,
    pub(super) locks: Vec<HeldLock>,
    /// Types and functions that the transaction used.
    pub(super) used: Vec<String>,
    /// The tables of indexes that the journal names.
    pub(super) indexed: Vec<String>,
    /// What the transaction changed in the catalog, where it granted or revoked.
    pub(super) granted: Vec<String>,
    pub(super) journal: Vec<Entry>,
    pub(super) gauges: Vec<Gauge>,
    relations: Vec<Relation>,
    types: Vec<Type>,
    routines: Vec<Routine>,
}

#[derive(Debug, Deserialize)]
pub(super) struct HeldLock {
    pub(super) relation: Oid,
    mode: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) place: i64,
    pub(super) kind: char,
    pub(super) tag: String,
    #[serde(deserialize_with = "number")]
    pub(super) class: Option<Oid>,
    #[serde(deserialize_with = "number")]
    pub(super) object: Option<Oid>,
    part: Option<i32>,
    r#type: Option<String>,
    pub(super) identity: Option<String>,
    original: Option<bool>,
}

impl Entry {
    pub(super) fn is_index(&self) -> bool {
        self.r#type.as_deref() == Some("index")
    }
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
    #[serde(flatten)]
    pub(super) counters: Counters,
}

/// What a relation has seen in this session since counters were last handed over to the server.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Counters {
    scans: u64,
    inserted: u64,
    updated: u64,
    deleted: u64,
}

impl Counters {
    /// How much was added since an earlier reading.
    fn since(self, earlier: Self) -> Self {
        // Counters begin anew whenever the server takes them over.
        let since = |now: u64, before: u64| now.checked_sub(before).unwrap_or(now);
        Self {
            scans: since(self.scans, earlier.scans),
            inserted: since(self.inserted, earlier.inserted),
            updated: since(self.updated, earlier.updated),
            deleted: since(self.deleted, earlier.deleted),
        }
    }
}

impl Gauge {
    pub(super) fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }
}

/// What is known between two readings of one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    /// The last reading of each relation.
    pub(super) gauges: BTreeMap<Oid, Gauge>,
    /// The last reading of each relation's counters; none is zero.
    pub(super) counters: BTreeMap<Oid, Counters>,
    /// What the transaction holds.
    pub(super) held: BTreeMap<Oid, LockLevel>,
    /// The newest relation of the last reading.
    pub(super) newest: Oid,
    /// Objects as they were when they were last touched, or at the base.
    pub(super) facts: Facts,
}

impl Before {
    /// The table that has this index, as far as it is known.
    pub(super) fn table_of(&self, index: Oid) -> Option<&Relation> {
        let mut relations = self.facts.relations.values();
        relations.find(|it| it.indexes.iter().any(|it| it.oid == index))
    }

    /// Takes in what objects were at the base, unless something newer is known.
    pub(super) fn learn(&mut self, base: Facts) {
        for (oid, it) in base.relations {
            self.facts.relations.entry(oid).or_insert(it);
        }
        for (oid, it) in base.types {
            self.facts.types.entry(oid).or_insert(it);
        }
        for (oid, it) in base.routines {
            self.facts.routines.entry(oid).or_insert(it);
        }
    }
}

/// Objects, by the catalog tables that they are in.
#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) relations: BTreeSet<Oid>,
    pub(super) types: BTreeSet<Oid>,
    pub(super) routines: BTreeSet<Oid>,
}

impl Objects {
    pub(super) fn is_empty(&self) -> bool {
        self.relations.is_empty() && self.types.is_empty() && self.routines.is_empty()
    }

    /// Those of which nothing is known yet.
    fn unknown(mut self, facts: &Facts) -> Self {
        self.relations
            .retain(|it| !facts.relations.contains_key(it));
        self.types.retain(|it| !facts.types.contains_key(it));
        self.routines.retain(|it| !facts.routines.contains_key(it));
        self
    }

    /// What is known of them.
    fn of(&self, facts: &Facts) -> Facts {
        fn pick<T: Clone>(all: &BTreeMap<Oid, T>, oids: &BTreeSet<Oid>) -> BTreeMap<Oid, T> {
            let known = oids
                .iter()
                .filter_map(|oid| Some((*oid, all.get(oid)?.clone())));
            known.collect()
        }
        Facts {
            relations: pick(&facts.relations, &self.relations),
            types: pick(&facts.types, &self.types),
            routines: pick(&facts.routines, &self.routines),
        }
    }
}

impl Reading {
    /// Old relations of which nothing is known yet.
    pub(super) fn unknown(&self, before: &Before, old_below: Oid) -> Vec<Oid> {
        let gauges = self.gauges.iter().map(|gauge| gauge.oid);
        gauges
            .filter(|oid| *oid < old_below && !before.gauges.contains_key(oid))
            .collect()
    }

    /// Objects that it touched or dropped.
    fn objects(&self, old_below: Oid) -> Objects {
        let mut objects = Objects {
            relations: self.relations.iter().map(|it| it.oid).collect(),
            types: self.types.iter().map(|it| it.oid).collect(),
            routines: self.routines.iter().map(|it| it.oid).collect(),
        };
        for entry in self.journal.iter().filter(|entry| entry.kind == 'd') {
            let Some(object) = entry.object.filter(|object| *object < old_below) else {
                continue;
            };
            match entry.class {
                Some(class::RELATION) => _ = objects.relations.insert(object),
                Some(class::TYPE) => _ = objects.types.insert(object),
                Some(class::ROUTINE) => _ = objects.routines.insert(object),
                _ => {}
            }
        }
        for oids in [
            &mut objects.relations,
            &mut objects.types,
            &mut objects.routines,
        ] {
            oids.retain(|oid| *oid < old_below);
        }
        objects
    }

    /// The same, and the tables of dropped indexes.
    fn objects_before(&self, before: &Before, old_below: Oid) -> Objects {
        let mut objects = self.objects(old_below);
        let indexes = self
            .journal
            .iter()
            .filter(|it| it.kind == 'd' && it.is_index());
        let tables = indexes.filter_map(|it| before.table_of(it.object?));
        objects.relations.extend(tables.map(|it| it.oid));
        objects
    }

    /// Old objects that it touched or dropped, and of which nothing is known yet.
    pub(super) fn unknown_objects(&self, before: &Before, old_below: Oid) -> Objects {
        self.objects(old_below).unknown(&before.facts)
    }

    /// What happened since `before`, which then knows this reading.
    pub(super) fn effects(self, before: &mut Before, old_below: Oid) -> Effects {
        let mut effects = Effects {
            before: self.objects_before(before, old_below).of(&before.facts),
            set_for_all: self.set_for_all,
            touched: self.touched(before),
            ..Effects::default()
        };
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
        let journal: BTreeSet<Oid> = self.journal.iter().filter_map(|it| it.object).collect();
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
            if moved {
                // A command that the journal names writes a table anew; TRUNCATE it does not name.
                let named = journal.contains(&gauge.oid) && earlier.bytes == 0;
                let empty = gauge.bytes == 0 && !named;
                emptied_or_rewritten.insert(gauge.oid);
                let list = if empty {
                    &mut effects.truncated
                } else {
                    &mut effects.rewritten
                };
                list.push(table.clone());
            }
            let counted = before.counters.get(&gauge.oid).copied().unwrap_or_default();
            let new = gauge.counters.since(counted);
            if new.scans > 0 {
                effects.scanned.push(table.clone());
            }
            let rows = WrittenRows {
                inserted: new.inserted,
                updated: new.updated,
                deleted: new.deleted,
                table,
            };
            if rows.inserted + rows.updated + rows.deleted > 0 {
                effects.rows.push(rows);
            }
        }
        let newest = before.newest.max(old_below);
        for (gauge, earlier, table) in indexes {
            let level = level_on(table.oid);
            let rewritten = emptied_or_rewritten.contains(&table.oid);
            let index = BuiltIndex {
                oid: gauge.oid,
                name: gauge.qualified(),
                table,
                level,
            };
            match earlier {
                // One that takes over the file of another was not built.
                None if gauge.oid > newest && !rewritten && gauge.filenode == Some(gauge.oid.0) => {
                    effects.built.push(index);
                }
                Some(earlier) if earlier.filenode != gauge.filenode && !rewritten => {
                    effects.reindexed.push(index);
                }
                _ => {}
            }
        }
        effects.take_journal(self.journal, old_below);
        effects.facts = Facts {
            relations: self.relations.into_iter().map(|it| (it.oid, it)).collect(),
            types: self.types.into_iter().map(|it| (it.oid, it)).collect(),
            routines: self.routines.into_iter().map(|it| (it.oid, it)).collect(),
        };
        let old = held.iter().filter(|(oid, _)| **oid < old_below);
        effects.held = old.map(|(oid, level)| (*oid, *level)).collect();
        before.held = held;
        before.newest = self.newest;
        let facts = effects.facts.clone();
        before.facts.relations.extend(facts.relations);
        before.facts.types.extend(facts.types);
        before.facts.routines.extend(facts.routines);
        for gauge in self.gauges {
            before.counters.insert(gauge.oid, gauge.counters);
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
