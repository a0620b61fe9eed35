//! `lint` and `gate`: the new files on a dev database that stands where the base does.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8Path;
use schema_core::dev_db::{DevServer, Options};
use schema_core::directory::{Directory, MigrationFile};
use schema_core::ident::Ident;
use schema_core::lint::Stats;
use schema_core::review::{Review, ReviewOptions, review, rules};
use schema_core::rule::{Rule, Topic};
use schema_core::state;
use tokio::sync::OnceCell;

use super::task::Task;
use crate::base::Against;
use crate::context::Context;
use crate::contract::contract;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::ReplayProgress;
use crate::report::find_rule;
use crate::{dev, state_failure};

/// The dev database of all steps: asked for by the first that needs it.
#[derive(Debug)]
pub(super) struct SharedDev {
    options: Options,
    server: OnceCell<Arc<DevServer>>,
}

impl SharedDev {
    /// The dev database that the arguments ask for, with the app's role.
    pub(super) fn new(context: &Context, task: Task<'_>) -> Result<Self, Failure> {
        let mut options = dev::options(context, &task.review().dev)?;
        options.roles.extend(app_role(context, task));
        Ok(Self {
            options,
            server: OnceCell::new(),
        })
    }

    /// The one and only.
    pub(super) async fn open(&self) -> Result<Arc<DevServer>, Failure> {
        let open = async { dev::open_with(&self.options).await.map(Arc::new) };
        self.server.get_or_try_init(|| open).await.map(Arc::clone)
    }

    /// The same, where the state of a directory is kept: what is made from it replays it no more.
    pub(super) async fn open_with_state(
        &self,
        context: &Context,
        directory: &Directory,
    ) -> Result<Arc<DevServer>, Failure> {
        let server = self.open().await?;
        let line = context.printer.progress("replaying the base");
        // If it fails, so does what is made from it, which says why.
        let _ = state::current(&server, directory, &mut ReplayProgress(line)).await;
        Ok(server)
    }
}

/// What the engine finds in the new files.
pub(super) async fn rehearse(
    context: &Context,
    task: Task<'_>,
    dev: &SharedDev,
    head: &Directory,
    against: &Against,
    mut options: ReviewOptions,
) -> Result<Review, Failure> {
    let is_new = |file: &&MigrationFile| against.new.contains(&file.file_name);
    let new: Vec<MigrationFile> = head.files.iter().filter(is_new).cloned().collect();
    if new.is_empty() {
        return Ok(Review::default());
    }
    let server = dev.open().await?;
    if let Some(args) = task.gate() {
        let tagged = against.release.directory.as_ref();
        options.contract = contract(context, args, tagged, &server).await?;
        let queries = against.release.queries.iter();
        let queries = queries.map(|it| (it.path.as_str().into(), it.text.clone()));
        options.queries = queries.collect();
    }
    let line = context.printer.progress("rehearsing the new migrations");
    review(
        &server,
        &against.fork,
        &new,
        &options,
        &mut ReplayProgress(line),
    )
    .await
    .map_err(|error| state_failure::review(context, error, server.engine()))
}

/// What the flags and the configuration say about how to look; the contract is not among it yet.
pub(super) fn options(context: &Context, task: Task<'_>) -> Result<ReviewOptions, Failure> {
    let args = task.review();
    let stats = args.stats.as_deref().map(|path| read_stats(context, path));
    Ok(ReviewOptions {
        topics: task.topics(),
        disabled: disabled(context)?,
        naming: context.config.lint.naming()?,
        rows: !args.no_rows,
        app_role: app_role(context, task),
        stats: stats.transpose()?,
        ..ReviewOptions::default()
    })
}

fn app_role(context: &Context, task: Task<'_>) -> Option<Ident> {
    let args = task.gate()?;
    let role = args
        .app_role
        .as_ref()
        .or(context.config.app_role.as_ref())?;
    Some(Ident::new(role.as_str()))
}

/// The codes of the rules that the configuration switches off; a misspelt one is an error.
fn disabled(context: &Context) -> Result<BTreeSet<String>, Failure> {
    let all: Vec<&'static Rule> = rules().collect();
    let mut codes = BTreeSet::new();
    for name in &context.config.lint.disabled {
        let found = find_rule(name, &all).map_err(|failure| Failure {
            exit: Exit::Project,
            message: format!("{}, which `lint.disabled` names", failure.message),
            ..failure
        })?;
        let of = match found.topic {
            Topic::PreviousRelease | Topic::Gate => "the gate",
            Topic::Structs => "`check`",
            _ => {
                codes.insert(found.code.to_owned());
                continue;
            }
        };
        let message = format!(
            "`{name}`, which `lint.disabled` names, is a rule of {of}, and those always hold"
        );
        return Err(Failure::new(Exit::Project, message).with_help(
            "a break passes with a shim, or with the approval label on the pull request",
        ));
    }
    Ok(codes)
}

fn read_stats(context: &Context, path: &Utf8Path) -> Result<Stats, Failure> {
    let cannot = |error: &dyn std::error::Error| {
        let mut failure = Failure::from_error(Exit::Usage, error);
        failure.causes.insert(0, failure.message);
        failure.message = format!("the sizes in {path} cannot be used");
        failure.with_help("export them again: cargo migrate stats --url URL --output FILE")
    };
    let text = fs_err::read_to_string(context.cwd.join(path)).map_err(|error| cannot(&error))?;
    Stats::parse(&text).map_err(|error| cannot(&error))
}
