//! From the sources and the directory to both sides of a diff: what `generate` and `check` share.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use bumpalo::Bump;
use schema_core::apply::{Event, Observer};
use schema_core::catalog::Catalog;
use schema_core::dev_db::DevServer;
use schema_core::directory::{Directory, LedgerError, LiveShim, ShimName, StructLine};
use schema_core::lower::{Comments, lower};
use schema_core::plan::PlanHints;
use schema_core::plan::shim::Shim;
use schema_core::schema::{self, Hints};
use schema_core::state::{self, Sources, StateError};
use serde::Serialize;

use crate::cli::{BuildArgs, DevDbArgs};
use crate::context::Context;
use crate::dev;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::Progress;
use crate::project::Project;
use crate::state_failure;

/// Both sides of a diff, and what they came from.
pub(crate) struct Comparison {
    /// The dev database.
    pub(crate) dev: Arc<DevServer>,
    /// The catalog after the migrations, in full.
    pub(crate) current: Catalog,
    /// The desired catalog.
    pub(crate) desired: Catalog,
    /// What the source says beside the schema itself.
    pub(crate) hints: Hints,
    /// What is kept for the previous release, each with what the database holds of it.
    pub(crate) shims: Vec<(LiveShim, Option<Shim>)>,
    /// What the build says of each table and type.
    pub(crate) structs: Vec<StructLine>,
    /// Where the time went.
    pub(crate) timings: Timings,
}

/// Where the time went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Timings {
    /// cargo's own build, freshness check included.
    pub(crate) build_ms: f64,
    /// Reading the schema out of the artifacts.
    pub(crate) reflect_ms: f64,
    /// The current state.
    pub(crate) current_ms: f64,
    /// The desired state.
    pub(crate) desired_ms: f64,
    /// Diff, plan and proof.
    pub(crate) plan_ms: f64,
    /// The largest resident size of this process, in kilobytes.
    pub(crate) peak_memory_kb: u64,
}

/// Milliseconds since an instant.
pub(crate) fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// What the source says.
pub(crate) struct Reflected {
    /// The schema as a catalog, not yet in PostgreSQL's spelling.
    provisional: Catalog,
    /// The objects that it says beside tables and simple types.
    sources: Sources,
    /// What it says beside the schema itself.
    pub(crate) hints: Hints,
    structs: Vec<StructLine>,
    timings: Timings,
}

/// Builds the project and reads its schema.
pub(crate) fn reflect(context: &Context, build: &BuildArgs) -> Result<Reflected, Failure> {
    let mut timings = Timings::default();
    let start = Instant::now();
    let project = Project::find(context, build)?;
    let artifacts = project.build()?;
    timings.build_ms = since(start);

    let start = Instant::now();
    let arena = Bump::new();
    let records = project.records(&artifacts, &arena)?;
    let structs = records.iter().filter_map(StructLine::of).collect();
    let schema = schema::build(&records).map_err(|errors| {
        let findings: Vec<_> = errors.iter().map(schema::SchemaError::finding).collect();
        Failure::findings(
            Exit::Findings,
            format!("the schema has {} errors", findings.len()),
            findings,
        )
    })?;
    let comments = if context.config.doc_comments {
        Comments::Keep
    } else {
        Comments::Drop
    };
    let provisional = lower(&schema, comments);
    let sources = Sources::of(&schema, comments);
    let hints = schema.hints();
    timings.reflect_ms = since(start);
    Ok(Reflected {
        provisional,
        sources,
        hints,
        structs,
        timings,
    })
}

/// What the source says, in the spelling of PostgreSQL, whatever the migrations make.
pub(crate) async fn said(
    context: &Context,
    build: &BuildArgs,
    dev_args: &DevDbArgs,
) -> Result<(Catalog, Hints), Failure> {
    let Reflected {
        provisional,
        sources,
        hints,
        ..
    } = reflect(context, build)?;
    let dev = dev::open(context, dev_args).await?;
    let progress = context
        .printer
        .progress("asking PostgreSQL about the structs");
    let none = Directory::empty(&context.dir);
    let (root, current) = (context.root.as_str(), Catalog::default());
    let said = state::desired(&dev, root, &none, &current, &provisional, &sources).await;
    drop(progress);
    let said =
        said.map_err(|error| state_failure::explain(context, error, &hints, dev.engine()))?;
    Ok((said, hints))
}

