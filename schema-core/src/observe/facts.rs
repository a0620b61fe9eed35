//! What an old release may see of an object: the parts of PostgreSQL's catalog that queries,
//! drivers and privileges depend on, by object identifier and column number, so that a rename is
//! a rename and an object made again is another one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::privilege::Privilege;
use crate::ident::{Ident, QualifiedName};

/// PostgreSQL's number of an object, unique within one catalog table.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Oid(pub u32);

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known of the objects that a step touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Tables, views, sequences and the like.
    pub relations: BTreeMap<Oid, Relation>,
    /// Enums, domains, composite types, ranges.
    pub types: BTreeMap<Oid, Type>,
    /// Functions, procedures and aggregates.
    pub routines: BTreeMap<Oid, Routine>,
}

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
    /// The value that was given out last; none if none was, or after a restart.
    pub last_value: Option<i64>,
    /// It is an identity column's, which nobody calls by name.
    pub is_identity: bool,
    /// It belongs to a column.
    pub is_owned: bool,
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Constraint {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// `c` check, `f` foreign key, `p` primary key, `u` unique, `x` exclusion.
    pub kind: char,
    /// `pg_get_constraintdef`.
    pub definition: String,
    /// False for NOT VALID.
    pub validated: bool,
    /// Columns, by number.
    pub columns: Vec<i16>,
    /// Its index, or that of the referenced key; 0 for none.
    pub index: Oid,
    /// The referenced table; 0 for none.
    pub references: Oid,
    /// `confdeltype`.
    pub on_delete: char,
    /// `confupdtype`.
    pub on_update: char,
}

impl Constraint {
    /// Whether a table had, or has, one that is the same: under another name, made again, or spelled
    /// for another type of its columns.
    pub fn continues_one_of(&self, own: &Relation, other: &Relation) -> bool {
        let valid = |it: &str| it.trim_end_matches(" NOT VALID").to_owned();
        other.constraints.iter().any(|it| {
            let retyped = it.columns.iter().any(|number| {
                let types = |table: &Relation| {
                    table
                        .column(*number)
                        .map(|column| (column.type_oid, column.typmod))
                };
                types(own) != types(other)
            });
            it.oid == self.oid
                || it.kind == self.kind && valid(&it.definition) == valid(&self.definition)
                || it.kind == self.kind
                    && it.name == self.name
                    && it.columns == self.columns
                    && retyped
        })
    }

    /// What a check demands, in parentheses.
    pub fn condition(&self) -> Option<&str> {
        let rest = self.definition.strip_prefix("CHECK ")?;
        let rest = rest.strip_suffix(" NOT VALID").unwrap_or(rest);
        Some(rest.strip_suffix(" NO INHERIT").unwrap_or(rest))
    }
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "pg_index is a row of independent flags"
)]
pub struct Index {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// Access method.
    pub method: String,
    /// It is unique.
    pub unique: bool,
    /// It is the primary key's.
    pub primary: bool,
    /// False for one whose build failed.
    pub valid: bool,
    /// False for a deferrable constraint's.
    pub immediate: bool,
    /// Key columns and expressions.
    pub keys: Vec<String>,
    /// The same by number; 0 for an expression.
    pub columns: Vec<i16>,
    /// `WHERE`.
    pub predicate: Option<String>,
    /// All behind `USING`.
    pub definition: String,
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

/// An enum, domain, composite type or range.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Type {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: Ident,
    /// Its name.
    pub name: Ident,
    /// `typtype`: `e` enum, `d` domain, `c` composite, `r` range, `m` multirange, `b` base.
    pub kind: char,
    /// NOT NULL of a domain.
    pub not_null: bool,
    /// The default of a domain.
    pub default: Option<String>,
    /// The type below a domain.
    pub base: Option<String>,
    /// Labels of an enum, in order.
    pub labels: Vec<Label>,
    /// Attributes of a composite type.
    pub attributes: Vec<Attribute>,
    /// Checks of a domain.
    pub checks: Vec<DomainCheck>,
    /// Relations with a column of it, or of an array of it.
    pub used_by: Vec<Oid>,
}

impl Type {
    /// Its name with its schema.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }
}

/// A label of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Label {
    /// Its number.
    pub oid: Oid,
    /// Its text.
    pub label: String,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attribute {
    /// `attnum`.
    pub number: i16,
    /// Its name.
    pub name: Ident,
    /// `format_type`.
    #[serde(rename = "type")]
    pub data_type: String,
}

/// A check of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DomainCheck {
    /// Its number.
    pub oid: Oid,
    /// Its name.
    pub name: Ident,
    /// `pg_get_constraintdef`.
    pub definition: String,
    /// False for NOT VALID.
    pub validated: bool,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Routine {
    /// Its number.
    pub oid: Oid,
    /// Its schema.
    pub schema: Ident,
    /// Its name.
    pub name: Ident,
    /// `prokind`: `f`, `p`, `a` or `w`.
    pub kind: char,
    /// `pg_get_function_identity_arguments`.
    pub arguments: String,
    /// The types of its input arguments.
    pub inputs: Vec<String>,
    /// How many of them a call has to give.
    pub required: usize,
    /// `pg_get_function_result`; none for a procedure.
    pub result: Option<String>,
    /// A hash of its source.
    pub body: String,
    /// Volatility, strictness, security and settings.
    pub traits: String,
    /// `aclitem`s, the defaults spelled out.
    pub acl: Vec<String>,
    /// It is a trigger's function, which no query calls.
    pub is_trigger: bool,
}

impl Routine {
    /// Its name with its schema.
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName {
            schema: self.schema.clone(),
            name: self.name.clone(),
        }
    }

    /// `schema.name(arguments)`.
    pub fn signature(&self) -> String {
        format!("{}({})", self.qualified(), self.inputs.join(", "))
    }

    /// Whether every call of another function of this name can be one of it, with the same kind of
    /// result.
    pub fn serves_calls_of(&self, old: &Self) -> bool {
        self.kind == old.kind
            && self.result == old.result
            && self.inputs.starts_with(&old.inputs)
            && self.required <= old.required
    }
}
