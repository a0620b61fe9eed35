//! Steps for the sequences of identity columns.

use super::Planner;
use super::facts::identity_sequence;
use super::step::{self, Class, Name, Part, Step};
use crate::catalog::{Catalog, ConstraintKind, Identity};
use crate::ddl::{Ddl, SequenceDdl, TableDdl};
use crate::ident::{Ident, QualifiedName};

impl Planner<'_> {
    /// A column that has values became an identity by the step `after`.
    pub(super) fn continue_identity(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        identity: &Identity,
        after: usize,
    ) {
        let ddl = Ddl::Table(TableDdl::ContinueIdentity {
            name: table.clone(),
            column: column.clone(),
            options: identity.options.clone(),
        });
        let mut step = Step::new(Class::Table, table, step::OPTION, ddl);
        step.after = Some(after);
        // PostgreSQL would find a sequence that the column owns already: it goes or is untied first.
        let has = |owner: &(QualifiedName, Ident)| owner.0 == *table && owner.1 == *column;
        let sequences = self.from.sequences.iter();
        let sequences = sequences.filter(|(_, it)| it.owned_by.as_ref().is_some_and(has));
        let names = sequences.map(|(name, _)| Name::Relation(name.clone()));
        step.claims.extend(names);
        step.drops.push(Part::Column(table.clone(), column.clone()));
        self.push(step);
    }

    /// The sequence follows the names of its table and column.
    pub(super) fn rename_identity(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        from: &Identity,
        to: &Identity,
    ) {
        let name = identity_sequence(table, column, from);
        let implicit = || {
            let numbers = 0..=u32::MAX;
            let mut names = numbers.map(|it| Identity::implicit_sequence(table, column, it));
            let free = names.find(|name| !self.is_relation(name));
            free.expect("only so many names are taken")
        };
        let wanted = to.sequence.clone().unwrap_or_else(implicit);
        let ddl = Ddl::Sequence(SequenceDdl::Rename {
            name: name.clone(),
            to: wanted.name.clone(),
        });
        let mut step = Step::new(Class::Table, table, step::RENAME, ddl);
        step.releases.push(Name::Relation(name));
        step.claims.push(Name::Relation(wanted));
        self.push(step);
    }

    /// True where a table, index or sequence is to have this name.
    fn is_relation(&self, name: &QualifiedName) -> bool {
        is_relation_of(self.to, name)
    }

    /// True where one has had it.
    pub(super) fn was_relation(&self, name: &QualifiedName) -> bool {
        is_relation_of(self.original, name)
    }
}

fn is_relation_of(catalog: &Catalog, name: &QualifiedName) -> bool {
    let mut tables = catalog.tables.iter();
    catalog.tables.contains_key(name)
        || catalog.sequences.contains_key(name)
        || tables.any(|(table, it)| {
            let constraint = it.constraints.get(&name.name);
            let has_index = constraint.is_some_and(|constraint| {
                use ConstraintKind::{Check, ForeignKey};
                !matches!(constraint.kind, Check(_) | ForeignKey(_))
            });
            table.schema == name.schema && (has_index || it.indexes.contains_key(&name.name))
        })
}
