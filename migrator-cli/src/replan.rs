//! Planning the migrations of a branch anew.

use schema_core::catalog::Catalog;
use schema_core::dev_db::DevServer;
use schema_core::diff::{Rename, diff, renames_to_apply};
use schema_core::directory::{Directory, MigrationFile};
use schema_core::ident::QualifiedName;
use schema_core::plan::Plan;
use schema_core::plan::shim::{Expansion, expand};
use schema_core::schema::{Hints, Renames};
use schema_core::state::{self, Scene, StateError};

use crate::cli::{BuildArgs, DevDbArgs, PlanArgs};
use crate::context::Context;
use crate::failure::Failure;
use crate::pieces::{Item, row_changes};
use crate::pipeline::{Comparison, ReplayProgress, compare, made, plan_hints, replayed};
use crate::planning::{Asked, files_of, planned, warn};
use crate::shims::views;
use crate::{pieces, state_failure};

/// How a run came out.
pub(crate) enum Replanned {
    /// As these files.
    Anew(Vec<Item>),
    /// It stays as it is, and why.
    AsItIs(String),
}

/// Plans a run of files anew from the state before them to the state after them, and proves it.
pub(crate) async fn between(
    context: &Context,
    dev: &DevServer,
    hints: &Hints,
    before: &Directory,
    run: &[MigrationFile],
    name: &str,
) -> Result<Replanned, Failure> {
    let explain = |error| state_failure::explain(context, error, hints, dev.engine());
    let mut files = crate::rewriting::texts(&before.files);
    files.extend(crate::rewriting::texts(run));
    let current = replayed(context, dev, before).await?;
    let desired = replayed(context, dev, &pieces::directory_of(context, &files)).await?;
    let progress = context
        .printer
        .progress("asking PostgreSQL what was renamed");
    let mut observer = ReplayProgress(progress);
    let said = state::renames_of(dev, before, run, &mut observer).await;
    let said = said.map_err(explain)?;
    let (renames, from) = renamed(context, dev, hints, before, &current, &desired, &said).await?;
    let changes = diff(&from, &desired);
    let live = before.live_shims().unwrap_or_default();
    let live = state::shims(dev, before, live).await.map_err(explain)?;
    let expansion = Expansion {
        renames: &renames,
        views: views(&made(&live), &renames),
        ..Expansion::default()
    };
    let plan = match expand(&current, &changes, &plan_hints(hints), &expansion) {
        Ok(plan) => plan,
        Err(error) => return Ok(Replanned::AsItIs(error.to_string())),
    };
    let scene = Scene {
        dev,
        directory: before,
        current: &current,
        renames: &renames,
        changes: &changes,
        plan: &plan,
    };
    let lost = row_changes(run)?;
    // The rows that the structs declare, where these files bring any.
    let declared = |statement: &String| hints.rows.keys().any(|table| is_about(statement, table));
    let proved = if lost.iter().any(declared) {
        with_rows(&scene, hints).await
    } else {
        let proof = state::prove(dev, before, &current, &renames, &changes, &plan).await;
        proof.map(|()| plan.clone())
    };
    let plan = match proved {
        Ok(plan) => plan,
        Err(
            error @ (StateError::PlanFails(_)
            | StateError::LeftOver(_)
            | StateError::Row(_)
            | StateError::RowsFail(_)
            | StateError::RowsLeftOver(_)),
        ) => return Ok(Replanned::AsItIs(error.to_string())),
        Err(error) => return Err(explain(error)),
    };
    let items = items(name, &plan);
    if items.len() >= run.len() {
        let why = "planned anew, they are as many files";
        return Ok(Replanned::AsItIs(why.to_owned()));
    }
    let anew = pieces::directory_of(context, &numbered(&items));
    let kept = row_changes(&anew.files)?;
    let mut lost = lost.into_iter();
    let lost = lost.find(|statement| !kept.contains(statement) && !declared(statement));
    Ok(match lost {
        None => Replanned::Anew(items),
        Some(lost) => {
            let begin: String = lost.chars().take(60).collect();
            Replanned::AsItIs(format!("planned anew, `{begin}` would be missing"))
        }
    })
}

