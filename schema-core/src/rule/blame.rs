//! Which step did it.

use super::{Case, ColumnPair, Heir};
use crate::observe::{Column, Facts, Oid, Relation, Step, Type, class};

impl Case<'_> {
    /// The step that last changed an aspect of the objects: the one that made it what it is now.
    ///
    /// The aspect is `None` where the facts do not hold the object.
    pub fn blame<T: PartialEq>(&self, aspect: impl Fn(&Facts) -> Option<T>) -> Option<usize> {
        let mut last = aspect(&self.sides.base);
        let mut blamed = None;
        for (index, step) in self.all.steps.iter().enumerate() {
            let now = aspect(&step.effects.facts);
            if now.is_some() && now != last {
                last = now;
                blamed = Some(index);
            }
        }
        blamed
    }

    /// The step that last changed an aspect of one relation, or at least touched it.
    pub fn blame_relation<T: PartialEq>(
        &self,
        oid: Oid,
        aspect: impl Fn(&Relation) -> T,
    ) -> Option<usize> {
        self.blame(|facts| facts.relations.get(&oid).map(&aspect))
            .or_else(|| self.last_touch(oid))
    }

    /// The step that last changed an aspect of one column.
    pub fn blame_column<T: PartialEq>(
        &self,
        pair: &ColumnPair<'_>,
        aspect: impl Fn(&Column) -> T,
    ) -> Option<usize> {
        self.blame_relation(pair.base.oid, |it| it.column(pair.old.number).map(&aspect))
    }

    /// The step that made, or took away, a constraint.
    pub fn blame_constraint(&self, table: Oid, constraint: Oid) -> Option<usize> {
        self.blame_relation(table, |it| it.constraint(constraint).is_some())
    }

    /// The step that last changed an aspect of one type.
    pub fn blame_type<T: PartialEq>(&self, oid: Oid, aspect: impl Fn(&Type) -> T) -> Option<usize> {
        self.blame(|facts| facts.types.get(&oid).map(&aspect))
    }

    /// The last step whose command was about an object, be it new.
    pub fn commanded(&self, class: Oid, object: Oid) -> Option<usize> {
        self.all.steps.iter().rposition(|step| {
            let mut commands = step.effects.commands.iter();
            commands.any(|it| it.class == class && it.object == Some(object))
        })
    }

    /// The step that dropped an object.
    pub fn dropped_by(&self, class: Oid, object: Oid, part: i32) -> Option<usize> {
        let mut steps = self.all.steps.iter();
        steps.position(|step| step.effects.drops(class, object, part))
    }

    /// The step that dropped a relation.
    pub fn relation_dropped_by(&self, relation: Oid) -> Option<usize> {
        self.dropped_by(class::RELATION, relation, 0)
    }

    /// The last step that touched a relation at all.
    pub fn last_touch(&self, relation: Oid) -> Option<usize> {
        let mut steps = self.all.steps.iter();
        steps.rposition(|step| step.effects.facts.relations.contains_key(&relation))
    }

    /// The last step that granted, revoked, or changed owners of everything.
    pub fn privileges_changed(&self) -> Option<usize> {
        let mut steps = self.all.steps.iter();
        steps.rposition(Step::changes_privileges)
    }

    /// The step that made a type under the name of an old one, or that changed it.
    pub fn made_anew(&self, heir: &Heir<'_, Type>) -> Option<usize> {
        let named = heir.named.map(|it| it.oid);
        named
            .and_then(|named| self.commanded(class::TYPE, named))
            .or_else(|| self.dropped_by(class::TYPE, heir.base.oid, 0))
    }
}
