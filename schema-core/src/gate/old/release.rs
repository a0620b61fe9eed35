//! The previous release: what is known of it, and what a migration breaks for it.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::broken::{Broken, Layer};
use super::description::describe;
use super::known::{OldQuery, call};
use super::live::{LiveConnection, LiveFailure};
use super::plan::{Planned, plan, replan};
use super::query::RecordedQuery;
use super::table::OldTable;
use super::trial::{As, Refusal};
use crate::ident::{Ident, QualifiedName};
use crate::observe::rows::RowsError;
use crate::observe::rows::shape::Shape;

/// The previous release on the two databases of a rehearsal.
#[derive(Debug)]
pub struct OldRelease {
    base: PgConnectOptions,
    head: PgConnectOptions,
    role: Option<Ident>,
    queries: Vec<OldQuery>,
    stale: Vec<StaleQuery>,
    live: LiveConnection,
    /// Where the transactions of the migration begin.
    since: i64,
    /// Tables that were touched so far.
    tables: BTreeMap<u32, OldTable>,
}

/// A recorded query that already failed at the base: it says nothing about the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleQuery {
    /// Where sqlx recorded it.
    pub file: Utf8PathBuf,
    /// What PostgreSQL says.
    pub message: String,
}

/// Why the previous release could not be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OldError {
    /// A database of the rehearsal cannot be reached.
    #[error("the dev database cannot be reached to try the statements of the previous release")]
    Connect(#[source] sqlx::Error),
    /// A query of ours failed, or the connection was lost.
    #[error("the statements of the previous release could not be tried")]
    Run(#[source] sqlx::Error),
    /// What the dev database answered is not understood.
    #[error(
        "what the dev database says of the statements of the previous release is not understood"
    )]
    Answer(#[source] serde_json::Error),
    /// The tables could not be read.
    #[error(transparent)]
    Shape(#[from] RowsError),
}

impl OldRelease {
    /// Gets to know a release before the migration runs: `head` is still a copy of `base`.
    ///
    /// A role that the server does not know is left out, as is one that may do nothing to a table:
    /// its grants were made elsewhere, and the owner stands in for it.
    pub async fn open(
        base: &PgConnectOptions,
        head: &PgConnectOptions,
        role: Option<&Ident>,
        queries: Vec<RecordedQuery>,
    ) -> Result<Self, OldError> {
        let (base, head) = (uncached(base), uncached(head));
        let mut connection = base.connect().await.map_err(OldError::Connect)?;
        let role = match role {
            Some(role) if exists(&mut connection, role).await? => Some(role.clone()),
            _ => None,
        };
        let whom = role.as_ref().map_or(As::Owner, As::Role);
        let texts: Vec<(&str, usize)> = queries.iter().map(call).collect();
        let planned = plan(&mut connection, whom, &texts).await?;
        let since = sqlx::query_scalar("SELECT pg_current_xact_id()::text::int8");
        let since = since
            .fetch_one(&mut connection)
            .await
            .map_err(OldError::Run)?;
        let _ = connection.close().await;
        let mut stale = Vec::new();
        let mut sound = Vec::new();
        for (recorded, planned) in queries.into_iter().zip(planned) {
            match planned.refusal() {
                Some(Refusal { message, .. }) => stale.push(StaleQuery {
                    file: recorded.file,
                    message: message.clone(),
                }),
                None => sound.push(OldQuery {
                    recorded,
                    planned,
                    description: None,
                }),
            }
        }
        let texts: Vec<(&str, usize)> = sound.iter().map(|query| call(&query.recorded)).collect();
        let live = LiveConnection::open(&head, &texts).await?;
        Ok(Self {
            base,
            head,
            role,
            queries: sound,
            stale,
            live,
            since,
            tables: BTreeMap::new(),
        })
    }

    /// Recorded queries that already failed at the base.
    pub fn stale(&self) -> &[StaleQuery] {
        &self.stale
    }

    /// What is broken now, at a commit point.
    ///
    /// `touched` are the relations, by their OID at the base, that the migration has touched so
    /// far; those that use types and functions which it changed are found here. In tables of
    /// `emptied` the rows of the base are gone for another reason than the migration.
    pub async fn break_at(
        &mut self,
        touched: &BTreeSet<u32>,
        emptied: &BTreeSet<QualifiedName>,
    ) -> Result<Vec<Broken>, OldError> {
        let mut base = self.base.connect().await.map_err(OldError::Connect)?;
        let mut head = self.head.connect().await.map_err(OldError::Connect)?;
        let mut touched = touched.clone();
        touched.extend(changed(&mut head, self.since).await?);
        let mut all = related(&mut base, &touched).await?;
        all.extend(related(&mut head, &touched).await?);
        let mut broken = self.broken_queries(&mut base, &mut head, &all).await?;
        self.learn(&mut base, &all).await?;
        let _ = base.close().await;
        for (_, table) in self.tables.iter().filter(|(oid, _)| all.contains(oid)) {
            broken.extend(table.broken(&mut head, self.role.as_ref(), emptied).await?);
        }
        let _ = head.close().await;
        Ok(broken)
    }

    /// Closes the connection that lived through the migration, so that the head can be dropped.
    pub async fn close(self) {
        self.live.close().await;
    }

    /// Reads the tables of the base that are not known yet.
    async fn learn(
        &mut self,
        base: &mut PgConnection,
        oids: &BTreeSet<u32>,
    ) -> Result<(), OldError> {
        let unknown = oids
            .iter()
            .copied()
            .filter(|oid| !self.tables.contains_key(oid));
        let unknown: BTreeSet<u32> = unknown.collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let shape = Shape::read(base, Some(&unknown)).await?;
        let allowed = match &self.role {
            Some(role) => allowed(base, role, &unknown).await?,
            None => BTreeSet::new(),
        };
        for (oid, table) in &shape.tables {
            let role = self.role.as_ref().filter(|_| allowed.contains(oid));
            let whom = role.map_or(As::Owner, As::Role);
            let known = OldTable::learn(base, &shape, table, whom).await?;
            self.tables.insert(*oid, known);
        }
        Ok(())
    }

    /// What is broken of the recorded queries.
    ///
    /// All are planned, and run on the connection that lives through the migration. What they take
    /// and give is looked at where they use what was touched, or where something else changed.
    async fn broken_queries(
        &mut self,
        base: &mut PgConnection,
        head: &mut PgConnection,
        touched: &BTreeSet<u32>,
    ) -> Result<Vec<Broken>, OldError> {
        let planned: Vec<&Planned> = self.queries.iter().map(|query| &query.planned).collect();
        let planned = replan(head, self.role.as_ref(), &planned).await?;
        let live = self.live.execute_all().await?.into_iter();
        let live: BTreeMap<usize, LiveFailure> =
            live.map(|failure| (failure.statement, failure)).collect();
        let suspects =
            self.queries
                .iter()
                .zip(&planned)
                .enumerate()
                .filter(|(nth, (query, now))| {
                    let facts = query.planned.facts();
                    let is_other = now
                        .as_ref()
                        .map_or(true, |now| now.parameters != facts.parameters);
                    is_other || live.contains_key(nth) || !facts.relations.is_disjoint(touched)
                });
        let suspects: Vec<usize> = suspects.map(|(nth, _)| nth).collect();
        self.describe(base, &suspects).await?;
        let texts: Vec<&str> = suspects
            .iter()
            .map(|nth| self.queries[*nth].recorded.text.as_str())
            .collect();
        let described = describe(head, &texts).await?;
        let mut broken = Vec::new();
        for (nth, now) in suspects.into_iter().zip(described) {
            let query = &self.queries[nth];
            match (now, &planned[nth]) {
                (Err(refusal), _) if query.description.is_some() => {
                    broken.push(query.refused(Layer::Prepare, &refusal));
                }
                (_, Err(refusal)) => broken.push(query.refused(Layer::Plan, refusal)),
                (Err(_), Ok(_)) => {}
                (Ok(now), Ok(_)) => broken.extend(query.differs(&now, live.get(&nth))),
            }
        }
        Ok(broken)
    }

    /// Asks the base what queries take and give.
    async fn describe(
        &mut self,
        base: &mut PgConnection,
        places: &[usize],
    ) -> Result<(), OldError> {
        let unknown = places.iter().copied();
        let unknown: Vec<usize> = unknown
            .filter(|nth| self.queries[*nth].description.is_none())
            .collect();
        let texts: Vec<&str> = unknown
            .iter()
            .map(|nth| self.queries[*nth].recorded.text.as_str())
            .collect();
        let described = describe(base, &texts).await?;
        for (nth, described) in unknown.into_iter().zip(described) {
            self.queries[nth].description = described.ok();
        }
        Ok(())
    }
}

/// Statements are prepared to be looked at, never to be kept.
fn uncached(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().statement_cache_capacity(0)
}

async fn exists(connection: &mut PgConnection, role: &Ident) -> Result<bool, OldError> {
    let found = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)");
    found
        .bind(role.as_str())
        .fetch_one(connection)
        .await
        .map_err(OldError::Run)
}

