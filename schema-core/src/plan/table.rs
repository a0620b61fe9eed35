//! Steps for tables, their constraints and indexes.

use super::Planner;
use super::facts::{constraint_columns, inline_constraints};
use super::step::{self, Class, Facts, Part, Step};
use crate::catalog::{Constraint, ConstraintKind, Index, Table};
use crate::ddl::{CommentTarget, ConstraintDefinition, Ddl, IndexDdl, TableAction, TableDdl};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn table(&mut self, name: &'a QualifiedName, delta: Delta<'a, Table>) {
        match delta {
            Delta::Create(to) => self.create_table(name, to),
            Delta::Drop(from) => self.drop_table(name, from),
            Delta::Alter { from, to } | Delta::Rename { from, to, .. } => {
                for action in options(from, to) {
                    self.alter(name, step::OPTION, action);
                }
            }
        }
        if let Some(to) = delta.to() {
            let from = delta.from().and_then(|from| from.comment.as_ref());
            let target = CommentTarget::Table(name.clone());
            let texts = (from, to.comment.as_ref());
            self.comment(
                (Class::Table, name),
                target,
                texts,
                Part::Table(name.clone()),
            );
        }
    }

    fn create_table(&mut self, name: &'a QualifiedName, to: &'a Table) {
        let now = inline_constraints(to);
        let ddl = Ddl::Table(TableDdl::Create {
            name: name.clone(),
            table: to.clone(),
            constraints: now.iter().map(|it| definition(*it)).collect(),
        });
        let facts = self.new.table(name, to);
        let step = Step::new(Class::Table, name, step::CREATE, ddl);
        self.push(step.creating(facts));
        for column in &to.columns {
            self.column_extras(name, None, column);
        }
        for (constraint_name, constraint) in &to.constraints {
            if now.contains(&(constraint_name, constraint)) {
                self.comment_constraint(name, constraint_name, None, constraint);
            } else {
                self.constraint(name, constraint_name, Delta::Create(constraint));
            }
        }
        for (index_name, index) in &to.indexes {
            self.index(name, index_name, Delta::Create(index));
        }
    }

    fn drop_table(&mut self, name: &'a QualifiedName, from: &'a Table) {
        let mut facts = self.old.table(name, from);
        for (index_name, index) in &from.indexes {
            facts.absorb(self.old.index(name, index_name, index));
        }
        let kept = &self.to.sequences;
        for (sequence, definition) in &self.from.sequences {
            let owner = definition.owned_by.as_ref().map(|(table, _)| table);
            if owner == Some(name) && !kept.contains_key(sequence) {
                facts.absorb(self.old.sequence(sequence));
            }
        }
        let own = facts.is.clone();
        facts.uses.retain(|part| !own.contains(part));
        for (constraint_name, constraint) in &from.constraints {
            if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
                let facts = self.old.constraint(name, constraint_name, constraint);
                let action = TableAction::DropConstraint(constraint_name.clone());
                let ddl = alter(name, action);
                let step = Step::new(Class::DropTable, name, step::DROP_FOREIGN_KEY, ddl);
                self.push(step.dropping(facts));
            }
        }
        let ddl = Ddl::Table(TableDdl::Drop(name.clone()));
        self.push(Step::new(Class::DropTable, name, step::DROP, ddl).dropping(facts));
    }

    pub(super) fn constraint(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        delta: Delta<'a, Constraint>,
    ) {
        let again = self
            .rebuild
            .constraints
            .contains(&(table.clone(), name.clone()));
        match delta {
            Delta::Rename {
                name: old,
                from,
                to,
            } => {
                let key = (table.clone(), old.clone());
                let dropped = self.dropped_of(table, &constraint_columns(from));
                let broken = self.rebuild.constraints.contains(&key) || !dropped.is_empty();
                if broken {
                    self.drop_constraint(table, old, from);
                    self.add_constraint(table, name, to);
                    return;
                }
                let ddl = Ddl::Table(TableDdl::RenameConstraint {
                    name: table.clone(),
                    from: old.clone(),
                    to: name.clone(),
                });
                let mut step = Step::new(Class::Table, table, step::RENAME, ddl);
                step.claims = self.new.constraint(table, name, to).names;
                step.releases = self.old.constraint(table, old, from).names;
                step.creates
                    .push(Part::Constraint(table.clone(), name.clone()));
                self.push(step);
                self.comment_constraint(table, name, Some(from), to);
            }
            Delta::Create(to) => self.add_constraint(table, name, to),
            Delta::Drop(from) => self.drop_constraint(table, name, from),
            Delta::Alter { from, to } => match in_place(name, from, to) {
                Some(actions) if !again => {
                    for action in actions {
                        self.alter(table, step::OPTION, action);
                    }
                    self.comment_constraint(table, name, Some(from), to);
                }
                _ => {
                    self.drop_constraint(table, name, from);
                    self.add_constraint(table, name, to);
                }
            },
        }
    }

    fn add_constraint(&mut self, table: &'a QualifiedName, name: &'a Ident, to: &'a Constraint) {
        let facts = self.new.constraint(table, name, to);
        let place = match to.kind {
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_) => step::ADD_KEY,
            ConstraintKind::Check(_) => step::ADD_CONSTRAINT,
            ConstraintKind::ForeignKey(_) => step::ADD_FOREIGN_KEY,
        };
        let action = TableAction::AddConstraint(definition((name, to)));
        let step = Step::new(Class::Table, table, place, alter(table, action));
        self.push(step.creating(facts));
        self.comment_constraint(table, name, None, to);
    }

    fn drop_constraint(&mut self, table: &'a QualifiedName, name: &'a Ident, from: &'a Constraint) {
        let facts = self.old.constraint(table, name, from);
        let dropped = self.dropped_of(table, &constraint_columns(from));
        if !dropped.is_empty() && !self.loses_key(from) {
            self.goes_along(table, dropped, facts);
            return;
        }
        let place = match from.kind {
            ConstraintKind::ForeignKey(_) => step::DROP_FOREIGN_KEY,
            _ => step::DROP_CONSTRAINT,
        };
        let action = TableAction::DropConstraint(name.clone());
        let step = Step::new(Class::Table, table, place, alter(table, action));
        self.push(step.dropping(facts));
    }

    fn comment_constraint(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        from: Option<&Constraint>,
        to: &Constraint,
    ) {
        let target = CommentTarget::Constraint(table.clone(), name.clone());
        let from = from.and_then(|from| from.comment.as_ref());
        let part = Part::Constraint(table.clone(), name.clone());
        self.comment(
            (Class::Table, table),
            target,
            (from, to.comment.as_ref()),
            part,
        );
    }

    pub(super) fn index(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        delta: Delta<'a, Index>,
    ) {
        match delta {
            Delta::Create(to) => self.create_index(table, name, to),
            Delta::Drop(from) => self.drop_index(table, name, from),
            Delta::Alter { from, to } => {
                let again = self
                    .rebuild
                    .indexes
                    .contains(&(table.clone(), name.clone()));
                if same_index(from, to) && !again {
                    self.comment_index(table, name, Some(from), to);
                } else {
                    self.drop_index(table, name, from);
                    self.create_index(table, name, to);
                }
            }
            Delta::Rename {
                name: old,
                from,
                to,
            } => {
                let columns: Vec<&Ident> = from.columns.iter().collect();
                let again = self.rebuild.indexes.contains(&(table.clone(), old.clone()));
                if again || !self.dropped_of(table, &columns).is_empty() {
                    self.drop_index(table, old, from);
                    self.create_index(table, name, to);
                    return;
                }
                let ddl = Ddl::Index(IndexDdl::Rename {
                    name: table.sibling(old.clone()),
                    to: name.clone(),
                });
                let mut step = Step::new(Class::Table, table, step::RENAME, ddl);
                step.claims = self.new.index(table, name, to).names;
                step.releases = self.old.index(table, old, from).names;
                step.creates.push(Part::Index(table.sibling(name.clone())));
                self.push(step);
                self.comment_index(table, name, Some(from), to);
            }
        }
    }

    fn create_index(&mut self, table: &'a QualifiedName, name: &'a Ident, to: &'a Index) {
        let facts = self.new.index(table, name, to);
        let ddl = Ddl::Index(IndexDdl::Create {
            name: name.clone(),
            table: table.clone(),
            index: to.clone(),
        });
        let step = Step::new(Class::Table, table, step::CREATE_INDEX, ddl);
        self.push(step.creating(facts));
        self.comment_index(table, name, None, to);
    }

    fn drop_index(&mut self, table: &'a QualifiedName, name: &'a Ident, from: &'a Index) {
        let facts = self.old.index(table, name, from);
        let columns: Vec<&Ident> = from.columns.iter().collect();
        let dropped = self.dropped_of(table, &columns);
        if !dropped.is_empty() {
            self.goes_along(table, dropped, facts);
            return;
        }
        let ddl = Ddl::Index(IndexDdl::Drop(table.sibling(name.clone())));
        let step = Step::new(Class::Table, table, step::DROP_INDEX, ddl);
        self.push(step.dropping(facts));
    }

    fn comment_index(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        from: Option<&Index>,
        to: &Index,
    ) {
        let index = table.sibling(name.clone());
        let target = CommentTarget::Index(index.clone(), table.clone());
        let from = from.and_then(|from| from.comment.as_ref());
        let texts = (from, to.comment.as_ref());
        self.comment((Class::Table, table), target, texts, Part::Index(index));
    }

    /// Those of these columns that are dropped: with each PostgreSQL drops every index and
    /// constraint of the table that uses it.
    fn dropped_of(&self, table: &QualifiedName, columns: &[&Ident]) -> Vec<&'a Ident> {
        let dropped = self.dropped.get(table);
        let columns = columns.iter();
        let found = columns.filter_map(|column| dropped?.get(*column).copied());
        found.collect()
    }

    /// True for a foreign key to a column that is dropped: no such column can go before it, so it
    /// goes by itself. Two columns could each have to be dropped before the other.
    fn loses_key(&self, constraint: &Constraint) -> bool {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else {
            return false;
        };
        let columns: Vec<&Ident> = key.referenced_columns.iter().collect();
        !self.dropped_of(&key.references, &columns).is_empty()
    }

    /// Notes what dropping each of these columns does besides. The other columns that are dropped
    /// with it do not matter to one another.
    fn goes_along(&mut self, table: &'a QualifiedName, columns: Vec<&'a Ident>, mut facts: Facts) {
        let dropped = self.dropped.get(table);
        let goes = |column: &Ident| dropped.is_some_and(|columns| columns.contains(column));
        facts.uses.retain(|part| {
            !matches!(part, Part::Column(of, column) | Part::NotNull(of, column)
                if of == table && goes(column))
        });
        for column in columns {
            let implied = self.implied.entry((table, column)).or_default();
            implied.absorb(facts.clone());
        }
    }

    /// A step of one clause that says itself what it does to the order.
    pub(super) fn alter(&mut self, table: &QualifiedName, place: u8, action: TableAction) -> usize {
        self.push(Step::new(Class::Table, table, place, alter(table, action)))
    }
}

