//! Constraints.

use std::collections::BTreeSet;

use schema_core::catalog::{
    Check, Constraint, ConstraintKind, Deferrable, Exclusion, ForeignKey, IndexElement, IndexKey,
    Key, Parameters, ReferentialAction, Table,
};
use schema_core::ident::{Ident, QualifiedName, literal};

use super::Builder;
use super::types::{Family, Type};

impl Builder {
    pub(super) fn add_primary_key(&mut self, table: &QualifiedName) {
        let has_one = self.catalog.tables[table].constraints.values();
        let mut has_one = has_one.map(|it| matches!(it.kind, ConstraintKind::PrimaryKey(_)));
        if has_one.any(|it| it) {
            return;
        }
        if let Some(mut key) = self.key(table) {
            key.nulls_not_distinct = false;
            self.add_constraint(table, ConstraintKind::PrimaryKey(key));
        }
    }

    pub(super) fn add_unique(&mut self, table: &QualifiedName) {
        if let Some(key) = self.key(table) {
            self.add_constraint(table, ConstraintKind::Unique(key));
        }
    }

    fn key(&mut self, table: &QualifiedName) -> Option<Key> {
        let columns = self.columns(table, |_, found| found.has_equality());
        let columns: Vec<Ident> = columns.into_iter().map(|(name, _)| name).collect();
        if columns.is_empty() {
            return None;
        }
        // The first column is the simplest key.
        let columns = if self.choices.sometimes(50) {
            self.choices.some_of(&columns, 3)
        } else {
            columns[..1].to_vec()
        };
        let fillfactor = self.choices.sometimes(10);
        let parameters = fillfactor.then(|| ("fillfactor".to_owned(), "80".to_owned()));
        Some(Key {
            include: self.include(table, &columns),
            columns,
            nulls_not_distinct: self.major >= 15 && self.choices.sometimes(20),
            storage_parameters: parameters.into_iter().collect(),
            ..Key::default()
        })
    }

    pub(super) fn include(&mut self, table: &QualifiedName, keys: &[Ident]) -> Vec<Ident> {
        if !self.choices.sometimes(15) {
            return Vec::new();
        }
        let others = self.columns(table, |column, _| !keys.contains(&column.name));
        let others: Vec<Ident> = others.into_iter().map(|(name, _)| name).collect();
        self.choices.some_of(&others, 2)
    }

    pub(super) fn add_check(&mut self, table: &QualifiedName) {
        let columns = self.columns(table, |_, _| true);
        let Some((column, found)) = self.choices.any_of(columns) else {
            return;
        };
        let expression = self.predicate(&column, &found);
        let mut check = Check {
            expression,
            no_inherit: self.choices.sometimes(5),
            columns: vec![column],
        };
        let numbers = self.columns(table, |_, found| found.family == Family::Integer);
        if let ([(one, _), (other, _), ..], true) = (&numbers[..], self.choices.sometimes(20)) {
            check.expression = format!("{one} <> {other} OR {one} IS NULL");
            check.columns = BTreeSet::from([one.clone(), other.clone()])
                .into_iter()
                .collect();
        }
        self.add_constraint(table, ConstraintKind::Check(check));
    }

    /// A condition on a column.
    pub(super) fn predicate(&mut self, column: &Ident, found: &Type) -> String {
        let mut predicates = vec![format!("{column} IS NOT NULL")];
        match found.family {
            Family::Integer | Family::Numeric => predicates.extend([
                format!("{column} > 0"),
                format!("{column} BETWEEN 1 AND 100"),
                format!("{column} IN (1, 2, 3)"),
            ]),
            Family::Text => predicates.extend([
                format!("length({column}) > 0"),
                format!("{column} IN ('it''s', '(', E'\\\\')"),
                format!("{column} LIKE 'a%' AND NOT {column} = ''"),
                format!("CASE WHEN {column} = 'a' THEN false ELSE true END"),
            ]),
            Family::Enum => {
                let name = found.name.as_ref();
                let labels = name.and_then(|name| self.catalog.enums.get(name));
                let labels = labels.iter().flat_map(|it| &it.labels).cloned();
                if let Some(label) = self.choices.any_of(labels.collect::<Vec<_>>()) {
                    predicates.push(format!("{column} <> {}", literal(&label)));
                }
            }
            _ => predicates.push(format!("{column} IS NULL")),
        }
        self.choices.one_of(&predicates)
    }

