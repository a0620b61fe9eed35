//! The `#[table]` attribute and the derives of `schema-core`; use them through that crate.
#![expect(
    clippy::single_match_else,
    reason = "two ways to get a value read better as a match"
)]

mod check_migrations;
mod default;
mod doc;
mod errors;
mod extension;
#[cfg(feature = "migrate")]
mod migrate;
mod name;
mod options;
mod paths;
mod pg_composite;
mod pg_domain;
mod pg_enum;
mod pg_newtype;
mod pg_schema;
mod predicate;
mod primitive;
mod queries;
mod record;
mod slot;
mod spelling;
mod sql;
mod sql_text;
mod sql_type;
mod sqlx;
mod statements;
mod suggest;
mod table;

use proc_macro::TokenStream;

/// Makes a struct a table: its fields are the columns, `Option<T>` the nullable ones.
///
/// It stands before `#[column]`, `#[index]` and the like. The struct stays as it is; it gains an
/// implementation of `schema_core::table::Table`, whose columns other tables name as paths.
///
/// ```
/// use schema_core::prelude::*;
///
/// /// Doc comments become comments in the database.
/// #[table(name = "users")]
/// #[unique(email, where = deleted_on.is_null())]
/// #[index(sql("lower(email)"), name = "users_lower_email_idx")]
/// #[check(age >= 18)]
/// pub struct User {
///     #[column(primary_key, identity)]
///     pub id: i64,
///     #[column(type = varchar(80))]
///     pub email: String,
///     pub age: i32,
///     #[column(type = date)]
///     pub deleted_on: Option<String>,
/// }
///
/// #[table]
/// pub struct Post {
///     #[column(primary_key, identity)]
///     pub id: i64,
///     #[column(references = User::id, on_delete = cascade, index)]
///     pub author_id: i64,
///     #[column(default = "")]
///     pub body: String,
/// }
/// # use schema_core::table::Table;
/// assert_eq!(Post::NAME.name, "post");
/// ```
///
/// # `#[table(…)]`
///
/// | option | means |
/// | --- | --- |
/// | `name = "users"` | the name, when it is not the struct's in `snake_case` |
/// | `schema = billing` | a schema that [`pg_schema!`] declares, or a string |
/// | `renamed_from = "old"` | the table was called so |
/// | `rename_all = "camelCase"` | the case of column names |
/// | `no_primary_key` | the table has none, and that is meant |
/// | `unlogged`, `tablespace = "…"`, `with(fillfactor = 70)` | storage |
/// | `ignore_columns = ["legacy"]` | columns of the database that are left alone |
/// | `managed = false` | the table exists and is not ours |
/// | `comment = "…"` | instead of the doc comment |
/// | `rows = [{ code: "free", monthly: 0 }]` | the rows of a table of configuration, which `generate` writes into migrations; or the name of a list made by `rows!` |
/// | `names = false` | no `User::Table`, `User::Email` for queries of `sea-query` (feature `sea-query`) |
/// | `sqlx = false` | no `sqlx::FromRow` (feature `sqlx`); it is left to you where you derive it behind `#[table]`, too |
/// | `rls`, `rls = force` | row security is on; for the owner too |
/// | `partition_by = range(created_on)` | partitioned, also by `list(…)` or `hash(…)` |
/// | `replica_identity = full` | or `nothing`, or the name of an index |
/// | `access_method = "heap"` | how rows are stored |
/// | `crate = path` | where `schema_core` is, if it is renamed |
///
/// # `#[column(…)]`, on fields
///
/// | option | means |
/// | --- | --- |
/// | `name`, `renamed_from`, `comment` | as above |
/// | `type = varchar(80)` | another type than the field's own: `numeric(12, 2)`, `text[]`, `timestamptz(3)`, a `PgEnum` or `PgDomain`, or `sql("…")` |
/// | `primary_key`, `unique`, `index` | with the options of the struct's attributes: `unique(name = "…")` |
/// | `default = …` | a literal, an enum's variant, a function such as `now()`, or `sql("…")` |
/// | `identity`, `identity(always, start = 1000)` | numbered by PostgreSQL; `by_default` unless said |
/// | `generated = …` | a stored generated column: an expression over the fields, or `sql("…")` |
/// | `references = User::id` | a foreign key, with `on_delete`, `on_update` (`cascade`, `restrict`, `set_null`, `set_default`, `no_action`), `match_full`, `deferrable`, `not_valid` |
/// | `check = (total >= 0)` | a check |
/// | `collate`, `storage`, `compression` | as in SQL |
/// | `backfill = …`, `using = sql("…")` | the value of old rows, the conversion when the type changes |
/// | `deprecated`, `deprecated = "why"` | still in the table, no longer written |
/// | `skip` | no column |
///
/// # On the struct
///
/// - `#[primary_key(a, b)]`
/// - `#[unique(a, b)]`: a constraint; a unique index with `where`, `using`, an expression or an order
/// - `#[index(a, b.desc().nulls_last(), sql("lower(c)"), …)]`
/// - `#[foreign_key(columns = [a, b], references = [Other::a, Other::b], …)]`
/// - `#[check(a >= 1 && b.is_some())]`
/// - `#[exclude(using = gist, elements(room = "=", during = "&&"), …)]`
/// - `#[policy(name = "own", for = select, to = "app", using = sql("owner = current_user"))]`, also
///   with `with_check = …` and `restrictive`
/// - `#[trigger(name = "touch", before(update), execute = "touch()")]`, also with `for_each = statement`,
///   `when = sql("…")`, `old_table`, `new_table`, `constraint`, `deferrable`
/// - `#[grant(select, update(name), to = ["app"])]`, also with `grant_option`
/// - `#[statistics(city, zip, kinds = [ndistinct])]`
/// - `#[partition(name = "events_2031", from = "2031-01-01", to = "2032-01-01")]`, or `in = […]`, or
///   `modulus = 4, remainder = 0`, or `default`
///
/// Options of these: `name`, `renamed_from`, `using = gin`, `where = …`, `include(a)`,
/// `nulls_not_distinct`, `with(…)`, `deferrable`, `deferrable = initially_deferred`.
///
/// Expressions are Rust over the fields (`==`, `<`, `&&`, `!`, `+`, `is_null()`, `is_some()`,
/// `in_([…])`, literals, enum variants), or `sql("…")`, which may name what the text depends on:
/// `sql("f(x)", Other)`.
#[proc_macro_attribute]
pub fn table(arguments: TokenStream, item: TokenStream) -> TokenStream {
    table::attribute(&arguments.into(), &item.into()).into()
}