async fn related(
    connection: &mut PgConnection,
    touched: &BTreeSet<u32>,
) -> Result<BTreeSet<u32>, OldError> {
    let touched: Vec<i64> = touched.iter().copied().map(i64::from).collect();
    let query = sqlx::query_scalar(include_str!("queries/related.sql")).bind(touched);
    oids(query.fetch_all(connection).await)
}

async fn changed(connection: &mut PgConnection, since: i64) -> Result<BTreeSet<u32>, OldError> {
    let query = sqlx::query_scalar(include_str!("queries/changed.sql")).bind(since);
    oids(query.fetch_all(connection).await)
}

async fn allowed(
    connection: &mut PgConnection,
    role: &Ident,
    tables: &BTreeSet<u32>,
) -> Result<BTreeSet<u32>, OldError> {
    let tables: Vec<i64> = tables.iter().copied().map(i64::from).collect();
    let query = sqlx::query_scalar(include_str!("queries/privileges.sql"));
    oids(
        query
            .bind(tables)
            .bind(role.as_str())
            .fetch_all(connection)
            .await,
    )
}

fn oids(rows: Result<Vec<i64>, sqlx::Error>) -> Result<BTreeSet<u32>, OldError> {
    let rows = rows.map_err(OldError::Run)?.into_iter();
    Ok(rows.filter_map(|oid| u32::try_from(oid).ok()).collect())
}
