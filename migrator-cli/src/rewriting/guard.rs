//! What no command may change: what is on the base branch, and what a database has applied.

use std::collections::BTreeMap;

use schema_core::apply::{State, status};
use schema_core::directory::{Directory, Hash, Rewrite, SUM_FILE, Version};

use crate::apply_failure;
use crate::branch::Branch;
use crate::cli::DatabaseArgs;
use crate::context::Context;
use crate::database;
use crate::directory::{load_any, prefixes};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pieces::directory_of;
use crate::rewriting::texts;

/// Refuses to change a file, or a line of `atlas.sum`, that is on the base branch.
pub(super) fn base(context: &Context, branch: &Branch, rewrite: &Rewrite) -> Result<(), Failure> {
    let shared = branch.shared();
    for (name, it) in &rewrite.0 {
        let Some(there) = shared.get(name.as_str()) else {
            continue;
        };
        // Restoring it is no change.
        let is_gone_there = !branch.tip.files.iter().any(|file| file.file_name == *name);
        if it.after.as_ref() != Some(&there.text) && !(it.after.is_none() && is_gone_there) {
            return Err(is_shared(branch, name));
        }
    }
    let Some(sum) = rewrite.0.get(SUM_FILE).and_then(|it| it.after.as_ref()) else {
        return Ok(());
    };
    let after = Directory::from_texts(&context.dir, Vec::new(), Some(sum), &prefixes(context));
    let lines = lines(&after);
    let gone = branch.fork.files.iter().find(|file| {
        let is_expected = file.hash.is_some() && branch.tip.file(&file.version).is_some();
        is_expected && !lines.contains_key(file.file_name.as_str())
    });
    if let Some(gone) = gone {
        return Err(Failure::new(
            Exit::Integrity,
            format!(
                "the line of {} in {SUM_FILE} is on {} and would go: the file is not here",
                gone.file_name, branch.base.name
            ),
        )
        .with_help(
            "`cargo migrate rebase` restores it; what it did is undone by a new migration",
        ));
    }
    for directory in [&branch.tip, &branch.fork] {
        let was = self::lines(directory);
        let broken = was
            .iter()
            .position(|(name, hash)| lines.get(name).is_some_and(|now| now != hash));
        let Some(at) = broken else { continue };
        let name = was.keys().nth(at).copied().unwrap_or_default();
        let failure = Failure::new(
            Exit::Integrity,
            format!(
                "the line of {name} in {SUM_FILE} is on {} and would change",
                branch.base.name
            ),
        );
        // A line changes with its file, and with every file before it.
        let before: Vec<&str> = lines.keys().copied().take_while(|it| *it != name).collect();
        let new = before.into_iter().find(|it| !shared.contains_key(it));
        return Err(match new {
            Some(new) => failure
                .because(format!("{new} is not there, and has an older version"))
                .with_help("`cargo migrate rebase` gives it a newer one"),
            None if !directory.verify().is_empty() => failure
                .because(format!("the migrations on {} are not intact themselves", branch.base.name))
                .with_help("name the last commit where they were by --base, such as --base HEAD~1"),
            None => failure
                .because(format!("{name} is not as it was when it was hashed"))
                .with_help("`cargo migrate rebase` restores it as it is there; what you want to change becomes a new migration"),
        });
    }
    Ok(())
}

/// The lines of a recorded sum, by file.
fn lines(directory: &Directory) -> BTreeMap<&str, &Hash> {
    let entries = directory.recorded_sum().into_iter();
    let entries = entries.flat_map(|sum| &sum.entries);
    entries.map(|it| (it.name.as_str(), &it.hash)).collect()
}

/// A file that belongs to everybody.
pub(super) fn is_shared(branch: &Branch, name: &str) -> Failure {
    Failure::new(
        Exit::Integrity,
        format!("{name} is on {} already, and is never changed", branch.base.name),
    )
    .with_help("what you want to change becomes a new migration: `cargo migrate new NAME`, or change the structs and `cargo migrate generate NAME`")
}

/// Refuses what would part the directory from the database of `--url`: a file that it has applied goes,
/// or is not what was applied. Restoring such a file is no change.
pub(super) async fn database(
    context: &Context,
    args: &DatabaseArgs,
    rewrite: &Rewrite,
) -> Result<(), Failure> {
    if args.url.is_none() {
        return Ok(());
    }
    let target = database::target(context, args)?;
    let schema = database::revisions_schema(context, args);
    let after = after(context, rewrite)?;
    let status = status(&target, &after, schema.as_deref())
        .await
        .map_err(|error| apply_failure::failure(context, &error))?;
    let parted = status.versions.iter().find_map(|it| match it.state {
        State::Modified => after.file(&it.version).map(|file| file.file_name.as_str()),
        // What the directory never had is another branch's.
        State::Missing => rewrite.0.keys().map(String::as_str).find(|name| {
            let is_migration = name.strip_suffix(".sql").is_some();
            is_migration && Version::of(name) == it.version
        }),
        _ => None,
    });
    match parted {
        None => Ok(()),
        Some(name) => Err(Failure::new(
            Exit::Integrity,
            format!("{name} is applied on {}, and is not changed", database::place(&target)),
        )
        .with_help("what you want to change becomes a new migration; a database that may be thrown away is made anew")),
    }
}

/// The directory as it will be.
fn after(context: &Context, rewrite: &Rewrite) -> Result<Directory, Failure> {
    let mut files: BTreeMap<String, String> =
        texts(&load_any(context)?.files).into_iter().collect();
    for (name, it) in &rewrite.0 {
        if name.strip_suffix(".sql").is_none() {
            continue;
        }
        match &it.after {
            Some(text) => files.insert(name.clone(), text.clone()),
            None => files.remove(name),
        };
    }
    let files: Vec<_> = files.into_iter().collect();
    let sum = directory_of(context, &files).computed_sum().to_string();
    let prefixes = prefixes(context);
    Ok(Directory::from_texts(
        &context.dir,
        files,
        Some(&sum),
        &prefixes,
    ))
}
