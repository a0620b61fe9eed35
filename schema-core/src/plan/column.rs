//! Steps for the columns of a table that is there.

use super::Planner;
use super::cast::{Conversion, conversion, keeps_values};
use super::facts::{identity_names, keys_with};
use super::step::{self, Class, Part, Step};
use super::table::{alter, with_implied};
use crate::catalog::{Catalog, Column, Generation, Table};
use crate::ddl::{ColumnDefinition, CommentTarget, Ddl, TableAction, TableDdl};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    pub(super) fn column(
        &mut self,
        table: &'a QualifiedName,
        name: &'a Ident,
        delta: Delta<'a, Column>,
    ) {
        let again = self
            .rebuild
            .columns
            .contains(&(table.clone(), name.clone()));
        match delta {
            Delta::Create(to) => self.add_column(table, to),
            Delta::Drop(from) => self.drop_column(table, from),
            Delta::Alter { from, to } | Delta::Rename { from, to, .. } if again => {
                self.drop_column(table, from);
                self.add_column(table, to);
            }
            Delta::Alter { from, to } | Delta::Rename { from, to, .. } => {
                self.alter_column(table, from, to);
            }
        }
    }

    fn add_column(&mut self, table: &'a QualifiedName, to: &'a Column) {
        let facts = self.new.column(table, self.new_table(table), to);
        let hint = self.hints.backfill.get(&(table.clone(), to.name.clone()));
        let filled = hint.filter(|_| !matches!(to.generation, Generation::Stored(_)));
        let mut column = to.clone();
        if filled.is_some() {
            column.not_null = false;
            column.generation = Generation::None;
        }
        let action = TableAction::AddColumn(ColumnDefinition(column));
        let step = Step::new(Class::Table, table, step::ADD_COLUMN, alter(table, action));
        let mut last = self.push(step.creating(facts));
        if let Some(value) = filled {
            last = self.backfill(table, &to.name, value, Some(last));
            let bare = Column {
                not_null: false,
                generation: Generation::None,
                ..to.clone()
            };
            self.generation(table, &bare, to, Some(last));
        }
        self.column_extras(table, None, to);
    }

    fn drop_column(&mut self, table: &'a QualifiedName, from: &'a Column) {
        let facts = self.old.column(table, self.old_table(table), from);
        let implied = self.implied.remove(&(table, &from.name));
        let action = TableAction::DropColumn(from.name.clone());
        let step = Step::new(Class::Table, table, step::DROP_COLUMN, alter(table, action));
        self.push(step.dropping(with_implied(facts, implied)));
    }

    fn alter_column(&mut self, table: &'a QualifiedName, from: &'a Column, to: &'a Column) {
        let key = (table.clone(), to.name.clone());
        let retyped = self.rebuild.retyped.contains(&key);
        let using = retyped.then(|| self.using(table, from, to)).flatten();
        let new_default = self.rebuild.defaults.contains(&key)
            || retyped && (using.is_some() || from.generation != to.generation);
        let column = &from.name;
        let mut last = None;
        let old_facts = self.old.column(table, self.old_table(table), from);
        let attribute = |action| {
            Step::new(
                Class::Table,
                table,
                step::DROP_ATTRIBUTE,
                alter(table, action),
            )
        };
        match (&from.generation, &to.generation) {
            (Generation::Default(expression), after)
                if new_default || !matches!(after, Generation::Default(_)) =>
            {
                let used = self.old.expression(expression);
                let step = attribute(TableAction::DropDefault(column.clone()));
                last = Some(self.push(step.freeing(used)));
            }
            (Generation::Identity(_), Generation::Identity(_))
            | (Generation::Stored(_), Generation::Stored(_)) => {}
            (Generation::Identity(identity), _) => {
                let mut step = attribute(TableAction::DropIdentity(column.clone()));
                step.releases
                    .extend(identity_names(table, column, identity));
                last = Some(self.push(step));
            }
            (Generation::Stored(_), _) => {
                let step = attribute(TableAction::DropExpression(column.clone()));
                last = Some(self.push(step.freeing(old_facts.uses.clone())));
            }
            _ => {}
        }
        if from.not_null && !to.not_null {
            let mut step = attribute(TableAction::DropNotNull(column.clone()));
            step.drops
                .push(Part::NotNull(table.clone(), column.clone()));
            step.after = last;
            last = Some(self.push(step));
        }
        if retyped {
            let keeps = using.is_none()
                && from.collation == to.collation
                && keeps_values(&from.data_type, &to.data_type);
            let action = TableAction::SetType {
                column: column.clone(),
                data_type: to.data_type.clone(),
                collation: to.collation.clone(),
                using,
                rewrites: !keeps,
            };
            let part = Part::Column(table.clone(), column.clone());
            let step = Step::new(Class::Table, table, step::SET_TYPE, alter(table, action));
            let new_type = to.type_name.iter().map(|name| self.new.r#type(name));
            let old_type = from.type_name.iter().map(|name| self.old.r#type(name));
            let step = step.needing(new_type.collect::<Vec<_>>());
            let mut step = step.freeing(old_type.collect::<Vec<_>>());
            step.creates.push(part.clone());
            step.drops.push(part);
            let keys = |side: &Table| keys_with(table, side, column);
            step.creates.extend(keys(self.new_table(table)));
            step.drops.extend(keys(self.old_table(table)));
            step.after = last;
            last = Some(self.push(step));
        }
        let hint = self.hints.backfill.get(&key);
        if let (false, true, Some(value)) = (from.not_null, to.not_null, hint) {
            last = Some(self.backfill(table, column, value, last));
        }
        // What is left of it by then.
        let generation = match (&from.generation, &to.generation) {
            (Generation::Default(_), Generation::Default(_)) if new_default => Generation::None,
            (Generation::Default(_), Generation::Default(_))
            | (Generation::Identity(_), Generation::Identity(_))
            | (Generation::Stored(_), Generation::Stored(_)) => from.generation.clone(),
            _ => Generation::None,
        };
        let bare = Column {
            generation,
            ..from.clone()
        };
        self.generation(table, &bare, to, last);
        self.column_extras(table, Some((from, retyped)), to);
    }

    fn backfill(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        value: &str,
        after: Option<usize>,
    ) -> usize {
        let ddl = Ddl::Table(TableDdl::Backfill {
            name: table.clone(),
            column: column.clone(),
            value: value.to_owned(),
        });
        let mut step = Step::new(Class::Table, table, step::BACKFILL, ddl);
        step.after = after;
        self.push(step)
    }

    /// NOT NULL, default and identity as they are to be.
    fn generation(
        &mut self,
        table: &'a QualifiedName,
        from: &Column,
        to: &'a Column,
        mut last: Option<usize>,
    ) {
        let column = &to.name;
        if to.not_null && !from.not_null {
            let action = TableAction::SetNotNull(column.clone());
            let mut step = Step::new(
                Class::Table,
                table,
                step::SET_ATTRIBUTE,
                alter(table, action),
            );
            step.creates
                .push(Part::NotNull(table.clone(), column.clone()));
            step.after = last;
            last = Some(self.push(step));
        }
        let (place, action) = match (&from.generation, &to.generation) {
            (before, after) if before == after => return,
            (_, Generation::None | Generation::Stored(_)) => return,
            (_, Generation::Default(expression)) => (
                step::ADD_CONSTRAINT,
                TableAction::SetDefault {
                    column: column.clone(),
                    data_type: to.data_type.clone(),
                    expression: expression.clone(),
                },
            ),
            (Generation::Identity(from), Generation::Identity(to)) => {
                if from.sequence != to.sequence {
                    self.rename_identity(table, column, from, to);
                }
                if (from.always, &from.options) == (to.always, &to.options) {
                    return;
                }
                let (column, from, to) = (column.clone(), from.clone(), to.clone());
                let action = TableAction::SetIdentity { column, from, to };
                (step::SET_ATTRIBUTE, action)
            }
            (_, Generation::Identity(identity)) => (
                step::ADD_CONSTRAINT,
                TableAction::AddIdentity(column.clone(), identity.clone()),
            ),
        };
        let mut step = Step::new(Class::Table, table, place, alter(table, action));
        if let Generation::Identity(identity) = &to.generation
            && !matches!(from.generation, Generation::Identity(_))
        {
            step.claims.extend(identity_names(table, column, identity));
        }
        if let Generation::Default(expression) = &to.generation {
            step = step.needing(self.new.expression(expression));
        }
        if let Generation::Default(expression) = &from.generation {
            step = step.freeing(self.old.expression(expression));
        }
        step.after = last;
        let done = self.push(step);
        if let Generation::Identity(identity) = &to.generation
            && !matches!(from.generation, Generation::Identity(_))
        {
            self.continue_identity(table, column, identity, done);
        }
    }

    /// Storage, compression and comment: what a column's definition does not hold.
    ///
    /// `from` is the column before, if it is the same one, and whether its type changed: then
    /// PostgreSQL sets the storage back.
    pub(super) fn column_extras(
        &mut self,
        table: &QualifiedName,
        from: Option<(&Column, bool)>,
        to: &Column,
    ) {
        let (before, retyped) = from.unzip();
        let retyped = retyped.unwrap_or_default();
        let storage = before
            .filter(|_| !retyped)
            .and_then(|it| it.storage.as_ref());
        let part = Part::Column(table.clone(), to.name.clone());
        if storage != to.storage.as_ref() {
            let default = || own_storage(&to.data_type).to_owned();
            let storage = to.storage.clone().unwrap_or_else(default);
            let action = TableAction::SetStorage(to.name.clone(), storage);
            let step = Step::new(Class::Table, table, step::OPTION, alter(table, action));
            self.push(step.needing([part.clone()]));
        }
        if before.is_some_and(|it| it.compression != to.compression) {
            let method = to.compression.clone();
            let method = method.unwrap_or_else(|| "default".to_owned());
            let action = TableAction::SetCompression(to.name.clone(), method);
            self.alter(table, step::OPTION, action);
        }
        let target = CommentTarget::Column(table.clone(), to.name.clone());
        let before = before.and_then(|it| it.comment.as_ref());
        let texts = (before, to.comment.as_ref());
        self.comment((Class::Table, table), target, texts, part);
    }

    /// `USING`, where the user gives it or PostgreSQL needs it.
    fn using(&self, table: &QualifiedName, from: &Column, to: &Column) -> Option<String> {
        let key = (table.clone(), to.name.clone());
        if let Some(using) = self.hints.using.get(&key) {
            return Some(using.clone());
        }
        let (name, target) = (&to.name, &to.data_type);
        let (before, from_enum) = underlying(self.from, from);
        let (after, to_enum) = underlying(self.to, to);
        let array = |data_type: &str| data_type.ends_with("[]");
        let made_again = from_enum.is_some() && to_enum.is_some();
        let conversion = match conversion(&before, &after) {
            Conversion::Assignment if made_again && from_enum == to_enum => {
                let again = from_enum.is_some_and(|name| self.rebuild.types.contains(name));
                if again {
                    Conversion::Text
                } else {
                    Conversion::Assignment
                }
            }
            other => other,
        };
        match conversion {
            Conversion::Assignment => None,
            Conversion::Cast => Some(format!("{name}::{target}")),
            Conversion::Text if array(&before) && array(&after) => {
                Some(format!("{name}::text[]::{target}"))
            }
            Conversion::Text => Some(format!("{name}::text::{target}")),
        }
    }

    fn old_table(&self, name: &QualifiedName) -> &'a Table {
        self.from.tables.get(name).expect("its columns are altered")
    }

    fn new_table(&self, name: &QualifiedName) -> &'a Table {
        self.to.tables.get(name).expect("its columns are altered")
    }
}

/// The type below all domains, and the enum that it is or holds.
fn underlying<'a>(catalog: &'a Catalog, column: &'a Column) -> (String, Option<&'a QualifiedName>) {
    let mut data_type = column.data_type.clone();
    let mut name = column.type_name.as_ref();
    while let Some(below) = name.and_then(|name| catalog.domains.get(name)) {
        let dimensions = if data_type.ends_with("[]") { "[]" } else { "" };
        data_type = format!("{}{dimensions}", below.base);
        name = below.base_name.as_ref();
    }
    (data_type, name)
}

/// The storage of a type that has room for a choice.
fn own_storage(data_type: &str) -> &'static str {
    let base = data_type.split('(').next().unwrap_or(data_type);
    match base {
        "numeric" | "inet" | "cidr" => "main",
        _ => "extended",
    }
}
