//! Running a script, in an order in which it runs.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::read::{Script, ScriptStatement, begins_with};
use super::sort::{Sort, is_local, sets_encoding, sort};
use super::{ScriptError, ScriptNotes};
use crate::apply::{RESET, ServerError, execute};
use crate::dev_db::MissingRole;
use crate::directory::words;
use crate::ident::Ident;

/// What a statement says that comes before what it needs: no such table, function, object, column,
/// schema, no key for a foreign key, no primary key to group by, no such parameter.
const NOT_THERE: [&str; 8] = [
    "42P01", "42883", "42704", "42703", "3F000", "42830", "42803", "42P02",
];

/// How many others are told beside the first that could not run.
const MOST_OTHERS: usize = 4;

/// A statement that waits for others.
struct Waiting<'a> {
    statement: &'a ScriptStatement,
    /// How many of the settings held when it stood there.
    settings: usize,
    /// Those of its transaction.
    locals: Vec<&'a str>,
    error: sqlx::Error,
}

struct Runner<'a> {
    connection: &'a mut PgConnection,
    notes: &'a mut ScriptNotes,
    roles: &'a mut BTreeSet<String>,
    settings: Vec<&'a str>,
    /// How many of them hold now.
    in_force: usize,
    locals: Vec<&'a str>,
    /// Where the open transaction begins, and how much waited then.
    transaction: Option<(String, usize)>,
    waiting: Vec<Waiting<'a>>,
}

/// How a statement went that PostgreSQL may refuse.
enum Went {
    Well,
    /// What it needs is not there.
    Lacks(sqlx::Error),
}

/// Runs a script. What it names and the server lacks is made, and noted.
pub(super) async fn run(
    connection: &mut PgConnection,
    script: &Script,
    notes: &mut ScriptNotes,
    roles: &mut BTreeSet<String>,
) -> Result<(), ScriptError> {
    execute(connection, "SET client_min_messages = error")
        .await
        .map_err(ScriptError::Connection)?;
    let mut runner = Runner {
        connection,
        notes,
        roles,
        settings: Vec::new(),
        in_force: 0,
        locals: Vec::new(),
        transaction: None,
        waiting: Vec::new(),
    };
    for statement in &script.statements {
        runner.statement(statement).await?;
    }
    if let Some((place, _)) = runner.transaction {
        return Err(ScriptError::OpenTransaction { place });
    }
    runner.run_waiting().await?;
    runner.settle(0).await
}

/// Takes roles away that nobody else uses. One that cannot be taken away has no login, and does no
/// harm.
pub(super) async fn drop_roles(connection: &mut PgConnection, roles: &BTreeSet<String>) {
    let names: Vec<String> = roles
        .iter()
        .map(|it| Ident::new(it.as_str()).to_string())
        .collect();
    let names = names.join(", ");
    let _ = execute(connection, &format!("DROP OWNED BY {names} CASCADE")).await;
    let _ = execute(connection, &format!("DROP ROLE {names}")).await;
}

impl<'a> Runner<'a> {
    async fn statement(&mut self, statement: &'a ScriptStatement) -> Result<(), ScriptError> {
        let sql = statement.sql.as_str();
        let kind = sort(sql);
        match kind {
            Sort::Transaction => return self.transaction(statement).await,
            Sort::Setting if sets_encoding(sql) => return Ok(()),
            // What it would take away may be among what waits.
            Sort::Loss if !self.waiting.is_empty() && self.transaction.is_none() => {
                self.try_waiting().await?;
            }
            _ => {}
        }
        let error = match self.attempt(statement).await? {
            Went::Well => {
                if kind == Sort::Setting {
                    self.note_setting(sql);
                }
                return Ok(());
            }
            Went::Lacks(error) => error,
        };
        match kind {
            Sort::Setting => self.notes.unknown_settings.push(statement.place()),
            Sort::Loss if self.waiting.is_empty() => {
                self.notes.nothing_to_drop.push(statement.place());
            }
            _ => self.waiting.push(Waiting {
                statement,
                settings: self.settings.len(),
                locals: self.locals.clone(),
                error,
            }),
        }
        Ok(())
    }

    fn note_setting(&mut self, sql: &'a str) {
        if self.transaction.is_some() && is_local(sql) {
            self.locals.push(sql);
        } else {
            self.settings.push(sql);
            self.in_force = self.settings.len();
        }
    }

    async fn transaction(&mut self, statement: &'a ScriptStatement) -> Result<(), ScriptError> {
        let mut words = words(&statement.sql);
        let first = words.next().unwrap_or_default();
        let partial =
            first == "savepoint" || first == "release" || words.take(3).any(|it| it == "to");
        let refused = execute(self.connection, &statement.sql).await;
        refused.map_err(|error| refusal(statement, &error))?;
        match first.as_str() {
            _ if partial => {}
            "begin" | "start" => {
                if self.transaction.is_none() {
                    self.transaction = Some((statement.place(), self.waiting.len()));
                }
            }
            "rollback" | "abort" => {
                if let Some((_, waiting)) = self.transaction.take() {
                    self.waiting.truncate(waiting);
                }
                self.locals.clear();
            }
            _ => {
                self.transaction = None;
                self.locals.clear();
            }
        }
        Ok(())
    }

    /// Runs a statement; a role that it names and that is not there is made.
    async fn attempt(&mut self, statement: &ScriptStatement) -> Result<Went, ScriptError> {
        loop {
            let error = match self.execute(&statement.sql).await? {
                Ok(()) => return Ok(Went::Well),
                Err(error) => error,
            };
            let server = ServerError::from(&error);
            let sqlstate = server.sqlstate.as_deref();
            if let Some(MissingRole { name }) = MissingRole::new(sqlstate, &server.message)
                && !self.roles.contains(&name)
            {
                self.make_role(statement, name).await?;
                continue;
            }
            if is_there(&statement.sql, sqlstate) {
                return Ok(Went::Well);
            }
            let lacks = sqlstate.is_some_and(|it| NOT_THERE.contains(&it));
            // What psql could not do later either: the file of an extension.
            if lacks {
                return Ok(Went::Lacks(error));
            }
            return Err(refusal(statement, &error));
        }
    }

