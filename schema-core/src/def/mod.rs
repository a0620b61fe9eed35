//! What `#[table]` and the derives record: constants in the user's crate, and the same types
//! again when a record has been read back out of an artifact.
//!
//! Everything is borrowed: `'static` in the user's crate, the decoder's arena afterwards. The
//! types hold what the source says and the compiler resolved, no more; names that the source
//! leaves out (`users_email_key`) are derived by the macro, so that it can check them.

mod objects;

pub use objects::{
    AttachedDef, BoundDef, CompositeDef, FieldDef, GrantDef, PartitionByDef, PartitionDef,
    PolicyDef, StatementsDef, StatisticsDef, TriggerDef, ViewDef,
};

use crate::ident::QualifiedName;

/// One record in the link section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// `#[table]`.
    Table(TableDef<'a>),
    /// `#[derive(PgEnum)]`.
    Enum(EnumDef<'a>),
    /// `#[derive(PgDomain)]`.
    Domain(DomainDef<'a>),
    /// `pg_schema!(…)`.
    Schema(SchemaDef<'a>),
    /// `extension!(…)`.
    Extension(ExtensionDef<'a>),
    /// `#[derive(PgNewtype)]`.
    Newtype(NewtypeDef<'a>),
    /// `#[table(rows = […])]`.
    Rows(RowsDef<'a>),
    /// `sql!(…)` or `sql_file!(…)`.
    Statements(StatementsDef<'a>),
    /// `#[view]` or `#[materialized_view]`.
    View(ViewDef<'a>),
    /// `#[derive(PgComposite)]`.
    Composite(CompositeDef<'a>),
    /// What is attached to a table.
    Attached(AttachedDef<'a>),
}

impl<'a> Record<'a> {
    /// Where it stands in the source.
    pub fn source(&self) -> SourceDef<'a> {
        match self {
            Self::Table(it) => it.source,
            Self::Enum(it) => it.source,
            Self::Domain(it) => it.source,
            Self::Schema(it) => it.source,
            Self::Extension(it) => it.source,
            Self::Newtype(it) => it.source,
            Self::Rows(it) => it.source,
            Self::Statements(it) => it.source,
            Self::View(it) => it.source,
            Self::Composite(it) => it.source,
            Self::Attached(it) => it.source,
        }
    }
}

/// Where an item stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceDef<'a> {
    /// `file!()`: relative to the workspace root, as cargo calls rustc.
    pub file: &'a str,
    /// `line!()`, from 1.
    pub line: u32,
    /// `column!()`, from 1.
    pub column: u32,
    /// `module_path!()`, whose first segment is the crate.
    pub module: &'a str,
    /// The Rust name of the struct, enum or field.
    pub item: &'a str,
    /// What the source says there, as a fingerprint; empty where nobody asks for it.
    pub spelling: &'a str,
}

impl<'a> SourceDef<'a> {
    /// The crate that it is in.
    pub fn krate(&self) -> &'a str {
        self.module.split("::").next().unwrap_or(self.module)
    }
}

/// A name in a schema; an empty schema means the default one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameDef<'a> {
    /// The schema, or `""`.
    pub schema: &'a str,
    /// The name.
    pub name: &'a str,
}

impl NameDef<'_> {
    /// The name in its schema, which is the default one if it says none.
    pub fn qualified(self) -> QualifiedName {
        if self.schema.is_empty() {
            QualifiedName::in_default_schema(self.name)
        } else {
            QualifiedName::new(self.schema, self.name)
        }
    }
}

/// SQL text in pieces that are to be joined: literal text, and what only the compiler could
/// resolve (enum labels, type names).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlDef<'a> {
    /// The pieces, in order.
    pub parts: &'a [&'a str],
    /// Tables and types that the text names, from `sql("…", Path, …)`.
    pub depends_on: &'a [NameDef<'a>],
    /// Line of the text in the source, for messages.
    pub line: u32,
}

/// `#[table] struct …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableDef<'a> {
    /// Its name in the database.
    pub name: NameDef<'a>,
    /// `renamed_from`: `"old"` or `"schema.old"`.
    pub renamed_from: Option<&'a str>,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// `unlogged`.
    pub unlogged: bool,
    /// `with(fillfactor = 70)`: names and values as written.
    pub storage_parameters: &'a [(&'a str, &'a str)],
    /// `tablespace = "…"`.
    pub tablespace: Option<&'a str>,
    /// Columns, in the order of the fields.
    pub columns: &'a [ColumnDef<'a>],
    /// From `#[primary_key(…)]` or `#[column(primary_key)]`.
    pub primary_key: Option<KeyDef<'a>>,
    /// Unique constraints; a `#[unique]` with `where`, an expression or `using` is in `indexes`.
    pub uniques: &'a [KeyDef<'a>],
    /// Indexes that are not constraints.
    pub indexes: &'a [IndexDef<'a>],
    /// Foreign keys.
    pub foreign_keys: &'a [ForeignKeyDef<'a>],
    /// Check constraints.
    pub checks: &'a [CheckDef<'a>],
    /// Exclusion constraints.
    pub excludes: &'a [ExcludeDef<'a>],
    /// Columns of the database that this table leaves alone.
    pub ignore_columns: &'a [&'a str],
    /// `managed = false`: the table exists, but is not ours to create or alter.
    pub managed: bool,
    /// Where the struct stands.
    pub source: SourceDef<'a>,
}

