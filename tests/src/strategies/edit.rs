//! Random edits.

use schema_core::catalog::{
    Column, Constraint, ConstraintKind, Deferrable, Generation, SchemaObject,
};
use schema_core::ident::{Ident, QualifiedName, literal};

use super::Builder;
use super::repair::{mentions, nextval, repair};
use super::types::{Family, Type};

impl Builder {
    /// A few edits; each leaves a valid catalog for the next.
    pub(super) fn edit(&mut self) {
        for _ in 0..=self.choices.below(5) {
            self.edit_once();
            repair(&mut self.catalog);
        }
    }

    fn edit_once(&mut self) {
        let table = self.choices.any_of(self.catalog.tables.keys().cloned());
        let Some(table) = table else {
            return self.add_table();
        };
        match self.choices.below(24) {
            0..=3 => self.edit_column(&table),
            4 | 5 => self.add_column(&table),
            6 => self.drop_column(&table),
            7 => self.rename_column(&table),
            8 => self.add_generated_column(&table),
            9..=11 => self.edit_constraint(&table),
            12 | 13 => self.edit_index(&table),
            14 => self.add_foreign_key(),
            15 => self.add_table(),
            16 => drop(self.catalog.tables.remove(&table)),
            17 => self.rename_table(&table),
            18 => {
                self.alter_table(&table);
                self.table(&table).comment = self.some_comment();
            }
            19 | 20 => self.edit_enum(),
            21 => self.edit_domain(),
            22 => self.edit_sequence(),
            _ => self.edit_schema(),
        }
    }

    fn some_comment(&mut self) -> Option<String> {
        self.comment().or_else(|| self.comment())
    }

    pub(super) fn any_column(&mut self, table: &QualifiedName) -> Option<&mut Column> {
        let count = self.catalog.tables[table].columns.len();
        let index = self.choices.below(count);
        self.table(table).columns.get_mut(index)
    }

    fn edit_column(&mut self, table: &QualifiedName) {
        let Some(mut column) = self.any_column(table).cloned() else {
            return;
        };
        let found = Type::of(&self.catalog, &column.data_type, column.type_name.as_ref());
        match self.choices.below(6) {
            0 => column.not_null = !column.not_null,
            1 => column.comment = self.some_comment(),
            2 if found.family == Family::Text => self.alter_text(&mut column),
            3 => self.edit_type(table, &mut column, &found),
            _ => self.edit_generation(table, &mut column, &found),
        }
        let columns = &mut self.table(table).columns;
        if let Some(place) = columns.iter_mut().find(|it| it.name == column.name) {
            *place = column;
        }
    }

    fn edit_generation(&mut self, table: &QualifiedName, column: &mut Column, found: &Type) {
        // A stored column cannot be made of a plain one, and only its expression is its own.
        if matches!(column.generation, Generation::Stored(_)) {
            return;
        }
        let is_integer = found.family == Family::Integer;
        column.generation = match self.choices.below(4) {
            0 => Generation::None,
            1 if is_integer => Generation::Identity(self.identity(table)),
            2 if is_integer => {
                let unowned = self.catalog.sequences.iter();
                let unowned = unowned.filter(|(_, sequence)| sequence.owned_by.is_none());
                let unowned = unowned.map(|(name, _)| nextval(name)).collect::<Vec<_>>();
                let default = self.choices.any_of(unowned);
                default.map_or(Generation::None, Generation::Default)
            }
            _ => {
                let default = found.default.clone();
                default.map_or(Generation::None, Generation::Default)
            }
        };
    }

    /// Another type; what may not fit it goes.
    fn edit_type(&mut self, table: &QualifiedName, column: &mut Column, found: &Type) {
        if matches!(column.generation, Generation::Stored(_)) {
            return;
        }
        let is_identity = matches!(column.generation, Generation::Identity(_));
        let Some(other) = self.castable(found) else {
            return;
        };
        let same_family = other.family == found.family;
        if is_identity && !same_family {
            return;
        }
        if !is_identity && !is_sequence(&column.generation) {
            let keep = self.choices.sometimes(50);
            let default = other.default.filter(|_| keep);
            column.generation = default.map_or(Generation::None, Generation::Default);
        }
        column.data_type = other.sql;
        if !same_family {
            if is_sequence(&column.generation) {
                column.generation = Generation::None;
            }
            (column.collation, column.storage, column.compression) = (None, None, None);
            let name = column.name.clone();
            self.forget_uses(table, &name);
        }
    }

