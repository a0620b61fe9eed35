//! git's merge driver for `atlas.sum`: both sides' lines, in one chain.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::directory::{Directory, Prefixes, Problem, SUM_FILE, store};

use crate::branch::directory;
use crate::context::Context;
use crate::directory::failure;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{GitError, Repository};
use crate::rewriting::texts;

/// What git gives to a merge driver.
#[derive(Clone, Debug)]
pub(crate) struct Sides<'a> {
    /// The file of the common ancestor, `%O`.
    pub(crate) ancestor: &'a Utf8Path,
    /// Ours, `%A`; the result goes there.
    pub(crate) ours: &'a Utf8Path,
    /// Theirs, `%B`.
    pub(crate) theirs: &'a Utf8Path,
    /// The path in the repository, `%P`.
    pub(crate) path: &'a Utf8Path,
}

/// Writes the sum over the migrations of both sides to `%A`.
///
/// The files themselves are taken from commits, because git merges them at the same time; each side's sum
/// tells whether they are the right ones. Where that cannot be done, git's own conflict is left.
pub(crate) fn merge(context: &Context, sides: &Sides<'_>) -> Result<Exit, Failure> {
    let repository = Repository::open(&context.cwd)?;
    match merged(context, &repository, sides) {
        Ok(Merged { sum, is_mixed }) => {
            store(&context.cwd.join(sides.ours), sum.as_bytes())
                .map_err(|error| failure(&error))?;
            if is_mixed {
                context.printer.note(format_args!(
                    "{}: both sides have new migrations; `cargo migrate rebase` puts yours behind",
                    sides.path
                ));
            }
            Ok(Exit::Clean)
        }
        Err(why) => {
            repository.merge_texts(sides.ours, sides.ancestor, sides.theirs)?;
            Err(Failure::new(
                Exit::Integrity,
                format!("{} has to be merged by hand", sides.path),
            )
            .because(why.to_string())
            .with_help("`cargo migrate rebase` does it, once the other conflicts are resolved"))
        }
    }
}

struct Merged {
    sum: String,
    is_mixed: bool,
}

fn merged(
    context: &Context,
    repository: &Repository,
    sides: &Sides<'_>,
) -> Result<Merged, Unmerged> {
    let folder = sides.path.parent().unwrap_or(Utf8Path::new(""));
    let read = |path: &Utf8Path| fs_err::read_to_string(path).map_err(Unmerged::Read);
    let head = repository.tree("HEAD", folder.as_str())?;
    let head = directory(context, repository, &head, folder.as_str())?;
    let blobs = Blobs {
        repository,
        folder: folder.to_owned(),
        head: texts(&head.files).into_iter().collect(),
    };
    let ancestor = blobs.side(&read(sides.ancestor)?)?;
    let ours = blobs.side(&read(sides.ours)?)?;
    let theirs = blobs.side(&read(sides.theirs)?)?;
    let names: BTreeSet<&String> = [&ancestor, &ours, &theirs]
        .into_iter()
        .flat_map(BTreeMap::keys)
        .collect();
    let mut texts = Vec::new();
    let (mut from_us, mut from_them) = (false, false);
    for name in names {
        let text = match (ancestor.get(name), ours.get(name), theirs.get(name)) {
            (_, ours, theirs) if ours == theirs => ours,
            (was, ours, theirs) if was == ours => {
                from_them = true;
                theirs
            }
            (was, ours, theirs) if was == theirs => {
                from_us = true;
                ours
            }
            _ => return Err(Unmerged::Both(name.clone())),
        };
        texts.extend(text.map(|text| (name.clone(), text.clone())));
    }
    let directory = Directory::from_texts(folder, texts, None, &Prefixes::default());
    Ok(Merged {
        sum: directory.computed_sum().to_string(),
        is_mixed: from_us && from_them,
    })
}

/// Where the texts of migrations come from.
struct Blobs<'a> {
    repository: &'a Repository,
    folder: Utf8PathBuf,
    head: BTreeMap<String, String>,
}

impl Blobs<'_> {
    /// The migrations that a sum lists, with the texts that it was made of.
    fn side(&self, sum: &str) -> Result<BTreeMap<String, String>, Unmerged> {
        let directory = |texts: &[(String, String)]| {
            Directory::from_texts(
                &self.folder,
                texts.to_vec(),
                Some(sum),
                &Prefixes::default(),
            )
        };
        let listed = directory(&[]);
        let entries = listed.recorded_sum().map_or(&[][..], |sum| &sum.entries);
        let here = |name: &String| self.head.get(name).cloned().unwrap_or_default();
        let mut texts: Vec<_> = entries
            .iter()
            .map(|it| (it.name.clone(), here(&it.name)))
            .collect();
        // Each is a link of a chain: the first that does not fit is the one to look for.
        let mut fitting = 0;
        loop {
            let made = directory(&texts);
            let fits = |at: usize| {
                made.files.get(at).and_then(|it| it.hash.as_ref()) == Some(&entries[at].hash)
            };
            fitting = (fitting..entries.len())
                .find(|at| !fits(*at))
                .unwrap_or(entries.len());
            let Some(entry) = entries.get(fitting) else {
                break;
            };
            let mut versions = self
                .repository
                .versions(&self.folder.join(&entry.name))?
                .into_iter();
            let found = versions.find(|text| {
                let mut begin = texts[..fitting].to_vec();
                begin.push((entry.name.clone(), text.clone()));
                let hash = directory(&begin).files.pop().and_then(|file| file.hash);
                hash.as_ref() == Some(&entry.hash)
            });
            texts[fitting].1 = found.ok_or_else(|| Unmerged::NoText(entry.name.clone()))?;
        }
        let chain = |problem: &Problem| matches!(problem, Problem::Chain(_));
        match directory(&texts).verify().into_iter().find(chain) {
            // An empty file is no sum yet.
            Some(problem) if !sum.is_empty() => Err(Unmerged::Broken(problem.to_string())),
            _ => Ok(texts.into_iter().collect()),
        }
    }
}

/// Why there is no merged sum.
#[derive(Debug, thiserror::Error)]
enum Unmerged {
    #[error("{0} was changed on both sides")]
    Both(String),
    #[error("no commit has {0} as {SUM_FILE} lists it")]
    NoText(String),
    #[error("a side is not intact: {0}")]
    Broken(String),
    #[error(transparent)]
    Read(std::io::Error),
    #[error(transparent)]
    Git(#[from] GitError),
}
