//! What an object of a catalog is made of and depends on.

use std::collections::{BTreeMap, BTreeSet};

use super::mentions::mentions;
use super::step::{Facts, Name, Part};
use crate::catalog::{
    Column, Constraint, ConstraintKind, Deferrable, Dependencies, Domain, ForeignKey, Generation,
    Identity, Index, IndexKey, Table,
};
use crate::ident::{Ident, QualifiedName};

/// One side of a diff.
#[derive(Clone, Debug, Default)]
pub(super) struct Side<'a> {
    /// Types that are renamed aside, on the old side.
    pub(super) aside: BTreeSet<QualifiedName>,
    /// The types and sequences that come, go or change, by bare name: only these are worth
    /// looking for in expressions.
    pub(super) moving: BTreeMap<String, Vec<Part>>,
    /// What uses what.
    pub(super) dependencies: Option<&'a Dependencies>,
}

impl Side<'_> {
    pub(super) fn r#type(&self, name: &QualifiedName) -> Part {
        if self.aside.contains(name) {
            Part::Aside(name.clone())
        } else {
            Part::Type(name.clone())
        }
    }

    pub(super) fn expression(&self, expression: &str) -> Vec<Part> {
        if self.moving.is_empty() {
            return Vec::new();
        }
        let names = mentions(expression);
        let parts = names.iter().filter_map(|name| self.moving.get(name));
        parts.flatten().cloned().collect()
    }

    pub(super) fn r#enum(&self, name: &QualifiedName) -> Facts {
        Facts {
            is: vec![self.r#type(name)],
            uses: vec![Part::Schema(name.schema.clone())],
            names: vec![Name::Type(name.clone())],
        }
    }

    pub(super) fn domain(&self, name: &QualifiedName, domain: &Domain) -> Facts {
        let mut facts = self.r#enum(name);
        facts
            .uses
            .extend(domain.base_name.iter().map(|base| self.r#type(base)));
        let checks = domain.checks.values().map(|check| &check.expression);
        for expression in checks.chain(&domain.default) {
            facts.uses.extend(self.expression(expression));
        }
        facts.uses.extend(self.uses(&Part::Type(name.clone())));
        facts.uses.retain(|part| *part != facts.is[0]);
        facts
    }

    pub(super) fn sequence(&self, name: &QualifiedName) -> Facts {
        Facts {
            is: vec![Part::Sequence(name.clone())],
            uses: [Part::Schema(name.schema.clone())]
                .into_iter()
                .chain(self.uses(&Part::Sequence(name.clone())))
                .collect(),
            names: vec![Name::Relation(name.clone())],
        }
    }

    /// A table as `CREATE TABLE` makes it: with its columns and constraints, without its indexes
    /// and the constraints that [`is_inline`] leaves out.
    pub(super) fn table(&self, name: &QualifiedName, table: &Table) -> Facts {
        let mut facts = Facts {
            is: vec![Part::Table(name.clone())],
            uses: vec![Part::Schema(name.schema.clone())],
            names: vec![Name::Relation(name.clone()), Name::Type(name.clone())],
        };
        facts.uses.extend(self.uses(&facts.is[0]));
        let parents = table.parents();
        facts.uses.extend(parents.map(|it| Part::Table(it.clone())));
        let of_type = table.of_type.iter();
        facts.uses.extend(of_type.map(|it| self.r#type(it)));
        for column in &table.columns {
            facts.absorb(self.column(name, table, column));
        }
        for (constraint_name, constraint) in inline_constraints(table) {
            facts.absorb(self.constraint(name, constraint_name, constraint));
        }
        let own: BTreeSet<&Part> = facts.is.iter().collect();
        facts.uses.retain(|part| !own.contains(part));
        facts
    }

    pub(super) fn column(&self, name: &QualifiedName, table: &Table, column: &Column) -> Facts {
        let mut uses = vec![Part::Table(name.clone())];
        let mut names = vec![Name::Column(name.clone(), column.name.clone())];
        uses.extend(column.type_name.iter().map(|name| self.r#type(name)));
        match &column.generation {
            Generation::None => {}
            Generation::Identity(identity) => {
                names.extend(identity_names(name, &column.name, identity));
            }
            Generation::Default(expression) => uses.extend(self.expression(expression)),
            Generation::Stored(expression) | Generation::Virtual(expression) => {
                uses.extend(self.expression(expression));
                let base = generated_from(table, expression);
                uses.extend(base.map(|base| Part::Column(name.clone(), base.name.clone())));
            }
        }
        uses.extend(self.uses(&Part::Column(name.clone(), column.name.clone())));
        Facts {
            is: vec![
                Part::Column(name.clone(), column.name.clone()),
                Part::NotNull(name.clone(), column.name.clone()),
            ],
            uses,
            names,
        }
    }

    pub(super) fn constraint(
        &self,
        table: &QualifiedName,
        name: &Ident,
        constraint: &Constraint,
    ) -> Facts {
        let mut is = vec![Part::Constraint(table.clone(), name.clone())];
        let mut uses = vec![Part::Table(table.clone())];
        let columns = constraint_columns(constraint);
        uses.extend(
            columns
                .iter()
                .map(|column| Part::Column(table.clone(), (*column).clone())),
        );
        let mut names = vec![Name::Constraint(table.clone(), name.clone())];
        match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                is.push(key_part(table, &key.columns));
                names.push(Name::Relation(table.sibling(name.clone())));
                if matches!(constraint.kind, ConstraintKind::PrimaryKey(_)) {
                    names.push(Name::PrimaryKey(table.clone()));
                    let not_null = |column: &Ident| Part::NotNull(table.clone(), column.clone());
                    uses.extend(key.columns.iter().map(not_null));
                }
            }
            ConstraintKind::ForeignKey(key) => uses.extend(referenced(key)),
            ConstraintKind::Check(check) => uses.extend(self.expression(&check.expression)),
            ConstraintKind::Exclusion(exclusion) => {
                names.push(Name::Relation(table.sibling(name.clone())));
                let elements = exclusion.elements.iter().map(|(element, _)| &element.key);
                for expression in expressions(elements).chain(exclusion.predicate.as_deref()) {
                    uses.extend(self.expression(expression));
                }
            }
        }
        uses.extend(self.uses(&is[0]));
        Facts { is, uses, names }
    }

    pub(super) fn index(&self, table: &QualifiedName, name: &Ident, index: &Index) -> Facts {
        let qualified = table.sibling(name.clone());
        let mut is = vec![Part::Index(qualified.clone())];
        is.extend(index_key(index).map(|columns| key_part(table, &columns)));
        let mut uses = vec![Part::Table(table.clone())];
        uses.extend(
            index
                .columns
                .iter()
                .map(|column| Part::Column(table.clone(), column.clone())),
        );
        for expression in index_expressions(index) {
            uses.extend(self.expression(expression));
        }
        uses.extend(self.uses(&is[0]));
        Facts {
            is,
            uses,
            names: vec![Name::Relation(qualified)],
        }
    }
}

/// The constraints that `CREATE TABLE` makes, in the order to read them.
///
/// It takes none that is not valid, and foreign keys wait until what they reference is there. Of
/// two that demand the same PostgreSQL would keep one only, without a word.
pub(super) fn inline_constraints(table: &Table) -> Vec<(&Ident, &Constraint)> {
    let mut inline: Vec<(&Ident, &Constraint)> = Vec::new();
    let mut constraints: Vec<_> = table.constraints.iter().collect();
    constraints.sort_by_key(|(_, constraint)| match constraint.kind {
        ConstraintKind::PrimaryKey(_) => 0,
        ConstraintKind::Unique(_) => 1,
        ConstraintKind::Exclusion(_) => 2,
        ConstraintKind::Check(_) => 3,
        ConstraintKind::ForeignKey(_) => 4,
    });
    for (name, constraint) in constraints {
        let said = inline
            .iter()
            .any(|(_, said)| demand(said).is_some() && demand(said) == demand(constraint));
        let foreign = matches!(constraint.kind, ConstraintKind::ForeignKey(_));
        let later = foreign || constraint.inherited && !table.inherits.is_empty();
        if constraint.validated && !later && !said {
            inline.push((name, constraint));
        }
    }
    inline
}

/// What PostgreSQL compares of two key constraints of one `CREATE TABLE`; no other two are equal.
fn demand(constraint: &Constraint) -> Option<(&[Ident], &[Ident], bool, Deferrable)> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => Some((
            &key.columns,
            &key.include,
            key.nulls_not_distinct,
            constraint.deferrable,
        )),
        ConstraintKind::ForeignKey(_) | ConstraintKind::Check(_) | ConstraintKind::Exclusion(_) => {
            None
        }
    }
}

/// The name of the sequence of an identity column, if PostgreSQL's first choice was free.
pub(super) fn identity_sequence(
    table: &QualifiedName,
    column: &Ident,
    identity: &Identity,
) -> QualifiedName {
    let implicit = || Identity::implicit_sequence(table, column, 0);
    identity.sequence.clone().unwrap_or_else(implicit)
}

/// The names that such a sequence needs: PostgreSQL looks for a type too, although it makes none.
pub(super) fn identity_names(
    table: &QualifiedName,
    column: &Ident,
    identity: &Identity,
) -> [Name; 2] {
    let sequence = identity_sequence(table, column, identity);
    [Name::Relation(sequence.clone()), Name::Type(sequence)]
}

/// The columns of a table that a generated column mentions.
pub(super) fn generated_from<'a>(
    table: &'a Table,
    expression: &str,
) -> impl Iterator<Item = &'a Column> + use<'a> {
    let names = mentions(expression);
    let columns = table.columns.iter();
    columns.filter(move |column| names.contains(column.name.as_str()))
}

