//! Steps for constraints.

use super::Planner;
use super::facts::constraint_columns;
use super::online::Built;
use super::step::{self, Class, Mode, Part, Step};
use super::table::{alter, definition};
use crate::catalog::{Constraint, ConstraintKind};
use crate::ddl::{CommentTarget, Ddl, TableAction, TableDdl};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
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
                let again = self.rebuild.constraints.contains(&key);
                if again || !dropped.is_empty() {
                    self.replace_constraint(table, (old, from), (name, to), again);
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
            // A parent's step does it.
            Delta::Create(to) if self.is_inherited(table, to) => {
                self.comment_constraint(table, name, None, to);
            }
            Delta::Drop(from) if self.is_inherited(table, from) => {}
            Delta::Create(to) => {
                let in_use = self.in_use(table);
                let built = in_use.then(|| self.build_key(table, name, to, false));
                self.add_constraint(table, (name, to), built.flatten(), Mode::Either);
            }
            Delta::Drop(from) => self.drop_constraint(table, name, from, None),
            Delta::Alter { from, to } => match in_place(name, from, to) {
                Some(_) if self.is_inherited(table, to) => {
                    self.comment_constraint(table, name, Some(from), to);
                }
                Some(actions) if !again => {
                    for action in actions {
                        match action {
                            TableAction::ValidateConstraint(_) => {
                                self.validate(table, name, None);
                            }
                            _ => _ = self.alter(table, step::OPTION, action),
                        }
                    }
                    self.comment_constraint(table, name, Some(from), to);
                    if from.parent != to.parent {
                        self.attach_key(table, name, to);
                    }
                }
                _ => self.replace_constraint(table, (name, from), (name, to), again),
            },
        }
    }

    /// Both in one transaction, so that there is always one of them. What PostgreSQL has to make
    /// again, as it writes the table, it makes under the lock that it has for that.
    fn replace_constraint(
        &mut self,
        table: &'a QualifiedName,
        (old, from): (&'a Ident, &'a Constraint),
        (name, to): (&'a Ident, &'a Constraint),
        again: bool,
    ) {
        let built = (!again).then(|| self.build_key(table, name, to, old == name));
        let built = built.flatten();
        let successor = built.as_ref().map(|built| built.step);
        self.drop_constraint(table, old, from, successor);
        self.add_constraint(table, (name, to), built, Mode::InTransaction);
    }

    fn add_constraint(
        &mut self,
        table: &'a QualifiedName,
        (name, to): (&'a Ident, &'a Constraint),
        built: Option<Built>,
        mode: Mode,
    ) {
        if let Some(built) = built {
            let step = self.key_from_index(table, name, to, &built).mode(mode);
            self.push(step);
            self.attach_key(table, name, to);
            self.comment_constraint(table, name, None, to);
            return;
        }
        let facts = self.new.constraint(table, name, to);
        let place = match to.kind {
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_) => step::ADD_KEY,
            ConstraintKind::Check(_) => step::ADD_CONSTRAINT,
            ConstraintKind::ForeignKey(_) => step::ADD_FOREIGN_KEY,
        };
        let foreign = matches!(to.kind, ConstraintKind::ForeignKey(_));
        let later = to.validated
            && to.enforced
            && self.in_use(table)
            // PostgreSQL before 18 takes no such foreign key of a partitioned table.
            && !(foreign && self.is_partitioned(table))
            && matches!(
                to.kind,
                ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_)
            );
        let mut definition = definition((name, to));
        definition.constraint.validated &= !later;
        let action = TableAction::AddConstraint(definition);
        let step = Step::new(Class::Table, table, place, alter(table, action));
        let mode = if later { mode } else { Mode::InTransaction };
        let added = self.push(step.creating(facts).mode(mode));
        if later {
            self.validate(table, name, Some(added));
        }
        self.attach_key(table, name, to);
        self.comment_constraint(table, name, None, to);
    }

    fn drop_constraint(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        from: &'a Constraint,
        successor: Option<usize>,
    ) {
        let mut facts = self.old.constraint(table, name, from);
        facts.absorb(self.attached(table, name));
        let dropped = self.dropped_of(table, &constraint_columns(from));
        if !dropped.is_empty() && !self.loses_key(from) {
            self.goes_along(table, dropped, facts, successor);
            return;
        }
        let place = match from.kind {
            ConstraintKind::ForeignKey(_) => step::DROP_FOREIGN_KEY,
            _ => step::DROP_CONSTRAINT,
        };
        let action = TableAction::DropConstraint(name.clone());
        let step = Step::new(Class::Table, table, place, alter(table, action));
        let mut step = step.dropping(facts);
        step.successors.extend(successor);
        self.push(step);
    }

    fn attach_key(&mut self, table: &QualifiedName, name: &Ident, to: &Constraint) {
        let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) = &to.kind else {
            return self.attach_index(table, name, to.parent.as_ref(), None);
        };
        self.attach_index(table, name, to.parent.as_ref(), Some(&key.columns));
    }

    pub(super) fn comment_constraint(
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

    /// True for a foreign key to a column that is dropped: no such column can go before it, so it
    /// goes by itself. Two columns could each have to be dropped before the other.
    fn loses_key(&self, constraint: &Constraint) -> bool {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else {
            return false;
        };
        let columns: Vec<&Ident> = key.referenced_columns.iter().collect();
        !self.dropped_of(&key.references, &columns).is_empty()
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
    if from.kind != to.kind || from.parent.is_some() && from.parent != to.parent {
        return None;
    }
    if from.enforced != to.enforced {
        if !foreign || from.deferrable != to.deferrable {
            return None;
        }
        let (name, enforced) = (name.clone(), to.enforced);
        return Some(vec![TableAction::SetEnforced { name, enforced }]);
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
