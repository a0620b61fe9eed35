//! Before a commit: what is staged, and nothing else.

use std::borrow::Cow;
use std::sync::Arc;

use camino::Utf8PathBuf;
use schema_core::directory::{Directory, SUM_FILE};

use super::entry::quoted;
use super::history::{self, Checked};
use super::{Hook, message, structs};
use crate::branch::asked;
use crate::cli::{BuildArgs, DevDbArgs};
use crate::consistency::consistency;
use crate::context::Context;
use crate::directory::load_any;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{Change, GitError, Repository};
use crate::printer::counted;
use crate::structs::render;
use crate::{dev, environment};

/// Checks what a commit would contain. Nothing of the schema staged: nothing is done.
pub(crate) async fn run(context: &Context, dev: &DevDbArgs) -> Result<Exit, Failure> {
    let repository = Repository::open(&context.root)?;
    let folder = match repository.inside(&context.dir) {
        // Then another repository has the migrations, and hooks of its own.
        Err(GitError::Outside { .. }) => return Ok(Exit::Clean),
        folder => folder?,
    };
    let index = index(context)?;
    let index = index.as_deref();
    let changes = repository.staged(index)?;
    let migrations = changes.iter().any(|change| is_migration(change, &folder));
    let sources = structs::sources(&repository, &changes)?;
    if !migrations && sources.is_empty() {
        return Ok(Exit::Clean);
    }
    let tree = repository.staged_tree(&folder, &changes)?;
    if !migrations && tree.is_empty() && !context.dir.exists() {
        // No migration was ever written here.
        return Ok(Exit::Clean);
    }
    if let Some(conflict) = changes.iter().find(|change| change.is_conflict) {
        return Err(conflicting(context, conflict));
    }
    let base = repository.base(asked(context, None));
    let checked = history::check(context, &repository, &tree, &folder, base)?;
    let stale = stale(context, &checked.head);
    if !checked.chain.is_empty() || (migrations && !checked.history.is_empty()) {
        let refused = message::refused(context, Hook::PreCommit, "this commit", checked, &stale);
        return Err(refused);
    }
    if migrations {
        if let Err(reason) = &checked.base {
            context.printer.note(format_args!(
                "{reason}: only the chain of the migrations was checked"
            ));
        }
        told(context, &checked);
    }
    if sources.is_empty() {
        return Ok(Exit::Clean);
    }
    let unstaged = repository.unstaged(".rs", index)?;
    compared(context, &checked.head, dev, &sources, &unstaged, &stale).await
}

/// The index that the commit is made of: `git commit -a` and `git commit FILE` have one of their own.
fn index(context: &Context) -> Result<Option<Utf8PathBuf>, Failure> {
    let index = environment::git_index_file()?;
    Ok(index.map(|index| context.cwd.join(index)))
}

fn is_migration(change: &Change, folder: &str) -> bool {
    let Some(name) = change.name_in(folder) else {
        return false;
    };
    name.ends_with(b".sql") || name == SUM_FILE.as_bytes()
}

fn told(context: &Context, checked: &Checked) {
    let count = counted(checked.head.files.len(), "migration");
    let place = match &checked.base {
        Ok(base) => format!(", behind those of {base}"),
        Err(_) => String::new(),
    };
    let text = format_args!("{count}: as atlas.sum says{place}");
    context.printer.done("Checked", text);
}

fn conflicting(context: &Context, change: &Change) -> Failure {
    let path = String::from_utf8_lossy(&change.path);
    Failure::new(
        Exit::Integrity,
        format!("`{path}` is in conflict, so there is nothing that could be committed"),
    )
    .with_help(format!(
        "resolve it and stage it; `cargo migrate rebase` does so for {}",
        context.shown(&context.dir)
    ))
}

