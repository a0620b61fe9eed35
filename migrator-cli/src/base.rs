//! What is new here: the migration directory against the base branch, or its last files.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::directory::Directory;
use serde::Deserialize;

use crate::branch::{Branch, directory};
use crate::cli::BaseArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{Entry, GitError, Repository};
use crate::pieces::directory_of;
use crate::rewriting::texts;

/// The migration directory before the new files, and which files are new.
#[derive(Debug)]
pub(crate) struct Against {
    /// What it is compared with, in words: `origin/main`, or `all but the last 2 migrations`.
    pub(crate) name: String,
    /// The directory before the new files: where this branch left the base branch.
    pub(crate) fork: Directory,
    /// The directory on the base branch as it is now; `None` without git.
    pub(crate) tip: Option<Directory>,
    /// Names of the new files, in order.
    pub(crate) new: Vec<String>,
    /// Files that differ from the base branch's only by what git does to line ends.
    pub(crate) same_to_git: BTreeSet<String>,
    /// What the previous release is known by.
    pub(crate) release: Release,
    /// The top of the git repository, where there is one.
    pub(crate) root: Option<Utf8PathBuf>,
    /// Something to know about the comparison itself.
    pub(crate) note: Option<String>,
}

/// What the repository says about the previous release.
#[derive(Debug, Default)]
pub(crate) struct Release {
    /// Its migrations, where they are those of a tag and not those before the new files.
    pub(crate) directory: Option<Directory>,
    /// Its recorded queries, `.sqlx/query-*.json`.
    pub(crate) queries: Vec<QueryFile>,
    /// The version of sqlx in its Cargo.lock.
    pub(crate) sqlx: Option<String>,
}

/// A recorded query, as it stood in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryFile {
    /// Its path in the repository.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// Compares the directory with the base branch, or takes its last files as new.
pub(crate) fn against(
    context: &Context,
    args: &BaseArgs,
    previous_tag: Option<&str>,
    head: &Directory,
) -> Result<Against, Failure> {
    if let Some(count) = args.latest {
        let mut against = latest(context, count, head)?;
        if let Some(tag) = previous_tag {
            let repository = Repository::open(&context.dir)?;
            against.release = tagged(context, &repository, tag)?;
        }
        return Ok(against);
    }
    let Branch {
        repository,
        base,
        inside,
        there,
        fork,
        tip,
    } = Branch::find(context, args.base.as_deref(), head)?;
    let tree = repository.tree(&base.fork, "")?;
    let same_to_git = same_to_git(&repository, &tree, [&inside, &there], head, &fork)?;
    let known: BTreeSet<&str> = fork.files.iter().map(|it| it.file_name.as_str()).collect();
    let new = head.files.iter().map(|file| file.file_name.clone());
    let new: Vec<String> = new.filter(|name| !known.contains(name.as_str())).collect();
    let release = match previous_tag {
        Some(tag) => tagged(context, &repository, tag)?,
        None => release(context, &repository, &tree)?,
    };
    let note = if there != inside {
        Some(format!("the migrations were in `{there}` on {}", base.name))
    } else if new.is_empty() && base.is_head {
        Some(format!(
            "nothing was committed on top of {}: --base HEAD~1 looks at its last commit",
            base.name
        ))
    } else {
        None
    };
    Ok(Against {
        name: base.name,
        fork,
        tip: Some(tip),
        new,
        same_to_git,
        release,
        root: Some(repository.root),
        note,
    })
}

/// The last files as new ones, without git.
fn latest(context: &Context, count: usize, head: &Directory) -> Result<Against, Failure> {
    let total = head.files.len();
    let Some(before) = total.checked_sub(count) else {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "--latest {count} asks for more than there is: the directory has {total} migrations"
            ),
        ));
    };
    let (old, new) = head.files.split_at(before);
    Ok(Against {
        name: match count {
            1 => "all but the last migration".to_owned(),
            count => format!("all but the last {count} migrations"),
        },
        fork: directory_of(context, &texts(old)),
        tip: None,
        new: new.iter().map(|file| file.file_name.clone()).collect(),
        same_to_git: BTreeSet::new(),
        release: Release::default(),
        root: Repository::open(&context.dir).ok().map(|it| it.root),
        note: None,
    })
}