/// Builds the project, reads its schema, and brings both states up.
pub(crate) async fn compare(
    context: &Context,
    directory: &Directory,
    build: &BuildArgs,
    dev_args: &DevDbArgs,
) -> Result<Comparison, Failure> {
    let open = async { dev::open(context, dev_args).await.map(Arc::new) };
    compare_on(context, directory, build, open).await
}

/// The same on the dev database that `open` gives, which is not asked for before the project is built.
pub(crate) async fn compare_on(
    context: &Context,
    directory: &Directory,
    build: &BuildArgs,
    open: impl Future<Output = Result<Arc<DevServer>, Failure>>,
) -> Result<Comparison, Failure> {
    let Reflected {
        provisional,
        sources,
        mut hints,
        structs,
        mut timings,
    } = reflect(context, build)?;

    let live = directory
        .live_shims()
        .map_err(|errors| ledger_failure(context, &errors))?;
    let dev = open.await?;
    let start = Instant::now();
    let mut progress = ReplayProgress(context.printer.progress("replaying the migrations"));
    let current = state::current(&dev, directory, &mut progress)
        .await
        .map_err(|error| state_failure::explain(context, error, &hints, dev.engine()))?;
    let shims = state::shims(&dev, directory, live)
        .await
        .map_err(|error| state_failure::explain(context, error, &hints, dev.engine()))?;
    drop(progress);
    timings.current_ms = since(start);
    for (shim, made) in &shims {
        // Written by hand: the old column is left alone, and that is all that is known.
        if let (ShimName::Column(table, column), None) = (&shim.old, made) {
            let ignored = hints.ignored_columns.entry(table.clone()).or_default();
            ignored.insert(column.clone());
        }
    }

    let start = Instant::now();
    let progress = context
        .printer
        .progress("asking PostgreSQL about the structs");
    let desired = state::desired(
        &dev,
        context.root.as_str(),
        directory,
        &current.catalog,
        &provisional,
        &sources,
    )
    .await
    .map_err(|error: StateError| state_failure::explain(context, error, &hints, dev.engine()))?;
    drop(progress);
    timings.desired_ms = since(start);
    Ok(Comparison {
        dev,
        current: current.catalog,
        desired,
        hints,
        shims,
        structs,
        timings,
    })
}

/// Replays a directory, which need not be on disk, on the dev database; gives the state after it.
pub(crate) async fn replays(
    context: &Context,
    directory: &Directory,
    dev_args: &DevDbArgs,
) -> Result<Catalog, Failure> {
    let dev = dev::open(context, dev_args).await?;
    replayed(context, &dev, directory).await
}

/// The same on a dev database that is open.
pub(crate) async fn replayed(
    context: &Context,
    dev: &DevServer,
    directory: &Directory,
) -> Result<Catalog, Failure> {
    let mut progress = ReplayProgress(context.printer.progress("replaying the migrations"));
    let state = state::current(dev, directory, &mut progress).await;
    let hints = Hints::default();
    Ok(state
        .map_err(|error| state_failure::explain(context, error, &hints, dev.engine()))?
        .catalog)
}

/// What `generate` made for the previous release and is still there.
pub(crate) fn made(shims: &[(LiveShim, Option<Shim>)]) -> Vec<Shim> {
    shims.iter().filter_map(|(_, made)| made.clone()).collect()
}

fn ledger_failure(context: &Context, errors: &[LedgerError]) -> Failure {
    let shown = context.shown(&context.dir);
    Failure::findings(
        Exit::Integrity,
        "the directives do not say which shims live",
        errors.iter().map(|error| error.finding(&shown)).collect(),
    )
}

/// What the source says to the planner.
pub(crate) fn plan_hints(hints: &Hints) -> PlanHints {
    PlanHints {
        using: hints.using.clone(),
        backfill: hints.backfill.clone(),
    }
}

/// Says which file is being replayed, and which deployment is waited for.
pub(crate) struct ReplayProgress(pub(crate) Progress);

impl Observer for ReplayProgress {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::FileStarted { file, .. } => {
                self.0.say(format!("replaying {}", file.file_name));
            }
            Event::WaitingForLock { holder, .. } => self.0.say(format!("waiting for {holder}")),
            _ => {}
        }
    }
}
