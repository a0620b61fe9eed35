//! Steps for the columns of a table that is there.

use super::Planner;
use super::cast::{Conversion, conversion, keeps_values};
use super::facts::{identity_names, keys_with};
use super::not_null::{comes_later, name_of};
use super::online::set_not_null;
use super::step::{self, Class, Part, Step};
use super::table::{alter, with_implied};
use crate::catalog::{Catalog, Column, Generation, Table};
use crate::ddl::{ColumnDefinition, CommentTarget, TableAction, is_volatile};
use crate::diff::Delta;
use crate::ident::{Ident, QualifiedName};

/// What a column that becomes NOT NULL has in the rows that there are.
#[derive(Clone, Copy)]
enum Required<'a> {
    /// What it has, or this value where it has none.
    Filled(Option<&'a String>),
    /// What the same statement writes, and checks as it does so.
    Rewritten,
}

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

    /// Rows that are there get their values afterwards, unless one value serves them all: then
    /// PostgreSQL keeps it beside the table and writes none of them.
    fn add_column(&mut self, table: &'a QualifiedName, to: &'a Column) {
        let facts = self.new.column(table, self.new_table(table), to);
        let hint = self.hints.backfill.get(&(table.clone(), to.name.clone()));
        let value = match &to.generation {
            Generation::Stored(_) | Generation::Virtual(_) => None,
            Generation::Default(default) if is_volatile(default) => hint.or(Some(default)),
            _ => hint,
        };
        // PostgreSQL before 17 gives no identity to several tables at once.
        let identity = matches!(to.generation, Generation::Identity(_));
        let in_steps = value.is_some() || identity && self.has_children(table);
        let mut column = to.clone();
        if in_steps {
            column.not_null = false;
            column.generation = Generation::None;
        }
        if column.not_null && self.gives_names(table) {
            let name = name_of(table, &column);
            let said = column.not_null_constraint.get_or_insert_default();
            said.name = Some(name);
        }
        let bare = column.clone();
        let action = TableAction::AddColumn(ColumnDefinition(column));
        let step = Step::new(Class::Table, table, step::ADD_COLUMN, alter(table, action));
        let added = self.push(step.creating(facts));
        if in_steps {
            let required = Required::Filled(value);
            self.settle(table, (&bare, to), (Some(added), Some(added)), required);
        } else {
            self.add_not_null(table, to);
        }
        self.column_extras(table, None, to);
    }

    fn drop_column(&mut self, table: &'a QualifiedName, from: &'a Column) {
        let facts = self.old.column(table, self.old_table(table), from);
        let key = (table, &from.name);
        let implied = self.implied.remove(&key);
        let action = TableAction::DropColumn(from.name.clone());
        let step = Step::new(Class::Table, table, step::DROP_COLUMN, alter(table, action));
        let mut implied = implied.unwrap_or_default();
        implied.absorb(self.inherited_of(table, &from.name));
        let mut step = step.dropping(with_implied(facts, Some(implied)));
        step.successors = self.successors.remove(&key).unwrap_or_default();
        self.push(step);
    }

    fn alter_column(&mut self, table: &'a QualifiedName, from: &'a Column, to: &'a Column) {
        let key = (table.clone(), to.name.clone());
        let retyped = self.rebuild.retyped.contains(&key);
        let using = retyped.then(|| self.using(table, from, to)).flatten();
        let new_default = self.rebuild.defaults.contains(&key)
            || retyped && (using.is_some() || from.generation != to.generation);
        let column = &from.name;
        let (mut last, mut typed, mut rewritten) = (None, None, false);
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
                let used = self.old.column_expression(table, column, expression);
                let step = attribute(TableAction::DropDefault(column.clone()));
                last = Some(self.push(step.freeing(used)));
            }
            (Generation::Identity(_), Generation::Identity(_))
            | (Generation::Stored(_), Generation::Stored(_))
            | (Generation::Virtual(_), _) => {}
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
        let loses = from.not_null && (!to.not_null || comes_later(to) && !comes_later(from));
        if loses {
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
            typed = last;
            rewritten = !keeps;
        }
        // What is left of it by then.
        let generation = match (&from.generation, &to.generation) {
            (Generation::Default(_), Generation::Default(_)) if new_default => Generation::None,
            (Generation::Default(_), Generation::Default(_))
            | (Generation::Identity(_), Generation::Identity(_))
            | (Generation::Stored(_), Generation::Stored(_))
            | (Generation::Virtual(_), Generation::Virtual(_)) => from.generation.clone(),
            _ => Generation::None,
        };
        let bare = Column {
            generation,
            not_null: from.not_null && !loses,
            ..from.clone()
        };
        let hint = self.hints.backfill.get(&key);
        let required = match hint.filter(|_| !from.not_null && to.not_null) {
            None if rewritten => Required::Rewritten,
            value => Required::Filled(value),
        };
        self.settle(table, (&bare, to), (last, typed), required);
        self.column_extras(table, Some((from, retyped)), to);
    }

    /// Default, values, NOT NULL and identity as they are to be. New rows get theirs by the
    /// default before the old ones are filled.
    ///
    /// `after` is the step that made way for a default, and the one that made the column what it
    /// is.
    fn settle(
        &mut self,
        table: &'a QualifiedName,
        (from, to): (&Column, &'a Column),
        (cleared, mut last): (Option<usize>, Option<usize>),
        required: Required<'_>,
    ) {
        let was_identity = matches!(from.generation, Generation::Identity(_));
        let is_identity = matches!(to.generation, Generation::Identity(_));
        // PostgreSQL wants an identity to be NOT NULL before.
        let becomes_identity = is_identity && !was_identity;
        if !becomes_identity {
            let set = self.generation(table, from, to, cleared);
            last = set.or(last);
        }
        if let Required::Filled(Some(value)) = required {
            last = Some(self.backfill(table, &to.name, value, last));
        }
        let mut set = None;
        if to.not_null && !from.not_null {
            set = Some(match required {
                _ if comes_later(to) => self.say_not_null(table, to, last),
                Required::Filled(_) => self.require(table, &to.name, last),
                Required::Rewritten => {
                    let mut step = set_not_null(table, &to.name, false);
                    step.after = last;
                    self.push(step)
                }
            });
        }
        if !comes_later(to) || from.not_null {
            self.alter_not_null(table, from, to, set);
        }
        if becomes_identity {
            self.generation(table, from, to, cleared);
        }
    }

    /// Default and identity as they are to be; the step that sets a default.
    fn generation(
        &mut self,
        table: &'a QualifiedName,
        from: &Column,
        to: &'a Column,
        after: Option<usize>,
    ) -> Option<usize> {
        let column = &to.name;
        let (place, action) = match (&from.generation, &to.generation) {
            (before, after) if before == after => return None,
            (_, Generation::None | Generation::Stored(_)) => return None,
            (_, Generation::Virtual(expression)) => (
                step::SET_ATTRIBUTE,
                TableAction::SetExpression(column.clone(), expression.clone()),
            ),
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
                    return None;
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
            step.needs
                .push(Part::NotNull(table.clone(), column.clone()));
        }
        if let Generation::Default(expression) = &to.generation {
            step = step.needing(self.new.column_expression(table, column, expression));
        }
        if let Generation::Default(expression) = &from.generation {
            step = step.freeing(self.old.column_expression(table, column, expression));
        }
        step.after = after;
        let done = self.push(step);
        if let Generation::Identity(identity) = &to.generation
            && !matches!(from.generation, Generation::Identity(_))
        {
            self.continue_identity(table, column, identity, done);
        }
        Some(done)
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
        self.options(table, from.map(|(from, _)| from), to);
        let target = CommentTarget::Column(table.clone(), to.name.clone());
        let before = before.and_then(|it| it.comment.as_ref());
        let texts = (before, to.comment.as_ref());
        self.comment((Class::Table, table), target, texts, part);
    }

    /// What a foreign table's server is told of a column that is there.
    fn options(&mut self, table: &QualifiedName, from: Option<&Column>, to: &Column) {
        let Some(from) = from.filter(|from| from.options != to.options) else {
            return;
        };
        let action = TableAction::SetOptions {
            column: Some(to.name.clone()),
            from: from.options.clone(),
            to: to.options.clone(),
        };
        self.alter(table, step::OPTION, action);
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
