//! `drift`: what a database holds, against what its history says that it holds.

use std::fmt::Write as _;
use std::time::Duration;

use schema_core::apply::ApplyError;
use schema_core::catalog::{Difference, Filter};
use schema_core::dev_db::Engine;
use schema_core::diff::diff;
use schema_core::directory::{TxMode, Version};
use schema_core::ident::Ident;
use schema_core::plan::{PlanHints, plan, render};
use schema_core::schema::Hints;
use schema_core::state::{Drift, DriftError, DriftOptions, StateError, drift};
use serde::Serialize;

use crate::apply_failure;
use crate::cli::DriftArgs;
use crate::context::Context;
use crate::directory::load_intact;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::ReplayProgress;
use crate::printer::counted;
use crate::sides::{plain_tree, tree};
use crate::{database, dev, state_failure};

/// SQLSTATE `insufficient_privilege`.
const NO_PRIVILEGE: &str = "42501";

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    /// The newest version of the history; `null` where nothing is applied.
    database_version: Option<&'a str>,
    differences: Vec<DifferenceReport<'a>>,
    /// What puts the database back, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<&'a str>,
}

/// A place where the two differ.
#[derive(Serialize)]
pub(super) struct DifferenceReport<'a> {
    object: &'a str,
    property: &'a str,
    migrations: &'a str,
    database: &'a str,
}

/// Compares, and shows where the two differ.
pub(crate) async fn run(context: &Context, args: &DriftArgs) -> Result<Exit, Failure> {
    let directory = load_intact(context)?;
    let target = database::target(context, &args.database)?;
    let options = DriftOptions {
        filter: Filter {
            excluded: [context.config.schema.exclude.clone(), args.exclude.clone()].concat(),
            schemas: args
                .schemas
                .iter()
                .map(|it| Ident::new(it.as_str()))
                .collect(),
            ..Filter::default()
        },
        lock_timeout: Duration::from_secs(args.lock_timeout),
        revisions_schema: database::revisions_schema(context, &args.database),
    };
    let dev = dev::open(context, &args.dev).await?;
    let mut progress = ReplayProgress(context.printer.progress("connecting"));
    let found = drift(&dev, &target, &directory, &options, &mut progress)
        .await
        .map_err(|error| failure(context, error, dev.engine()))?;
    drop(progress);
    let sql = args
        .sql
        .then(|| put_back(&found))
        .transpose()
        .map_err(|error| state_failure::explain(context, error, &Hints::default(), dev.engine()))?;
    let printer = &context.printer;
    if printer.is_json() {
        printer.json(&Report {
            version: 1,
            database_version: found.version.as_ref().map(Version::as_str),
            differences: reports(&found.differences),
            sql: sql.as_deref(),
        });
    } else if let Some(sql) = &sql {
        printer.sql(sql);
    } else if !found.differences.is_empty() {
        printer.data(tree(&found.differences));
    }
    let at = found.version.as_ref().map_or_else(
        || "before the first migration".to_owned(),
        |version| format!("at {version}"),
    );
    if found.differences.is_empty() {
        printer.done(
            "No drift",
            format_args!("the database holds what its history says: it is {at}"),
        );
        return Ok(Exit::Clean);
    }
    printer.done(
        "Drift",
        format_args!(
            "{} from what its history says: it is {at}",
            counted(found.differences.len(), "difference")
        ),
    );
    note_majors(context, found.major, dev.engine());
    if !args.sql && !printer.is_json() {
        printer.note("`+` is in the database alone, `-` in the migrations alone, `~` reads: migrations -> database");
    }
    if !args.sql {
        printer.note(
            "to keep a change, bring it into the structs and the migrations (`cargo migrate generate NAME`, \
             and `cargo migrate set VERSION` here, since it is done); to take it back, see `cargo migrate drift --sql`",
        );
    }
    Ok(Exit::Findings)
}

/// Servers of different versions may spell the same object differently.
pub(super) fn note_majors(context: &Context, live: Option<u32>, engine: &Engine) {
    if let Some(live) = live.filter(|live| *live != engine.major) {
        context.printer.note(format_args!(
            "the database is PostgreSQL {live}, the dev database {}: a difference may be one of spelling (`--postgres-version {live}`)",
            engine.major
        ));
    }
}

/// What the database has beside (`+`) and instead of (`~`) what the migrations make, and what it
/// lacks (`-`).
pub(super) fn shown(differences: &[Difference]) -> String {
    plain_tree(differences)
}

/// The same for machines.
pub(super) fn reports(differences: &[Difference]) -> Vec<DifferenceReport<'_>> {
    let reports = differences.iter().map(|difference| DifferenceReport {
        object: &difference.object,
        property: &difference.property,
        migrations: &difference.left,
        database: &difference.right,
    });
    reports.collect()
}

/// What would make the database hold what its history says.
fn put_back(drift: &Drift) -> Result<String, StateError> {
    let changes = diff(&drift.found, &drift.expected);
    let plan = plan(&changes, &PlanHints::default())?;
    let mut text = String::from(
        "-- What would put the database back. Nobody has run it: read it before you do.\n",
    );
    for statement in plan.stages.iter().flat_map(|stage| &stage.statements) {
        for hazard in &statement.hazards {
            let _ = writeln!(text, "-- {}: {hazard}", statement.comment);
        }
    }
    let objects = drift
        .found
        .unmodelled
        .symmetric_difference(&drift.expected.unmodelled);
    for object in objects {
        let _ = writeln!(text, "-- Not in it, by hand: {object}");
    }
    for stage in &plan.stages {
        let sql = render(stage);
        let _ = match stage.tx_mode {
            TxMode::File => write!(text, "\nBEGIN;\n\n{sql}\nCOMMIT;\n"),
            TxMode::None => write!(text, "\n{sql}"),
        };
    }
    Ok(text)
}

/// Why the two cannot be compared.
pub(super) fn failure(context: &Context, error: DriftError, engine: &Engine) -> Failure {
    match error {
        DriftError::Apply(error) => {
            let failure = apply_failure::failure(context, &error);
            match &error {
                ApplyError::Session { server, .. }
                    if server.sqlstate.as_deref() == Some(NO_PRIVILEGE) =>
                {
                    failure.with_help(
                        "the role has to read the history: GRANT USAGE ON SCHEMA atlas_schema_revisions TO role; \
                         GRANT SELECT ON atlas_schema_revisions.atlas_schema_revisions TO role (or the schema where the table is)",
                    )
                }
                _ => failure,
            }
        }
        DriftError::State(error) => {
            state_failure::explain(context, error, &Hints::default(), engine)
        }
        error @ DriftError::NoHistory => Failure::from_error(Exit::Migration, &error)
            .with_help("`cargo migrate baseline` finds the version that it is at, and adopts it"),
        error => Failure::from_error(Exit::Unexpected, &error),
    }
}