/// The files of the directory that are on disk otherwise than they are staged, or not staged at all.
fn stale(context: &Context, staged: &Directory) -> Vec<String> {
    let Ok(disk) = load_any(context) else {
        return Vec::new();
    };
    let texts = |directory: &Directory| -> Vec<(String, String)> {
        let files = directory.files.iter();
        files
            .map(|file| (file.file_name.clone(), file.text.replace("\r\n", "\n")))
            .collect()
    };
    let (there, here) = (texts(staged), texts(&disk));
    let mut stale: Vec<String> = here
        .iter()
        .filter(|file| !there.contains(file))
        .map(|(name, _)| name.clone())
        .collect();
    let gone = there
        .iter()
        .filter(|(name, _)| !here.iter().any(|(it, _)| it == name));
    stale.extend(gone.map(|(name, _)| name.clone()));
    if disk.recorded_sum() != staged.recorded_sum() {
        stale.push(SUM_FILE.to_owned());
    }
    stale
}

/// Builds the working tree, and compares its structs with the staged migrations.
async fn compared(
    context: &Context,
    staged: &Directory,
    dev_args: &DevDbArgs,
    sources: &[Cow<'_, str>],
    unstaged: &[String],
    stale: &[String],
) -> Result<Exit, Failure> {
    let printer = &context.printer;
    let other = (!unstaged.is_empty()).then(|| {
        format!(
            "the structs were taken from the working tree, and not all of it is staged: {}",
            unstaged.join(", ")
        )
    });
    let open = async { dev::open(context, dev_args).await.map(Arc::new) };
    let build = BuildArgs::default();
    let found = Box::pin(consistency(context, staged, &build, open)).await;
    let found = found.map_err(|failure| uncompared(failure, sources))?;
    if found.up_to_date {
        if let Some(other) = other {
            printer.note(other);
        }
        printer.done("Checked", "the migrations say what the structs say");
        return Ok(Exit::Clean);
    }
    for diff in &found.structs {
        printer.say(render(diff));
    }
    let dir = quoted(context.shown(&context.dir).as_str());
    let mut remedies = Vec::new();
    if stale.is_empty() {
        remedies.push(format!(
            "`cargo migrate generate NAME` writes the migration; then `git add {dir}`"
        ));
    } else {
        remedies.push(format!(
            "`git add {dir}` stages the migrations that are only on disk: {}",
            stale.join(", ")
        ));
        remedies.push(format!(
            "if something is still missing then: `cargo migrate generate NAME`, and `git add {dir}`"
        ));
    }
    if other.is_some() {
        remedies.push(
            "stage the rest of the sources, or put it away: `git stash --keep-index`".to_owned(),
        );
    }
    remedies.push("without the check: `git commit --no-verify`".to_owned());
    let mut failure = Failure::new(
        Exit::Regenerate,
        format!(
            "the structs changed without a migration: {} staged, and the staged migrations do not say the same",
            named(sources)
        ),
    )
    .with_remedies(&remedies);
    failure.causes.extend(found.changes);
    failure.causes.extend(other);
    Err(failure)
}

/// Why there was no comparison: without one, nobody knows whether a migration is missing.
fn uncompared(failure: Failure, sources: &[Cow<'_, str>]) -> Failure {
    let head = format!(
        "{} staged, and could not be compared with the migrations",
        named(sources)
    );
    let reason = if failure.message.is_empty() {
        "the build failed".to_owned()
    } else {
        failure.message.clone()
    };
    let skip = "without the check: `git commit --no-verify`";
    let help = match &failure.help {
        Some(help) => format!("{help}\n{skip}"),
        None => format!("repair that, then commit again; {skip}"),
    };
    Failure {
        message: head,
        causes: std::iter::once(reason).chain(failure.causes).collect(),
        help: Some(help),
        ..failure
    }
}

fn named(sources: &[Cow<'_, str>]) -> String {
    match sources {
        [one] => format!("{one} is"),
        [one, rest @ ..] => format!("{one} and {} are", counted(rest.len(), "other source")),
        [] => "nothing is".to_owned(),
    }
}
