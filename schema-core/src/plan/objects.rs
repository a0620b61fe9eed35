//! Steps for what is no table.

use super::Planner;
use super::step::{self, Class, Facts, Name, Part, Step};
use crate::catalog::{Object, ObjectId, ObjectKind};
use crate::ddl::{Ddl, ObjectDdl, ObjectVerb};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn object(&mut self, id: &'a ObjectId, delta: Delta<'a, Object>) {
        let again = self.rebuild.objects.contains(id);
        match delta {
            Delta::Create(to) => self.create_object(id, to),
            Delta::Drop(from) => self.drop_object(id, from),
            Delta::Alter { from, to } | Delta::Rename { from, to, .. } => {
                if let Some(sql) = from.altered(to).filter(|_| !again) {
                    self.alter_object(id, to, sql);
                } else {
                    self.drop_object(id, from);
                    self.create_object(id, to);
                }
            }
        }
    }

    fn create_object(&mut self, id: &'a ObjectId, to: &'a Object) {
        if to.inline && to.of.as_ref().is_some_and(|of| self.comes(of)) {
            return;
        }
        let step = object_step(id, ObjectVerb::Create, to, to.create());
        let mut facts = self.new.object(id, to);
        let part = facts.is[0].clone();
        let within = self.to.objects.iter();
        let within = within.filter(|(_, it)| it.inline && it.of.as_ref() == Some(&part));
        for (id, object) in within {
            let attribute = self.new.object(id, object);
            facts.absorb(attribute);
        }
        facts.uses.retain(|used| *used != part);
        self.push(step.creating(facts));
    }

    fn drop_object(&mut self, id: &'a ObjectId, from: &'a Object) {
        let facts = self.old.object(id, from);
        // A server with mappings does not go.
        let goes_along = id.kind != ObjectKind::UserMapping;
        let of = from.of.as_ref().filter(|of| goes_along && self.goes(of));
        if let Some(of) = of {
            self.along.push((of.clone(), facts));
            return;
        }
        let Some(sql) = &from.drop else { return };
        let step = object_step(id, ObjectVerb::Drop, from, sql);
        self.push(step.dropping(facts));
    }

    /// It uses what it is to use, and no longer what it used so far.
    fn alter_object(&mut self, id: &'a ObjectId, to: &'a Object, sql: &str) {
        let step = object_step(id, ObjectVerb::Alter, to, sql);
        let before = self.old.uses(&Part::Object(id.clone()));
        let mut facts = self.new.object(id, to);
        facts.names.clear();
        self.push(step.creating(facts).freeing(before));
    }

    /// What goes with something else is gone, and frees what it used, when that goes.
    pub(super) fn let_go_along(&mut self) {
        let mut along = std::mem::take(&mut self.along);
        while !along.is_empty() {
            let before = along.len();
            along.retain(|(of, facts)| {
                let steps = self.steps.iter_mut();
                let mut found = false;
                for step in steps.filter(|step| step.drops.contains(of)) {
                    found = true;
                    step.drops.extend(facts.is.clone());
                    step.frees
                        .extend(facts.uses.iter().filter(|part| *part != of).cloned());
                    step.releases.extend(facts.names.clone());
                }
                !found
            });
            if along.len() == before {
                break;
            }
        }
        for step in &mut self.steps {
            let drops = step.drops.clone();
            step.frees.retain(|part| !drops.contains(part));
        }
    }

    /// True where a part of the old side is gone, if only for a moment.
    pub(super) fn goes(&self, part: &Part) -> bool {
        match part {
            Part::Column(table, column) => {
                !self.to.tables.contains_key(table)
                    || self
                        .dropped
                        .get(table)
                        .is_some_and(|columns| columns.contains(column))
            }
            part => self.rebuild.loses(part, self.from, self.to),
        }
    }

    /// True where a part of the new side is made by this plan.
    fn comes(&self, part: &Part) -> bool {
        match part {
            Part::Object(id) => {
                !self.from.objects.contains_key(id) || self.rebuild.objects.contains(id)
            }
            Part::Table(name) => !self.from.tables.contains_key(name),
            _ => false,
        }
    }
}

fn object_step(id: &ObjectId, verb: ObjectVerb, object: &Object, sql: &str) -> Step {
    let ddl = Ddl::Object(ObjectDdl {
        id: id.clone(),
        verb,
        of: object.of.clone(),
        sql: sql.to_owned(),
    });
    let rank = id.kind.rank();
    let (class, place) = match verb {
        ObjectVerb::Drop => (Class::DropObject, step::DROP - rank),
        _ if rank < 50 => (Class::Base, rank),
        _ => (Class::Object, rank),
    };
    // All of a class are one group: rank decides before names do.
    let group = QualifiedName::new("", "");
    let mut step = Step::new(class, &group, place, ddl);
    step.group = (class, group);
    step
}

impl super::facts::Side<'_> {
    /// An object with the names that it takes.
    pub(super) fn object(&self, id: &ObjectId, object: &Object) -> Facts {
        let part = Part::Object(id.clone());
        let mut uses = self.uses(&part);
        // The statement that drops it calls a type by its name, so it comes before that changes.
        let renamed = uses.iter().filter_map(|part| match part {
            Part::Aside(name) => Some(Part::Type(name.clone())),
            _ => None,
        });
        let renamed: Vec<Part> = renamed.collect();
        uses.extend(renamed);
        uses.extend(id.schema.clone().map(Part::Schema));
        uses.extend(object.of.clone());
        let mut names = id.qualified().map_or_else(Vec::new, |name| match id.kind {
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::CompositeType => {
                vec![Name::Relation(name.clone()), Name::Type(name)]
            }
            ObjectKind::Index => vec![Name::Relation(name)],
            ObjectKind::RangeType | ObjectKind::BaseType => vec![Name::Type(name)],
            _ => Vec::new(),
        });
        names.push(Name::Object(match id.kind {
            // They share their names.
            ObjectKind::Procedure | ObjectKind::Aggregate => ObjectId {
                kind: ObjectKind::Function,
                ..id.clone()
            },
            _ => id.clone(),
        }));
        names.extend(id.whole_grant().map(Name::Object));
        // A call would fit both of two that take the same with defaults.
        if matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure)
            && let Some((bare, _)) = id.name.split_once('(')
        {
            names.push(Name::Object(ObjectId {
                kind: ObjectKind::Function,
                name: bare.to_owned(),
                ..id.clone()
            }));
        }
        Facts {
            is: vec![part],
            uses,
            names,
        }
    }

    /// What the catalog says that a part uses, beside what is plain from it.
    pub(super) fn uses(&self, part: &Part) -> Vec<Part> {
        let used = self.dependencies.into_iter().flat_map(|it| it.of(part));
        used.map(|part| match part {
            Part::Type(name) => self.r#type(name),
            part => part.clone(),
        })
        .collect()
    }

    /// What the default or the expression of a column uses.
    pub(super) fn column_expression(
        &self,
        table: &QualifiedName,
        column: &Ident,
        expression: &str,
    ) -> Vec<Part> {
        let mut uses = self.expression(expression);
        uses.extend(self.uses(&Part::Column(table.clone(), column.clone())));
        uses
    }
}
