//! Sides to catalogs.

use std::sync::Arc;

use bumpalo::Bump;
use camino::{Utf8Path, Utf8PathBuf};
use schema_core::apply::connect;
use schema_core::catalog::Catalog;
use schema_core::dev_db::DevServer;
use schema_core::directory::{Directory, Problem, Version};
use schema_core::introspect::{Scope, introspect};
use schema_core::metadata::extract;
use schema_core::schema::Hints;
use schema_core::state::{self, Script, ScriptError, ScriptNotes};
use sqlx::Connection as _;
use tokio::sync::OnceCell;

use super::Side;
use crate::cli::{BuildArgs, DevDbArgs};
use crate::context::Context;
use crate::directory::{failure as directory_failure, prefixes};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{self, ReplayProgress};
use crate::{database, dev, environment, state_failure};

/// A side, and what it holds.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// What it holds.
    pub(crate) catalog: Catalog,
    /// What the source says beside that.
    pub(crate) hints: Option<Hints>,
    /// Whether it says who owns what, and who may do what.
    pub(crate) privileges: Says,
    /// What was done otherwise than it says.
    pub(crate) notes: Vec<String>,
}

/// What a side says of owners and privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub(crate) struct Says {
    /// Whether they were read.
    pub(crate) read: bool,
    /// Whether it is a script, to which nobody gives owners but itself.
    pub(crate) script: bool,
    pub(crate) owners: bool,
    pub(crate) grants: bool,
}

/// What sides are loaded with. The dev database is opened once, when the first of them needs it.
pub(crate) struct Loader<'a> {
    pub(crate) context: &'a Context,
    pub(crate) build: &'a BuildArgs,
    pub(crate) dev_args: &'a DevDbArgs,
    dev: OnceCell<Arc<DevServer>>,
}

const ALL: Says = Says {
    read: true,
    script: false,
    owners: true,
    grants: true,
};

impl<'a> Loader<'a> {
    pub(crate) fn new(context: &'a Context, build: &'a BuildArgs, dev_args: &'a DevDbArgs) -> Self {
        Self {
            context,
            build,
            dev_args,
            dev: OnceCell::new(),
        }
    }

    /// The dev database.
    pub(crate) async fn dev(&self) -> Result<&Arc<DevServer>, Failure> {
        let open = || async { dev::open(self.context, self.dev_args).await.map(Arc::new) };
        self.dev.get_or_try_init(open).await
    }

    /// What a side holds. Owners and privileges are read where `privileges` says so.
    pub(crate) async fn load(&self, side: &Side, privileges: bool) -> Result<Loaded, Failure> {
        let scope = Scope {
            privileges,
            ..Scope::default()
        };
        match side {
            Side::Url(url) => self.database(url, &"the command line", &scope).await,
            Side::Variable(name) => {
                let url = environment::named(name)?;
                self.database(&url, name, &scope).await
            }
            Side::File(path) => {
                let files = [path.clone()];
                self.script(&files, &scope).await
            }
            Side::Directory { path, version } => {
                self.directory(path.as_deref(), version.as_deref(), &scope)
                    .await
            }
            Side::Code => {
                let reflected = pipeline::reflect(self.context, self.build)?;
                self.said(reflected).await
            }
            Side::Binary(path) => {
                let reflected = self.carried(path)?;
                self.said(reflected).await
            }
        }
    }

    async fn database(
        &self,
        url: &str,
        source: &dyn std::fmt::Display,
        scope: &Scope,
    ) -> Result<Loaded, Failure> {
        let options = database::read(self.context, url, source)?;
        let place = database::place(&options);
        let broken = |error: &dyn std::error::Error| {
            Failure::from_error(Exit::Database, error).because(format!("this was {place}"))
        };
        let mut connection = connect(&options.application_name("cargo-migrate"))
            .await
            .map_err(|error| broken(&error))?;
        let catalog = introspect(&mut connection, scope)
            .await
            .map_err(|error| broken(&error))?;
        let _ = connection.close().await;
        Ok(Loaded {
            catalog,
            hints: None,
            privileges: ALL,
            notes: Vec::new(),
        })
    }

