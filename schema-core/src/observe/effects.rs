//! What a statement did, whatever its text says.

use std::collections::BTreeMap;
use std::ops::Range;

use super::facts::{Facts, Oid};
use crate::ddl::LockLevel;
use crate::directory::Touches;
use crate::ident::QualifiedName;

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
    /// The strongest lock that its transaction held on each table when it was done.
    pub held: BTreeMap<Oid, LockLevel>,
    /// Whether it wrote settings of a role or database.
    pub set_for_all: bool,
    /// Everything that its transaction touched so far, by the names before and after.
    pub touched: Touches,
    /// The objects that it touched or dropped, as they were before.
    pub before: Facts,
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
    /// Its number.
    pub oid: Oid,
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
    /// `pg_attrdef`.
    pub const DEFAULT: Oid = Oid(2604);
    /// `pg_rewrite`.
    pub const RULE: Oid = Oid(2618);
    /// `pg_trigger`.
    pub const TRIGGER: Oid = Oid(2620);
    /// `pg_policy`.
    pub const POLICY: Oid = Oid(3256);
    /// `pg_statistic_ext`.
    pub const STATISTICS: Oid = Oid(3381);
    /// `pg_extension`.
    pub const EXTENSION: Oid = Oid(3079);
}

impl Effects {
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
