//! A statement that PostgreSQL refused, with everything it said.

use std::fmt;

use sqlx::postgres::PgDatabaseError;
use sqlx::postgres::PgErrorPosition;

use crate::directory::{MigrationFile, SqlStatement};

/// What PostgreSQL said, or what kept it from answering.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ServerError {
    /// The message.
    pub message: String,
    /// The SQLSTATE; `None` where the connection failed.
    pub sqlstate: Option<String>,
    /// The detail.
    pub detail: Option<String>,
    /// The hint.
    pub hint: Option<String>,
    /// The context, such as the lines of a function.
    pub context: Option<String>,
    /// Where in the statement, in characters from 1.
    pub position: Option<usize>,
}

impl From<&sqlx::Error> for ServerError {
    fn from(error: &sqlx::Error) -> Self {
        let server = error
            .as_database_error()
            .and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
        let Some(server) = server else {
            return Self {
                message: error.to_string(),
                sqlstate: None,
                detail: None,
                hint: None,
                context: None,
                position: None,
            };
        };
        Self {
            message: server.message().to_owned(),
            sqlstate: Some(server.code().to_owned()),
            detail: server.detail().map(str::to_owned),
            hint: server.hint().map(str::to_owned),
            context: server.r#where().map(str::to_owned),
            position: match server.position() {
                Some(PgErrorPosition::Original(position)) => Some(position),
                _ => None,
            },
        }
    }
}

/// Trouble that is not about what a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Wrong password, no such role, not let in.
    Authentication,
    /// No such database.
    NoDatabase,
    /// The server starts or stops, or has no connection left.
    NotReady,
    /// Read-only transactions, or a standby.
    ReadOnly,
    /// The role may not do it.
    Privilege,
    /// No disk space or memory left.
    NoRoom,
    /// Others have locks on what it needs.
    Busy,
    /// The connection is gone.
    Lost,
}

impl ServerError {
    /// What the SQLSTATE tells, if it is not about what a statement says.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        let Some(state) = self.sqlstate.as_deref() else {
            return Some(Trouble::Lost);
        };
        Some(match state {
            "28000" | "28P01" => Trouble::Authentication,
            "3D000" => Trouble::NoDatabase,
            // too_many_connections, cannot_connect_now
            "53300" | "57P03" => Trouble::NotReady,
            "25006" => Trouble::ReadOnly,
            "42501" => Trouble::Privilege,
            // lock_not_available, deadlock_detected, serialization_failure
            "55P03" | "40P01" | "40001" => Trouble::Busy,
            // admin_shutdown, crash_shutdown, database_dropped, idle_session_timeout
            "57P01" | "57P02" | "57P04" | "57P05" => Trouble::Lost,
            // insufficient_resources; io_error is what a disk gives that is not full, but ill
            _ if state.starts_with("53") || state == "58030" => Trouble::NoRoom,
            _ if state.starts_with("08") => Trouble::Lost,
            _ => return None,
        })
    }

    /// Whether the connection was lost, so that it may have done what it was to do.
    pub(super) fn is_lost(&self) -> bool {
        self.trouble() == Some(Trouble::Lost)
    }

    /// Whether the statement cannot run inside a transaction.
    pub(crate) fn wants_no_transaction(&self) -> bool {
        // active_sql_transaction, invalid_transaction_termination
        matches!(self.sqlstate.as_deref(), Some("25001" | "2D000"))
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.sqlstate {
            Some(sqlstate) => write!(formatter, " (SQLSTATE {sqlstate})"),
            None => Ok(()),
        }
    }
}

/// Which statement of which file failed, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StatementFailure {
    /// The file name.
    pub file: String,
    /// Which statement, from 0.
    pub index: usize,
    /// How many the file has.
    pub of: usize,
    /// The line of the file: that of the error where PostgreSQL gave one, else the statement's.
    pub line: u32,
    /// The statement.
    pub sql: String,
    /// What PostgreSQL said.
    pub server: ServerError,
}

impl StatementFailure {
    pub(crate) fn new(
        file: &MigrationFile,
        statement: &SqlStatement<'_>,
        index: usize,
        of: usize,
        error: &sqlx::Error,
    ) -> Self {
        Self::of(file, statement, index, of, ServerError::from(error))
    }

    pub(super) fn of(
        file: &MigrationFile,
        statement: &SqlStatement<'_>,
        index: usize,
        of: usize,
        server: ServerError,
    ) -> Self {
        let before = server.position.map_or(0, |position| {
            statement
                .text
                .chars()
                .take(position.saturating_sub(1))
                .filter(|character| *character == '\n')
                .count()
        });
        Self {
            file: file.file_name.clone(),
            index,
            of,
            line: statement.line + u32::try_from(before).unwrap_or_default(),
            sql: statement.text.to_owned(),
            server,
        }
    }
}

impl fmt::Display for StatementFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            index,
            of,
            line,
            server,
            ..
        } = self;
        write!(
            formatter,
            "`{file}`, line {line}, statement {} of {of}: {server}",
            index + 1
        )
    }
}
