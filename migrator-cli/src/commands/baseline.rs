//! `baseline`: adopt a database that has no history, at the version that it is at.

use std::time::Duration;

use schema_core::apply::{
    ApplyOptions, Checksum, FormerTable, Limit, Predecessor, Revision, Takeover, TakeoverError,
    apply, connect, former_history, recorded,
};
use schema_core::catalog::Filter;
use schema_core::dev_db::DevServer;
use schema_core::directory::{Directory, Version};
use schema_core::schema::Hints;
use schema_core::state::{self, Live, Place, place};
use serde::Serialize;
use sqlx::Connection as _;
use sqlx::postgres::PgConnectOptions;

use super::drift::{self, note_majors, shown};
use crate::apply_failure::failure as apply_failure;
use crate::cli::{BaselineArgs, Tool};
use crate::context::Context;
use crate::directory::load_intact;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::ReplayProgress;
use crate::printer::{Printer, counted};
use crate::{database, dev, state_failure};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    /// The version that the database is at.
    baseline: &'a Version,
    /// Whether a row was written, or would be.
    changed: bool,
    dry_run: bool,
    /// Whether the database was seen to hold what the version makes.
    verified: bool,
    /// Versions before it that make the same.
    alike: &'a [Version],
    /// What the table of the other tool said.
    #[serde(skip_serializing_if = "Option::is_none")]
    takeover: Option<&'a Takeover>,
}

/// The version, and how it was found.
struct Found {
    version: Version,
    verified: bool,
    alike: Vec<Version>,
    takeover: Option<Takeover>,
}

/// Finds the version, or checks the one that is given, and writes the row.
pub(crate) async fn run(context: &Context, args: &BaselineArgs) -> Result<Exit, Failure> {
    let directory = load_intact(context)?;
    let target = database::target(context, &args.database)?;
    let given = args.at.as_deref().map(Version::new);
    if let Some(version) = given.as_ref().filter(|it| directory.file(it).is_none()) {
        return Err(Failure::new(
            Exit::Usage,
            format!("the directory has no version {version}"),
        )
        .with_help("a version is the file name up to its first `_`"));
    }
    let dev = dev::open(context, &args.dev).await?;
    let mut progress = ReplayProgress(context.printer.progress("connecting"));
    let schema = database::revisions_schema(context, &args.database);
    let timeout = Duration::from_secs(args.lock_timeout);
    let live = Live::read(&target, schema.as_deref(), timeout, &mut progress)
        .await
        .map_err(|error| drift::failure(context, error, dev.engine()))?;
    if let Some(version) = in_place(&live.revisions, given.as_ref()) {
        let at = Found {
            version: version.clone(),
            verified: false,
            alike: Vec::new(),
            takeover: None,
        };
        report(context, args, &at, false);
        tell_in_place(&context.printer, &live.revisions);
        return Ok(Exit::Clean);
    }
    if matches!(args.from, Some(Tool::Atlas)) && recorded(&live.revisions).is_empty() {
        return Err(Failure::new(
            Exit::Migration,
            "the database has no table atlas_schema_revisions with rows in it",
        )
        .with_help(former_help(&live.former)));
    }
    let takeover = match predecessor(args.from) {
        Some(tool) => Some(taken_over(context, &target, &directory, tool, &live).await?),
        None => None,
    };
    let found = if args.no_verify {
        let version = given.expect("the flag requires it");
        Found {
            version,
            verified: false,
            alike: Vec::new(),
            takeover,
        }
    } else {
        let session = Session {
            context,
            dev: &dev,
            directory: &directory,
        };
        session.find(&live, given, takeover, &mut progress).await?
    };
    let options = ApplyOptions {
        dry_run: args.dry_run,
        lock_timeout: timeout,
        baseline: Some(found.version.clone()),
        limit: Limit::Count(0),
        revisions_schema: schema,
        ..ApplyOptions::default()
    };
    apply(&target, &directory, &options, &mut progress)
        .await
        .map_err(|error| apply_failure(context, &error))?;
    drop(progress);
    report(context, args, &found, true);
    tell(&context.printer, args, &directory, &found);
    Ok(Exit::Clean)
}

/// The version of a history that is there and needs no baseline.
fn in_place<'a>(revisions: &'a [Revision], given: Option<&Version>) -> Option<&'a Version> {
    let recorded = recorded(revisions);
    let (first, last) = (recorded.first()?, recorded.last()?);
    // One that contradicts what is given is refused by `apply`, which knows how to say it.
    given
        .is_none_or(|given| *given == first.version)
        .then_some(&last.version)
}

fn tell_in_place(printer: &Printer, revisions: &[Revision]) {
    let atlas = revisions
        .iter()
        .any(|row| row.operator.starts_with("Atlas"));
    let whose = if atlas {
        "Atlas has migrated the database: its history is used as it is, and needs no baseline"
    } else {
        "the database has a history"
    };
    printer.done("Unchanged", whose);
    printer.note("`cargo migrate status` shows where it stands, `cargo migrate apply` goes on");
}

