//! Databases that another tool has migrated: its table, and which of our files its rows are.

use std::fmt::{self, Write as _};
use std::hash::{Hash as _, Hasher as _};

use sha2::{Digest as _, Sha256, Sha384};
use siphasher::sip::SipHasher13;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::error::ApplyError;
use crate::ident::QualifiedName;

/// A tool that may have migrated a database before us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Predecessor {
    /// sqlx-cli and `sqlx::migrate!`.
    Sqlx,
    /// refinery.
    Refinery,
    /// Diesel.
    Diesel,
    /// Drizzle.
    Drizzle,
}

impl Predecessor {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sqlx, Self::Refinery, Self::Diesel, Self::Drizzle];

    /// The name of its table.
    pub fn table(self) -> &'static str {
        match self {
            Self::Sqlx => "_sqlx_migrations",
            Self::Refinery => "refinery_schema_history",
            Self::Diesel => "__diesel_schema_migrations",
            Self::Drizzle => "__drizzle_migrations",
        }
    }

    /// What to do so that it never migrates the database again.
    pub fn fence(self) -> &'static str {
        match self {
            Self::Sqlx => {
                "take `sqlx migrate run` and `sqlx::migrate!().run(…)` out of the deployment and of the app's start"
            }
            Self::Refinery => {
                "take `refinery migrate` and `embed_migrations!` with its `runner().run(…)` out of the deployment and of the app's start"
            }
            Self::Diesel => {
                "take `diesel migration run` and `run_pending_migrations(…)` out of the deployment and of the app's start"
            }
            Self::Drizzle => {
                "take `drizzle-kit migrate`, `drizzle-kit push` and `migrate(db, …)` out of the deployment and of the app's start"
            }
        }
    }

    /// Version, name, whether it succeeded, and checksum of each row, in the tool's own order.
    fn query(self) -> &'static str {
        match self {
            Self::Sqlx => {
                "SELECT t.version::pg_catalog.text, t.description::pg_catalog.text, t.success, pg_catalog.encode(t.checksum, 'hex') \
                 FROM {table} t ORDER BY t.version"
            }
            Self::Refinery => {
                "SELECT t.version::pg_catalog.text, t.name::pg_catalog.text, true, t.checksum::pg_catalog.text \
                 FROM {table} t ORDER BY t.version"
            }
            Self::Diesel => {
                "SELECT t.version::pg_catalog.text, NULL::pg_catalog.text, true, NULL::pg_catalog.text \
                 FROM {table} t ORDER BY pg_catalog.replace(t.version, '-', '') COLLATE pg_catalog.\"C\""
            }
            Self::Drizzle => {
                "SELECT coalesce(t.created_at, t.id)::pg_catalog.text, NULL::pg_catalog.text, true, t.hash::pg_catalog.text \
                 FROM {table} t ORDER BY t.created_at, t.id"
            }
        }
    }

    /// What the tool makes of a version: numbers, or digits without their dashes.
    pub(super) fn key(self, version: &str) -> String {
        match self {
            Self::Sqlx | Self::Refinery => {
                let number = version.parse::<i64>();
                number.map_or_else(|_| version.to_owned(), |number| number.to_string())
            }
            Self::Diesel => version.replace('-', ""),
            Self::Drizzle => version.to_owned(),
        }
    }

    /// Its checksums of a text, in all the ways that it takes them.
    pub(super) fn checksums(self, row: &FormerRow, text: &str) -> Vec<String> {
        match self {
            Self::Sqlx => vec![hex(&Sha384::digest(text))],
            Self::Drizzle => vec![hex(&Sha256::digest(text))],
            Self::Diesel => Vec::new(),
            Self::Refinery => {
                let name = row.name.as_deref().unwrap_or_default();
                let of = |version: &dyn Fn(&mut SipHasher13)| {
                    let mut hasher = SipHasher13::new();
                    name.hash(&mut hasher);
                    version(&mut hasher);
                    text.hash(&mut hasher);
                    hasher.finish().to_string()
                };
                // Versions are 32 bits wide, or 64 by a feature.
                let narrow = row.version.parse::<i32>().ok();
                let wide = row.version.parse::<i64>().ok();
                let narrow = narrow.map(|version| of(&|hasher| version.hash(hasher)));
                let wide = wide.map(|version| of(&|hasher| version.hash(hasher)));
                narrow.into_iter().chain(wide).collect()
            }
        }
    }
}

impl fmt::Display for Predecessor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlx => "sqlx",
            Self::Refinery => "refinery",
            Self::Diesel => "diesel",
            Self::Drizzle => "drizzle",
        })
    }
}

/// The table of a tool, in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerTable {
    /// Whose it is.
    pub tool: Predecessor,
    /// Its name.
    pub name: QualifiedName,
}

/// What another tool says that it has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerHistory {
    /// Its table.
    pub table: FormerTable,
    /// The rows, in the order in which it goes.
    pub rows: Vec<FormerRow>,
}

/// A row of another tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerRow {
    /// The version, as it is in the table.
    pub version: String,
    /// The name, where the tool keeps one.
    pub name: Option<String>,
    /// Whether it ended well.
    pub succeeded: bool,
    /// The checksum, where the tool keeps one.
    pub checksum: Option<String>,
}

/// The tables of other tools that a database has.
pub async fn former_tables(connection: &mut PgConnection) -> Result<Vec<FormerTable>, ApplyError> {
    let mut tables = Vec::new();
    for tool in Predecessor::ALL {
        let schemas: Vec<String> = sqlx::query_scalar(include_str!("locate.sql"))
            .persistent(false)
            .bind(tool.table())
            .fetch_all(&mut *connection)
            .await
            .map_err(ApplyError::session("look for tables of other tools"))?;
        tables.extend(schemas.into_iter().map(|schema| FormerTable {
            tool,
            name: QualifiedName::new(schema, tool.table()),
        }));
    }
    Ok(tables)
}

/// Reads the table of another tool.
pub async fn former_history(
    connection: &mut PgConnection,
    table: FormerTable,
) -> Result<FormerHistory, ApplyError> {
    let failed = ApplyError::session("read the table of the other tool");
    let query = table.tool.query().replace("{table}", &table.name.full());
    let rows = sqlx::query(AssertSqlSafe(query))
        .persistent(false)
        .fetch_all(connection)
        .await
        .map_err(&failed)?;
    let rows = rows.iter().map(|row| {
        Ok(FormerRow {
            version: row.try_get(0)?,
            name: row.try_get(1)?,
            succeeded: row.try_get(2)?,
            checksum: row.try_get(3)?,
        })
    });
    Ok(FormerHistory {
        table,
        rows: rows.collect::<Result<_, _>>().map_err(failed)?,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}
