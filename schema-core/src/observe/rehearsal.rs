//! New migrations, run step by step on a copy of the state at the base.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection as _, PgConnection, Row as _};

use super::Step;
use super::base::base_state;
use super::error::ObserveError;
use super::facts::{Oid, Relation};
use super::reading::{Before, Gauge, Objects, Reading};
use super::rows::Population;
use super::sides::{facts, gauges};
use crate::apply::{
    Observer, RESET, ReplayError, ServerError, StatementFailure, execute, is_in_transaction,
};
use crate::dev_db::{DevServer, Scratch};
use crate::directory::{Directory, MigrationFile, SqlStatement, Touches};
use crate::ident::QualifiedName;

/// Settings of the session in which migrations run. A time zone other than UTC, because changes
/// between `timestamp` and `timestamptz` rewrite the table unless it is UTC.
/// Calls of functions are counted, which tells what a statement used.
/// No sequential scans, so that one is a sign of a statement that reads every row in production too.
const SETTINGS: &str = "SET TimeZone = 'Asia/Kathmandu'; SET client_min_messages = error; SET enable_seqscan = off; \
    SET track_functions = 'all'";

/// How to rehearse.
#[derive(Clone, Debug)]
pub struct RehearsalOptions {
    /// Whether tables get a few rows.
    pub rows: bool,
}

/// New migrations on a copy of the state at the base.
///
/// `base` holds that state and is never migrated; the copy, `head`, is. Both were one database
/// until the copy was made, so an object has the same number in both.
#[derive(Debug)]
pub struct Rehearsal {
    base: Scratch,
    head: Scratch,
    /// The session of the migrations.
    pub(super) runner: PgConnection,
    /// A session that looks at the base.
    pub(super) base_reader: PgConnection,
    /// Rows that the base was given.
    pub(super) population: Population,
    pub(super) old_below: Oid,
    pub(super) before: Before,
    place: i64,
    pub(super) steps: Vec<Step>,
    transaction: usize,
    /// Tables of the head whose rows are not those of the base any more, because they stood in
    /// the way of a migration.
    pub(super) emptied: BTreeSet<QualifiedName>,
    /// Relations of the base that have another name now: what bears the old one may stand in.
    pub(super) displaced: BTreeSet<Oid>,
    /// Relations that were touched, as they were at the base.
    pub(super) at_base: BTreeMap<Oid, Relation>,
}

/// A moment at which the old release meets the new schema: something was just committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitPoint {
    /// Which of the new files.
    pub file: usize,
    /// How many steps have been taken in all.
    pub steps: usize,
    /// Whether the file ends here.
    pub ends_file: bool,
}

impl Rehearsal {
    /// Brings the state at the base up, with rows, and makes the copy.
    ///
    /// A state that was brought up before is taken from the cache, rows included.
    pub async fn begin(
        dev: &DevServer,
        base: &Directory,
        options: &RehearsalOptions,
        observer: &mut dyn Observer,
    ) -> Result<Self, ObserveError> {
        let (base, population) = base_state(dev, base, options, observer).await?;
        let head = dev.copy(&base).await?;
        let mut runner = head.connect().await?;
        let watch = "ALTER EVENT TRIGGER cargo_migrate_commands ENABLE ALWAYS; \
            ALTER EVENT TRIGGER cargo_migrate_drops ENABLE ALWAYS; \
            ALTER EVENT TRIGGER cargo_migrate_rewrites ENABLE ALWAYS;";
        execute(&mut runner, watch).await?;
        execute(&mut runner, SETTINGS).await?;
        // Numbers only grow, and this one is newer than everything that was copied.
        let row = sqlx::query(
            "SELECT oid::int8, (SELECT coalesce(max(place), 0) FROM cargo_migrate.journal) \
             FROM pg_database WHERE datname = current_database()",
        )
        .fetch_one(&mut runner)
        .await?;
        let old_below = u32::try_from(row.get::<i64, _>(0)).unwrap_or(u32::MAX);
        let base_reader = base.connect().await?;
        Ok(Self {
            base,
            head,
            runner,
            base_reader,
            population,
            old_below: Oid(old_below),
            before: Before::default(),
            place: row.get(1),
            steps: Vec::new(),
            transaction: 0,
            emptied: BTreeSet::new(),
            displaced: BTreeSet::new(),
            at_base: BTreeMap::new(),
        })
    }

    /// The database in the state at the base.
    pub fn base(&self) -> &Scratch {
        &self.base
    }

    /// The database that is migrated.
    pub fn head(&self) -> &Scratch {
        &self.head
    }

    /// What was done so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The rows that the base was given.
    pub fn population(&self) -> &Population {
        &self.population
    }

    /// Tables of the head whose rows are not those of the base any more.
    pub fn emptied(&self) -> &BTreeSet<QualifiedName> {
        &self.emptied
    }

    /// Whether an object was there before the new migrations.
    pub fn is_old(&self, oid: Oid) -> bool {
        oid < self.old_below
    }