    /// One statement; in a transaction, what fails takes back itself alone.
    async fn execute(&mut self, sql: &str) -> Result<Result<(), sqlx::Error>, ScriptError> {
        let failed = ScriptError::Connection;
        if self.transaction.is_none() {
            let done = execute(self.connection, sql).await;
            return keep_server_errors(done);
        }
        execute(self.connection, "SAVEPOINT cargo_migrate")
            .await
            .map_err(failed)?;
        let done = keep_server_errors(execute(self.connection, sql).await)?;
        let end = match done {
            Ok(()) => "RELEASE SAVEPOINT cargo_migrate",
            Err(_) => "ROLLBACK TO SAVEPOINT cargo_migrate",
        };
        execute(self.connection, end).await.map_err(failed)?;
        Ok(done)
    }

    async fn make_role(
        &mut self,
        statement: &ScriptStatement,
        name: String,
    ) -> Result<(), ScriptError> {
        let sql = format!("CREATE ROLE {} NOLOGIN", Ident::new(name.as_str()));
        // The statement may have run as somebody who cannot.
        let made = self.execute(&sql).await?;
        made.map_err(|error| refusal(statement, &error))?;
        self.roles.insert(name);
        Ok(())
    }

    async fn run_waiting(&mut self) -> Result<(), ScriptError> {
        self.try_waiting().await?;
        let mut left = self.waiting.iter();
        let Some(first) = left.next() else {
            return Ok(());
        };
        let others = left.take(MOST_OTHERS).map(|it| {
            let server = ServerError::from(&it.error);
            format!("{}: {server}", it.statement.place())
        });
        let others = others.collect();
        let mut error = refusal(first.statement, &first.error);
        if let ScriptError::Statement { others: place, .. } = &mut error {
            *place = others;
        }
        Err(error)
    }

    /// Tries what waits, in its order, until nothing of it runs any more.
    async fn try_waiting(&mut self) -> Result<(), ScriptError> {
        let here = self.settings.len();
        loop {
            let before = self.waiting.len();
            let mut left = Vec::new();
            for mut waiting in std::mem::take(&mut self.waiting) {
                self.settle(waiting.settings).await?;
                let locals = !waiting.locals.is_empty();
                if locals {
                    self.begin_with(&waiting.locals).await?;
                }
                let went = self.attempt(waiting.statement).await;
                if locals {
                    let end = execute(self.connection, "COMMIT").await;
                    self.transaction = None;
                    end.map_err(ScriptError::Connection)?;
                }
                match went? {
                    Went::Well => self.notes.deferred.push(waiting.statement.place()),
                    Went::Lacks(_)
                        if left.is_empty() && sort(&waiting.statement.sql) == Sort::Loss =>
                    {
                        self.notes.nothing_to_drop.push(waiting.statement.place());
                    }
                    Went::Lacks(error) => {
                        waiting.error = error;
                        left.push(waiting);
                    }
                }
            }
            self.waiting = left;
            if self.waiting.is_empty() || self.waiting.len() == before {
                return self.settle(here).await;
            }
        }
    }

    async fn begin_with(&mut self, locals: &[&str]) -> Result<(), ScriptError> {
        let sql = format!("BEGIN; {}", locals.join("; "));
        self.transaction = Some((String::new(), 0));
        execute(self.connection, &sql)
            .await
            .map_err(ScriptError::Connection)
    }

    /// Has the first settings of the script hold, and no others.
    async fn settle(&mut self, wanted: usize) -> Result<(), ScriptError> {
        if self.in_force == wanted {
            return Ok(());
        }
        let reset = RESET.iter().copied();
        let quiet = ["SET client_min_messages = error"];
        let all = reset
            .chain(quiet)
            .chain(self.settings[..wanted].iter().copied());
        let sql = all.collect::<Vec<_>>().join("; ");
        self.in_force = wanted;
        execute(self.connection, &sql)
            .await
            .map_err(ScriptError::Connection)
    }
}

/// What the server says is a result; what the connection does not survive is an error.
fn keep_server_errors(
    done: Result<(), sqlx::Error>,
) -> Result<Result<(), sqlx::Error>, ScriptError> {
    match done {
        Err(error) if error.as_database_error().is_none() => Err(ScriptError::Connection(error)),
        done => Ok(done),
    }
}

/// Whether a statement makes what every database has.
fn is_there(sql: &str, sqlstate: Option<&str>) -> bool {
    match sqlstate {
        // duplicate_schema
        Some("42P06") => begins_with(sql, &["create", "schema", "public"]),
        // duplicate_object
        Some("42710") => {
            let mut words = words(sql).take(8);
            begins_with(sql, &["create"])
                && words.any(|it| it == "language")
                && words.any(|it| it == "plpgsql")
        }
        _ => false,
    }
}

fn refusal(statement: &ScriptStatement, error: &sqlx::Error) -> ScriptError {
    let server = ServerError::from(error);
    let before = statement
        .sql
        .chars()
        .take(server.position.unwrap_or(1).saturating_sub(1));
    let line = before.filter(|it| *it == '\n').count();
    let line = statement.line + u32::try_from(line).unwrap_or_default();
    ScriptError::Statement {
        place: format!("{}:{line}", statement.file),
        server: Box::new(server),
        sql: statement.sql.clone(),
        others: Vec::new(),
    }
}
