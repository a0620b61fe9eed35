//! Databases that another tool has migrated: its table, and which of our files its rows are.

use std::fmt::{self, Write as _};
use std::hash::{Hash as _, Hasher as _};

use sha2::{Digest as _, Sha256, Sha384};
use siphasher::sip::SipHasher13;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::error::ApplyError;
use crate::directory::version_number;
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
    /// golang-migrate.
    GolangMigrate,
    /// goose.
    Goose,
    /// dbmate.
    Dbmate,
    /// Flyway.
    Flyway,
    /// Prisma Migrate.
    Prisma,
}

impl Predecessor {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Sqlx,
        Self::Refinery,
        Self::Diesel,
        Self::Drizzle,
        Self::GolangMigrate,
        Self::Goose,
        Self::Dbmate,
        Self::Flyway,
        Self::Prisma,
    ];

    /// The name of its table.
    pub fn table(self) -> &'static str {
        match self {
            Self::Sqlx => "_sqlx_migrations",
            Self::Refinery => "refinery_schema_history",
            Self::Diesel => "__diesel_schema_migrations",
            Self::Drizzle => "__drizzle_migrations",
            Self::GolangMigrate | Self::Dbmate => "schema_migrations",
            Self::Goose => "goose_db_version",
            Self::Flyway => "flyway_schema_history",
            Self::Prisma => "_prisma_migrations",
        }
    }

    /// A column that its table has, and one that only a table of the same name has.
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlx | Self::Refinery | Self::Flyway | Self::Prisma => ("checksum", ""),
            Self::Diesel => ("version", ""),
            Self::Drizzle => ("hash", ""),
            Self::GolangMigrate => ("dirty", ""),
            Self::Goose => ("version_id", ""),
            Self::Dbmate => ("version", "dirty"),
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
            Self::GolangMigrate => {
                "take `migrate … up` and `m.Up()` out of the deployment and of the app's start"
            }
            Self::Goose => {
                "take `goose up` and `goose.Up(…)` out of the deployment and of the app's start"
            }
            Self::Dbmate => {
                "take `dbmate up`, `dbmate migrate` and `CreateAndMigrate()` out of the deployment and of the app's start"
            }
            Self::Flyway => {
                "take `flyway migrate` and `Flyway.migrate()` out of the deployment and of the app's start (`spring.flyway.enabled=false`)"
            }
            Self::Prisma => {
                "take `prisma migrate deploy`, `prisma migrate dev` and `prisma db push` out of the deployment and of everybody's scripts"
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
            Self::GolangMigrate => {
                "SELECT t.version::pg_catalog.text, NULL::pg_catalog.text, NOT t.dirty, NULL::pg_catalog.text FROM {table} t"
            }
            // The newest row of a version counts: older releases wrote one for each way down, too.
            Self::Goose => {
                "SELECT t.version_id::pg_catalog.text, NULL::pg_catalog.text, true, NULL::pg_catalog.text \
                 FROM {table} t WHERE t.is_applied AND t.version_id > 0 \
                 AND NOT EXISTS (SELECT FROM {table} l WHERE l.version_id = t.version_id AND l.id > t.id) \
                 ORDER BY t.version_id"
            }
            Self::Dbmate => {
                "SELECT t.version::pg_catalog.text, NULL::pg_catalog.text, true, NULL::pg_catalog.text \
                 FROM {table} t ORDER BY t.version COLLATE pg_catalog.\"C\""
            }
            // What is repeated has no version, and its last row counts; what was undone is not there.
            Self::Flyway => {
                "SELECT CASE WHEN t.type = 'SQL_BASELINE' THEN 'B' ELSE '' END \
                 || coalesce(t.version, pg_catalog.regexp_replace(t.script, '^.*/', ''))::pg_catalog.text, \
                 t.script::pg_catalog.text, t.success, t.checksum::pg_catalog.text \
                 FROM {table} t WHERE t.type NOT IN ('SCHEMA', 'DELETE') AND t.type NOT LIKE 'UNDO%' \
                 AND NOT EXISTS (SELECT FROM {table} l WHERE l.installed_rank > t.installed_rank \
                 AND (l.version = t.version OR t.version IS NULL AND l.version IS NULL AND l.description = t.description)) \
                 ORDER BY t.version IS NULL, pg_catalog.string_to_array(t.version, '.')::pg_catalog.numeric[], \
                 t.description COLLATE pg_catalog.\"C\""
            }
            Self::Prisma => {
                "SELECT t.migration_name::pg_catalog.text, t.migration_name::pg_catalog.text, t.finished_at IS NOT NULL, \
                 t.checksum::pg_catalog.text \
                 FROM {table} t WHERE t.rolled_back_at IS NULL ORDER BY t.migration_name COLLATE pg_catalog.\"C\""
            }
        }
    }

    /// What the tool makes of a version: numbers, or digits without their dashes.
    pub(super) fn key(self, version: &str) -> String {
        match self {
            Self::Diesel => version.replace('-', ""),
            Self::Drizzle => version.to_owned(),
            Self::Prisma => number(version.split('_').next().unwrap_or_default()),
            _ => number(version),
        }
    }

    /// Its checksums of a text, in all the ways that it takes them.
    pub(super) fn checksums(self, row: &FormerRow, text: &str) -> Vec<String> {
        match self {
            Self::Sqlx => vec![hex(&Sha384::digest(text))],
            Self::Drizzle | Self::Prisma => vec![hex(&Sha256::digest(text))],
            Self::Flyway => vec![checksum_of_lines(text).to_string()],
            Self::Diesel | Self::GolangMigrate | Self::Goose | Self::Dbmate => Vec::new(),
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
            Self::GolangMigrate => "golang-migrate",
            Self::Goose => "goose",
            Self::Dbmate => "dbmate",
            Self::Flyway => "flyway",
            Self::Prisma => "prisma",
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
        let schemas: Vec<String> = sqlx::query_scalar(include_str!("former.sql"))
            .persistent(false)
            .bind(tool.table())
            .bind(tool.columns().0)
            .bind(tool.columns().1)
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

/// A version that is a number, however many zeros it begins with.
fn number(version: &str) -> String {
    let number = version_number(version);
    number.map_or_else(|| version.to_owned(), |number| number.to_string())
}

/// CRC-32 over the lines of a text without their ends, as a signed number.
fn checksum_of_lines(text: &str) -> i32 {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let crc = text.lines().flat_map(str::bytes).fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))
        })
    });
    (!crc).cast_signed()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{Predecessor, checksum_of_lines};

    #[test]
    fn line_ends_are_no_part_of_a_crc() {
        // CRC-32 of `123456789` is 0xCBF43926.
        for text in ["123456789", "1234\n56789\n", "\u{feff}1234\r\n56789"] {
            assert_eq!(checksum_of_lines(text), 0xCBF4_3926_u32.cast_signed());
        }
    }

    #[test]
    fn versions_are_numbers_where_the_tool_takes_them_for_such() {
        let cases = [
            (Predecessor::Sqlx, "00000000000007", "7"),
            (Predecessor::Goose, "00007", "7"),
            (Predecessor::Diesel, "2024-01-02-030405", "20240102030405"),
            (
                Predecessor::Prisma,
                "20240102030405_add_users",
                "20240102030405",
            ),
            (Predecessor::Flyway, "1.2", "1.2"),
        ];
        for (tool, version, key) in cases {
            assert_eq!(tool.key(version), key, "{tool}");
        }
    }
}