fn predecessor(tool: Option<Tool>) -> Option<Predecessor> {
    match tool? {
        Tool::Atlas => None,
        Tool::Sqlx => Some(Predecessor::Sqlx),
        Tool::Refinery => Some(Predecessor::Refinery),
        Tool::Diesel => Some(Predecessor::Diesel),
        Tool::Drizzle => Some(Predecessor::Drizzle),
        Tool::GolangMigrate => Some(Predecessor::GolangMigrate),
        Tool::Goose => Some(Predecessor::Goose),
        Tool::Dbmate => Some(Predecessor::Dbmate),
        Tool::Flyway => Some(Predecessor::Flyway),
        Tool::Prisma => Some(Predecessor::Prisma),
    }
}

/// What the table of the other tool says about the directory.
async fn taken_over(
    context: &Context,
    target: &PgConnectOptions,
    directory: &Directory,
    tool: Predecessor,
    live: &Live,
) -> Result<Takeover, Failure> {
    let tables: Vec<_> = live.former.iter().filter(|it| it.tool == tool).collect();
    let table = match tables.as_slice() {
        [table] => (*table).clone(),
        [] => {
            return Err(Failure::new(
                Exit::Migration,
                format!("the database has no table {}, in whatever schema, so {tool} has not migrated it", tool.table()),
            )
            .with_help(former_help(&live.former)));
        }
        several => {
            let names: Vec<_> = several.iter().map(|it| it.name.full()).collect();
            return Err(Failure::new(
                Exit::Migration,
                format!("the database has several tables of {tool}: {}", names.join(", ")),
            )
            .with_help("only a database that is migrated as a whole can be adopted from a tool: name the version, without --from"));
        }
    };
    let broken = |error: sqlx::Error| {
        Failure::from_error(Exit::Database, &error).because("cannot connect to the database")
    };
    let mut connection = connect(target).await.map_err(broken)?;
    let history = former_history(&mut connection, table)
        .await
        .map_err(|error| apply_failure(context, &error))?;
    let _ = connection.close().await;
    Takeover::of(directory, &history).map_err(|error| refused(&error))
}

fn refused(error: &TakeoverError) -> Failure {
    Failure::from_error(Exit::Migration, error).with_help(error.help())
}

fn former_help(found: &[FormerTable]) -> String {
    let looked: Vec<_> = Predecessor::ALL.iter().map(|tool| tool.table()).collect();
    match found.first() {
        Some(table) => format!(
            "there is a table of {}: {}; give --from {}",
            table.tool,
            table.name.full(),
            table.tool
        ),
        None => format!(
            "no table of another tool was found either ({}); without --from, the version is found by what the database holds",
            looked.join(", ")
        ),
    }
}

/// What a version is looked for with.
struct Session<'a> {
    context: &'a Context,
    dev: &'a DevServer,
    directory: &'a Directory,
}

impl Session<'_> {
    /// The version that the database is at: as given, as the other tool says, or as it turns out.
    async fn find(
        &self,
        live: &Live,
        given: Option<Version>,
        takeover: Option<Takeover>,
        progress: &mut ReplayProgress,
    ) -> Result<Found, Failure> {
        if let Some(takeover) = &takeover {
            takeover.check().map_err(|error| refused(&error))?;
        }
        let told = takeover.as_ref().and_then(Takeover::version).cloned();
        if let (Some(told), Some(given)) = (&told, &given)
            && told != given
        {
            let tool = takeover.as_ref().map_or("", |it| it.table.as_str());
            return Err(Failure::new(
                Exit::Migration,
                format!("the database is at {told}, says {tool}, and not at {given}"),
            )
            .with_help("leave the version out"));
        }
        let version = match given.or(told) {
            Some(version) => {
                self.verify(live, &version, progress).await?;
                return Ok(Found {
                    version,
                    verified: true,
                    alike: Vec::new(),
                    takeover,
                });
            }
            None => self.search(live, progress).await?,
        };
        Ok(Found {
            takeover,
            ..version
        })
    }

    /// Sees that the database holds what a version makes.
    async fn verify(
        &self,
        live: &Live,
        version: &Version,
        progress: &mut ReplayProgress,
    ) -> Result<(), Failure> {
        let mut prefix = self.directory.clone();
        let files = prefix.files.iter();
        let before = files.take_while(|file| file.version != *version).count();
        prefix.files.truncate(before + 1);
        let made = state::current(self.dev, &prefix, progress).await;
        let made = made.map_err(|error| self.explain(error))?.catalog;
        let filter = live.filter(&made, &Filter::default());
        let differences = filter.apply(&made).compare(&filter.apply(&live.catalog));
        if differences.is_empty() {
            return Ok(());
        }
        note_majors(self.context, live.major, self.dev.engine());
        Err(Failure::new(
            Exit::Findings,
            format!("the database does not hold what the migrations up to {version} make"),
        )
        .because(shown(&differences))
        .with_help(format!(
            "bring the database and the migrations together first; or, if that is known and good, `cargo migrate baseline {version} --no-verify`"
        )))
    }

    async fn search(&self, live: &Live, progress: &mut ReplayProgress) -> Result<Found, Failure> {
        let newest = state::current(self.dev, self.directory, progress).await;
        let newest = newest.map_err(|error| self.explain(error))?.catalog;
        let filter = live.filter(&newest, &Filter::default());
        let place = place(self.dev, self.directory, &live.catalog, &filter, progress).await;
        match place.map_err(|error| self.explain(error))? {
            Place::At { version, alike } => Ok(Found {
                version,
                verified: true,
                alike,
                takeover: None,
            }),
            Place::Empty => Err(Failure::new(
                Exit::Migration,
                "the database is empty: there is nothing to adopt",
            )
            .with_help("run `cargo migrate apply`")),
            Place::Between {
                nearest,
                differences,
            } => {
                note_majors(self.context, live.major, self.dev.engine());
                let (near, help) = match nearest {
                    Some(version) => (
                        format!("{version} comes nearest:\n{}", shown(&differences)),
                        format!(
                            "bring the database and the migrations together first; or, if that is known and good, `cargo migrate baseline {version} --no-verify`"
                        ),
                    ),
                    None => (
                        "an empty database comes nearest".to_owned(),
                        "is it the right database, and the right directory?".to_owned(),
                    ),
                };
                Err(Failure::new(
                    Exit::Findings,
                    "the database holds what no version of the directory makes",
                )
                .because(near)
                .with_help(help))
            }
        }
    }

    fn explain(&self, error: state::StateError) -> Failure {
        state_failure::explain(self.context, error, &Hints::default(), self.dev.engine())
    }
}