/// A field of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnDef<'a> {
    /// Its name in the database.
    pub name: &'a str,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// Its type.
    pub ty: TypeDef<'a>,
    /// `Option<T>`.
    pub nullable: bool,
    /// `default = …`, as SQL.
    pub default: Option<SqlDef<'a>>,
    /// `identity`.
    pub identity: Option<IdentityDef<'a>>,
    /// `generated = …`: the expression of a stored generated column.
    pub generated: Option<SqlDef<'a>>,
    /// `collate = "…"`: `"name"` or `"schema.name"`.
    pub collation: Option<&'a str>,
    /// `storage = external`.
    pub storage: Option<&'a str>,
    /// `compression = lz4`.
    pub compression: Option<&'a str>,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// `backfill = …`: value for rows that exist when the column becomes NOT NULL.
    pub backfill: Option<SqlDef<'a>>,
    /// `using = sql("…")`: conversion when the type changes.
    pub using: Option<SqlDef<'a>>,
    /// `deprecated`: still in the database, no longer written by this release.
    pub deprecated: Option<&'a str>,
    /// Rust name and place of the field; file and module are the table's.
    pub field: &'a str,
    /// Line of the field.
    pub line: u32,
}

/// An SQL type, resolved by the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeDef<'a> {
    /// Which type it is, without modifiers: `text`, `numeric`, `citext`, an enum's name.
    /// An empty schema means built in or found on the search path.
    pub name: NameDef<'a>,
    /// Length, precision, scale: `varchar(80)` has `[80]`.
    pub modifiers: &'a [i32],
    /// Dimensions of the array: 0 for a plain value, 1 for `Vec<T>`.
    pub dimensions: u8,
    /// What has to exist before the type can be used.
    pub origin: TypeOrigin<'a>,
}

/// Where a type comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeOrigin<'a> {
    /// PostgreSQL itself.
    BuiltIn,
    /// A `PgEnum` or `PgDomain` of this schema.
    Declared,
    /// An extension of this name.
    Extension(&'a str),
    /// `type = sql("…")`: the text is in `name.name`, and PostgreSQL will judge it.
    Raw,
}

/// `identity(always, start = 1000, …)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityDef<'a> {
    /// `GENERATED ALWAYS`, not `BY DEFAULT`.
    pub always: bool,
    /// Options that were given, by their SQL names in lower case: `start`, `increment`,
    /// `minvalue`, `maxvalue`, `cache`; `cycle` has 1.
    pub options: &'a [(&'a str, i64)],
}

/// A primary key or a unique constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyDef<'a> {
    /// Its name: `name = "…"`, or derived by the macro as PostgreSQL would.
    pub name: &'a str,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// Columns, by database name.
    pub columns: &'a [&'a str],
    /// `include(…)`.
    pub include: &'a [&'a str],
    /// `nulls_not_distinct`.
    pub nulls_not_distinct: bool,
    /// `deferrable`.
    pub deferrable: DeferrableDef,
    /// `with(fillfactor = 70)`.
    pub storage_parameters: &'a [(&'a str, &'a str)],
    /// Line of the attribute.
    pub line: u32,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeferrableDef {
    /// At the end of each statement; the default.
    #[default]
    No,
    /// `deferrable`: at the end of the statement unless the transaction says otherwise.
    InitiallyImmediate,
    /// `deferrable = initially_deferred`: at commit.
    InitiallyDeferred,
}

/// `#[index(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexDef<'a> {
    /// Its name: `name = "…"`, or derived by the macro as PostgreSQL would.
    pub name: &'a str,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// A unique index.
    pub unique: bool,
    /// `using = gin`; `btree` when not given.
    pub method: &'a str,
    /// What is indexed.
    pub elements: &'a [ElementDef<'a>],
    /// `include(…)`.
    pub include: &'a [&'a str],
    /// `where = …`.
    pub predicate: Option<SqlDef<'a>>,
    /// `nulls_not_distinct`.
    pub nulls_not_distinct: bool,
    /// `with(m = 16)`.
    pub storage_parameters: &'a [(&'a str, &'a str)],
    /// Line of the attribute.
    pub line: u32,
}

/// One element of an index or an exclusion constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementDef<'a> {
    /// The column or expression.
    pub key: ElementKeyDef<'a>,
    /// `.desc()`.
    pub descending: bool,
    /// `.nulls_first()` or `.nulls_last()`; `None` is PostgreSQL's default for the direction.
    pub nulls_first: Option<bool>,
    /// `.opclass("…")`, parameters included.
    pub opclass: Option<&'a str>,
    /// `.collate("…")`.
    pub collation: Option<&'a str>,
}