/// A plan with what brings rows to what the structs declare, proved as a whole.
async fn with_rows(scene: &Scene<'_>, hints: &Hints) -> Result<Plan, StateError> {
    let Scene {
        dev,
        directory,
        current,
        renames,
        changes,
        plan,
    } = *scene;
    state::prove(dev, directory, current, renames, changes, plan).await?;
    let mut rows = state::rows(scene, &hints.rows).await?;
    rows.prove(scene).await
}

/// Whether a statement writes rows of a table, as a planner spells that.
fn is_about(statement: &str, table: &QualifiedName) -> bool {
    let table = table.to_string();
    ["INSERT INTO ", "UPDATE ", "DELETE FROM "]
        .iter()
        .any(|begin| {
            let rest = statement.strip_prefix(begin);
            let rest = rest.and_then(|rest| rest.strip_prefix(table.as_str()));
            rest.is_some_and(|rest| rest.starts_with([' ', '(']))
        })
}

/// The renames that are to be done, and what they make of the current state.
async fn renamed(
    context: &Context,
    dev: &DevServer,
    hints: &Hints,
    before: &Directory,
    current: &Catalog,
    desired: &Catalog,
    said: &Renames,
) -> Result<(Vec<Rename>, Catalog), Failure> {
    let mut renames = Vec::new();
    let mut from = current.clone();
    loop {
        let next = renames_to_apply(&from, desired, said);
        if next.is_empty() {
            return Ok((renames, from));
        }
        renames.extend(next);
        from = state::renamed(dev, before, current, &renames)
            .await
            .map_err(|error| state_failure::explain(context, error, hints, dev.engine()))?;
    }
}

/// A plan as files of one name.
fn items(name: &str, plan: &Plan) -> Vec<Item> {
    let files = files_of(plan, name).into_iter();
    let items = files.map(|(description, text)| Item {
        name: None,
        description,
        text,
    });
    items.collect()
}

/// Any names, in order.
fn numbered(items: &[Item]) -> Vec<(String, String)> {
    let items = items.iter().enumerate();
    items
        .map(|(number, item)| (format!("{number:09}.sql"), item.text.clone()))
        .collect()
}

/// What the structs say beyond a directory, planned and proved, as files; and the comparison it came from.
pub(crate) async fn to_structs(
    context: &Context,
    before: &Directory,
    name: &str,
    asked: &Asked<'_>,
    build: &BuildArgs,
    dev: &DevDbArgs,
) -> Result<(Vec<Item>, Comparison), Failure> {
    let mut comparison = compare(context, before, build, dev).await?;
    let planned = planned(context, before, asked, &mut comparison).await?;
    warn(context, asked.plan, &comparison, &planned);
    let items = items(name, &planned.plan);
    Ok((items, comparison))
}

/// The flags of a plan, with the issue that the branch's own shims name where none is given.
pub(crate) fn with_issue(args: &PlanArgs, own: &Directory) -> PlanArgs {
    let mut args = args.clone();
    if args.drop_with.is_none() && !args.no_shim && args.contract.is_empty() {
        let live = own.live_shims().unwrap_or_default();
        let mut issues: Vec<String> = live.into_iter().map(|shim| shim.issue).collect();
        issues.dedup();
        if let [issue] = issues.as_slice() {
            args.drop_with = Some(issue.clone());
        }
    }
    args
}

/// The name for what is planned: the one given, or that of the first file, without the number of a stage.
pub(crate) fn name_of(given: Option<&String>, run: &[MigrationFile]) -> String {
    let first = || {
        let description = &run.first()?.description;
        let (stem, number) = description.rsplit_once('_')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        Some(if is_number { stem } else { description }.to_owned())
    };
    let plain = || run.first().map(|file| file.description.clone());
    given
        .cloned()
        .or_else(first)
        .or_else(plain)
        .unwrap_or_default()
}

/// Tables and types of which two states differ.
pub(crate) fn differing(one: &Catalog, other: &Catalog) -> Vec<QualifiedName> {
    let mut names: Vec<QualifiedName> = Vec::new();
    macro_rules! compare {
        ($($field:ident)*) => {$(
            let all = one.$field.keys().chain(other.$field.keys());
            names.extend(all.filter(|name| one.$field.get(*name) != other.$field.get(*name)).cloned());
        )*};
    }
    compare!(tables enums domains sequences);
    names.sort();
    names.dedup();
    names
}
