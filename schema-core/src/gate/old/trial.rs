//! Statements that are run to see what happens, and undone: many of them in one round trip.

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::OldError;
use crate::ident::{Ident, literal};

/// Statements to run one after the other; each trial starts where none has run.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Trial {
    /// The statements.
    pub(super) run: Vec<String>,
    /// A query that gives one text, run last.
    pub(super) read: Option<String>,
}

impl Trial {
    /// Only statements.
    pub(super) fn of(run: Vec<String>) -> Self {
        Self { run, read: None }
    }
}

/// What PostgreSQL said against a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Its code.
    pub(super) sqlstate: String,
    /// What it said.
    pub(super) message: String,
    /// The column that it names.
    pub(super) column: Option<Ident>,
    /// The constraint that it names.
    pub(super) constraint: Option<Ident>,
    /// The character of the statement at which it points, from 1.
    pub(super) position: Option<usize>,
}

/// What a trial gave: the text that was read, or what PostgreSQL said against it.
pub(super) type Outcome = Result<String, Refusal>;

/// As whom statements are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As<'r> {
    /// The user of the connection, who may do everything.
    Owner,
    /// A role.
    Role(&'r Ident),
}

/// Runs trials; gives what each came to, in their order.
pub(super) async fn run(
    connection: &mut PgConnection,
    whom: As<'_>,
    trials: &[Trial],
) -> Result<Vec<Outcome>, OldError> {
    if trials.is_empty() {
        return Ok(Vec::new());
    }
    let role = match whom {
        As::Owner => String::new(),
        As::Role(role) => format!("SET LOCAL ROLE {role};"),
    };
    let trials = serde_json::to_string(trials).expect("texts are JSON");
    let sql = format!(
        "BEGIN; SET LOCAL client_min_messages = error; SET LOCAL jit = off; \
         SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL lock_timeout = '3s'; \
         SET LOCAL migrate.trials = {}; {role} {}; SELECT current_setting('migrate.trials'); ROLLBACK",
        literal(&trials),
        include_str!("queries/trials.sql"),
    );
    let answer = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await;
    let answer = match answer {
        Ok(rows) => rows
            .last()
            .map(|row| row.try_get::<String, _>(0))
            .transpose(),
        Err(error) => Err(error),
    };
    if answer.is_err() {
        // The transaction is still open.
        let undone = sqlx::raw_sql("ROLLBACK").execute(connection).await;
        undone.map_err(OldError::Run)?;
    }
    let answer = answer.map_err(OldError::Run)?.unwrap_or_default();
    let answers: Vec<Answer> = serde_json::from_str(&answer).map_err(OldError::Answer)?;
    Ok(answers.into_iter().map(Answer::outcome).collect())
}

#[derive(Deserialize)]
struct Answer {
    state: String,
    message: String,
    column: String,
    constraint: String,
}

impl Answer {
    fn outcome(self) -> Outcome {
        let name = |text: String| (!text.is_empty()).then(|| Ident::new(text));
        if self.state == "UNDO0" {
            return Ok(self.message);
        }
        Err(Refusal {
            sqlstate: self.state,
            message: self.message,
            column: name(self.column),
            constraint: name(self.constraint),
            position: None,
        })
    }
}