/// A column or an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementKeyDef<'a> {
    /// A column, by database name.
    Column(&'a str),
    /// An expression.
    Expression(SqlDef<'a>),
}

/// `references = Other::id` or `#[foreign_key(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignKeyDef<'a> {
    /// Its name: `name = "…"`, or derived by the macro as PostgreSQL would.
    pub name: &'a str,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// Columns, by database name.
    pub columns: &'a [&'a str],
    /// The referenced table.
    pub references: NameDef<'a>,
    /// Its columns, by database name.
    pub referenced_columns: &'a [&'a str],
    /// `on_delete`.
    pub on_delete: ActionDef,
    /// `on_update`.
    pub on_update: ActionDef,
    /// `match_full`.
    pub match_full: bool,
    /// `deferrable`.
    pub deferrable: DeferrableDef,
    /// `not_valid`.
    pub not_valid: bool,
    /// Line of the attribute.
    pub line: u32,
}

/// What a foreign key does when the referenced row goes or changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ActionDef {
    /// `NO ACTION`.
    #[default]
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// `#[check(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckDef<'a> {
    /// Its name: `name = "…"`, or derived by the macro as PostgreSQL would.
    pub name: &'a str,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// The predicate.
    pub predicate: SqlDef<'a>,
    /// Columns that a Rust predicate uses, by database name; of a check on a field, that field.
    pub columns: &'a [&'a str],
    /// `not_valid`.
    pub not_valid: bool,
    /// Line of the attribute.
    pub line: u32,
}

/// `#[exclude(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExcludeDef<'a> {
    /// Its name: `name = "…"`, or derived by the macro as PostgreSQL would.
    pub name: &'a str,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// `using = gist`.
    pub method: &'a str,
    /// Elements with their operators.
    pub elements: &'a [(ElementDef<'a>, &'a str)],
    /// `include(…)`.
    pub include: &'a [&'a str],
    /// `where = …`.
    pub predicate: Option<SqlDef<'a>>,
    /// `deferrable`.
    pub deferrable: DeferrableDef,
    /// `with(…)`.
    pub storage_parameters: &'a [(&'a str, &'a str)],
    /// Line of the attribute.
    pub line: u32,
}

/// `#[derive(PgEnum)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnumDef<'a> {
    /// Its name in the database.
    pub name: NameDef<'a>,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// Labels in order, each with the label it had before, if it was renamed.
    pub labels: &'a [(&'a str, Option<&'a str>)],
    /// Where the enum stands.
    pub source: SourceDef<'a>,
}

/// `#[derive(PgDomain)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomainDef<'a> {
    /// Its name in the database.
    pub name: NameDef<'a>,
    /// `renamed_from`.
    pub renamed_from: Option<&'a str>,
    /// Doc comment or `comment = "…"`.
    pub comment: Option<&'a str>,
    /// The type below it.
    pub base: TypeDef<'a>,
    /// `collate = "…"`.
    pub collation: Option<&'a str>,
    /// `not_null`.
    pub not_null: bool,
    /// `default = …`.
    pub default: Option<SqlDef<'a>>,
    /// Checks, each with its name; `value` is the value.
    pub checks: &'a [(&'a str, SqlDef<'a>)],
    /// Where the type stands.
    pub source: SourceDef<'a>,
}

/// `#[derive(PgNewtype)]`: no object of its own; columns of the type have the type of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewtypeDef<'a> {
    /// Where the struct stands.
    pub source: SourceDef<'a>,
}

/// `pg_schema!(pub billing, comment = "money")`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its comment.
    pub comment: Option<&'a str>,
    /// Where it stands.
    pub source: SourceDef<'a>,
}

/// `extension!(citext)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionDef<'a> {
    /// Its name.
    pub name: &'a str,
    /// `schema = …`: where its objects go; empty for the default.
    pub schema: &'a str,
    /// `version = "…"`; empty for the one that the server offers.
    pub version: &'a str,
    /// Where it stands.
    pub source: SourceDef<'a>,
}

/// `#[table(rows = […])]`: the rows that a table of configuration holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsDef<'a> {
    /// The table.
    pub table: NameDef<'a>,
    /// Columns of the key that tells the rows apart, by database name.
    pub key: &'a [&'a str],
    /// The rows, in the order of the source.
    pub rows: &'a [RowDef<'a>],
    /// Where the struct stands.
    pub source: SourceDef<'a>,
}

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowDef<'a> {
    /// Values by database name of the column; a column that is not here is left alone.
    pub values: &'a [(&'a str, ValueDef<'a>)],
    /// Line of the row.
    pub line: u32,
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueDef<'a> {
    /// `None`.
    Null,
    /// A literal or an enum's variant, as SQL.
    Literal(SqlDef<'a>),
    /// `sql("…")`.
    Sql(SqlDef<'a>),
}
