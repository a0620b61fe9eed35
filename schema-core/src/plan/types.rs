//! Steps for schemas, extensions, enums and domains.

use super::Planner;
use super::online::spare_name;
use super::rebuild::only_adds;
use super::step::{self, Class, Facts, Mode, Name, Part, Step};
use crate::catalog::{Domain, DomainCheck, Enum, Extension, SchemaObject};
use crate::ddl::{
    CommentTarget, Ddl, DomainAction, DomainDdl, EnumDdl, ExtensionDdl, Neighbour, SchemaDdl,
};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn schema(&mut self, name: &'a Ident, delta: Delta<'a, SchemaObject>) {
        let group = QualifiedName::new(name.clone(), "");
        let part = Part::Schema(name.clone());
        let facts = Facts {
            is: vec![part.clone()],
            ..Facts::default()
        };
        match delta {
            Delta::Create(_) => {
                let ddl = Ddl::Schema(SchemaDdl::Create(name.clone()));
                self.push(Step::new(Class::Schema, &group, step::CREATE, ddl).creating(facts));
            }
            Delta::Drop(_) => {
                let ddl = Ddl::Schema(SchemaDdl::Drop(name.clone()));
                self.push(Step::new(Class::DropSchema, &group, step::DROP, ddl).dropping(facts));
            }
            Delta::Alter { .. } | Delta::Rename { .. } => {}
        }
        if let Some(to) = delta.to() {
            let from = delta.from().and_then(|from| from.comment.as_ref());
            let target = CommentTarget::Schema(name.clone());
            let texts = (from, to.comment.as_ref());
            self.comment((Class::Schema, &group), target, texts, part);
        }
    }

    pub(super) fn extension(&mut self, name: &'a Ident, delta: Delta<'a, Extension>) {
        let group = QualifiedName::new("", name.clone());
        let schema = |extension: &Extension| extension.schema.clone().map(Part::Schema);
        let part = Part::Extension(name.clone());
        let others = match delta {
            Delta::Drop(_) => self.old.uses(&part),
            _ => self.new.uses(&part),
        };
        let facts = |extension: &Extension| Facts {
            is: vec![part.clone()],
            uses: schema(extension)
                .into_iter()
                .chain(others.clone())
                .collect(),
            names: Vec::new(),
        };
        match delta {
            Delta::Create(to) => {
                let ddl = Ddl::Extension(ExtensionDdl::Create {
                    name: name.clone(),
                    schema: to.schema.clone(),
                });
                let step = Step::new(Class::Extension, &group, step::CREATE, ddl);
                self.push(step.creating(facts(to)));
            }
            Delta::Drop(from) => {
                let ddl = Ddl::Extension(ExtensionDdl::Drop(name.clone()));
                let step = Step::new(Class::DropExtension, &group, step::DROP, ddl);
                self.push(step.dropping(facts(from)));
            }
            Delta::Alter { from, to } | Delta::Rename { from, to, .. } => {
                let Some(schema_name) = to.schema.clone() else {
                    return;
                };
                let ddl = Ddl::Extension(ExtensionDdl::SetSchema {
                    name: name.clone(),
                    schema: schema_name,
                });
                let step = Step::new(Class::Extension, &group, step::OPTION, ddl);
                self.push(step.needing(schema(to)).freeing(schema(from)));
            }
        }
    }

    pub(super) fn r#enum(&mut self, name: &'a QualifiedName, delta: Delta<'a, Enum>) {
        let create = |to: &Enum| {
            Ddl::Enum(EnumDdl::Create {
                name: name.clone(),
                labels: to.labels.clone(),
            })
        };
        let again = self.rebuild.types.contains(name);
        match delta {
            Delta::Create(to) => {
                let facts = self.new.r#enum(name);
                let step = Step::new(Class::Type, name, step::CREATE, create(to));
                self.push(step.creating(facts));
            }
            Delta::Drop(_) if again => self.aside(name, false),
            Delta::Drop(_) => {
                let facts = self.old.r#enum(name);
                let ddl = Ddl::Enum(EnumDdl::Drop(name.clone()));
                self.push(Step::new(Class::DropType, name, step::DROP, ddl).dropping(facts));
            }
            Delta::Alter { to, .. } if again => {
                self.aside(name, false);
                let facts = self.new.r#enum(name);
                let step = Step::new(Class::Type, name, step::CREATE, create(to));
                self.push(step.creating(facts));
            }
            Delta::Alter { from, to } if only_adds(from, to) => self.add_values(name, from, to),
            Delta::Alter { .. } | Delta::Rename { .. } => {}
        }
        if let Some(to) = delta.to() {
            let from = delta.from().filter(|_| !again);
            let target = CommentTarget::Type(name.clone());
            let texts = (from.and_then(|it| it.comment.as_ref()), to.comment.as_ref());
            let part = Part::Type(name.clone());
            self.comment((Class::Type, name), target, texts, part);
        }
    }

    /// Each new label next to one that is there by then.
    fn add_values(&mut self, name: &'a QualifiedName, from: &Enum, to: &Enum) {
        let is_new = |label: &String| !from.labels.contains(label);
        let mut last = None;
        for (place, label) in to.labels.iter().enumerate().filter(|(_, it)| is_new(it)) {
            let rest_is_new = to.labels[place..].iter().all(is_new);
            let neighbour = match (place.checked_sub(1), to.labels.get(place + 1)) {
                _ if rest_is_new => None,
                (Some(before), _) => Some(Neighbour::After(to.labels[before].clone())),
                (None, _) => from.labels.first().cloned().map(Neighbour::Before),
            };
            let ddl = Ddl::Enum(EnumDdl::AddValue {
                name: name.clone(),
                label: label.clone(),
                place: neighbour,
            });
            let mut step = Step::new(Class::Type, name, step::SET_ATTRIBUTE, ddl);
            step.creates.push(Part::Type(name.clone()));
            step.after = last;
            last = Some(self.push(step));
        }
    }

    /// Renames a type out of the way, and drops it when nothing uses it any more.
    fn aside(&mut self, name: &'a QualifiedName, domain: bool) {
        let aside = self.aside_name(name);
        let old = if domain {
            let domain = self.from.domains.get(name);
            domain.map(|domain| self.old.domain(name, domain))
        } else {
            Some(self.old.r#enum(name))
        };
        let to = aside.name.clone();
        let name_owned = name.clone();
        let (rename, drop) = if domain {
            let rename = DomainDdl::Alter {
                name: name_owned,
                action: DomainAction::Rename(to),
            };
            (
                Ddl::Domain(rename),
                Ddl::Domain(DomainDdl::Drop(aside.clone())),
            )
        } else {
            let rename = EnumDdl::Rename {
                name: name_owned,
                to,
            };
            (Ddl::Enum(rename), Ddl::Enum(EnumDdl::Drop(aside.clone())))
        };
        let mut step = Step::new(Class::Type, name, step::RENAME, rename);
        step.releases.push(Name::Type(name.clone()));
        step.claims.push(Name::Type(aside.clone()));
        step.drops.push(Part::Type(name.clone()));
        let renamed = self.push(step);
        let mut facts = old.unwrap_or_default();
        facts.names.clear();
        let mut step = Step::new(Class::DropType, name, step::DROP, drop).dropping(facts);
        step.after = Some(renamed);
        self.push(step);
    }

    /// `name_old`, or the first like it that is free.
    fn aside_name(&self, name: &QualifiedName) -> QualifiedName {
        let catalogs = [self.from, self.to];
        let taken = |name: &QualifiedName| {
            catalogs.iter().any(|catalog| {
                catalog.enums.contains_key(name)
                    || catalog.domains.contains_key(name)
                    || catalog.tables.contains_key(name)
            })
        };
        let taken = |candidate: &str| taken(&name.sibling(candidate));
        name.sibling(spare_name(name.name.as_str(), "old", taken))
    }

    pub(super) fn domain(&mut self, name: &'a QualifiedName, delta: Delta<'a, Domain>) {
        let again = self.rebuild.types.contains(name);
        if let Delta::Drop(from) = delta {
            if again {
                self.aside(name, true);
            } else {
                let facts = self.old.domain(name, from);
                let ddl = Ddl::Domain(DomainDdl::Drop(name.clone()));
                self.push(Step::new(Class::DropType, name, step::DROP, ddl).dropping(facts));
            }
        }
        match delta {
            Delta::Create(to) | Delta::Alter { to, .. } if again || delta.from().is_none() => {
                if delta.from().is_some() {
                    self.aside(name, true);
                }
                self.create_domain(name, to);
            }
            Delta::Alter { from, to } => self.alter_domain(name, from, to),
            _ => {}
        }
        if let Some(to) = delta.to() {
            let from = delta.from().filter(|_| !again);
            let target = CommentTarget::Domain(name.clone());
            let texts = (from.and_then(|it| it.comment.as_ref()), to.comment.as_ref());
            let part = Part::Type(name.clone());
            self.comment((Class::Type, name), target, texts, part);
        }
    }

    fn create_domain(&mut self, name: &'a QualifiedName, to: &Domain) {
        let (now, later) = to
            .checks
            .clone()
            .into_iter()
            .partition(|(_, it)| it.validated);
        let domain = Domain {
            checks: now,
            ..to.clone()
        };
        let facts = self.new.domain(name, to);
        let ddl = Ddl::Domain(DomainDdl::Create {
            name: name.clone(),
            domain,
        });
        let step = Step::new(Class::Type, name, step::CREATE, ddl);
        let mut last = self.push(step.creating(facts));
        for (check, definition) in later {
            let action = DomainAction::AddCheck(check, definition);
            last = self.alter_domain_step(name, action, Some(last));
        }
    }

    fn alter_domain(&mut self, name: &'a QualifiedName, from: &Domain, to: &Domain) {
        let mut actions = Vec::new();
        for (check, definition) in &from.checks {
            match to.checks.get(check) {
                Some(after) if after == definition => {}
                Some(after) if after.expression == definition.expression && after.validated => {
                    actions.push(DomainAction::ValidateCheck(check.clone()));
                }
                _ => actions.insert(0, DomainAction::DropCheck(check.clone())),
            }
        }
        let dropped = actions.clone();
        match (&from.default, &to.default) {
            (before, after) if before == after => {}
            (_, Some(default)) => actions.push(DomainAction::SetDefault(default.clone())),
            (_, None) => actions.push(DomainAction::DropDefault),
        }
        match (from.not_null, to.not_null) {
            (false, true) => actions.push(DomainAction::SetNotNull),
            (true, false) => actions.push(DomainAction::DropNotNull),
            _ => {}
        }
        for (check, definition) in &to.checks {
            let gone = dropped.contains(&DomainAction::DropCheck(check.clone()));
            if gone || !from.checks.contains_key(check) {
                let (check, definition) = (check.clone(), definition.clone());
                actions.push(DomainAction::AddCheck(check, definition));
            }
        }
        let mut last = None;
        for action in actions {
            match action {
                DomainAction::ValidateCheck(check) => self.validate_domain(name, check, None),
                DomainAction::AddCheck(check, definition) if definition.validated => {
                    let not_valid = DomainCheck {
                        validated: false,
                        ..definition
                    };
                    let action = DomainAction::AddCheck(check.clone(), not_valid);
                    last = Some(self.alter_domain_step(name, action, last));
                    self.validate_domain(name, check, last);
                }
                _ => last = Some(self.alter_domain_step(name, action, last)),
            }
        }
    }

    /// Reads the values after the commit of the step that made new ones obey.
    fn validate_domain(&mut self, name: &QualifiedName, check: Ident, added: Option<usize>) {
        let ddl = Ddl::Domain(DomainDdl::Alter {
            name: name.clone(),
            action: DomainAction::ValidateCheck(check),
        });
        let step = Step::new(Class::Type, name, step::OPTION, ddl);
        let mut step = step.mode(Mode::Alone);
        step.commits.extend(added);
        self.push(step);
    }

    fn alter_domain_step(
        &mut self,
        name: &'a QualifiedName,
        action: DomainAction,
        after: Option<usize>,
    ) -> usize {
        let ddl = Ddl::Domain(DomainDdl::Alter {
            name: name.clone(),
            action,
        });
        let part = Part::Type(name.clone());
        let objects = |uses: Vec<Part>| {
            let uses = uses.into_iter();
            uses.filter(|used| matches!(used, Part::Object(_)))
        };
        let (needed, freed) = (self.new.uses(&part), self.old.uses(&part));
        let step = Step::new(Class::Type, name, step::SET_ATTRIBUTE, ddl);
        let mut step = step.needing(objects(needed)).freeing(objects(freed));
        step.after = after;
        self.push(step)
    }
}
