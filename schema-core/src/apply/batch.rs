//! Several statements as one query, and which of them failed.

use std::future::poll_fn;

use sqlx::{AssertSqlSafe, Either, PgConnection};

use super::failure::ServerError;
use crate::directory::{SqlStatement, split};

/// Statements of a file and commands of ours, for one round trip.
#[derive(Debug, Default)]
pub(super) struct Batch {
    sql: String,
    parts: Vec<Part>,
}

/// A piece of the query.
#[derive(Debug)]
struct Part {
    /// Where it begins, in bytes.
    start: usize,
    /// Which statement of the file; `None` for a command of ours.
    statement: Option<usize>,
    /// How many commands PostgreSQL sees in it.
    commands: usize,
}

/// What PostgreSQL refused.
#[derive(Debug)]
pub(super) struct BatchError {
    /// Which statement of the file; `None` for a command of ours, or if that cannot be told.
    pub statement: Option<usize>,
    /// What it said; the position is that in the statement.
    pub server: ServerError,
}

impl Batch {
    /// Adds a command of ours: one.
    pub(super) fn command(&mut self, sql: &str) {
        self.push(sql, None, 1);
    }

    /// Adds a statement of the file.
    pub(super) fn statement(&mut self, index: usize, statement: &SqlStatement<'_>) {
        // A file with a delimiter of its own may have several commands in what it calls one.
        let commands = split(statement.text, None).map_or(1, |commands| commands.len());
        self.push(statement.text, Some(index), commands);
    }

    fn push(&mut self, sql: &str, statement: Option<usize>, commands: usize) {
        self.parts.push(Part {
            start: self.sql.len(),
            statement,
            commands,
        });
        self.sql.push_str(sql);
        // A comment may end the text; a second semicolon is nothing.
        self.sql.push_str("\n;\n");
    }

    /// Sends it, and waits until all of it is done.
    pub(super) async fn run(mut self, connection: &mut PgConnection) -> Result<(), BatchError> {
        let end = self.sql.trim_end_matches(['\n', ';']).len();
        self.sql.truncate(end);
        let mut results = sqlx::raw_sql(AssertSqlSafe(self.sql.as_str())).fetch_many(connection);
        let mut completed = 0;
        while let Some(result) = poll_fn(|context| results.as_mut().poll_next(context)).await {
            match result {
                Ok(Either::Left(_)) => completed += 1,
                Ok(Either::Right(_)) => {}
                Err(error) => return Err(self.place(completed, ServerError::from(&error))),
            }
        }
        Ok(())
    }

    /// The statement that failed: where PostgreSQL points to, or else the first that is not done.
    ///
    /// All is parsed before anything runs, so a syntax error comes before anything is done.
    fn place(&self, completed: usize, mut server: ServerError) -> BatchError {
        let pointed_at = server.position.and_then(|position| {
            let byte = self.sql.char_indices().nth(position.checked_sub(1)?)?.0;
            let part = self.parts.iter().rfind(|part| part.start <= byte)?;
            Some((part, position))
        });
        let part = if let Some((part, position)) = pointed_at {
            let before = self.sql[..part.start].chars().count();
            server.position = Some(position - before);
            Some(part)
        } else {
            server.position = None;
            let mut before = 0;
            self.parts.iter().find(|part| {
                before += part.commands;
                completed < before
            })
        };
        BatchError {
            statement: part.and_then(|part| part.statement),
            server,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(position: Option<usize>) -> ServerError {
        ServerError {
            message: "no".to_owned(),
            sqlstate: Some("42601".to_owned()),
            detail: None,
            hint: None,
            context: None,
            position,
        }
    }

    #[test]
    fn what_failed_is_found_by_position_or_by_what_was_done() {
        let text = "SELECT 'ü'; SELECT 'ö' -- two\n@SELECT 3";
        let statements = split(text, Some("@")).unwrap();
        let mut batch = Batch::default();
        batch.command("BEGIN");
        for (index, statement) in statements.iter().enumerate() {
            batch.statement(index, statement);
        }
        batch.command("COMMIT");
        let by_count = |completed| batch.place(completed, error(None)).statement;
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(by_count),
            [None, Some(0), Some(0), Some(1), None, None]
        );
        let of_three = batch.sql.split("SELECT 3").next().unwrap().chars().count();
        let found = batch.place(0, error(Some(of_three + 8)));
        assert_eq!((found.statement, found.server.position), (Some(1), Some(8)));
        let found = batch.place(0, error(Some(2)));
        assert_eq!((found.statement, found.server.position), (None, Some(2)));
    }
}