/// What `#[table]` puts on a struct; not meant to be written by hand.
#[proc_macro_derive(
    Table,
    attributes(
        __table,
        __loaded,
        column,
        primary_key,
        unique,
        index,
        foreign_key,
        check,
        exclude,
        embed,
        policy,
        trigger,
        grant,
        statistics,
        partition
    )
)]
pub fn derive_table(item: TokenStream) -> TokenStream {
    table::derive(item.into()).into()
}

/// Makes a struct a view: its fields are the columns of the query, which `cargo migrate` checks against
/// those that PostgreSQL gives.
///
/// ```
/// use schema_core::prelude::*;
///
/// #[table(name = "users")]
/// pub struct User {
///     #[column(primary_key)]
///     pub id: i64,
///     pub email: String,
///     pub active: bool,
/// }
///
/// /// Who may log in.
/// #[view(sql = "SELECT id, email FROM users WHERE active", security_barrier)]
/// pub struct ActiveUsers {
///     pub id: i64,
///     pub email: String,
/// }
/// ```
///
/// | option | means |
/// | --- | --- |
/// | `sql = "SELECT …"` | the query: a string, or a constant that holds one |
/// | `file = "sql/active_users.sql"` | the file that it stands in, relative to this one |
/// | `name`, `schema`, `rename_all`, `comment`, `crate` | as in `#[table(…)]` |
/// | `security_invoker`, `security_barrier`, `check_option = cascaded` | as in SQL |
///
/// Fields take `#[column(name, type, comment, skip)]`. Their order is free. Whether a column of a view
/// can be null is not known to PostgreSQL: an `Option` is up to you.
#[proc_macro_attribute]
pub fn view(arguments: TokenStream, item: TokenStream) -> TokenStream {
    table::view::attribute(false, &arguments.into(), &item.into()).into()
}

/// Makes a struct a materialized view, with its indexes.
///
/// ```
/// use schema_core::prelude::*;
///
/// #[table]
/// pub struct Sale {
///     #[column(primary_key)]
///     pub id: i64,
///     pub region: String,
///     pub cents: i64,
/// }
///
/// #[materialized_view(sql = "SELECT region, sum(cents)::bigint AS cents FROM sale GROUP BY region")]
/// #[unique(region)]
/// pub struct SalesByRegion {
///     pub region: String,
///     pub cents: i64,
/// }
/// ```
///
/// Options are those of [`macro@view`] without the last line, and `with_no_data`, `tablespace`,
/// `with(fillfactor = 70)`, `access_method`. `#[index(…)]` and `#[unique(…)]` are as on a table.
#[proc_macro_attribute]
pub fn materialized_view(arguments: TokenStream, item: TokenStream) -> TokenStream {
    table::view::attribute(true, &arguments.into(), &item.into()).into()
}