    async fn script(&self, files: &[Utf8PathBuf], scope: &Scope) -> Result<Loaded, Failure> {
        let failed = |error: ScriptError| script_failure(&error);
        let script = Script::read(&self.context.cwd, files).map_err(failed)?;
        let dev = self.dev().await?;
        let progress = self.context.printer.progress("running the script");
        let loaded = state::load_script(dev, &script, scope)
            .await
            .map_err(|error| script_refused(&error, dev))?;
        drop(progress);
        let notes = notes(&loaded.notes, files);
        let catalog = loaded.catalog.clone();
        loaded.close().await.map_err(failed)?;
        Ok(Loaded {
            catalog,
            hints: None,
            privileges: Says {
                read: scope.privileges,
                script: true,
                owners: script.names_owners,
                grants: script.names_privileges,
            },
            notes,
        })
    }

    async fn directory(
        &self,
        path: Option<&Utf8Path>,
        version: Option<&str>,
        scope: &Scope,
    ) -> Result<Loaded, Failure> {
        let context = self.context;
        let mut version = version.map(str::to_owned);
        let path = match path {
            None => context.dir.clone(),
            Some(path) => {
                // A folder may have an `@` in its name.
                let whole = version.as_ref().map(|version| format!("{path}@{version}"));
                let whole = whole
                    .map(|it| context.cwd.join(it))
                    .filter(|it| it.is_dir());
                whole
                    .inspect(|_| version = None)
                    .unwrap_or_else(|| context.cwd.join(path))
            }
        };
        let mut directory = Directory::load_with(&path, &prefixes(context))
            .map_err(|error| directory_failure(&error))?;
        if directory.recorded_sum().is_none() && !directory.files.is_empty() && version.is_none() {
            let shown = context.shown(&path);
            let files = directory
                .files
                .iter()
                .map(|file| shown.join(&file.file_name));
            return self.script(&files.collect::<Vec<_>>(), scope).await;
        }
        let problems = directory.verify();
        if !problems.is_empty() {
            let shown = context.shown(&path);
            let findings = problems
                .iter()
                .map(|problem: &Problem| problem.finding(&shown));
            let message = format!("the migration directory {shown} is not intact");
            return Err(Failure::findings(
                Exit::Integrity,
                message,
                findings.collect(),
            ));
        }
        if let Some(version) = version {
            directory = up_to(directory, &version)?;
        }
        let script = directory.files.iter().map(|file| file.text.as_str());
        let text: String = script.collect::<Vec<_>>().join(";\n");
        let says = Script::of(&context.cwd, "", &text).map_or(ALL, |script| Says {
            read: script.names_owners || script.names_privileges,
            script: true,
            owners: script.names_owners,
            grants: script.names_privileges,
        });
        let dev = self.dev().await?;
        let explain =
            |error| state_failure::explain(context, error, &Hints::default(), dev.engine());
        let mut progress = ReplayProgress(context.printer.progress("replaying the migrations"));
        let catalog = if scope.privileges && (says.owners || says.grants) {
            // States are kept without owners and grants.
            let scratch = state::restore(dev, &directory, &mut progress)
                .await
                .map_err(explain)?;
            let failed = |error| dev::failure(&error);
            let mut connection = scratch.connect().await.map_err(failed)?;
            let catalog = introspect(&mut connection, scope)
                .await
                .map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
            drop(connection);
            scratch.close().await.map_err(failed)?;
            catalog
        } else {
            let current = state::current(dev, &directory, &mut progress).await;
            current.map_err(explain)?.catalog
        };
        drop(progress);
        Ok(Loaded {
            catalog,
            hints: None,
            privileges: says,
            notes: Vec::new(),
        })
    }

