//! Tables, views and sequences, with their columns, triggers and policies.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::super::privilege::Privilege;
use super::{Constraint, Index, Oid};
use crate::ident::{Ident, QualifiedName};

/// A table, view, sequence or the like.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Relation {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: Ident,
    /// Its name.
    pub name: Ident,
    /// `relkind`: `r` table, `p` partitioned table, `v` view, `m` materialized view, `S` sequence,
    /// `f` foreign table, `c` composite type.
    pub kind: char,
    /// `relpersistence`: `p` permanent, `u` unlogged, `t` temporary.
    pub persistence: char,
    /// The owning role.
    pub owner: String,
    /// `aclitem`s of its schema, the defaults spelled out.
    pub schema_acl: Vec<String>,
    /// `aclitem`s, the defaults spelled out.
    pub acl: Vec<String>,
    /// `reloptions`, as `name=value`.
    pub options: Vec<String>,
    /// `ROW LEVEL SECURITY` is on.
    pub row_security: bool,
    /// It holds for the owner too.
    pub force_row_security: bool,
    /// `relreplident`.
    pub replica_identity: char,
    /// `FOR VALUES …` of a partition.
    pub partition_bound: Option<String>,
    /// Tables that it inherits from or is a partition of.
    pub parents: Vec<Oid>,
    /// Its partitions and children.
    pub partitions: Vec<Oid>,
    /// The type of its rows.
    pub row_type: Oid,
    /// The query of a view.
    pub view: Option<String>,
    /// `pg_relation_is_updatable`: 4 update, 8 insert, 16 delete.
    pub updatable: i32,
    /// Publications that name it.
    pub publications: Vec<String>,
    /// Parameters of a sequence.
    pub sequence: Option<Sequence>,
    /// Columns, by number.
    pub columns: Vec<Column>,
    /// Constraints, without NOT NULL.
    pub constraints: Vec<Constraint>,
    /// Tables with a foreign key to it.
    pub referenced_by: Vec<Oid>,
    /// Indexes, those of constraints included.
    pub indexes: Vec<Index>,
    /// Triggers that somebody made.
    pub triggers: Vec<Trigger>,
    /// Policies.
    pub policies: Vec<Policy>,
}

impl Relation {
    /// Its name with its schema.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }

    /// The column of this number.
    pub fn column(&self, number: i16) -> Option<&Column> {
        self.columns.iter().find(|column| column.number == number)
    }

