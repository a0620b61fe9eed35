//! Running statements whose order is not known: what fails because it needs another one is tried again,
//! until nothing moves.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::{SourceStatement, Sources, finding, views};
use crate::apply::{ServerError, execute};
use crate::catalog::Catalog;
use crate::dev_db::{Engine, MissingExtension, MissingRole};
use crate::diagnostic::Finding;
use crate::introspect::{Scope, introspect};
use crate::plan::{Stage, Statement};
use crate::state::run::refused;
use crate::state::{RunError, StateError, creation, empty, run};

/// Makes a schema with all its objects on an empty database.
pub(in crate::state) async fn make(
    connection: &mut PgConnection,
    engine: &Engine,
    provisional: &Catalog,
    sources: &Sources,
) -> Result<(), StateError> {
    // Objects may be in schemas, and of types of extensions, that nothing else needs.
    let base = Catalog {
        schemas: provisional.schemas.clone(),
        extensions: provisional.extensions.clone(),
        ..Catalog::default()
    };
    run(connection, &creation(&empty(), &base)?.stages)
        .await
        .map_err(|error| StateError::of_run(error, StateError::Schema))?;
    let types = sources.types.iter().chain(&sources.statements);
    let mut pending = Pending {
        connection,
        tables: Vec::new(),
        sources: types.map(Attempt::new).collect(),
        unchecked: None,
    };
    // A default of `nextval` means a sequence of the column's own, unless a statement makes it.
    let made = if provisional.sequences.is_empty() {
        pending.some_sources(sources.types.len()).await?;
        Catalog::default()
    } else {
        pending.some_sources(pending.sources.len()).await?;
        introspect(pending.connection, &Scope::of_tables([])).await?
    };
    let provisional = Catalog {
        sequences: provisional
            .sequences
            .iter()
            .filter(|(name, _)| !made.sequences.contains_key(*name))
            .map(|(name, sequence)| (name.clone(), sequence.clone()))
            .collect(),
        ..provisional.clone()
    };
    let plan = creation(&base, &provisional)?;
    pending.tables = plan.stages.iter().map(Tables::Stage).collect();
    pending.tables().await?;
    pending.until_nothing_moves().await?;
    if !pending.is_empty() {
        // Functions that call each other: their bodies are looked at when all are there.
        pending.without_bodies().await?;
    }
    if !pending.is_empty() {
        return Err(pending.refusal(engine));
    }
    pending.check_bodies().await?;
    let connection = pending.connection;
    execute(connection, "RESET ALL")
        .await
        .map_err(StateError::Connection)?;
    views::check(connection, &sources.views).await
}

/// What is still to be made.
struct Pending<'a> {
    connection: &'a mut PgConnection,
    tables: Vec<Tables<'a>>,
    sources: Vec<Attempt<'a>>,
    /// Set while bodies are not looked at.
    unchecked: Option<Unchecked<'a>>,
}

/// Functions whose bodies were not looked at.
struct Unchecked<'a> {
    /// All functions that there are.
    known: BTreeSet<i64>,
    /// Those of them, with the statements that made them.
    made: Vec<(i64, &'a SourceStatement)>,
}

/// Types and tables, as a whole or one by one.
enum Tables<'a> {
    Stage(&'a Stage),
    One(&'a Statement, Option<RunError>),
}

/// A statement, and why it failed.
struct Attempt<'a> {
    statement: &'a SourceStatement,
    done: bool,
    error: Option<ServerError>,
}

impl<'a> Attempt<'a> {
    fn new(statement: &'a SourceStatement) -> Self {
        Self {
            statement,
            done: false,
            error: None,
        }
    }

    fn is_pending(&self) -> bool {
        !self.done && !self.statement.is_setting
    }
}

impl<'a> Pending<'a> {
    fn is_empty(&self) -> bool {
        self.tables.is_empty() && !self.sources.iter().any(Attempt::is_pending)
    }

    async fn until_nothing_moves(&mut self) -> Result<(), StateError> {
        let mut whole = true;
        while !self.is_empty() {
            let mut moved = self.some_sources(self.sources.len()).await?;
            moved |= self.tables().await?;
            if !moved && whole {
                // What can be made of the tables may be what the rest needs.
                whole = false;
                moved = self.split_tables();
            }
            if !moved {
                break;
            }
        }
        Ok(())
    }

