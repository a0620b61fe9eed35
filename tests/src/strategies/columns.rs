//! Tables and their columns.

use schema_core::catalog::{Column, Generation, Identity, Persistence, Sequence, Table};
use schema_core::ident::{Ident, QualifiedName};

use super::Builder;
use super::repair::nextval;
use super::types::{Family, Type};

/// Collations that every server has.
pub(super) const COLLATIONS: &[&str] = &["\"C\"", "\"POSIX\"", "ucs_basic"];

impl Builder {
    /// A table with columns, keys, checks and indexes.
    pub(super) fn add_table(&mut self) {
        let name = self.fresh_qualified_name();
        let table = Table {
            comment: self.comment(),
            ..Table::default()
        };
        self.catalog.tables.insert(name.clone(), table);
        self.add_id(&name);
        for _ in 0..self.choices.below(7) {
            self.add_column(&name);
        }
        for _ in 0..self.choices.below(2) {
            self.add_generated_column(&name);
        }
        if !self.choices.sometimes(20) {
            self.add_primary_key(&name);
        }
        for _ in 0..self.choices.below(3) {
            self.add_unique(&name);
        }
        for _ in 0..self.choices.below(3) {
            self.add_check(&name);
        }
        for _ in 0..self.choices.below(4) {
            self.add_index(&name);
        }
        if self.choices.sometimes(15) {
            self.add_exclusion(&name);
        }
        self.alter_table(&name);
    }

    /// Changes what a table has beside columns and constraints.
    pub(super) fn alter_table(&mut self, name: &QualifiedName) {
        let unlogged = self.choices.sometimes(10);
        let fillfactor = self.choices.sometimes(10);
        let manual_vacuum = self.choices.sometimes(10);
        let table = self.table(name);
        table.persistence = if unlogged {
            Persistence::Unlogged
        } else {
            Persistence::Logged
        };
        let mut parameters = schema_core::catalog::Parameters::new();
        if fillfactor {
            parameters.insert("fillfactor".to_owned(), "70".to_owned());
        }
        if manual_vacuum {
            parameters.insert("autovacuum_enabled".to_owned(), "false".to_owned());
        }
        table.storage_parameters = parameters;
    }

    /// A number, often with a sequence behind it.
    pub(super) fn add_id(&mut self, table: &QualifiedName) {
        let sql = self.choices.one_of(&["bigint", "integer", "smallint"]);
        let mut column = self.plain_column(Type::of(&self.catalog, sql, None));
        let generation = self.choices.below(4);
        if generation == 1 {
            column.generation = Generation::Identity(self.identity(table));
        } else if generation == 2 {
            // An owned sequence is in the schema of its table.
            let sequence = table.sibling(self.fresh_name());
            column.generation = Generation::Default(nextval(&sequence));
            let owned = Sequence {
                data_type: sql.to_owned(),
                options: self.sequence_options(),
                owned_by: Some((table.clone(), column.name.clone())),
                comment: self.comment(),
            };
            self.catalog.sequences.insert(sequence, owned);
        }
        self.table(table).columns.push(column);
    }

    pub(super) fn identity(&mut self, table: &QualifiedName) -> Identity {
        let named = self.choices.sometimes(20);
        Identity {
            always: self.choices.sometimes(50),
            sequence: named.then(|| table.sibling(self.fresh_name())),
            options: self.sequence_options(),
        }
    }

    /// A column of any type.
    pub(super) fn add_column(&mut self, table: &QualifiedName) {
        let found = self.any_type();
        let with_default = self.choices.sometimes(40);
        let default = found.default.clone().filter(|_| with_default);
        let is_text = found.family == Family::Text;
        let mut column = self.plain_column(found);
        column.generation = default.map_or(Generation::None, Generation::Default);
        column.not_null = self.choices.sometimes(40);
        if is_text {
            self.alter_text(&mut column);
        }
        self.table(table).columns.push(column);
    }

    /// Changes what only text has.
    pub(super) fn alter_text(&mut self, column: &mut Column) {
        let collated = self.choices.sometimes(20);
        column.collation = collated.then(|| self.choices.one_of(COLLATIONS).to_owned());
        let stored = self.choices.sometimes(10);
        let storages = ["external", "main", "plain"];
        column.storage = stored.then(|| self.choices.one_of(&storages).to_owned());
        let compressed = self.choices.sometimes(10);
        column.compression = compressed.then(|| "pglz".to_owned());
    }

    /// A stored generated column over another column of the table.
    pub(super) fn add_generated_column(&mut self, table: &QualifiedName) {
        let sources = self.columns(table, |column, _| {
            !matches!(column.generation, Generation::Stored(_))
        });
        let Some((name, source)) = self.choices.any_of(sources) else {
            return;
        };
        let expressions = match source.family {
            Family::Integer => vec![format!("{name} * 2"), format!("({name} + 1) % 7")],
            Family::Numeric => vec![format!("round({name}, 1)")],
            Family::Text => vec![
                format!("lower({name})"),
                format!("({name} || ' '::text) || upper({name})"),
            ],
            _ => vec![format!("{name}")],
        };
        let expression = self.choices.one_of(&expressions);
        let text = Type::of(&self.catalog, "text", None);
        let is_text = source.family == Family::Text;
        let mut column = self.plain_column(if is_text { text } else { source });
        column.generation = Generation::Stored(expression);
        self.table(table).columns.push(column);
    }

    pub(super) fn plain_column(&mut self, found: Type) -> Column {
        Column {
            type_name: found.name,
            comment: self.comment(),
            ..Column::new(self.fresh_name(), found.sql)
        }
    }

    /// A table that is known to be there.
    pub(super) fn table(&mut self, name: &QualifiedName) -> &mut Table {
        let table = self.catalog.tables.get_mut(name);
        table.expect("the builder only names tables that it has made")
    }

    /// The columns of a table that serve, with their types.
    pub(super) fn columns(
        &self,
        table: &QualifiedName,
        serves: impl Fn(&Column, &Type) -> bool,
    ) -> Vec<(Ident, Type)> {
        let columns = self.catalog.tables[table].columns.iter();
        columns
            .filter_map(|column| {
                let name = column.type_name.as_ref();
                let found = Type::of(&self.catalog, &column.data_type, name);
                serves(column, &found).then(|| (column.name.clone(), found))
            })
            .collect()
    }
}
