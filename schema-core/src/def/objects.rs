//! What the source says beside tables and simple types: views, composite types, what is attached to
//! tables, and SQL as it is.

use super::{DeferrableDef, ElementKeyDef, IndexDef, NameDef, SourceDef, SqlDef, TypeDef};

/// `sql!("…")` or `sql_file!("…")`: statements that make objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementsDef<'a> {
    /// The statements.
    pub text: &'a str,
    /// The file that they stand in, relative to that of the source.
    pub file: Option<&'a str>,
    /// Line of the text in the source; 0 where it is in a file or a constant.
    pub line: u32,
    /// Where the macro is called.
    pub source: SourceDef<'a>,
}

/// `#[view]` or `#[materialized_view]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewDef<'a> {
    /// Its name in the database.
    pub name: NameDef<'a>,
    /// `#[materialized_view]`.
    pub materialized: bool,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// The query.
    pub query: &'a str,
    /// The file that it stands in, relative to that of the source.
    pub file: Option<&'a str>,
    /// Line of the query in the source; 0 where it is in a file or a constant.
    pub line: u32,
    /// `security_barrier`, `check_option`, `with(…)`: names and values as SQL has them.
    pub options: &'a [(&'a str, &'a str)],
    /// `with_no_data`.
    pub with_no_data: bool,
    /// `tablespace = "…"`.
    pub tablespace: Option<&'a str>,
    /// `access_method = "…"`.
    pub access_method: Option<&'a str>,
    /// What the fields say.
    pub columns: &'a [FieldDef<'a>],
    /// Indexes of a materialized view.
    pub indexes: &'a [IndexDef<'a>],
    /// Where the struct stands.
    pub source: SourceDef<'a>,
}

/// A field of a view or of a composite type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldDef<'a> {
    /// Its name in the database.
    pub name: &'a str,
    /// Its type.
    pub ty: TypeDef<'a>,
    /// `Option<T>`.
    pub nullable: bool,
    /// `collate = "…"`.
    pub collation: Option<&'a str>,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// Rust name of the field.
    pub field: &'a str,
    /// Its line.
    pub line: u32,
}

/// `#[derive(PgComposite)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompositeDef<'a> {
    /// Its name in the database.
    pub name: NameDef<'a>,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// Its attributes.
    pub fields: &'a [FieldDef<'a>],
    /// Where the struct stands.
    pub source: SourceDef<'a>,
}

/// What is attached to a table: `rls`, `partition_by`, `#[policy]`, `#[trigger]` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachedDef<'a> {
    /// The table.
    pub table: NameDef<'a>,
    /// `rls`: row security is on.
    pub row_security: bool,
    /// `rls = force`: for the owner too.
    pub force_row_security: bool,
    /// `replica_identity = …`: `FULL`, `NOTHING`, or the name of an index in `replica_index`.
    pub replica_identity: Option<&'a str>,
    /// `replica_identity = "index"`.
    pub replica_index: Option<&'a str>,
    /// `access_method = "…"`.
    pub access_method: Option<&'a str>,
    /// `partition_by = range(at)`.
    pub partition_by: Option<PartitionByDef<'a>>,
    /// `#[partition(…)]`.
    pub partitions: &'a [PartitionDef<'a>],
    /// `#[policy(…)]`.
    pub policies: &'a [PolicyDef<'a>],
    /// `#[trigger(…)]`.
    pub triggers: &'a [TriggerDef<'a>],
    /// `#[grant(…)]`.
    pub grants: &'a [GrantDef<'a>],
    /// `#[statistics(…)]`.
    pub statistics: &'a [StatisticsDef<'a>],
    /// Where the struct stands.
    pub source: SourceDef<'a>,
}

/// `partition_by = range(at)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionByDef<'a> {
    /// `RANGE`, `LIST` or `HASH`.
    pub strategy: &'a str,
    /// The key.
    pub key: &'a [ElementKeyDef<'a>],
}

/// `#[partition(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionDef<'a> {
    /// Its name, in the schema of its table.
    pub name: &'a str,
    /// What it holds.
    pub bound: BoundDef<'a>,
    /// Line of the attribute.
    pub line: u32,
}

/// What a partition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundDef<'a> {
    /// `default`: what no other partition does.
    Default,
    /// `from = …, to = …`.
    Range((&'a [SqlDef<'a>], &'a [SqlDef<'a>])),
    /// `in = […]`.
    List(&'a [SqlDef<'a>]),
    /// `modulus = …, remainder = …`.
    Hash((u32, u32)),
}

/// `#[policy(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// `restrictive`.
    pub restrictive: bool,
    /// `for = select`, in SQL's words.
    pub command: &'a str,
    /// `to = ["app"]`; nobody means PUBLIC.
    pub roles: &'a [&'a str],
    /// `using = …`.
    pub using: Option<SqlDef<'a>>,
    /// `with_check = …`.
    pub check: Option<SqlDef<'a>>,
    /// Line of the attribute.
    pub line: u32,
}

/// `#[trigger(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriggerDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// `BEFORE`, `AFTER` or `INSTEAD OF`.
    pub timing: &'a str,
    /// `INSERT`, `UPDATE`, `DELETE`, `TRUNCATE`, each with the columns of `UPDATE OF`.
    pub events: &'a [(&'a str, &'a [&'a str])],
    /// `for_each = row`.
    pub for_each_row: bool,
    /// `constraint`: checked when `deferrable` says.
    pub constraint: bool,
    /// `deferrable`, of a constraint trigger.
    pub deferrable: DeferrableDef,
    /// `old_table = "…"`.
    pub old_table: Option<&'a str>,
    /// `new_table = "…"`.
    pub new_table: Option<&'a str>,
    /// `when = sql("…")`.
    pub when: Option<SqlDef<'a>>,
    /// `execute = "audit.touch()"`.
    pub execute: &'a str,
    /// Line of the attribute.
    pub line: u32,
}

/// `#[grant(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantDef<'a> {
    /// `SELECT`, `INSERT` …, each with the columns that it is for; none are all.
    pub privileges: &'a [(&'a str, &'a [&'a str])],
    /// `to = ["app"]`; an empty name is PUBLIC.
    pub roles: &'a [&'a str],
    /// `grant_option`.
    pub grant_option: bool,
    /// Line of the attribute.
    pub line: u32,
}

/// `#[statistics(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatisticsDef<'a> {
    /// Its name, in the schema of its table.
    pub name: &'a str,
    /// `kinds = [ndistinct, dependencies, mcv]`; none are all.
    pub kinds: &'a [&'a str],
    /// Columns and expressions.
    pub elements: &'a [ElementKeyDef<'a>],
    /// Line of the attribute.
    pub line: u32,
}
