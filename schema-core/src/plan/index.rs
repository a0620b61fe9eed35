//! Steps for indexes.

use super::Planner;
use super::step::{self, Class, Facts, Mode, Name, Part, Step};
use crate::catalog::Index;
use crate::ddl::{CommentTarget, Ddl, IndexDdl};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn index(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        delta: Delta<'a, Index>,
    ) {
        match delta {
            Delta::Create(to) => self.create_index(table, name, to),
            Delta::Drop(from) => self.drop_index(table, name, from, None),
            Delta::Alter { from, to } => {
                let again = self
                    .rebuild
                    .indexes
                    .contains(&(table.clone(), name.clone()));
                if same_index(from, to) && !again {
                    if from.parent != to.parent {
                        self.attach(table, name, to);
                    }
                    self.comment_index(table, name, Some(from), to);
                } else {
                    self.replace_index(table, (name, from), (name, to), again);
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
                    self.replace_index(table, (old, from), (name, to), again);
                    return;
                }
                let releases = self.old.index(table, old, from).names;
                let (old, aside) = self.rename_aside(table, old, name, &releases);
                let ddl = Ddl::Index(IndexDdl::Rename {
                    name: table.sibling(old),
                    to: name.clone(),
                });
                let mut step = Step::new(Class::Table, table, step::RENAME, ddl);
                step.claims = self.new.index(table, name, to).names;
                step.after = aside;
                if aside.is_none() {
                    step.releases = releases;
                }
                step.creates.push(Part::Index(table.sibling(name.clone())));
                self.push(step);
                self.comment_index(table, name, Some(from), to);
            }
        }
    }

    /// Where the new name is still that of something else, two may have to swap theirs: the index
    /// gives its own up first. Its name from then on, and the step.
    fn rename_aside(
        &mut self,
        table: &'a QualifiedName,
        old: &Ident,
        name: &Ident,
        releases: &[Name],
    ) -> (Ident, Option<usize>) {
        if !self.was_relation(&table.sibling(name.clone())) {
            return (old.clone(), None);
        }
        let spare = self.spare_relation(table, name);
        let ddl = Ddl::Index(IndexDdl::Rename {
            name: table.sibling(old.clone()),
            to: spare.clone(),
        });
        let mut step = Step::new(Class::Table, table, step::RENAME, ddl);
        step.releases = releases.to_vec();
        (spare, Some(self.push(step)))
    }

    fn create_index(&mut self, table: &'a QualifiedName, name: &'a Ident, to: &'a Index) {
        let facts = self.new.index(table, name, to);
        if self.in_use(table) && !self.is_partitioned(table) {
            let built = self.build_index(table, name.clone(), to, &facts);
            self.steps[built.step].creates = facts.is;
        } else {
            self.create_index_at_once(table, name, to, facts);
        }
        self.attach(table, name, to);
        self.comment_index(table, name, None, to);
    }

    fn attach(&mut self, table: &QualifiedName, name: &Ident, to: &Index) {
        let columns = super::facts::index_key(to);
        self.attach_index(table, name, to.parent.as_ref(), columns.as_deref());
    }

    fn create_index_at_once(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        to: &'a Index,
        facts: Facts,
    ) {
        let ddl = Ddl::Index(IndexDdl::Create {
            name: name.clone(),
            table: table.clone(),
            index: Box::new(to.clone()),
            concurrently: false,
            only: self.is_partitioned(table) && self.has_children(table),
        });
        let step = Step::new(Class::Table, table, step::CREATE_INDEX, ddl);
        self.push(step.creating(facts));
    }

    /// The new index is built before the old one goes, under another name if need be. Where
    /// PostgreSQL writes the table meanwhile, it is made again under the lock of that.
    fn replace_index(
        &mut self,
        table: &'a QualifiedName,
        (old, from): (&'a Ident, &'a Index),
        (name, to): (&'a Ident, &'a Index),
        again: bool,
    ) {
        let mut facts = self.new.index(table, name, to);
        if again || self.is_partitioned(table) {
            self.drop_index(table, old, from, None);
            self.create_index_at_once(table, name, to, facts);
        } else if old == name {
            let spare = self.spare_relation(table, name);
            let built = self.build_index(table, spare, to, &facts);
            self.drop_index(table, old, from, Some(built.step));
            let ddl = Ddl::Index(IndexDdl::Rename {
                name: table.sibling(built.name),
                to: name.clone(),
            });
            facts.uses.clear();
            let step = Step::new(Class::Table, table, step::CREATE_INDEX, ddl);
            let mut step = step.creating(facts).mode(Mode::Either);
            step.after = Some(built.step);
            self.push(step);
        } else {
            let built = self.build_index(table, name.clone(), to, &facts);
            self.drop_index(table, old, from, Some(built.step));
            self.steps[built.step].creates = facts.is;
        }
        self.attach(table, name, to);
        self.comment_index(table, name, None, to);
    }

    /// Without a successor that is there by then, one that is made again goes with the table's
    /// other changes.
    fn drop_index(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        from: &'a Index,
        successor: Option<usize>,
    ) {
        let mut facts = self.old.index(table, name, from);
        facts.absorb(self.attached(table, name));
        let columns: Vec<&Ident> = from.columns.iter().collect();
        let dropped = self.dropped_of(table, &columns);
        if !dropped.is_empty() {
            self.goes_along(table, dropped, facts, successor);
            return;
        }
        let again = self
            .rebuild
            .indexes
            .contains(&(table.clone(), name.clone()));
        let parent = self.kept_parent(table).zip(from.parent.as_ref());
        if let Some((of, parent)) = parent {
            let key = (of.clone(), parent.clone());
            if again && self.rebuild.indexes.contains(&key) {
                // It goes with that of the partitioned table.
                return;
            }
        }
        let again = again || self.is_partitioned(table);
        let (concurrently, mode, place) = if again {
            (false, Mode::InTransaction, step::DROP_INDEX)
        } else {
            (true, Mode::Alone, step::DROP_INDEX_LATE)
        };
        let ddl = Ddl::Index(IndexDdl::Drop {
            name: table.sibling(name.clone()),
            concurrently,
        });
        let step = Step::new(Class::Table, table, place, ddl);
        let mut step = step.dropping(facts).mode(mode);
        step.successors.extend(successor);
        self.push(step);
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
}

/// True where the indexes differ in their comments only, or one has yet to be attached.
pub(super) fn same_index(from: &Index, to: &Index) -> bool {
    *from
        == Index {
            comment: from.comment.clone(),
            parent: match from.parent {
                Some(_) => to.parent.clone(),
                None => None,
            },
            ..to.clone()
        }
}