fn report(context: &Context, args: &BaselineArgs, found: &Found, changed: bool) {
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            baseline: &found.version,
            changed,
            dry_run: args.dry_run,
            verified: found.verified,
            alike: &found.alike,
            takeover: found.takeover.as_ref(),
        });
    }
}

fn tell(printer: &Printer, args: &BaselineArgs, directory: &Directory, found: &Found) {
    let version = &found.version;
    if let Some(takeover) = &found.takeover {
        tell_takeover(printer, takeover);
    }
    if args.no_verify {
        printer.warning("what the database holds was not compared with what the migrations make");
    }
    if args.dry_run {
        printer.note(format_args!(
            "dry run: the database would be adopted at {version}; nothing was written"
        ));
    } else {
        printer.done("Adopted", format_args!("at {version}"));
    }
    if let (Some(first), false) = (found.alike.first(), args.no_verify) {
        printer.warning(format_args!(
            "{first} and what follows up to {version} make the same objects: whether the later ones have run here \
             (rows of data, say) cannot be told; name the version if they have not"
        ));
    }
    let files = directory.files.iter().rev();
    let pending = files.take_while(|file| file.version != *version).count();
    if pending > 0 {
        printer.note(format_args!(
            "{} behind it: `cargo migrate apply` runs them",
            counted(pending, "migration")
        ));
    }
    if let Some(takeover) = &found.takeover {
        printer.note(format_args!(
            "{} is left alone, and a later migration may drop it (`cargo migrate new NAME`); {}",
            takeover.table,
            takeover.tool.fence()
        ));
    }
}

/// What was checked, and what could not be.
fn tell_takeover(printer: &Printer, takeover: &Takeover) {
    let of = |check: Checksum| {
        takeover
            .files
            .iter()
            .filter(move |file| file.check == check)
    };
    let rows = counted(takeover.rows, "row");
    if takeover.files.is_empty() {
        printer.warning(format_args!(
            "none of the {rows} of {} has the version of a file: only what the database holds was compared",
            takeover.table
        ));
        return;
    }
    let mut facts = vec![format!(
        "{} of {rows} of {} are files of the directory, in the same order",
        takeover.files.len(),
        takeover.table
    )];
    let same = of(Checksum::Same).count();
    if same > 0 {
        facts.push(format!("{same} by checksum"));
    }
    if of(Checksum::Unknown).count() > 0 {
        facts.push(format!(
            "{} by version only: {} keeps no checksums",
            of(Checksum::Unknown).count(),
            takeover.tool
        ));
    }
    printer.done("Checked", facts.join("; "));
    if !takeover.older.is_empty() {
        printer.note(format_args!(
            "{} older than the directory: {}",
            counted(takeover.older.len(), "row"),
            takeover.older.join(", ")
        ));
    }
    let different: Vec<_> = of(Checksum::Different)
        .map(|file| file.file.as_str())
        .collect();
    if !different.is_empty() {
        printer.warning(format_args!(
            "not what {} executed: {}",
            takeover.tool,
            different.join(", ")
        ));
    }
}