    async fn said(&self, reflected: pipeline::Reflected) -> Result<Loaded, Failure> {
        let dev = self.dev().await?;
        let (catalog, hints) = pipeline::desired_of(self.context, dev, reflected).await?;
        let privileges = self.context.config.schema.privileges;
        Ok(Loaded {
            catalog,
            hints: Some(hints),
            privileges: Says {
                read: false,
                script: false,
                owners: privileges,
                grants: privileges,
            },
            notes: Vec::new(),
        })
    }

    fn carried(&self, path: &Utf8Path) -> Result<pipeline::Reflected, Failure> {
        let arena = Bump::new();
        let records = extract::records(&[self.context.cwd.join(path)], &arena)
            .map_err(|error| Failure::from_error(Exit::Project, &error))?;
        if records.is_empty() {
            return Err(
                Failure::new(Exit::Project, format!("{path} carries no schema")).with_help(
                    "name the executable or library as cargo built it: stripping and LTO do no harm, packing does",
                ),
            );
        }
        pipeline::reflected(self.context, &records)
    }
}

fn script_refused(error: &ScriptError, dev: &DevServer) -> Failure {
    match error {
        ScriptError::DevDb(error) => dev::failure(error),
        ScriptError::Statement { server, .. } => {
            let lacking = state_failure::lacking(server, dev.engine());
            script_failure(error).with_optional_help(lacking)
        }
        error => script_failure(error),
    }
}

/// The directory as far as a version.
fn up_to(mut directory: Directory, version: &str) -> Result<Directory, Failure> {
    let wanted = Version::new(version);
    if directory.file(&wanted).is_none() {
        let near = directory.files.iter().rev().take(5);
        let near: Vec<&str> = near.map(|file| file.version.as_str()).collect();
        let message = format!("there is no version {version} in {}", directory.path);
        return Err(Failure::new(Exit::Usage, message)
            .with_help(format!("the newest are {}", near.join(", "))));
    }
    directory.files.retain(|file| file.version <= wanted);
    Ok(directory)
}

/// What was done otherwise than a script says, as sentences.
fn notes(notes: &ScriptNotes, files: &[Utf8PathBuf]) -> Vec<String> {
    const SHOWN: usize = 3;
    let name = files.first().map_or("", |file| file.as_str());
    let list = |places: &[String]| {
        let shown = places
            .iter()
            .take(SHOWN)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        match places.len().saturating_sub(SHOWN) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    };
    let mut said = Vec::new();
    if notes.rows > 0 {
        said.push(format!(
            "{name}: statements about rows are left out ({})",
            notes.rows
        ));
    }
    for (places, what) in [
        (
            &notes.server,
            "about the server or another database, left out",
        ),
        (
            &notes.deferred,
            "run after what they need, which comes later",
        ),
        (&notes.nothing_to_drop, "drop what is not there"),
        (
            &notes.unknown_settings,
            "settings that this server does not have",
        ),
    ] {
        if !places.is_empty() {
            said.push(format!("{what}: {}", list(places)));
        }
    }
    if !notes.roles.is_empty() {
        let roles: Vec<String> = notes.roles.iter().cloned().collect();
        said.push(format!(
            "roles made on the dev database for it: {}",
            list(&roles)
        ));
    }
    said
}

/// A script that cannot be run: its line, PostgreSQL's message, the statement.
pub(super) fn script_failure(error: &ScriptError) -> Failure {
    let exit = match error {
        ScriptError::Statement { .. } => Exit::Migration,
        ScriptError::DevDb(_) | ScriptError::Connection(_) => Exit::Database,
        _ => Exit::Usage,
    };
    let mut failure = Failure::from_error(exit, error);
    if let ScriptError::Statement {
        server,
        sql,
        others,
        ..
    } = error
    {
        failure.causes.extend(
            [&server.detail, &server.hint]
                .into_iter()
                .flatten()
                .cloned(),
        );
        let lines: Vec<&str> = sql.lines().take(6).collect();
        failure.causes.push(lines.join("\n"));
        failure
            .causes
            .extend(others.iter().map(|it| format!("nor this: {it}")));
    }
    failure.with_optional_help(error.help().map(str::to_owned))
}
