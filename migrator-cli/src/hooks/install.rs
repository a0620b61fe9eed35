//! What has to change for hooks to come in, and to go.

use camino::Utf8Path;

use super::attributes::{self, merged};
use super::block::{NoEnd, without};
use super::edit::Edit;
use super::entry::{Project, merge_driver, quoted};
use super::place::{Framework, Place, Runner, frameworks, runner, scripts};
use super::script::{HEAD, Script, block, position};
use super::{Hook, framework};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{GitError, Repository};

/// The setting that says for which projects the hooks of a shared folder are wanted.
pub(crate) const SETTING: &str = "cargo-migrate.hooks";
const DRIVER: &str = "merge.cargo-migrate";

/// What is put beside a hook's name where ours takes its place.
const KEPT: &str = ".kept-by-cargo-migrate";

/// A change to the settings of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// A setting gets this value.
    Set(String, String),
    /// It gets this value beside others.
    Add(String, String),
    /// It loses this value.
    Remove(String, String),
    /// A section goes.
    RemoveSection(String),
}

/// Everything that changes.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Files.
    pub(crate) edits: Vec<Edit>,
    /// Settings of the repository.
    pub(crate) settings: Vec<Setting>,
    /// What there is to know about it.
    pub(crate) notes: Vec<String>,
}

impl Plan {
    /// Whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.settings.is_empty()
    }

    /// Makes all changes.
    pub(crate) fn make(&self, repository: &Repository) -> Result<(), Failure> {
        for edit in &self.edits {
            edit.make()?;
        }
        for setting in &self.settings {
            match setting {
                Setting::Set(name, value) => repository.set(name, value)?,
                Setting::Add(name, value) => repository.add_setting(name, value)?,
                Setting::Remove(name, value) => repository.remove_setting(name, value)?,
                Setting::RemoveSection(name) => repository.remove_section(name)?,
            }
        }
        Ok(())
    }
}

impl Setting {
    /// The same as a command.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Set(name, value) => format!("git config {name} {}", quoted(value)),
            Self::Add(name, value) => format!("git config --add {name} {}", quoted(value)),
            Self::Remove(name, value) => format!("git config --unset-all {name} {}", quoted(value)),
            Self::RemoveSection(name) => format!("git config --remove-section {name}"),
        }
    }
}

/// What brings the hooks in. With `force`, a hook that no lines can be added to gives its place up.
pub(crate) fn install(
    context: &Context,
    repository: &Repository,
    force: bool,
) -> Result<Plan, Failure> {
    let project = project(context, repository)?;
    let mut plan = Plan::default();
    match runner(repository)? {
        Runner::Scripts(place) => {
            for hook in Hook::ALL {
                add_script(&mut plan, hook, &project, &place, force)?;
            }
            if place.is_shared {
                share(&mut plan, repository, &project, &place)?;
            }
            if place.is_tracked && !plan.edits.is_empty() {
                plan.notes.push(format!(
                    "{} is part of the repository: commit it, and the whole team has the hooks",
                    context.shown(&place.folder)
                ));
            }
        }
        Runner::Framework(framework, file) => {
            add_entries(&mut plan, context, framework, &file, &project)?;
            let place = scripts(repository)?;
            plan.notes.extend(switched_on(framework, &place));
        }
    }
    if context.dir.is_dir() {
        let path = context.dir.join(attributes::FILE_NAME);
        let before = read(&path)?;
        if let Some(after) = merged(before.as_deref()) {
            plan.edits.push(Edit::Write {
                path,
                before,
                after,
                is_program: false,
            });
        }
    }
    let driver = [
        ("name", "the sum of migrations".to_owned()),
        ("driver", merge_driver()),
    ];
    for (key, value) in driver {
        let name = format!("{DRIVER}.{key}");
        if repository.settings(&name)?.last() != Some(&value) {
            plan.settings.push(Setting::Set(name, value));
        }
    }
    Ok(plan)
}

/// What takes everything of ours out again, wherever it is. `.gitattributes` stays: it belongs to
/// the migrations.
pub(crate) fn uninstall(context: &Context, repository: &Repository) -> Result<Plan, Failure> {
    let project = project(context, repository)?;
    let mut plan = Plan::default();
    let place = scripts(repository)?;
    for hook in Hook::ALL {
        remove_script(&mut plan, hook, &project, &place)?;
    }
    if place.is_shared && !plan.edits.is_empty() {
        plan.notes.push(format!(
            "{} serves other repositories too: one that wants the hooks installs them again",
            place.folder
        ));
    }
    for (_, file) in frameworks(&repository.root) {
        let Some(text) = read(&file)? else { continue };
        let after =
            framework::without_entries(&text, &project).map_err(|error| no_end(&file, &error))?;
        if after != text {
            plan.edits.push(Edit::Write {
                path: file,
                before: Some(text),
                after,
                is_program: false,
            });
        }
    }
    let value = project.setting().to_owned();
    if repository.settings(SETTING)?.contains(&value) {
        plan.settings
            .push(Setting::Remove(SETTING.to_owned(), value));
    }
    if !repository.settings(&format!("{DRIVER}.driver"))?.is_empty() {
        plan.settings
            .push(Setting::RemoveSection(DRIVER.to_owned()));
    }
    Ok(plan)
}

/// The project of the context, by its place in the repository.
fn project(context: &Context, repository: &Repository) -> Result<Project, GitError> {
    Ok(Project {
        folder: repository.inside(&context.root)?,
    })
}