/// What `#[view]` puts on a struct; not meant to be written by hand.
#[proc_macro_derive(
    View,
    attributes(
        __view,
        __loaded,
        column,
        primary_key,
        unique,
        index,
        foreign_key,
        check,
        exclude,
        policy,
        trigger,
        grant,
        statistics,
        partition
    )
)]
pub fn derive_view(item: TokenStream) -> TokenStream {
    table::view::derive(item.into()).into()
}

/// Statements that make objects: functions, triggers, range types, publications, whatever `cargo
/// migrate` has no attribute for. A string, or a constant that holds one.
///
/// ```
/// use schema_core::prelude::*;
///
/// sql!(
///     "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
///      BEGIN new.updated_at = now(); RETURN new; END $$;"
/// );
/// ```
///
/// The order is free: what needs something else is made after it. Rows and settings are nothing of it.
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    statements::here(input.into()).into()
}

/// The same, in a file. The path is relative to the file of the source, as that of `include_str!`.
///
/// ```
/// # const SHOP: &str = stringify!(
/// schema_core::sql_file!("sql/functions.sql");
/// # );
/// ```
///
/// A change of the file is seen by the next build.
#[proc_macro]
pub fn sql_file(input: TokenStream) -> TokenStream {
    statements::file(input.into()).into()
}

/// Makes a struct a composite type, its fields the attributes.
///
/// `#[pg(name, schema, rename_all, comment)]` on the struct, `#[pg(name, type, collate, comment)]` on
/// fields.
///
/// ```
/// use schema_core::prelude::*;
///
/// #[derive(PgComposite)]
/// pub struct Address {
///     pub street: String,
///     #[pg(type = varchar(12))]
///     pub zip: Option<String>,
/// }
///
/// #[table]
/// pub struct Customer {
///     #[column(primary_key)]
///     pub id: i64,
///     pub address: Address,
/// }
/// ```
#[proc_macro_derive(PgComposite, attributes(pg))]
pub fn derive_pg_composite(item: TokenStream) -> TokenStream {
    pg_composite::derive(item.into()).into()
}

/// Makes an enum without fields an enum type, its labels in `snake_case`.
///
/// `#[pg(name, schema, rename_all, renamed_from, comment)]` on the enum,
/// `#[pg(rename, renamed_from)]` on variants. With the feature `sqlx` it is a type of `sqlx` too,
/// unless it has `#[sqlx(…)]` itself, or `#[pg(sqlx = false)]`.
///
/// ```
/// use schema_core::prelude::*;
///
/// #[derive(Clone, Copy, PgEnum)]
/// #[pg(name = "member_role")]
/// pub enum Role {
///     Owner,
///     #[pg(renamed_from = "user")]
///     Member,
/// }
///
/// #[table]
/// pub struct Membership {
///     #[column(primary_key)]
///     pub id: i64,
///     #[column(default = Role::Member)]
///     pub role: Role,
/// }
/// ```
#[proc_macro_derive(PgEnum, attributes(pg))]
pub fn derive_pg_enum(item: TokenStream) -> TokenStream {
    pg_enum::derive(item.into()).into()
}

/// Makes a struct around one value a domain over the type of that value.
///
/// `#[pg(name, schema, type, check, not_null, default, collate, renamed_from, comment)]`; `check`
/// may be repeated, and named: `check(name = "…", sql("…"))`. A type of `sqlx` as a `PgEnum` is.
///
/// ```
/// use schema_core::prelude::*;
///
/// #[derive(PgDomain)]
/// #[pg(type = varchar(40), check = sql("value ~ '^[a-z0-9-]+$'"))]
/// pub struct Slug(pub String);
/// ```
#[proc_macro_derive(PgDomain, attributes(pg))]
pub fn derive_pg_domain(item: TokenStream) -> TokenStream {
    pg_domain::derive(item.into()).into()
}

/// Makes a struct around one value the same SQL type as that value. A type of `sqlx` as a `PgEnum` is.
///
/// ```
/// use schema_core::prelude::*;
///
/// #[derive(PgNewtype)]
/// pub struct CustomerId(pub i64);
/// ```
#[proc_macro_derive(PgNewtype, attributes(pg))]
pub fn derive_pg_newtype(item: TokenStream) -> TokenStream {
    pg_newtype::derive(item.into()).into()
}

