//! Why a database could not be read.

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntrospectError {
    /// The server is older than what is supported.
    #[error("PostgreSQL {} is older than 14, the oldest version that is supported", version / 10_000)]
    Server {
        /// `server_version_num`.
        version: u32,
    },
    /// The snapshot could not be taken or given back.
    #[error("no snapshot of the database could be taken")]
    Snapshot(#[source] sqlx::Error),
    /// A query on the system catalogs failed, or its answer was not understood.
    #[error("the {part} of the database could not be read")]
    Query {
        /// What was read.
        part: &'static str,
        /// What PostgreSQL or the driver says.
        #[source]
        source: sqlx::Error,
    },
    /// The text that PostgreSQL gives for an index was not understood.
    #[error("the definition of index {index} could not be understood: {definition}")]
    Definition {
        /// The index or the constraint that owns it.
        index: String,
        /// What `pg_get_indexdef` or `pg_get_constraintdef` says.
        definition: String,
    },
}
