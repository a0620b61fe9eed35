//! The history table, byte-compatible with Atlas's `atlas_schema_revisions`.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::replay::execute;
use super::revision::{OPERATOR, Revision, RevisionKind};
use super::settings::Literal;
use crate::directory::{Hash, MigrationFile, Version};
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
        self.read_where(connection, "").await
    }

    /// The row of a version.
    pub(super) async fn read_one(
        &self,
        connection: &mut PgConnection,
        version: &Version,
    ) -> Result<Option<Revision>, sqlx::Error> {
        let condition = format!("WHERE version = {}", Literal(version.as_str()));
        let rows = self.read_where(connection, &condition).await?;
        Ok(rows.into_iter().next())
    }

    async fn read_where(
        &self,
        connection: &mut PgConnection,
        condition: &str,
    ) -> Result<Vec<Revision>, sqlx::Error> {
        if !self.exists {
            return Ok(Vec::new());
        }
        let sql = format!("{} {condition}", self.sql(include_str!("read.sql")));
        let rows = sqlx::query(AssertSqlSafe(sql))
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

    /// Writes a row.
    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        revision: &Revision,
    ) -> Result<(), sqlx::Error> {
        execute(connection, &self.writing(revision)).await
    }

    /// Writes the row of a failure, or of a file that waits, unless the row that is there knows of more.
    ///
    /// That is so where the answer to a COMMIT got lost: then there was no failure.
    pub(super) async fn write_failure(
        &self,
        connection: &mut PgConnection,
        revision: &Revision,
    ) -> Result<(), sqlx::Error> {
        let unless = "WHERE kept.applied < kept.total AND kept.applied <= excluded.applied";
        execute(connection, &format!("{} {unless}", self.writing(revision))).await
    }

    /// The command that writes a row, with the server's clock and our name on it. The time that the
    /// query of which it is a part has taken so far is added to that of the row.
    pub(super) fn writing(&self, revision: &Revision) -> String {
        let text = |text: &str| Literal(text).to_string();
        let or_null = |text: Option<String>| text.unwrap_or_else(|| "NULL".to_owned());
        let partial = revision.partial_hashes.iter().map(ToString::to_string);
        let partial = partial
            .map(|hash| text(&hash))
            .collect::<Vec<_>>()
            .join(",");
        let partial = (!partial.is_empty())
            .then(|| format!("pg_catalog.to_jsonb(ARRAY[{partial}]::pg_catalog.text[])"));
        let values = [
            text(revision.version.as_str()),
            text(&revision.description),
            revision.kind.0.to_string(),
            revision.applied.to_string(),
            revision.total.to_string(),
            "pg_catalog.clock_timestamp()".to_owned(),
            format!(
                "{} + (1000000000 * extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.statement_timestamp()))::pg_catalog.int8",
                revision.execution_time.as_nanos()
            ),
            or_null(revision.error.as_deref().map(text)),
            or_null(revision.error_statement.as_deref().map(text)),
            text(revision.hash.as_str()),
            or_null(partial),
            text(&revision.signature()),
        ];
        self.sql(include_str!("write.sql"))
            .replace("{values}", &values.join(", "))
    }

    /// Writes rows of files that have none: somebody says that they are done. One round trip.
    pub(super) async fn resolve(
        &self,
        connection: &mut PgConnection,
        files: &[&MigrationFile],
    ) -> Result<(), sqlx::Error> {
        let column = |of: fn(&MigrationFile) -> &str| {
            let column = files.iter().map(|file| of(file).to_owned());
            column.collect::<Vec<_>>()
        };
        sqlx::query(AssertSqlSafe(self.sql(include_str!("resolve.sql"))))
            .persistent(false)
            .bind(column(|file| file.version.as_str()))
            .bind(column(|file| &file.description))
            .bind(column(|file| file.hash.as_ref().map_or("", Hash::as_str)))
            .bind(RevisionKind::RESOLVED.0)
            .bind(OPERATOR)
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
        self.remove_all(connection, &[version]).await
    }

    /// Removes rows, in one round trip.
    pub(super) async fn remove_all(
        &self,
        connection: &mut PgConnection,
        versions: &[&Version],
    ) -> Result<(), sqlx::Error> {
        let versions = versions.iter().map(|version| version.as_str().to_owned());
        sqlx::query(AssertSqlSafe(
            self.sql("DELETE FROM {table} WHERE version = ANY ($1)"),
        ))
        .persistent(false)
        .bind(versions.collect::<Vec<_>>())
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
