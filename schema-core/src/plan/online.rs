//! Recipes for tables in use: nobody waits for longer than a moment.

use std::collections::BTreeSet;

use super::Planner;
use super::facts::constraint_columns;
use super::step::{self, Class, Facts, Mode, Name, Part, Step};
use super::table::alter;
use crate::catalog::{Catalog, Check, Constraint, ConstraintKind, Index, IndexElement, IndexKey};
use crate::ddl::{ConstraintDefinition, Ddl, IndexDdl, TableAction, TableDdl};
use crate::ident::{Ident, QualifiedName};

/// An index that a step builds.
pub(super) struct Built {
    pub(super) name: Ident,
    pub(super) step: usize,
}

impl Planner<'_> {
    /// True for a table that was there before the plan: it may have rows, readers and writers.
    pub(super) fn in_use(&self, table: &QualifiedName) -> bool {
        self.from.tables.contains_key(table)
    }

    /// Builds an index concurrently. What an earlier attempt may have left goes first.
    pub(super) fn build_index(
        &mut self,
        table: &QualifiedName,
        name: Ident,
        index: &Index,
        facts: &Facts,
    ) -> Built {
        let claims = [Name::Relation(table.sibling(name.clone()))];
        let step = |ddl| {
            let step = Step::new(Class::Table, table, step::BUILD_INDEX, Ddl::Index(ddl));
            let mut step = step.mode(Mode::Alone);
            step.claims.extend(claims.clone());
            step
        };
        let leftover = step(IndexDdl::DropLeftover {
            name: name.clone(),
            table: table.clone(),
        });
        let mut build = step(IndexDdl::Create {
            name: name.clone(),
            table: table.clone(),
            index: Box::new(index.clone()),
            concurrently: true,
            only: false,
        });
        build.needs.clone_from(&facts.uses);
        build.after = Some(self.push(leftover));
        let step = self.push(build);
        Built { name, step }
    }

    /// Builds the index of a key, for `ADD CONSTRAINT … USING INDEX` to take over. Nothing for
    /// other constraints: an exclusion has no such form.
    pub(super) fn build_key(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        constraint: &Constraint,
        taken: bool,
    ) -> Option<Built> {
        let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) = &constraint.kind
        else {
            return None;
        };
        if key.without_overlaps || self.is_partitioned(table) {
            return None;
        }
        let element = |column: &Ident| IndexElement {
            key: IndexKey::Column(column.clone()),
            opclass: None,
            collation: None,
            descending: false,
            nulls_first: false,
        };
        let index = Index {
            unique: true,
            include: key.include.clone(),
            nulls_not_distinct: key.nulls_not_distinct,
            storage_parameters: key.storage_parameters.clone(),
            tablespace: key.tablespace.clone(),
            columns: constraint_columns(constraint)
                .into_iter()
                .cloned()
                .collect(),
            ..Index::new(key.columns.iter().map(element).collect())
        };
        let mut facts = self.new.constraint(table, name, constraint);
        facts.uses.retain(|part| !matches!(part, Part::NotNull(..)));
        let name = if taken {
            self.spare_relation(table, name)
        } else {
            name.clone()
        };
        Some(self.build_index(table, name, &index, &facts))
    }

    /// The clause that makes a key of the index that was built for it.
    pub(super) fn key_from_index(
        &self,
        table: &QualifiedName,
        name: &Ident,
        constraint: &Constraint,
        built: &Built,
    ) -> Step {
        let action = TableAction::AddKeyFromIndex {
            name: name.clone(),
            primary: matches!(constraint.kind, ConstraintKind::PrimaryKey(_)),
            index: built.name.clone(),
            deferrable: constraint.deferrable,
        };
        let mut facts = self.new.constraint(table, name, constraint);
        if built.name == *name {
            facts.names.retain(|it| !matches!(it, Name::Relation(_)));
        }
        let step = Step::new(Class::Table, table, step::ADD_KEY, alter(table, action));
        let mut step = step.creating(facts);
        step.after = Some(built.step);
        step
    }

    /// Reads the rows after the commit of the step that made new ones obey.
    pub(super) fn validate(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        added: Option<usize>,
    ) -> usize {
        let action = TableAction::ValidateConstraint(name.clone());
        let step = Step::new(Class::Table, table, step::OPTION, alter(table, action));
        let mut step = step.mode(Mode::Alone);
        step.commits.extend(added);
        self.push(step)
    }

    /// NOT NULL without a scan under the lock: PostgreSQL skips it where a validated check says
    /// the same (`NotNullImpliedByRelConstraints`), which has had its own scan.
    /// The step that says it.
    pub(super) fn require(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        after: Option<usize>,
    ) -> usize {
        let base = format!("{}_{column}", table.name);
        let catalogs = [self.from, self.to];
        let tables = || catalogs.iter().filter_map(|it| it.tables.get(table));
        let taken = |name: &str| tables().any(|it| it.constraints.contains_key(name));
        // PostgreSQL 18 gives its own constraints names that end in `_not_null`.
        let name = spare_name(&base, "required", taken);
        let check = ConstraintKind::Check(Check {
            expression: format!("{column} IS NOT NULL"),
            no_inherit: false,
            columns: vec![column.clone()],
        });
        let check = Constraint {
            validated: false,
            ..Constraint::new(check)
        };
        let definition = ConstraintDefinition {
            name: name.clone(),
            constraint: check,
        };
        let action = TableAction::AddConstraint(definition);
        let step = Step::new(
            Class::Table,
            table,
            step::ADD_CONSTRAINT,
            alter(table, action),
        );
        let mut step = step.mode(Mode::Either);
        step.after = after;
        let added = self.push(step);
        let validated = self.validate(table, &name, Some(added));
        let mut step = set_not_null(table, column, true).committed(validated);
        if self.gives_names(table) {
            step.ddl = alter(table, Self::named_not_null(table, column));
        }
        let set = self.push(step);
        let action = TableAction::DropConstraint(name);
        let step = Step::new(Class::Table, table, step::DROP_PROOF, alter(table, action));
        let mut step = step.mode(Mode::Either);
        step.after = Some(set);
        self.push(step);
        set
    }

    /// Fills a column in the rows that lack it.
    pub(super) fn backfill(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        value: &str,
        after: Option<usize>,
    ) -> usize {
        let ddl = Ddl::Table(TableDdl::Backfill {
            name: table.clone(),
            set: vec![(column.clone(), value.to_owned())],
            filter: format!("{column} IS NULL"),
        });
        let step = Step::new(Class::Table, table, step::BACKFILL, ddl);
        let mut step = step.mode(Mode::Alone);
        step.after = after;
        self.push(step)
    }

    /// A name for the successor of an index while both are there.
    pub(super) fn spare_relation(&mut self, table: &QualifiedName, name: &Ident) -> Ident {
        let catalogs = [self.from, self.to];
        let relations = self
            .relations
            .get_or_insert_with(|| catalogs.into_iter().flat_map(relations).collect());
        let taken = |name: &str| relations.contains(&table.sibling(name));
        let name = spare_name(name.as_str(), "new", taken);
        relations.insert(table.sibling(name.clone()));
        name
    }
}

