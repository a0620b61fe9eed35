//! Whether the app's role can use what its grants promise.
//!
//! A grant on a table is worth nothing without the schema's, that on a view nothing where its owner
//! may not read below it, and a shim has to serve the previous release as the table does. What is
//! found is told with the statement that mends it; nothing is changed.

use std::fmt;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, Error, PgConnection, Row as _};

use super::error::ApplyError;
use super::history::TABLE;
use super::session::connect;
use super::settings::APPLICATION;
use crate::directory::{DirectiveKind, Directory, ShimName};

/// Tables of migration tools, which no app has to be able to read.
const OF_TOOLS: [&str; 7] = [
    TABLE,
    "_sqlx_migrations",
    "refinery_schema_history",
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "schema_migrations",
    "flyway_schema_history",
];

/// The planner knows too little of so many catalogs: left alone it compiles, or loops over all pairs.
/// With this path, remedies name every schema.
const BEGIN: &str = "BEGIN READ ONLY; \
    SET LOCAL jit = off; SET LOCAL enable_nestloop = off; SET LOCAL search_path = pg_catalog";

/// Something that the app's role may use and cannot.
///
/// `Display` says what is wrong in one line, the remedy not included.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GrantGap {
    /// How it was found, and so how sure it is.
    pub kind: GapKind,
    /// The role.
    pub role: String,
    /// What a privilege is missing on: `table app.notes`.
    pub object: String,
    /// The privilege: `SELECT (id, body)`.
    pub missing: String,
    /// What it is needed for.
    pub reason: String,
    /// The statement that grants it. It may name another role, such as the owner of a view.
    pub remedy: String,
}

/// How a gap was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// A privilege that the role has is of no use without another.
    Promised,
    /// A shim serves the role less than the table that it stands in for.
    Shim,
    /// The role can use most of its kind in the schema, and this not at all. It may be meant so.
    Unlike,
}

impl GapKind {
    /// Whether the app will fail for it.
    pub fn is_error(self) -> bool {
        match self {
            Self::Promised | Self::Shim => true,
            Self::Unlike => false,
        }
    }
}

impl fmt::Display for GrantGap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            role,
            object,
            missing,
            reason,
            ..
        } = self;
        match kind {
            GapKind::Promised | GapKind::Shim => {
                write!(
                    formatter,
                    "{missing} on {object} is missing for role {role}: {reason}"
                )
            }
            GapKind::Unlike => {
                write!(
                    formatter,
                    "role {role} cannot use {object} at all, while {reason}"
                )
            }
        }
    }
}

/// Checks what the app's role can use on a database, and writes nothing.
pub async fn grants(
    target: &PgConnectOptions,
    directory: &Directory,
    role: &str,
) -> Result<Vec<GrantGap>, ApplyError> {
    let mut connection = connect(&target.clone().application_name(APPLICATION)).await?;
    check_role(&mut connection, role).await?;
    let gaps = gaps(&mut connection, directory, role).await;
    let _ = connection.close().await;
    gaps
}

/// A role that is not there is told before anything runs.
pub(super) async fn check_role(
    connection: &mut PgConnection,
    role: &str,
) -> Result<(), ApplyError> {
    let known: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname::pg_catalog.text = $1)",
    )
    .persistent(false)
    .bind(role)
    .fetch_one(connection)
    .await
    .map_err(ApplyError::session("look for the app's role"))?;
    if known {
        Ok(())
    } else {
        Err(ApplyError::NoRole {
            role: role.to_owned(),
        })
    }
}

/// What the role may use and cannot, worst first.
pub(super) async fn gaps(
    connection: &mut PgConnection,
    directory: &Directory,
    role: &str,
) -> Result<Vec<GrantGap>, ApplyError> {
    let (schemas, names): (Vec<String>, Vec<String>) = shims(directory).unzip();
    sqlx::raw_sql(BEGIN)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    let rows = sqlx::query(include_str!("grants.sql"))
        .persistent(false)
        .bind(role)
        .bind(schemas)
        .bind(names)
        .bind(&OF_TOOLS[..])
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    sqlx::raw_sql("ROLLBACK")
        .execute(connection)
        .await
        .map_err(failed)?;
    let gaps = rows.iter().map(|row| {
        Ok(GrantGap {
            kind: match row.try_get("kind")? {
                "promised" => GapKind::Promised,
                "shim" => GapKind::Shim,
                _ => GapKind::Unlike,
            },
            role: role.to_owned(),
            object: row.try_get("object")?,
            missing: row.try_get("missing")?,
            reason: row.try_get("reason")?,
            remedy: row.try_get("remedy")?,
        })
    });
    let mut gaps: Vec<GrantGap> = gaps.collect::<Result<_, Error>>().map_err(failed)?;
    gaps.sort_by_key(|gap| gap.kind);
    Ok(gaps)
}

/// Schemas and names of the views that stand in for renamed tables, as far as they are still there:
/// on this database a shim may live longer than the directory says.
fn shims(directory: &Directory) -> impl Iterator<Item = (String, String)> {
    let directives = directory.files.iter().flat_map(|file| &file.directives);
    directives.filter_map(|directive| match &directive.kind {
        DirectiveKind::Shim { old, .. } => match ShimName::parse(old)? {
            ShimName::Table(table) => Some((
                table.schema.as_str().to_owned(),
                table.name.as_str().to_owned(),
            )),
            ShimName::Column(..) => None,
        },
        _ => None,
    })
}

fn failed(error: Error) -> ApplyError {
    ApplyError::session("look at the grants")(error)
}