    /// Removes constraints, indexes and generated columns that use the column.
    fn forget_uses(&mut self, table: &QualifiedName, column: &Ident) {
        let table = self.table(table);
        table
            .constraints
            .retain(|_, it| !columns_of(it).contains(column));
        table.indexes.retain(|_, it| !it.columns.contains(column));
        table.columns.retain(|it| match &it.generation {
            Generation::Stored(expression) | Generation::Virtual(expression) => {
                !mentions(expression, column)
            }
            _ => true,
        });
    }

    fn drop_column(&mut self, table: &QualifiedName) {
        if let Some(name) = self.any_column(table).map(|column| column.name.clone()) {
            self.forget_uses(table, &name);
            self.table(table)
                .columns
                .retain(|column| column.name != name);
        }
    }

    fn edit_constraint(&mut self, table: &QualifiedName) {
        let names = self.catalog.tables[table].constraints.keys().cloned();
        let name = self.choices.any_of(names.collect::<Vec<_>>());
        let found = name.and_then(|name| self.table(table).constraints.remove_entry(&name));
        let (name, mut constraint) = match (self.choices.below(8), found) {
            (0, _) | (_, None) => {
                return match self.choices.below(4) {
                    0 => self.add_check(table),
                    1 => self.add_unique(table),
                    2 => self.add_primary_key(table),
                    _ => self.add_exclusion(table),
                };
            }
            (1, Some((_, constraint))) => (self.fresh_name(), constraint),
            (_, Some(found)) => found,
        };
        match &mut constraint.kind {
            ConstraintKind::ForeignKey(key) => match self.choices.below(4) {
                0 => self.alter_actions(key),
                1 => key.match_full = !key.match_full,
                2 => constraint.validated = !constraint.validated,
                _ => constraint.deferrable = self.deferrable(),
            },
            ConstraintKind::Check(check) => match self.choices.below(3) {
                0 => constraint.validated = !constraint.validated,
                1 => check.no_inherit = !check.no_inherit,
                _ => check.expression = format!("({}) IS NOT FALSE", check.expression),
            },
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                match self.choices.below(4) {
                    0 => key.columns.reverse(),
                    1 => key.include.clear(),
                    2 => key.storage_parameters.clear(),
                    _ => constraint.deferrable = self.deferrable(),
                }
            }
            ConstraintKind::Exclusion(exclusion) => exclusion.predicate = None,
        }
        if self.choices.sometimes(20) {
            constraint.comment = self.some_comment();
        }
        self.table(table).constraints.insert(name, constraint);
    }

    fn deferrable(&mut self) -> Deferrable {
        self.choices.one_of(&[
            Deferrable::No,
            Deferrable::InitiallyImmediate,
            Deferrable::InitiallyDeferred,
        ])
    }

    fn edit_index(&mut self, table: &QualifiedName) {
        let names = self.catalog.tables[table].indexes.keys().cloned();
        let name = self.choices.any_of(names.collect::<Vec<_>>());
        let found = name.and_then(|name| self.table(table).indexes.remove_entry(&name));
        let (name, mut index) = match (self.choices.below(6), found) {
            (0, _) | (_, None) => return self.add_index(table),
            (1, Some((_, index))) => (self.fresh_name(), index),
            (_, Some(found)) => found,
        };
        match self.choices.below(5) {
            0 => index.comment = self.some_comment(),
            1 => index.storage_parameters.clear(),
            2 => index.predicate = None,
            3 if index.method == "btree" => {
                index.elements.reverse();
                for element in &mut index.elements {
                    element.descending = !element.descending;
                    element.collation = None;
                }
            }
            _ if index.method == "btree" => index.unique = !index.unique,
            _ => {}
        }
        index.nulls_not_distinct &= index.unique;
        self.table(table).indexes.insert(name, index);
    }

    fn edit_enum(&mut self) {
        let names = self.catalog.enums.keys().cloned().collect::<Vec<_>>();
        let Some(name) = self.choices.any_of(names) else {
            return self.add_enum();
        };
        let Some(mut edited) = self.catalog.enums.remove(&name) else {
            return;
        };
        let place = self.choices.below(edited.labels.len() + 1);
        match self.choices.below(7) {
            0..=2 => {
                if let Some(label) = self.fresh_label(&edited.labels) {
                    edited.labels.insert(place, label);
                }
            }
            3 if edited.labels.len() > 1 => {
                let label = edited.labels.remove(place % edited.labels.len());
                self.forget_label(&label);
            }
            4 => edited.labels.reverse(),
            5 => edited.comment = self.some_comment(),
            // It goes, and with it the columns that had it.
            6 => return,
            _ => self.add_enum(),
        }
        self.catalog.enums.insert(name, edited);
    }

    /// Removes what names a label, of whatever enum.
    fn forget_label(&mut self, label: &str) {
        let label = literal(label);
        for table in self.catalog.tables.values_mut() {
            let names = |text: &str| text.contains(&label);
            for column in &mut table.columns {
                if matches!(&column.generation, Generation::Default(text) if names(text)) {
                    column.generation = Generation::None;
                }
            }
            table.constraints.retain(
                |_, it| !matches!(&it.kind, ConstraintKind::Check(check) if names(&check.expression)),
            );
            let indexes = &mut table.indexes;
            indexes.retain(|_, it| !it.predicate.as_deref().is_some_and(names));
        }
        for domain in self.catalog.domains.values_mut() {
            domain.default = domain.default.take().filter(|text| !text.contains(&label));
        }
    }

    fn edit_domain(&mut self) {
        let names = self.catalog.domains.keys().cloned().collect::<Vec<_>>();
        let Some(name) = self.choices.any_of(names) else {
            return self.add_domain();
        };
        let Some(mut domain) = self.catalog.domains.remove(&name) else {
            return;
        };
        let base = Type::of(&self.catalog, &domain.base, domain.base_name.as_ref());
        match self.choices.below(7) {
            0 => domain.not_null = !domain.not_null,
            1 => domain.default = base.default.filter(|_| domain.default.is_none()),
            2 => domain.checks.clear(),
            3 => domain.comment = self.some_comment(),
            4 => return,
            5 => self.add_domain(),
            _ => domain.checks.extend([self.domain_check(base.family)]),
        }
        self.catalog.domains.insert(name, domain);
    }

    fn edit_sequence(&mut self) {
        let names = self.catalog.sequences.keys().cloned().collect::<Vec<_>>();
        let Some(name) = self.choices.any_of(names) else {
            return self.add_sequence();
        };
        let Some(mut sequence) = self.catalog.sequences.remove(&name) else {
            return;
        };
        match self.choices.below(4) {
            0 => sequence.options = self.sequence_options(),
            1 => sequence.comment = self.some_comment(),
            2 => sequence.owned_by = None,
            _ => return,
        }
        self.catalog.sequences.insert(name, sequence);
    }

    fn edit_schema(&mut self) {
        match self.choices.below(3) {
            0 => self.add_schema(),
            1 => self.add_extension(),
            _ => {
                let comment = self.some_comment();
                let schemas = self.catalog.schemas.values_mut().collect::<Vec<_>>();
                let schema = self.choices.any_of(schemas);
                if let Some(schema) = schema {
                    *schema = SchemaObject { comment };
                }
            }
        }
    }
}

fn is_sequence(generation: &Generation) -> bool {
    matches!(generation, Generation::Default(value) if value.starts_with("nextval("))
}

fn columns_of(constraint: &Constraint) -> Vec<Ident> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            [&key.columns[..], &key.include].concat()
        }
        ConstraintKind::ForeignKey(key) => key.columns.clone(),
        ConstraintKind::Check(check) => check.columns.clone(),
        ConstraintKind::Exclusion(exclusion) => exclusion.columns.clone(),
    }
}
