//! Work that takes long on a table that is there, and the reason why PostgreSQL does it.
//!
//! What was done is observed; the reason is the difference between the table before and after.
//! Every piece of work has one reason, and every reason one rule, so nothing is told twice.

use std::collections::BTreeSet;
use std::mem::discriminant;

use super::fix::fix;
use crate::ddl::LockLevel;
use crate::ident::QualifiedName;
use crate::observe::{BuiltIndex, Column, Constraint, Effects, Oid, Relation, Step, Target};
use crate::rule::{Hit, Steps, keeps_values};

/// Work on a table.
#[derive(Clone, Debug)]
pub(super) struct Work<'a> {
    /// The step that did it.
    pub(super) step: usize,
    /// The table; for a partition, its topmost parent.
    pub(super) table: QualifiedName,
    /// The table before and after, or the partition.
    pub(super) sides: Option<(&'a Relation, &'a Relation)>,
    /// The lock on it meanwhile.
    pub(super) level: LockLevel,
    /// Why it was done.
    pub(super) cause: Cause<'a>,
}

/// Why a table was read or written in full.
#[derive(Clone, Debug)]
pub(super) enum Cause<'a> {
    /// Rewritten: a column got another type.
    Type(&'a Column, &'a Column),
    /// Rewritten: a column got or lost its time zone.
    TimeZone(&'a Column, &'a Column),
    /// Rewritten: a new column is computed and stored.
    StoredGenerated(&'a Column),
    /// Rewritten: a new column takes numbers of a sequence.
    Serial(&'a Column),
    /// Rewritten: a new column has a domain that wants to be checked.
    Domain(&'a Column),
    /// Rewritten: a new column has a default that differs from row to row.
    VolatileDefault(&'a Column),
    /// Rewritten: another place, format or durability.
    Storage,
    /// Rewritten: VACUUM FULL or CLUSTER.
    Compact,
    /// Rewritten: the query of a materialized view ran again.
    Refresh,
    /// An index was built.
    Index(&'a BuiltIndex),
    /// The index of a new unique constraint was built.
    Unique(&'a Constraint),
    /// The index of a new primary key was built, or its columns were read for NULL.
    PrimaryKey(&'a Constraint),
    /// The index of a new exclusion constraint was built.
    Exclusion(&'a Constraint),
    /// An index was built again.
    Reindex(&'a BuiltIndex),
    /// An index was built again, because its column changed.
    IndexOfColumn(&'a QualifiedName),
    /// Read: a new check.
    Check(&'a Constraint),
    /// Read: a new foreign key.
    ForeignKey(&'a Constraint),
    /// Read: a constraint is validated in a transaction that locked the table before.
    Validate(&'a Constraint),
    /// Read: a column must not be NULL any more.
    NotNull(&'a Column),
    /// Read: a partition came.
    Attach,
    /// Read: a domain got a constraint, or one of it is validated.
    Domains,
    /// Rows were written in a transaction that locked the table before.
    Backfill,
    /// Read by a query in a transaction that locked the table before.
    Query,
}

impl Work<'_> {
    /// A hit for it, with the way out where it can be spelled.
    pub(super) fn hit(&self, title: impl Into<String>) -> Hit {
        let fix = fix(self);
        Hit {
            fix,
            ..Hit::new(Some(self.step), &self.table, title)
        }
    }
}

/// Hits for the work whose cause a rule is about.
pub(super) fn hits(steps: &Steps<'_>, title: impl Fn(&Work<'_>) -> Option<String>) -> Vec<Hit> {
    let works = works(steps);
    let hits = works.iter().filter_map(|work| Some(work.hit(title(work)?)));
    hits.collect()
}

/// All work under a lock that keeps others from writing, on tables that were there.
pub(super) fn works<'a>(steps: &Steps<'a>) -> Vec<Work<'a>> {
    let mut works: Vec<Work<'a>> = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let first = works.len();
        for (target, level, cause) in of_step(step) {
            let table = root(&step.effects, &target);
            let is_partition = table != target.name;
            // Partitions do what their parent does: it is told once.
            let told = works[first..]
                .iter()
                .any(|it| it.table == table && discriminant(&it.cause) == discriminant(&cause));
            if !(is_partition && told) {
                works.push(Work {
                    step: place,
                    table,
                    sides: sides(&step.effects, target.oid),
                    level,
                    cause,
                });
            }
        }
    }
    works
}

/// What one step did to each table.
fn of_step(step: &Step) -> Vec<(Target, LockLevel, Cause<'_>)> {
    let effects = &step.effects;
    let mut found = Vec::new();
    // The one row of a sequence is read and written anew by every change of it.
    let has_rows = |target: &&Target| {
        let relation = effects.facts.relations.get(&target.oid);
        relation.is_none_or(|it| it.kind != 'S')
    };
    for target in effects.rewritten.iter().filter(has_rows) {
        let causes = rewrite(effects, target);
        // It is never done under less.
        found.extend(
            causes
                .into_iter()
                .map(|cause| (target.clone(), LockLevel::AccessExclusive, cause)),
        );
    }
    for index in &effects.built {
        if index.level >= LockLevel::Share {
            found.push((index.table.clone(), index.level, build(effects, index)));
        }
    }
    for index in &effects.reindexed {
        let of_column = effects.commands.iter().any(|it| it.tag != "REINDEX");
        let cause = if of_column {
            Cause::IndexOfColumn(&index.name)
        } else {
            Cause::Reindex(index)
        };
        found.push((
            index.table.clone(),
            index.level.max(LockLevel::Share),
            cause,
        ));
    }
    let worked: BTreeSet<Oid> = found.iter().map(|(target, ..)| target.oid).collect();
    for relation in effects.facts.relations.values() {
        let target = Target {
            oid: relation.oid,
            name: relation.qualified(),
        };
        let level = held(effects, &target);
        if !worked.contains(&relation.oid) {
            found.extend(new_key(effects, relation).map(|cause| (target, level, cause)));
        }
    }
    for target in effects.scanned.iter().filter(has_rows) {
        let level = held(effects, target);
        // The indexes of a table that was emptied are built of nothing.
        let emptied = effects.truncated.contains(target);
        if emptied || worked.contains(&target.oid) || level < LockLevel::Share {
            continue;
        }
        found.extend(
            scan(effects, target)
                .into_iter()
                .map(|cause| (target.clone(), level, cause)),
        );
    }
    found
}

/// The lock on a table when the step was done.
pub(super) fn held(effects: &Effects, target: &Target) -> LockLevel {
    effects.held.get(&target.oid).copied().unwrap_or_default()
}

/// A table before and after a step.
fn sides(effects: &Effects, oid: Oid) -> Option<(&Relation, &Relation)> {
    Some((
        effects.before.relations.get(&oid)?,
        effects.facts.relations.get(&oid)?,
    ))
}

fn rewrite<'a>(effects: &'a Effects, target: &Target) -> Vec<Cause<'a>> {
    let mut causes = Vec::new();
    let Some((before, after)) = sides(effects, target.oid) else {
        return vec![Cause::Compact];
    };
    if after.kind == 'm'
        && effects
            .commands
            .iter()
            .any(|it| it.tag.starts_with("REFRESH"))
    {
        return vec![Cause::Refresh];
    }
    for column in &after.columns {
        let Some(earlier) = before.column(column.number) else {
            causes.extend(new_column(column));
            continue;
        };
        if is_retyped(earlier, column) {
            let zoned = |it: &Column| it.data_type.ends_with("with time zone");
            let dated = |it: &Column| it.data_type.starts_with("timestamp");
            let is_zone = dated(earlier) && dated(column) && zoned(earlier) != zoned(column);
            let cause = if is_zone {
                Cause::TimeZone
            } else {
                Cause::Type
            };
            causes.push(cause(earlier, column));
        } else if column.generated == "s" && earlier.default != column.default {
            causes.push(Cause::StoredGenerated(column));
        }
    }
    // Of the columns of one ALTER TABLE, those that would not have it written anew by themselves
    // are not the reason, unless there is no other.
    let is_certain =
        |cause: &Cause<'_>| !matches!(cause, Cause::Type(old, new) if keeps_values(old, new));
    if causes.iter().any(is_certain) {
        causes.retain(is_certain);
    }
    let commanded = effects
        .commands
        .iter()
        .any(|it| it.object == Some(target.oid));
    match (causes.is_empty(), commanded) {
        (true, true) => vec![Cause::Storage],
        (true, false) => vec![Cause::Compact],
        (false, _) => causes,
    }
}

/// Why a new column may have its table written anew.
fn new_column(column: &Column) -> Option<Cause<'_>> {
    let draws = |default: &String| default.contains("nextval(");
    if column.generated == "s" {
        Some(Cause::StoredGenerated(column))
    } else if !column.identity.is_empty() || column.default.as_ref().is_some_and(draws) {
        Some(Cause::Serial(column))
    } else if column.type_kind == 'd' {
        Some(Cause::Domain(column))
    } else {
        // A constant is kept in the catalog; what is computed has a call in it.
        let computed = |default: &&String| default.contains('(');
        column
            .default
            .as_ref()
            .filter(computed)
            .map(|_| Cause::VolatileDefault(column))
    }
}

fn is_retyped(before: &Column, after: &Column) -> bool {
    (before.type_oid, before.typmod, before.collation)
        != (after.type_oid, after.typmod, after.collation)
}

fn build<'a>(effects: &'a Effects, index: &'a BuiltIndex) -> Cause<'a> {
    let Some((before, after)) = sides(effects, index.table.oid) else {
        return Cause::Index(index);
    };
    if before.parents != after.parents {
        return Cause::Attach;
    }
    let name = &index.name.name;
    let retyped = after.columns.iter().any(|column| {
        let earlier = before.column(column.number);
        earlier.is_some_and(|earlier| is_retyped(earlier, column))
    });
    // One of that name that is not built again for its column was put in place of another.
    if retyped && before.indexes.iter().any(|it| it.name == *name) {
        return Cause::IndexOfColumn(&index.name);
    }
    let mut own = after.constraints.iter().filter(|it| it.index == index.oid);
    match own.find(|it| it.kind != 'f').map(|it| (it.kind, it)) {
        Some(('p', constraint)) => Cause::PrimaryKey(constraint),
        Some(('x', constraint)) => Cause::Exclusion(constraint),
        Some((_, constraint)) => Cause::Unique(constraint),
        None => Cause::Index(index),
    }
}

/// A foreign key that was checked against the rows that are there. PostgreSQL checks it by a query,
/// which leaves no certain trace, unless all of its columns come with it and are NULL.
fn new_key<'a>(effects: &'a Effects, after: &'a Relation) -> Option<Cause<'a>> {
    let (before, _) = sides(effects, after.oid)?;
    if before.parents != after.parents {
        return None;
    }
    let validated = |it: &&Constraint| it.kind == 'f' && it.validated;
    let was_not = |it: &Constraint| {
        let mut earlier = before.constraints.iter();
        earlier.any(|old| old.oid == it.oid && !old.validated)
    };
    let by_itself = effects
        .held
        .get(&after.oid)
        .is_none_or(|level| *level < LockLevel::Share);
    if let Some(key) = after
        .constraints
        .iter()
        .filter(validated)
        .find(|it| was_not(it))
    {
        return (!by_itself).then_some(Cause::Validate(key));
    }
    let mut keys = new_constraints(before, after).filter(validated);
    let is_filled = |number: &i16| {
        before.column(*number).is_some()
            || after.column(*number).is_some_and(|it| it.default.is_some())
    };
    let key = keys.find(|it| it.columns.iter().any(is_filled))?;
    Some(Cause::ForeignKey(key))
}

/// Constraints that came; one that was made again because its column changed is none.
fn new_constraints<'a>(
    before: &'a Relation,
    after: &'a Relation,
) -> impl Iterator<Item = &'a Constraint> {
    after.constraints.iter().filter(|it| {
        let mut earlier = before.constraints.iter();
        !earlier.any(|old| old.oid == it.oid || (&old.name, old.kind) == (&it.name, it.kind))
    })
}

fn scan<'a>(effects: &'a Effects, target: &'a Target) -> Vec<Cause<'a>> {
    let mut causes = Vec::new();
    if let Some((before, after)) = sides(effects, target.oid) {
        let default = after.partition_bound.as_deref() == Some("DEFAULT");
        if before.parents != after.parents || default && parent_changed(effects, after) {
            return vec![Cause::Attach];
        }
        let new: Vec<&Constraint> = new_constraints(before, after).collect();
        causes.extend(
            new.iter()
                .filter(|it| it.kind == 'c' && it.validated)
                .map(|it| Cause::Check(it)),
        );
        if new.iter().any(|it| it.kind == 'f' && it.validated) {
            return causes;
        }
        for constraint in after.constraints.iter().filter(|it| it.validated) {
            let earlier = before
                .constraints
                .iter()
                .find(|old| old.oid == constraint.oid);
            if constraint.kind == 'c' && earlier.is_some_and(|old| !old.validated) {
                causes.push(Cause::Validate(constraint));
            }
        }
        let key = new.iter().find(|it| it.kind == 'p');
        causes.extend(key.map(|it| Cause::PrimaryKey(it)));
        let not_null =
            |it: &&Column| it.not_null && before.column(it.number).is_some_and(|old| !old.not_null);
        if key.is_none() {
            causes.extend(after.columns.iter().find(not_null).map(Cause::NotNull));
        }
    }
    if causes.is_empty() && effects.commands.iter().any(|it| it.tag == "ALTER DOMAIN") {
        return vec![Cause::Domains];
    }
    if causes.is_empty() {
        let written = effects
            .rows
            .iter()
            .find(|rows| rows.table.oid == target.oid);
        causes.push(written.map_or(Cause::Query, |_| Cause::Backfill));
    }
    causes
}

/// Whether the parent of a partition got another one.
fn parent_changed(effects: &Effects, partition: &Relation) -> bool {
    partition.parents.iter().any(|parent| {
        sides(effects, *parent).is_some_and(|(before, after)| before.partitions != after.partitions)
    })
}

/// The topmost parent that the step touched as well.
pub(super) fn root(effects: &Effects, target: &Target) -> QualifiedName {
    let relations = &effects.before.relations;
    let mut oid = target.oid;
    let mut name = target.name.clone();
    while let Some(parent) = relations
        .get(&oid)
        .and_then(|it| it.parents.first())
        .and_then(|parent| relations.get(parent))
    {
        oid = parent.oid;
        name = parent.qualified();
    }
    name
}
