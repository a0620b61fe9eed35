//! What `undo` goes by: a journal in git's own folder, of what was done since the last commit.

use camino::Utf8PathBuf;
use schema_core::directory::{Rewrite, store};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::directory::failure;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{GitError, Repository};

/// The form of the journal that this version writes.
const VERSION: u32 = 1;

/// The journal of a migration directory; without a git repository there is none.
#[derive(Debug)]
pub(crate) struct Journal {
    place: Option<Place>,
}

#[derive(Debug)]
struct Place {
    path: Utf8PathBuf,
    head: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Contents {
    version: u32,
    /// The commit that was checked out.
    head: Option<String>,
    steps: Vec<Step>,
}

/// One command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    /// The command.
    pub(crate) command: String,
    /// What it did.
    pub(crate) rewrite: Rewrite,
}

impl Journal {
    /// The journal of the directory.
    pub(crate) fn of(context: &Context) -> Result<Self, Failure> {
        let repository = match Repository::open(&context.dir) {
            Ok(repository) => repository,
            Err(GitError::NoGit | GitError::NoRepository { .. }) => {
                return Ok(Self { place: None });
            }
            Err(error) => return Err(error.into()),
        };
        // One for each directory of the repository.
        let name = repository.inside(&context.dir)?.replace('/', "+");
        let path = repository.git_path(&format!("cargo-migrate/undo/{name}.json"))?;
        let head = repository.head()?;
        Ok(Self {
            place: Some(Place { path, head }),
        })
    }

    /// Remembers what is about to be done. `false` where there is nowhere to.
    pub(crate) fn push(&self, command: &str, rewrite: &Rewrite) -> Result<bool, Failure> {
        let Some(place) = &self.place else {
            return Ok(false);
        };
        // What was before the last commit, git has.
        let mut steps = place.read()?.map_or_else(Vec::new, |contents| {
            if contents.head == place.head {
                contents.steps
            } else {
                Vec::new()
            }
        });
        steps.push(Step {
            command: command.to_owned(),
            rewrite: rewrite.clone(),
        });
        place.write(steps)?;
        Ok(true)
    }

    /// The last step.
    pub(crate) fn last(&self) -> Result<Option<Step>, Failure> {
        let Some(place) = &self.place else {
            return Err(Failure::new(
                Exit::Project,
                "there is nothing to take back: without a git repository nothing is remembered",
            ));
        };
        let Some(mut contents) = place.read()? else {
            return Ok(None);
        };
        if contents.head != place.head {
            return Err(Failure::new(
                Exit::Integrity,
                "something was committed since, and now git has what was before",
            )
            .with_help("look at `git log -- migrations`, and take it from there"));
        }
        Ok(contents.steps.pop())
    }

    /// Forgets the last step, which was taken back.
    pub(crate) fn pop(&self) -> Result<(), Failure> {
        let Some(place) = &self.place else {
            return Ok(());
        };
        let Some(mut contents) = place.read()? else {
            return Ok(());
        };
        contents.steps.pop();
        place.write(contents.steps)
    }
}

impl Place {
    fn read(&self) -> Result<Option<Contents>, Failure> {
        let text = match fs_err::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::from_error(Exit::Project, &error)),
        };
        let contents: Option<Contents> = serde_json::from_str(&text).ok();
        match contents {
            Some(contents) if contents.version == VERSION => Ok(Some(contents)),
            _ => Err(
                Failure::new(Exit::Project, format!("{} cannot be read", self.path))
                    .because("another version of cargo migrate wrote it, or it is damaged")
                    .with_help("remove it: what it remembers cannot be taken back then"),
            ),
        }
    }

    fn write(&self, steps: Vec<Step>) -> Result<(), Failure> {
        let contents = Contents {
            version: VERSION,
            head: self.head.clone(),
            steps,
        };
        let text = serde_json::to_string(&contents).expect("names are text");
        if let Some(folder) = self.path.parent() {
            fs_err::create_dir_all(folder)
                .map_err(|error| Failure::from_error(Exit::Project, &error))?;
        }
        store(&self.path, text.as_bytes()).map_err(|error| failure(&error))
    }
}