    pub(super) fn add_exclusion(&mut self, table: &QualifiedName) {
        let columns = self.columns(table, |_, found| {
            found.family == Family::Range || found.has_equality()
        });
        let Some((column, found)) = self.choices.any_of(columns) else {
            return;
        };
        let is_range = found.family == Family::Range;
        let (method, operator) = if is_range {
            ("gist", "&&")
        } else {
            ("btree", "=")
        };
        let mut elements = vec![(
            element(IndexKey::Column(column.clone())),
            operator.to_owned(),
        )];
        let mut used = BTreeSet::from([column.clone()]);
        if is_range && self.catalog.extensions.contains_key("btree_gist") {
            let numbers = self.columns(table, |_, found| found.family == Family::Integer);
            if let Some((number, _)) = self.choices.any_of(numbers) {
                used.insert(number.clone());
                elements.insert(0, (element(IndexKey::Column(number)), "=".to_owned()));
            }
        }
        let partial = self.choices.sometimes(30);
        let exclusion = Exclusion {
            method: method.into(),
            elements,
            include: Vec::new(),
            predicate: partial.then(|| format!("{column} IS NOT NULL")),
            storage_parameters: Parameters::new(),
            tablespace: None,
            columns: used.into_iter().collect(),
        };
        self.add_constraint(table, ConstraintKind::Exclusion(exclusion));
    }

    /// A foreign key between any two tables, on columns made for it.
    pub(super) fn add_foreign_key(&mut self) {
        let tables: Vec<QualifiedName> = self.catalog.tables.keys().cloned().collect();
        let (Some(table), Some(references)) = (
            self.choices.any_of(tables.clone()),
            self.choices.any_of(tables),
        ) else {
            return;
        };
        let keys = keys(&self.catalog.tables[&references]);
        let Some(referenced_columns) = self.choices.any_of(keys) else {
            return;
        };
        let mut columns = Vec::new();
        for referenced in &referenced_columns {
            let found = self.columns(&references, |column, _| column.name == *referenced);
            let Some((_, found)) = found.into_iter().next() else {
                return;
            };
            // PostgreSQL cannot validate such a foreign key.
            if matches!(found.family, Family::Array | Family::Range) {
                return;
            }
            let mut column = self.plain_column(found);
            column.not_null = self.choices.sometimes(30);
            columns.push(column.name.clone());
            self.table(&table).columns.push(column);
        }
        let mut foreign_key = ForeignKey {
            columns,
            references,
            referenced_columns,
            on_delete: ReferentialAction::NoAction,
            on_delete_columns: Vec::new(),
            on_update: ReferentialAction::NoAction,
            match_full: self.choices.sometimes(15),
            period: false,
        };
        self.alter_actions(&mut foreign_key);
        self.add_constraint(&table, ConstraintKind::ForeignKey(foreign_key));
        if self.choices.sometimes(30) {
            self.add_index(&table);
        }
    }

    pub(super) fn alter_actions(&mut self, foreign_key: &mut ForeignKey) {
        const ACTIONS: &[ReferentialAction] = &[
            ReferentialAction::NoAction,
            ReferentialAction::Cascade,
            ReferentialAction::SetNull,
            ReferentialAction::Restrict,
            ReferentialAction::SetDefault,
        ];
        foreign_key.on_delete = self.choices.one_of(ACTIONS);
        foreign_key.on_update = self.choices.one_of(ACTIONS);
        foreign_key.on_delete_columns.clear();
        let sets = [ReferentialAction::SetNull, ReferentialAction::SetDefault];
        if self.major >= 15 && sets.contains(&foreign_key.on_delete) && self.choices.sometimes(30) {
            foreign_key.on_delete_columns = self.choices.some_of(&foreign_key.columns, 2);
        }
    }

    fn add_constraint(&mut self, table: &QualifiedName, kind: ConstraintKind) {
        let can_defer = !matches!(kind, ConstraintKind::Check(_));
        let can_wait = matches!(
            kind,
            ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_)
        );
        let constraint = Constraint {
            deferrable: if can_defer && self.choices.sometimes(15) {
                self.choices.one_of(&[
                    Deferrable::InitiallyImmediate,
                    Deferrable::InitiallyDeferred,
                ])
            } else {
                Deferrable::No
            },
            validated: !(can_wait && self.choices.sometimes(10)),
            comment: self.comment(),
            ..Constraint::new(kind)
        };
        let name = self.fresh_name();
        self.table(table).constraints.insert(name, constraint);
    }
}

/// Lists of columns that a foreign key can reference.
pub(super) fn keys(table: &Table) -> Vec<Vec<Ident>> {
    let constraints = table.constraints.values().filter_map(|it| match &it.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)
            if it.deferrable == Deferrable::No =>
        {
            Some(key.columns.clone())
        }
        _ => None,
    });
    let indexes = table
        .indexes
        .values()
        .filter(|it| it.unique && it.predicate.is_none());
    let indexes = indexes.filter_map(|index| {
        let columns = index.elements.iter().map(|element| match &element.key {
            IndexKey::Column(name) if element.opclass.is_none() => Some(name.clone()),
            _ => None,
        });
        columns.collect()
    });
    constraints.chain(indexes).collect()
}

/// An element with defaults.
pub(super) fn element(key: IndexKey) -> IndexElement {
    IndexElement {
        key,
        opclass: None,
        collation: None,
        descending: false,
        nulls_first: false,
    }
}
