//! The history table, byte-compatible with Atlas's `atlas_schema_revisions`.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::replay::execute;
use super::revision::{Revision, RevisionKind};
use crate::directory::{Hash, Version};
use crate::ident::Ident;

/// The name of the table, and of the schema that it has to itself when it is created.
pub(super) const TABLE: &str = "atlas_schema_revisions";

/// Atlas keeps rows of its own under versions that begin so.
const HIDDEN: &str = ".";

/// Where the history of a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct History {
    schema: Ident,
    exists: bool,
}

/// Why the history cannot be located.
pub(super) enum LocateError {
    Ambiguous(Vec<String>),
    Server(sqlx::Error),
}

impl History {
    /// Finds the table: in `schema`, or wherever it is, or else in a schema of its own to come.
    pub(super) async fn locate(
        connection: &mut PgConnection,
        schema: Option<&str>,
    ) -> Result<Self, LocateError> {
        let found = sqlx::query_scalar::<_, String>(include_str!("locate.sql"))
            .persistent(false)
            .bind(TABLE)
            .fetch_all(connection)
            .await
            .map_err(LocateError::Server)?;
        match (schema, found.as_slice()) {
            (Some(schema), found) => Ok(Self {
                schema: Ident::new(schema),
                exists: found.iter().any(|name| name == schema),
            }),
            (None, []) => Ok(Self {
                schema: Ident::new(TABLE),
                exists: false,
            }),
            (None, [schema]) => Ok(Self {
                schema: Ident::new(schema.as_str()),
                exists: true,
            }),
            (None, _) => Err(LocateError::Ambiguous(found)),
        }
    }

    pub(super) fn schema(&self) -> &Ident {
        &self.schema
    }

    /// All rows, by version.
    pub(super) async fn read(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<Revision>, sqlx::Error> {
        if !self.exists {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(AssertSqlSafe(self.sql(include_str!("read.sql"))))
            .persistent(false)
            .fetch_all(connection)
            .await?;
        let mut revisions = Vec::with_capacity(rows.len());
        for row in rows {
            let version: String = row.try_get("version")?;
            if version.starts_with(HIDDEN) {
                continue;
            }
            let executed_at: String = row.try_get("executed_at")?;
            let nanoseconds: i64 = row.try_get("execution_time")?;
            let applied: i64 = row.try_get("applied")?;
            let total: i64 = row.try_get("total")?;
            let partial: Vec<String> = row.try_get("partial_hashes")?;
            revisions.push(Revision {
                version: Version::new(version),
                description: row.try_get("description")?,
                kind: RevisionKind(row.try_get("type")?),
                applied: usize::try_from(applied).unwrap_or_default(),
                total: usize::try_from(total).unwrap_or_default(),
                executed_at: executed_at
                    .parse::<Timestamp>()
                    .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                execution_time: Duration::from_nanos(
                    u64::try_from(nanoseconds).unwrap_or_default(),
                ),
                error: row.try_get("error")?,
                error_statement: row.try_get("error_stmt")?,
                hash: Hash::new(row.try_get("hash")?),
                partial_hashes: partial.iter().map(|hash| Hash::new(hash)).collect(),
                operator: row.try_get("operator_version")?,
            });
        }
        // PostgreSQL may sort by a collation; versions compare byte by byte.
        revisions.sort_by(|one, other| one.version.cmp(&other.version));
        Ok(revisions)
    }

    /// Creates schema and table where they are not there.
    pub(super) async fn create(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        if !self.exists {
            // Asked first, because `IF NOT EXISTS` wants the privilege even where there is nothing to do.
            let has_schema: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname::pg_catalog.text = $1)")
                    .persistent(false)
                    .bind(self.schema.as_str())
                    .fetch_one(&mut *connection)
                    .await?;
            let create_schema = if has_schema {
                ""
            } else {
                "CREATE SCHEMA {schema};"
            };
            let create = format!("{create_schema}{}", include_str!("create.sql"));
            execute(connection, &self.sql(&create)).await?;
            self.exists = true;
        }
        Ok(())
    }

    /// Writes a row, with the server's clock and our name on it.
    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        revision: &Revision,
    ) -> Result<(), sqlx::Error> {
        self.upsert(connection, revision, "").await
    }

    /// Writes the row of a failure, or of a file that waits, unless the row that is there knows of more.
    ///
    /// That is so where the answer to a COMMIT got lost: then there was no failure.
    pub(super) async fn write_failure(
        &self,
        connection: &mut PgConnection,
        revision: &Revision,
    ) -> Result<(), sqlx::Error> {
        self.upsert(
            connection,
            revision,
            "WHERE kept.applied < kept.total AND kept.applied <= excluded.applied",
        )
        .await
    }

    async fn upsert(
        &self,
        connection: &mut PgConnection,
        revision: &Revision,
        condition: &str,
    ) -> Result<(), sqlx::Error> {
        let partial = revision
            .partial_hashes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>();
        let sql = format!("{}{condition}", include_str!("write.sql"));
        sqlx::query(AssertSqlSafe(self.sql(&sql)))
            .persistent(false)
            .bind(revision.version.as_str())
            .bind(&revision.description)
            .bind(revision.kind.0)
            .bind(count(revision.applied))
            .bind(count(revision.total))
            .bind(i64::try_from(revision.execution_time.as_nanos()).unwrap_or(i64::MAX))
            .bind(revision.error.as_deref())
            .bind(revision.error_statement.as_deref())
            .bind(revision.hash.as_str())
            .bind(if partial.is_empty() {
                None
            } else {
                Some(partial)
            })
            .bind(revision.signature())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Removes a row.
    pub(super) async fn remove(
        &self,
        connection: &mut PgConnection,
        version: &Version,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(AssertSqlSafe(
            self.sql("DELETE FROM {table} WHERE version = $1"),
        ))
        .persistent(false)
        .bind(version.as_str())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub(super) fn sql(&self, template: &str) -> String {
        template
            .replace("{schema}", &format!("{}", self.schema))
            .replace("{table}", &format!("{}.{TABLE}", self.schema))
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
