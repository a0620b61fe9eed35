//! Why a state could not be computed, with the place in the source where there is one.

use schema_core::apply::{ReplayError, ServerError, StatementFailure};
use schema_core::ddl::{Ddl, DomainDdl, EnumDdl, ExtensionDdl, IndexDdl, TableDdl};
use schema_core::dev_db::{Engine, MissingExtension, MissingRole};
use schema_core::diagnostic::{Finding, Place, Severity};
use schema_core::observe::ObserveError;
use schema_core::review::ReviewError;
use schema_core::schema::{Hints, ObjectKey};
use schema_core::state::{Refused, StateError};

use crate::context::Context;
use crate::dev;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// The failure for a state error.
pub(crate) fn explain(
    context: &Context,
    error: StateError,
    hints: &Hints,
    engine: &Engine,
) -> Failure {
    match error {
        StateError::DevDb(error) => dev::failure(&error),
        StateError::Replay(error) => replay(context, &error, engine),
        StateError::Schema(refused) => schema(&refused, hints, engine),
        StateError::Sources(findings) => Failure::findings(
            Exit::Findings,
            "PostgreSQL does not make what the source says",
            findings,
        ),
        StateError::PlanFails(refused) => {
            let mut failure = Failure::new(
                Exit::Migration,
                "the planned migration does not run on the current state",
            );
            failure.causes = causes(&refused);
            // Integrity constraint violation.
            if refused.sqlstate.as_deref().is_some_and(|it| it.starts_with("23")) {
                return failure.with_help(
                    "rows that earlier migrations wrote do not fit: give a new column a default or `backfill = …`, \
                     or change the rows first, in a migration of their own",
                );
            }
            failure.with_help(
                "the dev database holds what the migrations made; an object that they made by hand may stand in the way. \
                 Write this step yourself: `cargo migrate new NAME --from FILE`",
            )
        }
        StateError::Row(error) => Failure::findings(
            Exit::Findings,
            "a declared row cannot be",
            vec![Finding {
                places: error.places(),
                help: Some(error.help().to_owned()),
                ..Finding::new(error.code(), Severity::Error, error.to_string())
            }],
        ),
        StateError::RowsFail(refused) => {
            let mut failure = Failure::new(
                Exit::Migration,
                "the rows that the migrations make cannot become those that are declared",
            );
            failure.causes = causes(&refused);
            failure.with_help(
                "another row of the migrations stands in the way: one that references what is to go, or that has the same \
                 unique value. Declare the rows so that each step fits, or write this one yourself: cargo migrate new NAME",
            )
        }
        error @ StateError::RowsLeftOver(_) => Failure::from_error(Exit::Migration, &error).with_help(
            "something on the table (a trigger, a rule, a foreign key that cascades) changes what is written: \
             declare what it makes, or leave such columns out of the rows",
        ),
        error @ StateError::LeftOver(_) => Failure::from_error(Exit::Unexpected, &error).with_help(
            "this is a bug in cargo-migrate: please report it with the struct that changed",
        ),
        error @ (StateError::Cache(_)
        | StateError::Introspect(_)
        | StateError::Plan(_)
        | StateError::Connection(_)) => Failure::from_error(Exit::Unexpected, &error),
    }
}

/// A history that does not replay: file, statement, line, PostgreSQL's message, the SQL.
fn replay(context: &Context, error: &ReplayError, engine: &Engine) -> Failure {
    let mut failure = Failure::from_error(Exit::Migration, error);
    if let ReplayError::Statement(statement) = error {
        failure = refused_statement(context, statement, "the migrations do not replay");
        if let Some(remedy) = lacking(&statement.server, engine) {
            return failure.with_help(remedy);
        }
    }
    failure.with_help(
        "a migration that other databases have applied is never edited. If this one needs something that the dev \
         database lacks, give --dev-url a server that has it",
    )
}

/// What to do about something that the dev database's server lacks: a role, an extension.
pub(crate) fn lacking(server: &ServerError, engine: &Engine) -> Option<String> {
    let sqlstate = server.sqlstate.as_deref();
    let extension = MissingExtension::new(sqlstate, &server.message, engine);
    let extension = extension.map(|extension| extension.remedy());
    extension.or_else(|| Some(MissingRole::new(sqlstate, &server.message)?.remedy()))
}

/// A statement that PostgreSQL refuses: file, line, PostgreSQL's message, the SQL.
fn refused_statement(context: &Context, statement: &StatementFailure, what: &str) -> Failure {
    let file = context.shown(&context.dir.join(&statement.file));
    let mut failure = Failure::new(
        Exit::Migration,
        format!("{what}: {file}:{} fails", statement.line),
    )
    .because(format!(
        "statement {} of {}: {}",
        statement.index + 1,
        statement.of,
        statement.server
    ));
    let server = [&statement.server.detail, &statement.server.hint];
    failure.causes.extend(server.into_iter().flatten().cloned());
    failure.because(excerpt(&statement.sql))
}