    /// Runs the stages that are left; true if one was done.
    async fn tables(&mut self) -> Result<bool, StateError> {
        let mut moved = false;
        let mut left = Vec::new();
        for tables in std::mem::take(&mut self.tables) {
            let result = match &tables {
                Tables::Stage(stage) if left.is_empty() => {
                    run(self.connection, std::slice::from_ref(*stage)).await
                }
                Tables::Stage(_) => {
                    left.push(tables);
                    continue;
                }
                Tables::One(statement, _) => self.one(statement).await,
            };
            match (result, tables) {
                (Ok(()), _) => moved = true,
                (Err(RunError::Connection(error)), _) => return Err(StateError::Connection(error)),
                (Err(error), Tables::One(statement, _)) => {
                    left.push(Tables::One(statement, Some(error)));
                }
                (Err(RunError::Refused(_)), stage @ Tables::Stage(_)) => {
                    // A batch that failed left its transaction open.
                    self.execute("ROLLBACK").await?;
                    left.push(stage);
                }
            }
        }
        self.tables = left;
        Ok(moved)
    }

    async fn one(&mut self, statement: &Statement) -> Result<(), RunError> {
        let sql = statement.ddl.to_string();
        match execute(self.connection, &sql).await {
            Ok(()) => Ok(()),
            Err(error) => Err(refused(statement, &sql, error)),
        }
    }

    /// From now on the tables are made statement by statement.
    fn split_tables(&mut self) -> bool {
        let mut moved = false;
        let tables = std::mem::take(&mut self.tables);
        self.tables = tables
            .into_iter()
            .flat_map(|tables| match tables {
                Tables::Stage(stage) => {
                    moved = true;
                    let statements = stage.statements.iter();
                    statements.map(|it| Tables::One(it, None)).collect()
                }
                one @ Tables::One(..) => vec![one],
            })
            .collect();
        moved
    }

    /// Runs the first statements of the source that are left; true if one was done.
    async fn some_sources(&mut self, count: usize) -> Result<bool, StateError> {
        let mut moved = false;
        let mut text = 0;
        for at in 0..count {
            let statement = self.sources[at].statement;
            if statement.text != text {
                text = statement.text;
                self.reset().await?;
            }
            if self.sources[at].done {
                continue;
            }
            match execute(self.connection, &statement.sql).await {
                Ok(()) if statement.is_setting => {}
                Ok(()) => {
                    moved = true;
                    self.sources[at].done = true;
                    self.note_functions(statement).await?;
                }
                Err(error) if error.as_database_error().is_none() => {
                    return Err(StateError::Connection(error));
                }
                Err(error) => self.sources[at].error = Some(ServerError::from(&error)),
            }
        }
        self.reset().await?;
        Ok(moved)
    }

    /// What one text sets is not for others.
    async fn reset(&mut self) -> Result<(), StateError> {
        self.execute("RESET ALL").await?;
        if self.unchecked.is_some() {
            self.execute("SET check_function_bodies = off").await?;
        }
        Ok(())
    }

    async fn without_bodies(&mut self) -> Result<(), StateError> {
        self.unchecked = Some(Unchecked {
            known: functions(self.connection).await?,
            made: Vec::new(),
        });
        self.reset().await?;
        self.until_nothing_moves().await
    }

    /// Remembers which functions a statement made without a look at their bodies.
    async fn note_functions(&mut self, statement: &'a SourceStatement) -> Result<(), StateError> {
        let Some(unchecked) = &mut self.unchecked else {
            return Ok(());
        };
        let all = functions(self.connection).await?;
        let new: Vec<i64> = all.difference(&unchecked.known).copied().collect();
        unchecked
            .made
            .extend(new.into_iter().map(|oid| (oid, statement)));
        unchecked.known = all;
        Ok(())
    }