fn add_script(
    plan: &mut Plan,
    hook: Hook,
    project: &Project,
    place: &Place,
    force: bool,
) -> Result<(), Failure> {
    let path = place.folder.join(hook.name());
    let kept_name = format!("{}{KEPT}", hook.name());
    let kept = place.folder.join(&kept_name);
    let script =
        Script::read(&path, place).map_err(|error| Failure::from_error(Exit::Project, &error))?;
    let is_kept = fs_err::symlink_metadata(&kept).is_ok();
    let (before, after) = match script {
        Script::None => {
            let block = block(hook, project, place, None);
            (None, block.new_file(HEAD))
        }
        Script::Shell(text) => {
            let block = block(hook, project, place, is_kept.then_some(&kept_name));
            if block.is_in(&text) {
                return Ok(());
            }
            let old = without(&text, project.label()).map_err(|error| no_end(&path, &error))?;
            let after = if old.is_new_file && old.text == HEAD {
                block.new_file(HEAD)
            } else {
                block.put(&old.text, position(&old.text))
            };
            (Some(text), after)
        }
        Script::Other(why) if !force || is_kept || path.is_dir() => {
            return Err(refused(hook, project, &path, &why, &kept));
        }
        Script::Other(_) => {
            plan.edits.push(Edit::Move {
                from: path.clone(),
                to: kept,
            });
            let block = block(hook, project, place, Some(&kept_name));
            (None, block.new_file(HEAD))
        }
    };
    plan.edits.push(Edit::Write {
        path,
        before,
        after,
        is_program: true,
    });
    Ok(())
}

fn refused(hook: Hook, project: &Project, path: &Utf8Path, why: &str, kept: &Utf8Path) -> Failure {
    let call = format!("cargo migrate {}", project.arguments(hook));
    let failure = Failure::new(
        Exit::Project,
        format!("the hook {path} {why}: nothing can be added to it"),
    );
    if kept.exists() {
        return failure.with_help(format!(
            "have it call `{call}` and end where that fails; {kept} is in the way of --force"
        ));
    }
    failure.with_help(format!(
        "have it call `{call}` and end where that fails; or let a script of ours take its place, and run it after: cargo migrate hooks install --force"
    ))
}

fn remove_script(
    plan: &mut Plan,
    hook: Hook,
    project: &Project,
    place: &Place,
) -> Result<(), Failure> {
    let path = place.folder.join(hook.name());
    // What cannot be read as text has no block.
    let Some(text) = fs_err::read_to_string(&path).ok() else {
        return Ok(());
    };
    let found = without(&text, project.label()).map_err(|error| no_end(&path, &error))?;
    if !found.had_block {
        return Ok(());
    }
    if !found.is_new_file || found.text != HEAD {
        plan.edits.push(Edit::Write {
            path,
            before: Some(text),
            after: found.text,
            is_program: true,
        });
        return Ok(());
    }
    plan.edits.push(Edit::Remove { path: path.clone() });
    let kept = place.folder.join(format!("{}{KEPT}", hook.name()));
    if fs_err::symlink_metadata(&kept).is_ok() {
        plan.edits.push(Edit::Move {
            from: kept,
            to: path,
        });
    }
    Ok(())
}

/// The hooks of a shared folder act only where the repository says so.
fn share(
    plan: &mut Plan,
    repository: &Repository,
    project: &Project,
    place: &Place,
) -> Result<(), Failure> {
    let value = project.setting().to_owned();
    if !repository.settings(SETTING)?.contains(&value) {
        plan.settings.push(Setting::Add(SETTING.to_owned(), value));
        plan.notes.push(format!(
            "{} serves other repositories too: what is added acts only where `git config {SETTING}` says so",
            place.folder
        ));
    }
    Ok(())
}

fn add_entries(
    plan: &mut Plan,
    context: &Context,
    framework: Framework,
    file: &Utf8Path,
    project: &Project,
) -> Result<(), Failure> {
    let before = read(file)?.unwrap_or_default();
    let shown = context.shown(file);
    let by_hand = |why: String| {
        let snippet = framework::snippet(framework, project);
        Failure::new(Exit::Project, format!("{shown} is not edited: {why}"))
            .with_help(format!("add this to it by hand:\n{snippet}"))
    };
    if !matches!(file.extension(), Some("yml" | "yaml")) {
        let all_there = Hook::ALL
            .iter()
            .all(|hook| before.contains(&project.arguments(*hook)));
        return if all_there {
            Ok(())
        } else {
            Err(by_hand(
                "only its form in YAML is known, and this says the same in it".to_owned(),
            ))
        };
    }
    let after = framework::with_entries(framework, &before, project)
        .map_err(|error| by_hand(error.to_string()))?;
    if after != before {
        plan.edits.push(Edit::Write {
            path: file.to_owned(),
            before: Some(before),
            after,
            is_program: false,
        });
        plan.notes
            .push(format!("commit {shown}, and the whole team has the hooks"));
    }
    Ok(())
}

/// What has to be run once in each clone for a framework to be asked by git.
fn switched_on(framework: Framework, place: &Place) -> Option<String> {
    let (word, command) = match framework {
        Framework::PreCommit => (
            "pre-commit",
            "pre-commit install --hook-type pre-commit --hook-type pre-push",
        ),
        Framework::Lefthook => ("lefthook", "lefthook install"),
    };
    let is_on = Hook::ALL.iter().all(|hook| {
        let script = fs_err::read_to_string(place.folder.join(hook.name()));
        script.is_ok_and(|text| text.contains(word))
    });
    (!is_on).then(|| format!("for git to ask {word}, run once in each clone: {command}"))
}

fn no_end(path: &Utf8Path, error: &NoEnd) -> Failure {
    Failure::new(Exit::Project, format!("{path}: {error}"))
        .with_help("take the rest of the block out by hand, then run this again")
}

fn read(path: &Utf8Path) -> Result<Option<String>, Failure> {
    match fs_err::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::from_error(Exit::Project, &error)),
    }
}
