//! NOT NULL as a constraint with a name of its own (PostgreSQL 18 and later).

use super::Planner;
use super::step::{self, Class, Part, Step};
use super::table::alter;
use crate::catalog::{Column, NotNull, Table};
use crate::ddl::{CommentTarget, Ddl, TableAction, TableDdl};
use crate::ident::{Ident, QualifiedName};

/// The name of a column's constraint.
pub(super) fn name_of(table: &QualifiedName, column: &Column) -> Ident {
    let said = column.not_null_constraint.as_ref();
    let name = said.and_then(|said| said.name.clone());
    name.unwrap_or_else(|| NotNull::implicit_name(table, &column.name))
}

/// True where it is made by itself: it is not valid.
pub(super) fn comes_later(column: &Column) -> bool {
    let said = column.not_null_constraint.as_ref();
    column.not_null && said.is_some_and(|said| said.not_valid)
}

impl Planner<'_> {
    /// The table as `CREATE TABLE` is to say it: what a parent demands it does not say again, and
    /// a name that a partition has is given, or PostgreSQL would number it.
    pub(super) fn as_created(&self, name: &QualifiedName, table: &Table) -> Table {
        let mut table = table.clone();
        let parents = table.inherits.iter();
        let parents: Vec<&Table> = parents.filter_map(|it| self.to.tables.get(it)).collect();
        let named = self.family.is_some_and(|family| family.names_not_null);
        let numbered = named && table.partition_by.is_some();
        for column in &mut table.columns {
            let required = |parent: &&Table| {
                let above = parent.column(column.name.as_str());
                above.is_some_and(|above| above.not_null)
            };
            let said = column.not_null_constraint.as_ref();
            let local = said.is_some_and(|said| said.local || said.no_inherit);
            if !local && parents.iter().any(required) {
                column.not_null = false;
            } else if numbered && column.not_null {
                let name = name_of(name, column);
                let said = column.not_null_constraint.get_or_insert_default();
                said.name = Some(name);
            } else if let Some(said) = column.not_null_constraint.as_mut().filter(|it| it.local) {
                let implicit = NotNull::implicit_name(name, &column.name);
                said.name.get_or_insert(implicit);
            }
        }
        table
    }

    /// What is said of a new column's NOT NULL beside its definition.
    pub(super) fn add_not_null(&mut self, table: &QualifiedName, to: &Column) {
        let Some(said) = to.not_null_constraint.clone().filter(|_| to.not_null) else {
            return;
        };
        if said.not_valid {
            self.say_not_null(table, to, None);
        }
        self.comment_not_null(table, None, to);
    }

    /// What is said of a column's NOT NULL, where that is not what it was. `set` is the step that
    /// made the column NOT NULL.
    pub(super) fn alter_not_null(
        &mut self,
        table: &QualifiedName,
        from: &Column,
        to: &Column,
        set: Option<usize>,
    ) {
        let nothing = NotNull::default();
        let before = from.not_null_constraint.as_ref();
        let before = before.filter(|_| from.not_null).unwrap_or(&nothing);
        let after = to.not_null_constraint.as_ref().unwrap_or(&nothing);
        if !to.not_null || before == after {
            return;
        }
        let name = name_of(table, to);
        let old = if from.not_null {
            name_of(table, from)
        } else {
            NotNull::implicit_name(table, &to.name)
        };
        // PostgreSQL takes no other name where a parent has said it before.
        let fixed = old != name && self.requires_above(table, to);
        if old != name && !fixed {
            let ddl = Ddl::Table(TableDdl::RenameConstraint {
                name: table.clone(),
                from: old,
                to: name.clone(),
            });
            let place = if set.is_some() {
                step::OPTION
            } else {
                step::RENAME
            };
            let mut step = Step::new(Class::Table, table, place, ddl);
            step.after = set;
            self.push(step);
        }
        if before.no_inherit != after.no_inherit {
            let inherit = !after.no_inherit;
            let action = TableAction::SetInherit {
                name: name.clone(),
                inherit,
            };
            let step = Step::new(Class::Table, table, step::OPTION, alter(table, action));
            let mut step = step;
            step.after = set;
            self.push(step);
        }
        if before.not_valid && !after.not_valid {
            self.validate(table, &name, None);
        } else if after.local && !before.local && !fixed {
            self.say_not_null(table, to, set);
        }
        self.comment_not_null(table, before.comment.as_ref(), to);
    }

    /// True where a table that this one stays a child of has required the column: then the name is
    /// not this table's to change.
    fn requires_above(&self, table: &QualifiedName, column: &Column) -> bool {
        let tables = self.original.tables.get(table);
        let parents = tables.into_iter().flat_map(Table::parents);
        let kept = |parent: &QualifiedName| {
            let mut children = self
                .family
                .iter()
                .flat_map(|family| family.children(parent));
            children.any(|child| child == table)
        };
        let mut parents = parents.filter(|parent| kept(parent));
        parents.any(|parent| {
            let table = self.original.tables.get(parent);
            let column = table.and_then(|table| table.column(column.name.as_str()));
            column.is_some_and(|column| column.not_null)
        })
    }

    /// True where PostgreSQL would number a name: children may have it.
    pub(super) fn gives_names(&self, table: &QualifiedName) -> bool {
        self.family.is_some_and(|family| family.names_not_null) && self.has_children(table)
    }

    /// NOT NULL by a name that is said.
    pub(super) fn named_not_null(table: &QualifiedName, column: &Ident) -> TableAction {
        TableAction::AddNotNull {
            column: column.clone(),
            said: NotNull::default(),
            name: NotNull::implicit_name(table, column),
        }
    }

    pub(super) fn say_not_null(
        &mut self,
        table: &QualifiedName,
        to: &Column,
        after: Option<usize>,
    ) -> usize {
        let action = TableAction::AddNotNull {
            column: to.name.clone(),
            said: to.not_null_constraint.clone().unwrap_or_default(),
            name: name_of(table, to),
        };
        let step = Step::new(
            Class::Table,
            table,
            step::ADD_CONSTRAINT,
            alter(table, action),
        );
        let part = Part::NotNull(table.clone(), to.name.clone());
        let mut step = step.needing([Part::Column(table.clone(), to.name.clone())]);
        step.creates.push(part);
        step.after = after;
        self.push(step)
    }

    fn comment_not_null(&mut self, table: &QualifiedName, from: Option<&String>, to: &Column) {
        let after = to.not_null_constraint.as_ref();
        let target = CommentTarget::Constraint(table.clone(), name_of(table, to));
        let texts = (from, after.and_then(|said| said.comment.as_ref()));
        let part = Part::NotNull(table.clone(), to.name.clone());
        self.comment((Class::Table, table), target, texts, part);
    }
}