/// Why the new migrations could not be judged.
pub(crate) fn review(context: &Context, error: ReviewError, engine: &Engine) -> Failure {
    match error {
        ReviewError::Observe(ObserveError::Base(error)) => {
            explain(context, error, &Hints::default(), engine)
        }
        ReviewError::Observe(ObserveError::DevDb(error)) => dev::failure(&error),
        ReviewError::Observe(error) => {
            let exit = match &error {
                ObserveError::Migration(_) => Exit::Migration,
                ObserveError::NotSuperuser => Exit::Database,
                _ => Exit::Unexpected,
            };
            let help = error.help().map(str::to_owned);
            Failure::from_error(exit, &error).with_optional_help(help)
        }
        error => Failure::from_error(Exit::Unexpected, &error),
    }
}

/// What the structs say and PostgreSQL refuses, at the struct's line.
fn schema(refused: &Refused, hints: &Hints, engine: &Engine) -> Failure {
    let key = key(&refused.statement.ddl);
    let place = narrowed(key.as_ref(), refused, hints).or_else(|| hints.place(key.as_ref()?));
    let mut help = refused.notes.clone();
    if let Some(extension) =
        MissingExtension::new(refused.sqlstate.as_deref(), &refused.message, engine)
    {
        help.push(extension.remedy());
    }
    let sql = refused.statement.ddl.to_string();
    help.push(format!(
        "PostgreSQL was asked: {}",
        excerpt(refused.line.as_deref().unwrap_or(&sql))
    ));
    let comment = &refused.statement.comment;
    let title = format!(
        "PostgreSQL refuses to {}{}: {}",
        comment[..1].to_lowercase(),
        &comment[1..],
        refused.message
    );
    let finding = Finding {
        places: place.into_iter().cloned().collect(),
        help: Some(help.join("\n")),
        ..Finding::new("S100", Severity::Error, title)
    };
    Failure::findings(
        Exit::Findings,
        "PostgreSQL refuses what the structs say",
        vec![finding],
    )
}

/// The object that a statement makes.
fn key(ddl: &Ddl) -> Option<ObjectKey> {
    match ddl {
        Ddl::Table(TableDdl::Create { name, .. } | TableDdl::Alter { name, .. }) => {
            Some(ObjectKey::Table(name.clone()))
        }
        Ddl::Index(IndexDdl::Create { name, table, .. }) => {
            Some(ObjectKey::Index(table.clone(), name.clone()))
        }
        Ddl::Domain(DomainDdl::Create { name, .. }) | Ddl::Enum(EnumDdl::Create { name, .. }) => {
            Some(ObjectKey::Type(name.clone()))
        }
        Ddl::Extension(ExtensionDdl::Create { name, .. }) => {
            Some(ObjectKey::Extension(name.clone()))
        }
        _ => None,
    }
}

/// The place of the column or constraint on the line of a statement that PostgreSQL points at.
fn narrowed<'a>(key: Option<&ObjectKey>, refused: &Refused, hints: &'a Hints) -> Option<&'a Place> {
    let Some(ObjectKey::Table(table)) = key else {
        return None;
    };
    let line = refused.line.as_deref()?;
    let line = line
        .strip_prefix("ADD COLUMN ")
        .or_else(|| line.strip_prefix("ADD "))
        .unwrap_or(line);
    let of_table = |candidate: &&ObjectKey| match candidate {
        ObjectKey::Expression(owner, name) => {
            owner == table && line.starts_with(&format!("{name} "))
        }
        ObjectKey::Constraint(owner, name) => {
            owner == table && line.starts_with(&format!("CONSTRAINT {name} "))
        }
        _ => false,
    };
    hints
        .sources
        .keys()
        .find(of_table)
        .and_then(|found| hints.place(found))
}

pub(crate) fn causes(refused: &Refused) -> Vec<String> {
    let mut causes = vec![refused.message.clone()];
    causes.extend(refused.notes.iter().cloned());
    causes.push(excerpt(&refused.statement.ddl.to_string()));
    causes
}

/// The first lines of a statement.
fn excerpt(sql: &str) -> String {
    const LINES: usize = 12;
    let mut lines: Vec<&str> = sql.lines().take(LINES).collect();
    if sql.lines().nth(LINES).is_some() {
        lines.push("…");
    }
    lines.join("\n")
}