    /// Has PostgreSQL look at the bodies that it has not looked at.
    async fn check_bodies(&mut self) -> Result<(), StateError> {
        let Some(unchecked) = self.unchecked.take() else {
            return Ok(());
        };
        self.reset().await?;
        let mut findings = Vec::new();
        for (oid, statement) in unchecked.made {
            let definition: Option<String> = sqlx::query_scalar(
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE oid = $1::int8::oid",
            )
            .bind(oid)
            .fetch_optional(&mut *self.connection)
            .await
            .map_err(StateError::Connection)?;
            let Some(definition) = definition else {
                continue;
            };
            if let Err(error) = execute(self.connection, &definition).await {
                if error.as_database_error().is_none() {
                    return Err(StateError::Connection(error));
                }
                let mut error = ServerError::from(&error);
                // The position is one of another text.
                error.position = None;
                findings.push(refusal(statement, &error, None));
            }
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(StateError::Sources(findings))
        }
    }

    /// Why nothing moves: what failed for a reason of its own, or else everything that is left.
    fn refusal(self, engine: &Engine) -> StateError {
        let mut refused = None;
        let mut needs = None;
        for tables in self.tables {
            if let Tables::One(_, Some(RunError::Refused(error))) = tables {
                let slot = if is_lacking(error.sqlstate.as_deref(), &error.message) {
                    &mut needs
                } else {
                    &mut refused
                };
                slot.get_or_insert(error);
            }
        }
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for attempt in self.sources.iter().filter(|it| it.is_pending()) {
            let Some(error) = &attempt.error else {
                continue;
            };
            let finding = refusal(attempt.statement, error, remedy(error, engine));
            if is_lacking(error.sqlstate.as_deref(), &error.message) {
                others.push(finding);
            } else {
                own.push(finding);
            }
        }
        match (refused, needs) {
            (Some(error), _) if own.is_empty() => StateError::Schema(Box::new(error)),
            (_, Some(error)) if own.is_empty() && others.is_empty() => {
                StateError::Schema(Box::new(error))
            }
            _ if own.is_empty() => StateError::Sources(others),
            _ => StateError::Sources(own),
        }
    }

    async fn execute(&mut self, sql: &str) -> Result<(), StateError> {
        execute(self.connection, sql)
            .await
            .map_err(StateError::Connection)
    }
}

/// The functions and procedures that PostgreSQL did not bring along.
async fn functions(connection: &mut PgConnection) -> Result<BTreeSet<i64>, StateError> {
    let oids: Vec<i64> =
        sqlx::query_scalar("SELECT oid::int8 FROM pg_proc WHERE oid >= 16384 AND prokind <> 'a'")
            .fetch_all(connection)
            .await
            .map_err(StateError::Connection)?;
    Ok(oids.into_iter().collect())
}

/// Whether something is not there that another statement may make; no other makes a role.
fn is_lacking(sqlstate: Option<&str>, message: &str) -> bool {
    let lacking: BTreeSet<&str> = ["42P01", "42883", "42704", "42703", "3F000", "42P06"].into();
    sqlstate.is_some_and(|it| lacking.contains(it)) && MissingRole::new(sqlstate, message).is_none()
}

/// What to do about what the server lacks.
fn remedy(error: &ServerError, engine: &Engine) -> Option<String> {
    let sqlstate = error.sqlstate.as_deref();
    let extension = MissingExtension::new(sqlstate, &error.message, engine);
    let extension = extension.map(|it| it.remedy());
    let role = || Some(MissingRole::new(sqlstate, &error.message)?.remedy());
    let schema = || {
        let name = error.message.strip_prefix("schema \"")?;
        let name = name.strip_suffix("\" does not exist")?;
        Some(format!("declare it: `pg_schema!(pub {name});`"))
    };
    extension.or_else(role).or_else(schema)
}

/// What PostgreSQL says of a statement, at its line.
fn refusal(statement: &SourceStatement, error: &ServerError, remedy: Option<String>) -> Finding {
    let mut place = statement.place.clone();
    if let Some(position) = error.position.filter(|_| statement.exact) {
        let before = statement.sql.chars().take(position.saturating_sub(1));
        let lines = before.filter(|it| *it == '\n').count();
        place.line += u32::try_from(lines).unwrap_or(0);
        place.column = 0;
    }
    let title = format!("PostgreSQL refuses {}: {}", statement.what, error.message);
    let said = [&error.detail, &error.hint, &error.context];
    let mut help: Vec<String> = said.into_iter().flatten().cloned().collect();
    help.extend(remedy);
    let help = (!help.is_empty()).then(|| help.join("\n"));
    finding("S101", title, place, help)
}