    /// Ends the rehearsal. Both databases go with it: on a server of our own with the server, which
    /// is faster than to drop them.
    pub async fn close(self) {
        let _ = self.runner.close().await;
        let _ = self.base_reader.close().await;
    }

    /// Runs a file, whose statements are these, up to the next commit, beginning with statement
    /// `from`. Gives the commit point and the statement to go on with.
    ///
    /// A file that is one transaction is run whole.
    pub async fn run(
        &mut self,
        number: usize,
        file: &MigrationFile,
        statements: &[SqlStatement<'_>],
        from: usize,
    ) -> Result<(CommitPoint, usize), ObserveError> {
        let next = if file.is_one_transaction(statements) {
            self.run_whole(number, file, statements).await?;
            statements.len()
        } else {
            self.run_alone(number, file, statements, from).await?
        };
        let ends_file = next >= statements.len();
        if ends_file {
            execute(
                &mut self.runner,
                &format!("{}; {SETTINGS}", RESET.join("; ")),
            )
            .await?;
        }
        let point = CommitPoint {
            file: number,
            steps: self.steps.len(),
            ends_file,
        };
        Ok((point, next))
    }

    /// All statements in one transaction. Where the rows of a table stand in the way, the whole
    /// file is run again without them.
    async fn run_whole(
        &mut self,
        number: usize,
        file: &MigrationFile,
        statements: &[SqlStatement<'_>],
    ) -> Result<(), ObserveError> {
        let start = self.steps.len();
        let mut refused: BTreeMap<usize, ServerError> = BTreeMap::new();
        loop {
            self.steps.truncate(start);
            self.begin_transaction().await?;
            let mut failed = None;
            for (index, statement) in statements.iter().enumerate() {
                match self.step(number, index, statement, true).await {
                    Ok(()) => {}
                    Err(StepError::Refused(error)) => {
                        failed = Some((index, error));
                        break;
                    }
                    Err(StepError::Other(error)) => return Err(error),
                }
            }
            let Some((index, error)) = failed else { break };
            execute(&mut self.runner, "ROLLBACK").await?;
            self.look_again().await?;
            let again = !refused.contains_key(&index) && self.make_room(&error).await?;
            if !again {
                return Err(refusal(file, statements, index, &error));
            }
            refused.insert(index, ServerError::from(&error));
        }
        for step in &mut self.steps[start..] {
            step.refused_rows = refused.remove(&step.index);
        }
        if let Err(error) = execute(&mut self.runner, "COMMIT").await {
            return Err(ObserveError::Migration(ReplayError::File {
                file: file.file_name.clone(),
                server: Box::new(ServerError::from(&error)),
            }));
        }
        Ok(())
    }

    /// Statement by statement, up to the next moment at which no transaction is open.
    async fn run_alone(
        &mut self,
        number: usize,
        file: &MigrationFile,
        statements: &[SqlStatement<'_>],
        from: usize,
    ) -> Result<usize, ObserveError> {
        let mut open = false;
        for (index, statement) in statements.iter().enumerate().skip(from) {
            if statement.controls_transaction() {
                self.new_transaction().await?;
                execute(&mut self.runner, statement.text)
                    .await
                    .map_err(|error| refusal(file, statements, index, &error))?;
                open = is_in_transaction(&mut self.runner).await;
            } else if open {
                match self.step(number, index, statement, true).await {
                    Ok(()) => {}
                    Err(StepError::Refused(error)) => {
                        return Err(refusal(file, statements, index, &error));
                    }
                    Err(StepError::Other(error)) => return Err(error),
                }
            } else {
                self.run_one(number, file, statements, index).await?;
            }
            if !open {
                return Ok(index + 1);
            }
        }
        if open {
            return Err(ObserveError::Migration(ReplayError::OpenTransaction {
                file: file.file_name.clone(),
            }));
        }
        Ok(statements.len())
    }

    /// One statement in a transaction of its own, or in none where it cannot be in one.
    async fn run_one(
        &mut self,
        number: usize,
        file: &MigrationFile,
        statements: &[SqlStatement<'_>],
        index: usize,
    ) -> Result<(), ObserveError> {
        let statement = &statements[index];
        let mut refused = None;
        let mut in_transaction = !statement.sets_session();
        loop {
            if in_transaction {
                self.begin_transaction().await?;
            } else {
                self.new_transaction().await?;
            }
            let error = match self.step(number, index, statement, in_transaction).await {
                Ok(()) => break,
                Err(StepError::Refused(error)) => error,
                Err(StepError::Other(error)) => return Err(error),
            };
            if in_transaction {
                execute(&mut self.runner, "ROLLBACK").await?;
                if ServerError::from(&error).wants_no_transaction() {
                    in_transaction = false;
                    continue;
                }
            }
            if refused.is_some() || !self.make_room(&error).await? {
                return Err(refusal(file, statements, index, &error));
            }
            refused = Some(ServerError::from(&error));
        }
        if in_transaction {
            execute(&mut self.runner, "COMMIT").await?;
        }
        if let Some(step) = self.steps.last_mut() {
            step.refused_rows = refused;
        }
        Ok(())
    }

    async fn begin_transaction(&mut self) -> Result<(), ObserveError> {
        self.new_transaction().await?;
        Ok(execute(&mut self.runner, "BEGIN").await?)
    }

    /// What was locked and counted is not of the next transaction.
    async fn new_transaction(&mut self) -> Result<(), ObserveError> {
        self.transaction += 1;
        self.before.held.clear();
        let pending: String = sqlx::query_scalar("SELECT cargo_migrate.hand_over()::text")
            .fetch_one(&mut self.runner)
            .await?;
        let pending: Vec<Gauge> = serde_json::from_str(&pending)?;
        let counters = pending.iter().map(|gauge| (gauge.oid, gauge.counters));
        self.before.counters = counters.collect();
        Ok(())
    }

    /// Runs a statement and reads what it did.
    async fn step(
        &mut self,
        file: usize,
        index: usize,
        statement: &SqlStatement<'_>,
        in_transaction: bool,
    ) -> Result<(), StepError> {
        execute(&mut self.runner, statement.text)
            .await
            .map_err(|error| {
                if error.as_database_error().is_some() {
                    StepError::Refused(error)
                } else {
                    StepError::Other(error.into())
                }
            })?;
        let step = self
            .observed(file, index, statement, in_transaction)
            .await
            .map_err(StepError::Other)?;
        self.steps.push(step);
        Ok(())
    }

    async fn observed(
        &mut self,
        file: usize,
        index: usize,
        statement: &SqlStatement<'_>,
        in_transaction: bool,
    ) -> Result<Step, ObserveError> {
        let text: String =
            sqlx::query_scalar("SELECT cargo_migrate.reading($1, $2::int8::oid)::text")
                .bind(self.place)
                .bind(i64::from(self.old_below.0))
                .fetch_one(&mut self.runner)
                .await?;
        let mut reading: Reading = serde_json::from_str(&text)?;
        if !in_transaction {
            // Its locks are gone.
            reading.gauges = self.moved().await?;
        }
        let unknown = reading.unknown(&self.before, self.old_below);
        if !unknown.is_empty() {
            for gauge in gauges(&mut self.base_reader, &unknown).await? {
                self.before.gauges.insert(gauge.oid, gauge);
            }
        }
        let unknown = reading.unknown_objects(&self.before, self.old_below);
        if !unknown.is_empty() {
            let Objects {
                relations,
                types,
                routines,
            } = &unknown;
            let base = facts(&mut self.base_reader, relations, types, routines).await?;
            let known = base.relations.iter();
            self.at_base
                .extend(known.map(|(oid, relation)| (*oid, relation.clone())));
            self.before.learn(base);
        }
        if let Some(last) = reading.journal.last() {
            self.place = last.place;
        }
        let lock_timeout = reading.lock_timeout;
        let is_seen = in_transaction || statement.sets_session() || reading.is_told(&self.before);
        let mut effects = reading.effects(&mut self.before, self.old_below);
        if !is_seen {
            effects.touched = Touches::Everything;
        }
        Ok(Step {
            file,
            index,
            line: statement.line,
            range: statement.range.clone(),
            transaction: self.transaction,
            in_transaction,
            lock_timeout,
            effects,
            refused_rows: None,
        })
    }

    /// Gauges of every old relation whose file is not the one that it was at the base.
    pub(super) async fn moved(&mut self) -> Result<Vec<Gauge>, ObserveError> {
        let files = "SELECT oid::int8, pg_relation_filenode(oid)::int8 FROM pg_class \
            WHERE oid >= 16384 AND relkind IN ('r', 'i', 'm')";
        let read = async |connection: &mut PgConnection| {
            let rows = sqlx::query(files).fetch_all(connection).await?;
            let pairs = rows.iter().map(|row| (row.get(0), row.get(1)));
            Ok::<BTreeMap<i64, Option<i64>>, sqlx::Error>(pairs.collect())
        };
        let base = read(&mut self.base_reader).await?;
        let head = read(&mut self.runner).await?;
        let moved: Vec<Oid> = base
            .iter()
            .filter(|(oid, file)| head.get(*oid).is_some_and(|now| now != *file))
            .filter_map(|(oid, _)| u32::try_from(*oid).ok().map(Oid))
            .collect();
        gauges(&mut self.runner, &moved).await
    }
}

enum StepError {
    /// PostgreSQL refused the statement.
    Refused(sqlx::Error),
    Other(ObserveError),
}

fn refusal(
    file: &MigrationFile,
    statements: &[SqlStatement<'_>],
    index: usize,
    error: &sqlx::Error,
) -> ObserveError {
    if error.as_database_error().is_none() {
        return ObserveError::Migration(ReplayError::File {
            file: file.file_name.clone(),
            server: Box::new(ServerError::from(error)),
        });
    }
    let statement = &statements[index];
    let failure = StatementFailure::new(file, statement, index, statements.len(), error);
    ObserveError::Migration(ReplayError::Statement(Box::new(failure)))
}
