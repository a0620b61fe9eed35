//! Steps for tables.

use super::Planner;
use super::facts::inline_constraints;
use super::step::{self, Class, Facts, Part, Step};
use crate::catalog::{Column, Constraint, ConstraintKind, Generation, Table};
use crate::ddl::{CommentTarget, ConstraintDefinition, Ddl, TableAction, TableDdl};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn table(&mut self, name: &'a QualifiedName, delta: Delta<'a, Table>) {
        match delta {
            Delta::Create(to) => self.create_table(name, to),
            Delta::Drop(from) => self.drop_table(name, from),
            Delta::Alter { from, to } | Delta::Rename { from, to, .. } => {
                self.set_type(name, from, to);
                for action in options(from, to) {
                    self.alter(name, step::OPTION, action);
                }
            }
        }
        if let Some(to) = delta.to() {
            let from = delta.from().and_then(|from| from.comment.as_ref());
            let target = match to.foreign {
                Some(_) => CommentTarget::ForeignTable(name.clone()),
                None => CommentTarget::Table(name.clone()),
            };
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
            table: Box::new(self.as_created(name, to)),
            constraints: now.iter().map(|it| definition(*it)).collect(),
        });
        let facts = self.new.table(name, to);
        let step = Step::new(Class::Table, name, step::CREATE, ddl);
        let parents = to
            .parents()
            .filter_map(|it| self.to.tables.get_key_value(it));
        let step = step.needing(parents.flat_map(|(name, it)| super::partition::parts(name, it)));
        self.push(step.creating(facts));
        for column in &to.columns {
            if column.inherited && !to.inherits.is_empty() {
                self.inherited_column(name, to, column);
            } else {
                self.add_not_null(name, column);
                self.column_extras(name, None, column);
            }
        }
        for (constraint_name, constraint) in &to.constraints {
            if now.contains(&(constraint_name, constraint))
                || constraint.inherited && !to.inherits.is_empty()
            {
                self.comment_constraint(name, constraint_name, None, constraint);
            } else {
                self.constraint(name, constraint_name, Delta::Create(constraint));
            }
        }
        for (index_name, index) in &to.indexes {
            self.index(name, index_name, Delta::Create(index));
        }
    }

    /// A column that `CREATE TABLE … INHERITS` makes as the parents have it.
    fn inherited_column(&mut self, name: &'a QualifiedName, table: &'a Table, to: &'a Column) {
        let parents = table.inherits.iter();
        let parents = parents.filter_map(|it| self.to.tables.get_key_value(it));
        let columns = parents.filter_map(|(of, it)| Some((of, it.column(to.name.as_str())?)));
        let columns: Vec<(&QualifiedName, &Column)> = columns.collect();
        let required = columns.iter().find(|(_, it)| it.not_null);
        let Some((of, first)) = required.or(columns.first()) else {
            return self.column_extras(name, None, to);
        };
        let made = super::inherit::inherited((of, first), (name, Some(to)));
        if made.generation != to.generation {
            let column = to.name.clone();
            let action = match &to.generation {
                Generation::Default(expression) => Some(TableAction::SetDefault {
                    column,
                    data_type: to.data_type.clone(),
                    expression: expression.clone(),
                }),
                Generation::None => Some(TableAction::DropDefault(column)),
                _ => None,
            };
            if let Some(action) = action {
                self.alter(name, step::ADD_CONSTRAINT, action);
            }
        }
        let said = to.not_null_constraint.as_ref();
        if said.is_some_and(|said| said.local) {
            self.add_not_null(name, to);
        } else if to.not_null && !made.not_null {
            let step = super::online::set_not_null(name, &to.name, true);
            let set = self.push(step);
            self.alter_not_null(name, &made, to, Some(set));
        } else {
            self.alter_not_null(name, &made, to, None);
        }
        self.column_extras(name, Some((&made, false)), to);
    }

    /// A typed table is of another type, or of none.
    fn set_type(&mut self, name: &'a QualifiedName, from: &Table, to: &Table) {
        if from.of_type == to.of_type {
            return;
        }
        if from.of_type.is_some() {
            self.alter(name, step::DROP_ATTRIBUTE, TableAction::SetOf(None));
        }
        if let Some(of_type) = &to.of_type {
            let action = TableAction::SetOf(Some(of_type.clone()));
            let step = Step::new(Class::Table, name, step::OPTION, alter(name, action));
            self.push(step.needing([self.new.r#type(of_type)]));
        }
    }

    fn drop_table(&mut self, name: &'a QualifiedName, from: &'a Table) {
        let mut facts = self.old.table(name, from);
        for (index_name, index) in &from.indexes {
            facts.absorb(self.old.index(name, index_name, index));
        }
        let kept = &self.to.sequences;
        let remade = self.family.is_some_and(|it| it.remade.contains(name));
        for (sequence, definition) in &self.original.sequences {
            let owner = definition.owned_by.as_ref().map(|(table, _)| table);
            if owner == Some(name) && (remade || !kept.contains_key(sequence)) {
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
        let detached = self.detach_dropped(name, from);
        let ddl = Ddl::Table(match from.foreign {
            Some(_) => TableDdl::DropForeign(name.clone()),
            None => TableDdl::Drop(name.clone()),
        });
        let mut step = Step::new(Class::DropTable, name, step::DROP, ddl).dropping(facts);
        step.after = detached;
        self.push(step);
    }

    /// Those of these columns that are dropped: with each PostgreSQL drops every index and
    /// constraint of the table that uses it.
    pub(super) fn dropped_of(&self, table: &QualifiedName, columns: &[&Ident]) -> Vec<&'a Ident> {
        let dropped = self.dropped.get(table);
        let columns = columns.iter();
        let found = columns.filter_map(|column| dropped?.get(*column).copied());
        found.collect()
    }

    /// Notes what dropping each of these columns does besides. The other columns that are dropped
    /// with it do not matter to one another.
    pub(super) fn goes_along(
        &mut self,
        table: &'a QualifiedName,
        columns: Vec<&'a Ident>,
        mut facts: Facts,
        successor: Option<usize>,
    ) {
        let dropped = self.dropped.get(table);
        let goes = |column: &Ident| dropped.is_some_and(|columns| columns.contains(column));
        facts.uses.retain(|part| {
            !matches!(part, Part::Column(of, column) | Part::NotNull(of, column)
                if of == table && goes(column))
        });
        for column in columns {
            let implied = self.implied.entry((table, column)).or_default();
            implied.absorb(facts.clone());
            let successors = self.successors.entry((table, column)).or_default();
            successors.extend(successor);
        }
    }

    /// A step of one clause that says itself what it does to the order.
    pub(super) fn alter(&mut self, table: &QualifiedName, place: u8, action: TableAction) -> usize {
        self.push(Step::new(Class::Table, table, place, alter(table, action)))
    }
}

pub(super) fn alter(table: &QualifiedName, action: TableAction) -> Ddl {
    Ddl::Table(TableDdl::Alter {
        only: false,
        name: table.clone(),
        actions: vec![action],
    })
}

pub(super) fn definition((name, constraint): (&Ident, &Constraint)) -> ConstraintDefinition {
    ConstraintDefinition {
        name: name.clone(),
        constraint: constraint.clone(),
    }
}

/// The clauses for a table's own options.
fn options(from: &Table, to: &Table) -> Vec<TableAction> {
    let mut actions = Vec::new();
    if let (Some(before), Some(after)) = (&from.foreign, &to.foreign)
        && before.options != after.options
    {
        actions.push(TableAction::SetOptions {
            column: None,
            from: before.options.clone(),
            to: after.options.clone(),
        });
    }
    if from.access_method != to.access_method {
        let method = to.access_method.clone();
        let method = method.unwrap_or_else(|| Ident::new("heap"));
        actions.push(TableAction::SetAccessMethod(method));
    }
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