/// Declares a schema, and a type that stands for it in `schema = …`.
///
/// ```
/// use schema_core::prelude::*;
///
/// pg_schema!(pub billing, comment = "money");
///
/// #[table(schema = billing)]
/// pub struct Invoice {
///     #[column(primary_key)]
///     pub id: i64,
/// }
/// ```
#[proc_macro]
pub fn pg_schema(input: TokenStream) -> TokenStream {
    pg_schema::expand(input.into()).into()
}

/// Declares an extension that the tables need, and optionally the schema of its objects and its version.
///
/// ```
/// use schema_core::prelude::*;
///
/// extension!(citext);
/// extension!("uuid-ossp", schema = "extensions", version = "1.1");
/// ```
#[proc_macro]
pub fn extension(input: TokenStream) -> TokenStream {
    extension::expand(input.into()).into()
}

/// Checks at compile time that the migrations know the crate's tables as they are. No database, no
/// network: what `cargo migrate generate` last saw is on record in `migrate.structs` of the directory.
///
/// It is written once, in the root of the crate (lib.rs or main.rs). The path is relative to the
/// `Cargo.toml` of the crate; without one it is `migrations`.
///
/// ```
/// # const SHOP: &str = stringify!(
/// schema_core::check_migrations!("migrations");
/// # );
/// ```
///
/// A table, enum, domain or newtype that is not as it is on record is a warning, which names what
/// changed:
///
/// ```text
/// warning: use of deprecated function `_::migration_missing`: table `users` (struct `User`, src/user.rs:12):
///          field `full_name` is in no migration; run `cargo migrate generate NAME`
/// ```
///
/// `cargo migrate generate` writes the migration and the record, or only the record, where the change
/// makes no difference in the database. `check_migrations!("migrations", deny)` fails the build instead;
/// not that of `cargo migrate` itself, which could not write the migration without it.
///
/// The modules are followed from the crate's root. What a macro makes, and what a type alias stands
/// for, is not looked at; tables in modules with `#[cfg(test)]` do not count.
#[proc_macro]
pub fn check_migrations(input: TokenStream) -> TokenStream {
    check_migrations::expand(input.into()).into()
}

/// A list of rows under a name, for `#[table(rows = NAME)]` of a struct that comes after it.
///
/// ```
/// use schema_core::prelude::*;
///
/// rows!(PLANS = [
///     { code: "free", monthly: 0 },
///     { code: "pro", monthly: 1900, note: "most take it" },
/// ]);
///
/// #[table(rows = PLANS)]
/// pub struct Plan {
///     #[column(primary_key)]
///     pub code: String,
///     pub monthly: i32,
///     pub note: Option<String>,
/// }
/// ```
///
/// The rows are checked where the struct asks for them, against its fields.
#[proc_macro]
pub fn rows(input: TokenStream) -> TokenStream {
    table::rows::list(input.into()).into()
}

/// What `rows!` hands its rows and the struct to.
#[doc(hidden)]
#[proc_macro]
pub fn __rows(input: TokenStream) -> TokenStream {
    table::rows::of_list(input.into()).into()
}

/// Puts a migration directory into the program, as a `schema_core::migrate::Migrator`.
///
/// The path is relative to the `Cargo.toml` of the crate; without one it is `migrations`. The value
/// is a constant.
///
/// ```
/// use schema_core::migrate::Migrator;
///
/// # const SHOP: &str = stringify!(
/// static MIGRATIONS: Migrator = schema_core::migrate!("migrations");
/// # );
/// # static MIGRATIONS: Migrator = schema_core::migrate!("../examples/shop/migrations");
/// # assert_eq!(MIGRATIONS.directory().verify(), []);
/// ```
///
/// The build fails where `cargo migrate validate` would: without the directory or its `atlas.sum`,
/// when a file was edited, added or removed, when two have one version, or when one is not UTF-8.
///
/// Prefixes of directives come from `directive-prefixes` of `migrate.toml`. Where the crate is
/// built without that file, they are named: `migrate!("migrations", prefixes = ["renewa"])`.
///
/// # What makes it build again
///
/// A change of `atlas.sum` or of a file, so everything that `cargo migrate` does. A file that was
/// put there by hand is seen at the next build of the crate; to have it seen at once, let the
/// build script (`build.rs`) print `cargo:rerun-if-changed=migrations`.
#[cfg(feature = "migrate")]
#[proc_macro]
pub fn migrate(input: TokenStream) -> TokenStream {
    migrate::expand(input.into()).into()
}