/// The clause, after a validated check that says the same or by a scan of its own.
pub(super) fn set_not_null(table: &QualifiedName, column: &Ident, proved: bool) -> Step {
    let action = TableAction::SetNotNull {
        column: column.clone(),
        proved,
    };
    let (place, mode) = if proved {
        (step::PROVED, Mode::Either)
    } else {
        (step::SET_ATTRIBUTE, Mode::InTransaction)
    };
    let mut step = Step::new(Class::Table, table, place, alter(table, action)).mode(mode);
    let part = Part::NotNull(table.clone(), column.clone());
    step.creates.push(part);
    step
}

/// The names of tables, sequences and indexes.
fn relations(catalog: &Catalog) -> BTreeSet<QualifiedName> {
    let tables = catalog.tables.iter();
    let indexes = tables.flat_map(|(name, table)| {
        // That of a check is taken for one too, which does no harm.
        let names = table.indexes.keys().chain(table.constraints.keys());
        names.map(|index| name.sibling(index.clone()))
    });
    let names = catalog.tables.keys().chain(catalog.sequences.keys());
    names.cloned().chain(indexes).collect()
}

/// `stem_suffix`, or the first like it that is free.
pub(super) fn spare_name(stem: &str, suffix: &str, taken: impl Fn(&str) -> bool) -> Ident {
    // Room for a suffix and a number within the 63 bytes of a name.
    let room = 63 - 3 - suffix.len();
    let stem = &stem[..stem.floor_char_boundary(room)];
    let numbers = (2..).map(|number| format!("{stem}_{suffix}{number}"));
    let mut names = std::iter::once(format!("{stem}_{suffix}")).chain(numbers);
    let free = names.find(|candidate| !taken(candidate));
    Ident::new(free.expect("only so many names are taken"))
}
