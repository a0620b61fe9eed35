//! Steps for sequences.

use super::Planner;
use super::step::{self, Class, Facts, Name, Part, Step};
use crate::catalog::Sequence;
use crate::ddl::{CommentTarget, Ddl, SequenceDdl};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn sequence(
        &mut self,
        name: &'a QualifiedName,
        delta: Delta<'a, Sequence, QualifiedName>,
    ) {
        let facts = self.new.sequence(name);
        let part = facts.is[0].clone();
        match delta {
            Delta::Create(to) => {
                let ddl = Ddl::Sequence(SequenceDdl::Create {
                    name: name.clone(),
                    sequence: to.clone(),
                });
                let step = Step::new(Class::Sequence, name, step::CREATE, ddl);
                let mut step = step.creating(facts);
                // PostgreSQL looks for a type of the name too, although it makes none.
                step.claims.push(Name::Type(name.clone()));
                step.releases.push(Name::Type(name.clone()));
                self.push(step);
            }
            Delta::Drop(from) => self.drop_sequence(name, from, facts),
            Delta::Rename { name: old, .. } => {
                let ddl = Ddl::Sequence(SequenceDdl::Rename {
                    name: old.clone(),
                    to: name.name.clone(),
                });
                let step = Step::new(Class::Sequence, name, step::RENAME, ddl);
                let mut step = step.creating(facts);
                step.releases.push(Name::Relation(old.clone()));
                self.push(step);
            }
            Delta::Alter { from, to } => {
                if (&from.data_type, &from.options) != (&to.data_type, &to.options) {
                    let ddl = Ddl::Sequence(SequenceDdl::Alter {
                        name: name.clone(),
                        from: Box::new(from.clone()),
                        to: Box::new(to.clone()),
                    });
                    self.push(Step::new(Class::Sequence, name, step::OPTION, ddl));
                }
            }
        }
        let Some(to) = delta.to() else { return };
        let before = delta.from();
        let owner = before.and_then(|from| from.owned_by.as_ref());
        if owner != to.owned_by.as_ref() {
            self.tie(name, owner, to.owned_by.as_ref());
        }
        let target = CommentTarget::Sequence(name.clone());
        let before = before.and_then(|from| from.comment.as_ref());
        let texts = (before, to.comment.as_ref());
        self.comment((Class::Sequence, name), target, texts, part);
    }

    /// Changes the owner. A sequence that would go with its owner is untied from it first.
    fn tie(
        &mut self,
        name: &'a QualifiedName,
        from: Option<&'a (QualifiedName, Ident)>,
        to: Option<&'a (QualifiedName, Ident)>,
    ) {
        let part = Part::Sequence(name.clone());
        let column =
            |(table, column): &(QualifiedName, Ident)| Part::Column(table.clone(), column.clone());
        let ddl = |owner: Option<&(QualifiedName, Ident)>| {
            Ddl::Sequence(SequenceDdl::OwnedBy {
                name: name.clone(),
                owner: owner.cloned(),
            })
        };
        let goes = from.is_some_and(|(table, column)| {
            let columns = self.dropped.get(table);
            !self.to.tables.contains_key(table) || columns.is_some_and(|it| it.contains(column))
        });
        let mut untied = None;
        if goes || to.is_none() {
            let step = Step::new(Class::Sequence, name, step::RENAME + 1, ddl(None));
            let step = step.needing([part.clone()]).freeing(from.map(column));
            untied = Some(self.push(step));
        }
        if let Some((table, _)) = to {
            let step = Step::new(Class::Table, table, step::COMMENT - 1, ddl(to));
            let step = step.needing(to.map(column)).needing([part]);
            let mut step = step.freeing(from.map(column).filter(|_| untied.is_none()));
            step.after = untied;
            self.push(step);
        }
    }

    /// A sequence goes with the column that owns it.
    fn drop_sequence(&mut self, name: &'a QualifiedName, from: &'a Sequence, facts: Facts) {
        if let Some((table, column)) = &from.owned_by {
            let kept = self.to.tables.contains_key(table);
            let dropped = self.dropped.get(table);
            if dropped.is_some_and(|columns| columns.contains(column)) {
                let implied = self.implied.entry((table, column)).or_default();
                implied.absorb(facts);
                return;
            }
            if !kept {
                // The table's own step says that the name is free then.
                return;
            }
        }
        let ddl = Ddl::Sequence(SequenceDdl::Drop(name.clone()));
        self.push(Step::new(Class::DropSequence, name, step::DROP, ddl).dropping(facts));
    }
}