/// The files whose bytes differ from those of the base, `there`, and which git would commit from
/// `inside` as the same.
fn same_to_git(
    repository: &Repository,
    tree: &[Entry],
    [inside, there]: [&str; 2],
    head: &Directory,
    fork: &Directory,
) -> Result<BTreeSet<String>, GitError> {
    let was: BTreeMap<&str, &str> = fork
        .files
        .iter()
        .map(|file| (file.file_name.as_str(), file.text.as_str()))
        .collect();
    let differing: Vec<&str> = head
        .files
        .iter()
        .filter(|file| {
            let text = was.get(file.file_name.as_str());
            text.is_some_and(|text| *text != file.text)
        })
        .map(|file| file.file_name.as_str())
        .collect();
    let ids = repository.ids_on_disk(inside, &differing)?;
    let committed: BTreeMap<&[u8], &str> = tree
        .iter()
        .filter_map(|entry| Some((entry.name_in(there)?, entry.id.as_str())))
        .collect();
    let same = differing.into_iter().zip(ids);
    let same = same.filter(|(name, id)| committed.get(name.as_bytes()) == Some(&id.as_str()));
    Ok(same.map(|(name, _)| name.to_owned()).collect())
}

/// The release of a tag: its migrations and its queries.
fn tagged(context: &Context, repository: &Repository, tag: &str) -> Result<Release, Failure> {
    let commit = repository.commit(tag)?;
    let tree = repository.tree(&commit, "")?;
    let folder = repository.inside(&context.dir)?;
    let directory = directory(context, repository, &tree, &folder)?;
    if directory.files.is_empty() {
        return Err(Failure::new(
            Exit::Project,
            format!("`{tag}` has no migrations in `{folder}`"),
        )
        .with_help("name a tag of a release, or give --previous-binary FILE"));
    }
    Ok(Release {
        directory: Some(directory),
        ..release(context, repository, &tree)?
    })
}

/// The queries that a commit records in the workspace, and its sqlx.
fn release(
    context: &Context,
    repository: &Repository,
    tree: &[Entry],
) -> Result<Release, GitError> {
    let below = match workspace(&context.root, &repository.root) {
        Some(workspace) => repository.inside(workspace)?,
        None => String::new(),
    };
    let below = if below.is_empty() {
        below
    } else {
        format!("{below}/")
    };
    let lock = format!("{below}Cargo.lock");
    let is_query = |path: &str| {
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        path.starts_with(&below)
            && parts.next() == Some(".sqlx")
            && name
                .strip_prefix("query-")
                .is_some_and(|name| name.strip_suffix(".json").is_some())
    };
    let wanted: Vec<(&str, &Entry)> = tree
        .iter()
        .filter_map(|entry| Some((entry.text()?, entry)))
        .filter(|(path, _)| is_query(path) || *path == lock)
        .collect();
    let entries: Vec<&Entry> = wanted.iter().map(|(_, entry)| *entry).collect();
    let mut release = Release::default();
    for ((path, _), bytes) in wanted.iter().zip(repository.contents(&entries)?) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if *path == lock {
            release.sqlx = sqlx_version(&text);
        } else {
            release.queries.push(QueryFile {
                path: (*path).to_owned(),
                text,
            });
        }
    }
    Ok(release)
}

/// The outermost folder with a Cargo.toml that is in the repository.
fn workspace<'a>(folder: &'a Utf8Path, repository: &Utf8Path) -> Option<&'a Utf8Path> {
    let inside = folder
        .ancestors()
        .take_while(|it| it.starts_with(repository));
    inside.filter(|it| it.join("Cargo.toml").is_file()).last()
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

fn sqlx_version(lock: &str) -> Option<String> {
    let lock: Lock = toml::from_str(lock).ok()?;
    let mut packages = lock.package.into_iter();
    let found = packages.find(|package| package.name == "sqlx");
    found.map(|package| package.version)
}
