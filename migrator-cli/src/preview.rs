//! What pending migrations would lock, found by running them on a dev database.

use std::collections::BTreeSet;

use schema_core::apply::{ApplyReport, Silent, State, status};
use schema_core::directory::{Directory, MigrationFile, SqlStatement, Version};
use schema_core::observe::{Rehearsal, RehearsalOptions, Step};
use serde::Serialize;
use sqlx::postgres::PgConnectOptions;

use crate::cli::DevDbArgs;
use crate::context::Context;
use crate::dev;
use crate::directory::prefixes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// What would run, statement by statement.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Preview {
    /// The statements, in order.
    statements: Vec<PreviewStatement>,
    /// Why it is not known what some of them lock.
    locks_unknown: Option<Unknown>,
}

/// Why something is not known.
#[derive(Debug, Serialize)]
struct Unknown {
    reason: String,
    help: Option<String>,
}

/// A statement that would run.
#[derive(Debug, Serialize)]
struct PreviewStatement {
    file: String,
    /// From 0.
    index: usize,
    line: u32,
    sql: String,
    /// What it locks of what is there; nothing where that is not known.
    effects: Option<PreviewEffects>,
}

/// What a statement does to tables that are there.
#[derive(Debug, Serialize)]
struct PreviewEffects {
    /// False for what PostgreSQL runs in no transaction: its locks are not seen.
    locks_seen: bool,
    locks: Vec<PreviewLock>,
    /// Tables that are written anew.
    rewrites: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PreviewLock {
    on: String,
    lock: String,
}

impl PreviewEffects {
    fn of(step: &Step) -> Self {
        let effects = &step.effects;
        let rewrites = effects.rewritten.iter();
        Self {
            locks_seen: step.in_transaction,
            locks: effects
                .locks
                .iter()
                .map(|lock| PreviewLock {
                    on: lock.on.name.to_string(),
                    lock: lock.level.to_string(),
                })
                .collect(),
            rewrites: rewrites.map(|target| target.name.to_string()).collect(),
        }
    }

    /// `ACCESS EXCLUSIVE on users; writes users anew`.
    fn line(&self) -> String {
        let locks = self.locks.iter();
        let mut parts: Vec<String> = locks
            .map(|lock| format!("{} on {}", lock.lock, lock.on))
            .collect();
        let rewrites = self.rewrites.iter();
        parts.extend(rewrites.map(|table| format!("writes {table} anew")));
        match (parts.is_empty(), self.locks_seen) {
            (true, true) => "locks nothing that is there".to_owned(),
            (true, false) => "runs in no transaction, so its locks are not seen".to_owned(),
            (false, _) => parts.join("; "),
        }
    }
}

/// The statements of a report, and what they would lock.
pub(crate) async fn preview(
    context: &Context,
    dev: &DevDbArgs,
    target: &PgConnectOptions,
    revisions_schema: Option<&str>,
    directory: &Directory,
    report: &ApplyReport,
) -> Result<Preview, Failure> {
    let mut preview = Preview::default();
    let mut files: Vec<(&MigrationFile, Vec<SqlStatement<'_>>)> = Vec::new();
    for applied in report.files.iter().filter(|file| !file.skipped) {
        let Some(file) = directory.file(&applied.version) else {
            continue;
        };
        let statements = file
            .statements()
            .map_err(|error| Failure::from_error(Exit::Migration, &error))?;
        let to_run = statements.iter().enumerate().skip(applied.resumed_at);
        preview
            .statements
            .extend(to_run.map(|(index, statement)| PreviewStatement {
                file: file.file_name.clone(),
                index,
                line: statement.line,
                sql: statement.text.to_owned(),
                effects: None,
            }));
        files.push((file, statements));
    }
    if files.is_empty() {
        return Ok(preview);
    }
    let standing = status(target, directory, revisions_schema).await;
    let standing = standing.map_err(|error| Failure::from_error(Exit::Database, &error))?;
    let done: BTreeSet<&Version> = standing
        .versions
        .iter()
        .filter(|it| {
            let adopted = report.baseline.as_ref().is_some_and(|at| it.version <= *at);
            let state = it.state;
            adopted || matches!(state, State::Applied | State::Baseline | State::Modified)
        })
        .map(|it| &it.version)
        .collect();
    let base = base(directory, &done, context);
    let (steps, failure) = rehearse(context, dev, &base, &files).await;
    for step in &steps {
        let file = &files[step.file].0.file_name;
        let statements = preview.statements.iter_mut();
        let mut same = statements.filter(|it| it.file == *file && it.index == step.index);
        if let Some(statement) = same.next() {
            statement.effects = Some(PreviewEffects::of(step));
        }
    }
    preview.locks_unknown = failure.map(|failure| Unknown {
        reason: std::iter::once(failure.message)
            .chain(failure.causes)
            .collect::<Vec<_>>()
            .join(": "),
        help: failure.help,
    });
    Ok(preview)
}

/// The files that have made the target what it is.
fn base(directory: &Directory, done: &BTreeSet<&Version>, context: &Context) -> Directory {
    let files = directory.files.iter();
    let done = files.filter(|file| done.contains(&file.version));
    let texts = done.map(|file| (file.file_name.clone(), file.text.clone()));
    Directory::from_texts(&directory.path, texts.collect(), None, &prefixes(context))
}

/// Runs files on a dev database in the state of the base. Gives what was seen, and what ended it
/// before its time.
async fn rehearse(
    context: &Context,
    dev: &DevDbArgs,
    base: &Directory,
    files: &[(&MigrationFile, Vec<SqlStatement<'_>>)],
) -> (Vec<Step>, Option<Failure>) {
    let server = match dev::open(context, dev).await {
        Ok(server) => server,
        Err(failure) => return (Vec::new(), Some(failure)),
    };
    let failed = |error| Some(Failure::from_error(Exit::Database, &error));
    let options = RehearsalOptions { rows: false };
    let mut rehearsal = match Rehearsal::begin(&server, base, &options, &mut Silent).await {
        Ok(rehearsal) => rehearsal,
        Err(error) => return (Vec::new(), failed(error)),
    };
    let mut failure = None;
    'files: for (number, (file, statements)) in files.iter().enumerate() {
        let mut next = 0;
        while next < statements.len() {
            match rehearsal.run(number, file, statements, next).await {
                Ok((_, then)) => next = then,
                Err(error) => {
                    failure = failed(error);
                    break 'files;
                }
            }
        }
    }
    let steps = rehearsal.steps().to_vec();
    rehearsal.close().await;
    (steps, failure)
}

impl Preview {
    /// For people: the SQL, each statement below what it locks.
    pub(crate) fn print(&self, printer: &Printer) {
        let mut file = "";
        for statement in &self.statements {
            if statement.file != file {
                file = &statement.file;
                printer.sql(&format!("-- {file}"));
            }
            if let Some(effects) = &statement.effects {
                printer.sql(&format!("-- {}", effects.line()));
            }
            printer.sql(&statement.sql);
        }
        if let Some(unknown) = &self.locks_unknown {
            let statements = self.statements.iter();
            let all = statements.clone().all(|it| it.effects.is_none());
            let which = if all { "the statements" } else { "the rest" };
            printer.warning(format_args!(
                "what {which} would lock is not known: {}",
                unknown.reason
            ));
            if let Some(help) = &unknown.help {
                printer.note(help);
            }
        }
    }
}