pub(super) fn alter(table: &QualifiedName, action: TableAction) -> Ddl {
    Ddl::Table(TableDdl::Alter {
        name: table.clone(),
        actions: vec![action],
    })
}

fn definition((name, constraint): (&Ident, &Constraint)) -> ConstraintDefinition {
    ConstraintDefinition {
        name: name.clone(),
        constraint: constraint.clone(),
    }
}

/// The clauses that turn one constraint into the other, where there are any.
pub(super) fn in_place(
    name: &Ident,
    from: &Constraint,
    to: &Constraint,
) -> Option<Vec<TableAction>> {
    let foreign = matches!(to.kind, ConstraintKind::ForeignKey(_));
    let mut actions = Vec::new();
    if from.kind != to.kind {
        return None;
    }
    if from.deferrable != to.deferrable {
        actions.push(TableAction::AlterConstraint(name.clone(), to.deferrable));
    }
    if from.validated != to.validated {
        actions.push(TableAction::ValidateConstraint(name.clone()));
    }
    let possible =
        (foreign || from.deferrable == to.deferrable) && (to.validated || !from.validated);
    possible.then_some(actions)
}

/// True where the indexes differ in their comments only.
pub(super) fn same_index(from: &Index, to: &Index) -> bool {
    *from
        == Index {
            comment: from.comment.clone(),
            ..to.clone()
        }
}

/// The clauses for a table's own options.
fn options(from: &Table, to: &Table) -> Vec<TableAction> {
    let mut actions = Vec::new();
    if from.persistence != to.persistence {
        actions.push(TableAction::SetPersistence(to.persistence));
    }
    if from.tablespace != to.tablespace {
        let default = || Ident::new("pg_default");
        let tablespace = to.tablespace.clone().unwrap_or_else(default);
        actions.push(TableAction::SetTablespace(tablespace));
    }
    let (before, after) = (&from.storage_parameters, &to.storage_parameters);
    let set: Vec<_> = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !set.is_empty() {
        actions.push(TableAction::SetParameters(set));
    }
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let gone: Vec<String> = gone.cloned().collect();
    if !gone.is_empty() {
        actions.push(TableAction::ResetParameters(gone));
    }
    actions
}

/// The facts of a column that is dropped, with what goes with it.
pub(super) fn with_implied(mut facts: Facts, implied: Option<Facts>) -> Facts {
    facts.absorb(implied.unwrap_or_default());
    let own = facts.is.clone();
    facts.uses.retain(|part| !own.contains(part));
    facts.names.sort();
    facts.names.dedup();
    facts
}
