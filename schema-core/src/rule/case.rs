//! What the previous release meets at a commit point.

use super::{ColumnPair, ColumnReuse, Contract, Covered, Heir, Hit, Pair, Steps};
use crate::ident::{Ident, QualifiedName};
use crate::observe::{Column, Command, Constraint, Dropped, Relation, Routine, Sides, Type, class};

/// Why a table with row security has no shim there.
const NO_SHIM: &str = "Before PostgreSQL 15 no view can stand in for a table with row security: it \
                       would read and write with the rights of its owner.";

/// A commit point: the moment at which the old release meets what is new.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The steps so far.
    pub all: Steps<'a>,
    /// The objects that were touched since the last commit point, at the base and now.
    pub sides: &'a Sides,
    /// What the previous release relies on.
    pub contract: &'a Contract,
    /// What live shims cover, those of the new files included.
    pub covered: &'a Covered,
    /// The role of the app; its probes then tell what privileges and row security do to it.
    pub app_role: Option<&'a Ident>,
}

impl<'a> Case<'a> {
    /// Relations that the old release uses and that were touched.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'a>> {
        let (sides, contract) = (self.sides, self.contract);
        let heads = &sides.head.relations;
        sides.base.relations.values().filter_map(move |base| {
            let name = base.qualified();
            contract.uses(&name).then(|| Pair {
                base,
                now: heads.get(&base.oid),
                named: sides.names.get(&name).and_then(|oid| heads.get(oid)),
            })
        })
    }

    /// Tables that are still what and where they were.
    pub fn kept_tables(&self) -> impl Iterator<Item = (&'a Relation, &'a Relation)> {
        self.pairs()
            .filter(|pair| pair.base.is_table())
            .filter_map(|pair| Some((pair.base, pair.kept()?)))
    }

    /// Tables under whatever name, before and now: for what holds for rows.
    pub fn living_tables(&self) -> impl Iterator<Item = (&'a Relation, &'a Relation)> {
        self.pairs()
            .filter(|pair| pair.base.is_table())
            .filter_map(|pair| Some((pair.base, pair.now?)))
    }

    /// Columns that the old release uses, before and now, of tables under whatever name; and those
    /// that it does not know, but has to give from now on.
    pub fn living_columns(&self) -> impl Iterator<Item = ColumnPair<'a>> {
        let contract = self.contract;
        self.living_tables().flat_map(move |(base, now)| {
            let name = base.qualified();
            base.columns.iter().filter_map(move |old| {
                let new = now.column(old.number)?;
                let counts = contract.uses_column(&name, &old.name)
                    || now.demands(new) && !base.demands(old);
                counts.then_some(ColumnPair {
                    base,
                    old,
                    now,
                    new,
                })
            })
        })
    }

    /// Columns of which an aspect is not what it was, and the step that made it so.
    pub fn changed_columns<T: PartialEq>(
        &self,
        aspect: impl Fn(&Column) -> T,
    ) -> impl Iterator<Item = (ColumnPair<'a>, Option<usize>)> {
        self.living_columns()
            .filter(|pair| aspect(pair.old) != aspect(pair.new))
            .map(|pair| (pair, self.blame_column(&pair, &aspect)))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Columns that tables of the old release have got, with the table before and now.
    pub fn new_columns(&self) -> impl Iterator<Item = (&'a Relation, &'a Relation, &'a Column)> {
        self.living_tables().flat_map(|(base, now)| {
            now.columns
                .iter()
                .filter(|column| base.column(column.number).is_none())
                .map(move |column| (base, now, column))
        })
    }

    /// Constraints of one kind that tables of the old release have got.
    pub fn new_constraints(
        &self,
        kind: char,
    ) -> impl Iterator<Item = (&'a Relation, &'a Relation, &'a Constraint)> {
        self.living_tables().flat_map(move |(base, now)| {
            now.constraints
                .iter()
                .filter(move |it| it.kind == kind && !it.continues_one_of(now, base))
                .map(move |it| (base, now, it))
        })
    }

    /// Constraints of one kind that are gone, though the table and all of their columns live on.
    pub fn gone_constraints(
        &self,
        kind: char,
    ) -> impl Iterator<Item = (&'a Relation, &'a Relation, &'a Constraint)> {
        self.living_tables().flat_map(move |(base, now)| {
            base.constraints
                .iter()
                .filter(move |it| it.kind == kind && !it.continues_one_of(base, now))
                .filter(move |it| {
                    it.columns
                        .iter()
                        .all(|key| *key == 0 || now.column(*key).is_some())
                })
                .map(move |it| (base, now, it))
        })
    }

    /// Types that the old release uses and that were touched.
    pub fn types(&self) -> impl Iterator<Item = Heir<'a, Type>> {
        let Sides { base, head, .. } = self.sides;
        let contract = self.contract;
        base.types
            .values()
            .filter(move |it| match contract {
                Contract::Base => true,
                Contract::Tables(_) => it.used_by.iter().any(|user| {
                    let user = base.relations.get(user);
                    user.is_none_or(|user| contract.uses(&user.qualified()))
                }),
            })
            .map(|it| Heir {
                base: it,
                now: head.types.get(&it.oid),
                named: head
                    .types
                    .values()
                    .find(|other| other.schema == it.schema && other.name == it.name),
            })
    }

    /// Functions that the old release may call and that were touched. What is in its binary does
    /// not tell.
    pub fn routines(&self) -> impl Iterator<Item = Heir<'a, Routine>> {
        let Sides { base, head, .. } = self.sides;
        base.routines
            .values()
            .filter(|_| *self.contract == Contract::Base)
            .map(|it| Heir {
                base: it,
                now: head.routines.get(&it.oid),
                named: head
                    .routines
                    .values()
                    .find(|other| other.qualified() == it.qualified() && other.serves_calls_of(it)),
            })
    }

    /// Whether the trigger of a live shim writes to a table.
    pub fn covers_columns_of(&self, table: &QualifiedName) -> bool {
        self.covered.columns.iter().any(|(of, _)| of == table)
    }

    /// Whether a live shim keeps a column in step.
    pub fn covers_column(&self, table: &QualifiedName, column: &Ident) -> bool {
        let key = (table.clone(), column.clone());
        self.covered.columns.contains(&key)
    }

    /// Everything that was dropped, with the step that did it.
    pub fn dropped(&self) -> impl Iterator<Item = (usize, &'a Dropped)> {
        let steps = self.all.steps.iter().enumerate();
        steps.flat_map(|(index, step)| step.effects.dropped.iter().map(move |it| (index, it)))
    }

    /// Every command that event triggers have told of, with the step that ran it.
    pub fn commands(&self) -> impl Iterator<Item = (usize, &'a Command)> {
        let steps = self.all.steps.iter().enumerate();
        steps.flat_map(|(index, step)| step.effects.commands.iter().map(move |it| (index, it)))
    }

    /// Views that stand in for tables, which have other names now.
    pub fn shims(&self) -> impl Iterator<Item = (Pair<'a>, &'a Relation, &'a Relation)> {
        self.pairs()
            .filter_map(|pair| Some((pair, pair.now?, pair.shim()?)))
    }

    /// A hit, with SQL that makes a view under the old name of a table; or why there can be none.
    pub fn with_shim(&self, hit: Hit, pair: &Pair<'_>, now: &Relation) -> Hit {
        match pair.shim_sql(now, self.all.major) {
            Some(sql) => hit.fix(sql),
            None => hit.note(NO_SHIM),
        }
    }

    /// Columns of which another one bears the name now.
    pub fn reused_columns(&self) -> impl Iterator<Item = ColumnReuse<'a>> {
        let contract = self.contract;
        self.kept_tables().flat_map(move |(base, now)| {
            let table = base.qualified();
            base.columns.iter().filter_map(move |old| {
                let new = now.column_named(&old.name)?;
                let reused = new.number != old.number && contract.uses_column(&table, &old.name);
                reused.then(|| ColumnReuse {
                    base,
                    old,
                    now,
                    new,
                    step: self.blame_relation(base.oid, |it| {
                        it.column_named(&old.name).map(|column| column.number)
                    }),
                })
            })
        })
    }

    /// Whether a step renamed a schema, so that everything in it has another name.
    pub fn renames_schema(&self, step: Option<usize>) -> bool {
        step.is_some_and(|step| {
            let mut commands = self.all.steps[step].effects.commands.iter();
            commands.any(|it| it.class == class::SCHEMA && it.tag == "ALTER SCHEMA" && it.is_old)
        })
    }

    /// Whether what the old release writes holds a value there that it may repeat: in a column of
    /// the base, or one that has a constant by default or is computed.
    pub fn is_written_by_old(&self, base: &Relation, column: &Column) -> bool {
        let constant = |it: &String| !it.contains('(');
        base.column(column.number).is_some()
            || !column.generated.is_empty()
            || column.default.as_ref().is_some_and(constant)
    }
}