    /// The column of this name.
    pub fn column_named(&self, name: &Ident) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// True for what rows are stored in: tables, partitioned or not.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, 'r' | 'p')
    }

    /// True for views, materialized or not.
    pub fn is_view(&self) -> bool {
        matches!(self.kind, 'v' | 'm')
    }

    /// What it is, in a word.
    pub fn kind_word(&self) -> &'static str {
        match self.kind {
            'v' => "view",
            'm' => "materialized view",
            'S' => "sequence",
            'f' => "foreign table",
            'c' => "type",
            'i' | 'I' => "index",
            _ => "table",
        }
    }

    /// Privileges of others than its owner.
    pub fn lent(&self) -> BTreeSet<Privilege> {
        let mut privileges = Privilege::of(&self.acl);
        privileges.retain(|it| {
            it.role
                .as_ref()
                .is_none_or(|role| role.as_str() != self.owner)
        });
        privileges
    }

    /// Whether the column cannot be NULL for what is written, be it by a check that is not validated.
    pub fn forbids_null(&self, column: &Column) -> bool {
        column.not_null || self.null_checks(column).next().is_some()
    }

    /// Whether an `INSERT` that does not name the column is refused.
    pub fn demands(&self, column: &Column) -> bool {
        let filled =
            column.default.is_some() || !column.identity.is_empty() || !column.generated.is_empty();
        !filled && self.forbids_null(column)
    }

    /// Checks that say `column IS NOT NULL` and nothing else.
    pub fn null_checks(&self, column: &Column) -> impl Iterator<Item = &Constraint> {
        let condition = format!("(({} IS NOT NULL))", column.name);
        self.constraints
            .iter()
            .filter(move |it| it.kind == 'c' && it.condition() == Some(condition.as_str()))
    }

    /// The constraint of this number.
    pub fn constraint(&self, oid: Oid) -> Option<&Constraint> {
        self.constraints.iter().find(|it| it.oid == oid)
    }

    /// Names of columns by number, for keys of constraints and indexes.
    pub fn column_names(&self, numbers: &[i16]) -> Vec<&Ident> {
        let known = numbers.iter().filter_map(|number| self.column(*number));
        known.map(|column| &column.name).collect()
    }

    /// The same as a list for SQL.
    pub fn names_of(&self, numbers: &[i16]) -> String {
        let names = self.column_names(numbers).into_iter();
        names.map(Ident::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Whether an index belongs to a constraint.
    pub fn has_constraint_of(&self, index: &Index) -> bool {
        let mut constraints = self.constraints.iter().filter(|it| it.kind != 'f');
        constraints.any(|it| it.index == index.oid)
    }

    /// Whether a view asks with the rights of those who query it.
    pub fn is_security_invoker(&self) -> bool {
        let value = self
            .options
            .iter()
            .find_map(|it| it.strip_prefix("security_invoker="));
        value.is_some_and(|value| matches!(value, "true" | "on" | "yes" | "1"))
    }

    /// Whether its policies let a role, or else everybody, read and write every row.
    pub fn lets_everything_through(&self, role: Option<&Ident>) -> bool {
        let is_true = |it: &Option<String>| it.as_ref().is_none_or(|it| it == "true");
        let open = |it: &Policy| {
            let for_all = it
                .roles
                .iter()
                .any(|it| it == "public" || role.is_some_and(|role| role.as_str() == it));
            it.permissive
                && it.command == '*'
                && for_all
                && is_true(&it.using)
                && is_true(&it.check)
        };
        self.policies.iter().all(|it| it.permissive) && self.policies.iter().any(open)
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Column {
    /// `attnum`.
    pub number: i16,
    /// Its name.
    pub name: Ident,
    /// `format_type`.
    #[serde(rename = "type")]
    pub data_type: String,
    /// The type's number.
    pub type_oid: Oid,
    /// `typtype` of its type: `d` domain, `e` enum, `b` base.
    pub type_kind: char,
    /// Length, precision and scale as PostgreSQL packs them; -1 for none.
    pub typmod: i32,
    /// NOT NULL.
    pub not_null: bool,
    /// `a` always, `d` by default, empty for none.
    pub identity: String,
    /// `s` stored, `v` virtual, empty for none.
    pub generated: String,
    /// The default, or the expression of a generated column.
    pub default: Option<String>,
    /// The collation's number.
    pub collation: Oid,
    /// False for a view's column that cannot be written.
    pub updatable: bool,
    /// `aclitem`s of the column.
    pub acl: Vec<String>,
    /// The type below, if its type is a domain.
    pub domain_of: Option<Oid>,
    /// `aclitem`s of the sequence that its default takes values from.
    pub sequence_acl: Option<Vec<String>>,
}

impl Column {
    /// Whether an `INSERT` has to name it.
    pub fn is_required(&self) -> bool {
        self.not_null
            && self.default.is_none()
            && self.identity.is_empty()
            && self.generated.is_empty()
    }
}

/// Parameters and state of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sequence {
    /// INCREMENT BY.
    pub increment: i64,
    /// MINVALUE.
    pub min: i64,
    /// MAXVALUE.
    pub max: i64,
    /// CYCLE.
    pub cycle: bool,
    /// The value that was given out last, or would have been before the one that it begins with.
    pub last_value: i64,
    /// It is an identity column's, which nobody calls by name.
    pub is_identity: bool,
    /// It belongs to a column.
    pub is_owned: bool,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trigger {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// `tgenabled`: `D` for disabled.
    pub enabled: char,
    /// `tgtype`: bit 2 before, 64 instead of.
    #[serde(rename = "type")]
    pub bits: i16,
    /// Its function.
    pub routine: Oid,
    /// `pg_get_triggerdef`.
    pub definition: String,
}

impl Trigger {
    /// Whether it fires for what an app writes.
    pub fn fires(&self) -> bool {
        matches!(self.enabled, 'O' | 'A')
    }

    /// True for BEFORE and INSTEAD OF: it can change or refuse what is written.
    pub fn is_before(&self) -> bool {
        self.bits & (2 | 64) != 0
    }
}

/// A row-level security policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Policy {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// `r`, `a`, `w`, `d` or `*`.
    pub command: char,
    /// PERMISSIVE.
    pub permissive: bool,
    /// Roles.
    pub roles: Vec<String>,
    /// USING.
    pub using: Option<String>,
    /// WITH CHECK.
    pub check: Option<String>,
}

impl Policy {
    /// Whether it may let less through than another one: it is not the same, and not open to all.
    pub fn is_narrower_than(&self, old: &Self) -> bool {
        let open = |it: &Option<String>| it.as_ref().is_none_or(|it| it == "true");
        let same_rows = (&self.using, &self.check) == (&old.using, &old.check)
            || open(&self.using) && open(&self.check);
        let public = |it: &String| it == "public";
        let same_roles =
            old.roles.iter().all(|it| self.roles.contains(it)) || self.roles.iter().any(public);
        let same_commands = self.command == old.command || self.command == '*';
        // A restrictive one holds for fewer the fewer roles it has.
        !(same_rows && same_roles && same_commands) || self.permissive != old.permissive
    }
}
