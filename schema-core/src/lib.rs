//! PostgreSQL schemas as Rust structs: definitions, reflection, diff, plans and migrations.
//!
//! An application sees [`prelude`], and with the features `migrate` and `testing` what runs its
//! migrations when it starts, and in its tests. `cargo migrate` is built from the rest, behind the
//! feature `engine`:
//!
//! ```text
//! Rust source   --#[table]-->    TableDef             const in the user's crate
//! TableDef      --encode-->      bytes in a section   magic, version, length, payload
//! artifact      --extract-->     [Record]
//!               --build-->       Schema               or every SchemaError at once
//! Schema        --lower-->       Catalog (provisional)
//! database      --introspect-->  Catalog
//! two Catalogs  --diff-->        Changes
//! Changes       --plan-->        Plan
//! Plan          --render-->      MigrationFile
//! MigrationFile --append-->      Directory + SumFile
//! Pending       --apply-->       Report, Revision rows
//! ```

pub mod def;
pub mod diagnostic;
pub mod ident;
mod integrations;
pub mod metadata;
#[doc(hidden)]
pub mod private;
pub mod sql_type;
pub mod table;

#[cfg(feature = "sea-query")]
pub use self::integrations::sea_query;
#[doc(hidden)]
#[cfg(feature = "macros")]
pub use schema_macros::__rows;
#[cfg(all(feature = "macros", feature = "migrate"))]
pub use schema_macros::migrate;
#[cfg(feature = "macros")]
pub use schema_macros::{
    PgComposite, PgDomain, PgEnum, PgNewtype, Table, View, check_migrations, extension,
    materialized_view, pg_schema, rows, sql, sql_file, table, view,
};

/// All that a module with tables needs.
pub mod prelude {
    #[cfg(feature = "macros")]
    pub use schema_macros::{
        PgComposite, PgDomain, PgEnum, PgNewtype, Table, View, extension, materialized_view,
        pg_schema, rows, sql, sql_file, table, view,
    };

    pub use crate::sql_type::{Json, Range};
    pub use crate::table::Table as _;
}

#[cfg(feature = "migrate")]
pub mod apply;
#[cfg(feature = "engine")]
pub mod catalog;
#[cfg(feature = "engine")]
pub mod ddl;
#[cfg(feature = "testing")]
pub mod dev_db;
#[cfg(feature = "engine")]
pub mod diff;
#[cfg(feature = "migrate")]
pub mod directory;
#[cfg(feature = "engine")]
pub mod gate;
#[cfg(feature = "engine")]
pub mod graph;
#[cfg(feature = "engine")]
pub mod introspect;
#[cfg(feature = "engine")]
pub mod lint;
#[cfg(feature = "engine")]
pub mod lower;
#[cfg(feature = "migrate")]
pub mod migrate;
#[cfg(feature = "engine")]
pub mod observe;
#[cfg(feature = "engine")]
pub mod plan;
#[cfg(feature = "engine")]
pub mod render;
#[cfg(feature = "engine")]
pub mod review;
#[cfg(feature = "engine")]
pub mod rule;
#[cfg(feature = "engine")]
pub mod schema;
#[cfg(feature = "engine")]
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;