/// The columns of its own table that a constraint needs.
pub(super) fn constraint_columns(constraint: &Constraint) -> Vec<&Ident> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            key.columns.iter().chain(&key.include).collect()
        }
        ConstraintKind::ForeignKey(key) => key.columns.iter().collect(),
        ConstraintKind::Check(check) => check.columns.iter().collect(),
        ConstraintKind::Exclusion(exclusion) => exclusion.columns.iter().collect(),
    }
}

/// The expressions of an index.
pub(super) fn index_expressions(index: &Index) -> impl Iterator<Item = &str> {
    let elements = index.elements.iter().map(|element| &element.key);
    expressions(elements).chain(index.predicate.as_deref())
}

pub(super) fn expressions<'a>(
    elements: impl Iterator<Item = &'a IndexKey>,
) -> impl Iterator<Item = &'a str> {
    elements.filter_map(|key| match key {
        IndexKey::Column(_) => None,
        IndexKey::Expression(expression) => Some(expression.as_str()),
    })
}

/// The columns that a unique index offers to foreign keys.
pub(super) fn index_key(index: &Index) -> Option<Vec<Ident>> {
    if !index.unique || index.predicate.is_some() {
        return None;
    }
    let columns = index.elements.iter().map(|element| match &element.key {
        IndexKey::Column(column) => Some(column.clone()),
        IndexKey::Expression(_) => None,
    });
    columns.collect()
}

/// The keys that a column is part of, if only an included one.
pub(super) fn keys_with(name: &QualifiedName, table: &Table, column: &Ident) -> Vec<Part> {
    let constraints = table.constraints.values().filter_map(|it| match &it.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            let has = constraint_columns(it).contains(&column);
            has.then(|| key.columns.clone())
        }
        _ => None,
    });
    let indexes = table.indexes.values();
    let indexes = indexes.filter(|index| index.columns.contains(column));
    let keys = constraints.chain(indexes.filter_map(index_key));
    keys.map(|columns| key_part(name, &columns)).collect()
}

pub(super) fn key_part(table: &QualifiedName, columns: &[Ident]) -> Part {
    let mut columns = columns.to_vec();
    columns.sort();
    Part::Key(table.clone(), columns)
}

/// What a foreign key needs of the other table.
fn referenced(key: &ForeignKey) -> Vec<Part> {
    let mut parts = vec![
        Part::Table(key.references.clone()),
        key_part(&key.references, &key.referenced_columns),
    ];
    let columns = key.referenced_columns.iter();
    parts.extend(columns.map(|column| Part::Column(key.references.clone(), column.clone())));
    parts
}
