//! `ci init`: the files that run the checks in CI.

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::directory::store;
use serde::Serialize;

use crate::cli::{CiArgs, CiCommand, CiSystem};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{Asked, Repository};
use crate::hooks::append_include;

const GITHUB: &str = include_str!("templates/github.yml");
const POSTGRES: &str = include_str!("templates/postgres.yml");
const GITLAB: &str = include_str!("templates/gitlab.yml");

const GITHUB_FILE: &str = ".github/workflows/migrations.yml";
const GITLAB_FILE: &str = ".gitlab/migrations.yml";
const GITLAB_TOP: &str = ".gitlab-ci.yml";

/// The major version of PostgreSQL of a service, where the project does not say which it uses.
const POSTGRES_MAJOR: u32 = 16;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    written: bool,
    files: Vec<&'a str>,
}

/// A file to write.
struct File {
    path: Utf8PathBuf,
    text: String,
}

/// Writes the files of a system, or prints them.
pub(crate) fn run(context: &Context, args: &CiArgs) -> Result<Exit, Failure> {
    let CiCommand::Init {
        system,
        force,
        dry_run,
    } = &args.command;
    let repository = Repository::open(&context.root)?;
    let text = filled(context, &repository, *system)?;
    let path = repository.root.join(match system {
        CiSystem::Github => GITHUB_FILE,
        CiSystem::Gitlab => GITLAB_FILE,
    });
    let mut files = Vec::new();
    if !has(&path, &text)? {
        if path.exists() && !force && !dry_run {
            return Err(Failure::new(
                Exit::Usage,
                format!("{} is there already", context.shown(&path)),
            )
            .with_help("--dry-run prints the new one, --force writes it over yours"));
        }
        files.push(File { path, text });
    }
    if *system == CiSystem::Gitlab {
        files.extend(included(context, &repository.root)?);
    }
    tell(context, &files, *dry_run)
}

fn tell(context: &Context, files: &[File], dry_run: bool) -> Result<Exit, Failure> {
    let printer = &context.printer;
    if printer.is_json() {
        printer.json(&Report {
            version: 1,
            written: !dry_run && !files.is_empty(),
            files: files.iter().map(|file| file.path.as_str()).collect(),
        });
    }
    for file in files {
        let shown = context.shown(&file.path);
        if dry_run {
            printer.done("Would write", &shown);
            if !printer.is_json() {
                printer.data(file.text.trim_end());
            }
        } else {
            write(file)?;
            printer.done("Written", &shown);
        }
    }
    if files.is_empty() {
        printer.done("Unchanged", "everything is there already");
    }
    if dry_run {
        printer.note("dry run: nothing was written");
    }
    Ok(Exit::Clean)
}

/// A template with what the project says.
fn filled(context: &Context, repository: &Repository, system: CiSystem) -> Result<String, Failure> {
    let config = &context.config;
    let folder = repository.inside(&context.root)?;
    let dir = repository.inside(&context.dir)?;
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let file = match system {
        CiSystem::Github => GITHUB_FILE,
        CiSystem::Gitlab => GITLAB_FILE,
    };
    // What a project is built of may be anywhere in the repository.
    let paths = [
        format!("{dir}/**"),
        "**/*.rs".to_owned(),
        "**/Cargo.toml".to_owned(),
        "**/Cargo.lock".to_owned(),
        "**/.sqlx/*.json".to_owned(),
        format!("{prefix}migrate.toml"),
        file.to_owned(),
    ];
    let paths: Vec<String> = paths.iter().map(|path| format!("'{path}'")).collect();
    let postgres = config.postgres_version.map(|major| {
        let major = major.to_string();
        POSTGRES.replace("{major}", &major)
    });
    let major = config
        .postgres_version
        .unwrap_or(POSTGRES_MAJOR)
        .to_string();
    let folder = if folder.is_empty() { "." } else { &folder };
    // What the configuration says about issues holds; else they are where the code is.
    let issues = if config.issues.is_some() {
        ""
    } else {
        " --issues github"
    };
    let base = base_branch(context, repository);
    for (what, value) in [
        ("base branch", base.as_str()),
        ("approval label", config.approval_label.as_str()),
        ("folder", folder),
    ] {
        check_plain(what, value)?;
    }
    let values = [
        ("{base}", base.as_str()),
        ("{label}", &config.approval_label),
        ("{paths}", &format!("[{}]", paths.join(", "))),
        ("{version}", env!("CARGO_PKG_VERSION")),
        ("{folder}", folder),
        ("{prefix}", &prefix),
        ("{postgres}", postgres.as_deref().unwrap_or_default()),
        ("{major}", &major),
        ("{issues}", issues),
    ];
    let template = match system {
        CiSystem::Github => GITHUB,
        CiSystem::Gitlab => GITLAB,
    };
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(name, value);
    }
    Ok(text)
}

/// Refuses what would mean something else in YAML or in a shell.
fn check_plain(what: &str, value: &str) -> Result<(), Failure> {
    let is_plain = |it: char| it.is_alphanumeric() || "/._-".contains(it);
    if value.chars().all(is_plain) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Project,
        format!("the {what} `{value}` has signs that mean something else in YAML or in a shell"),
    )
    .with_help("use letters, digits, `/`, `.`, `_` and `-`"))
}

/// The branch that migrations are merged into: as configured, as `origin` says, or `main`.
fn base_branch(context: &Context, repository: &Repository) -> String {
    if let Some(name) = &context.config.base_branch {
        return name.clone();
    }
    let base = repository.base(Asked::Nothing).map(|base| base.name);
    match base.ok().filter(|name| !name.ends_with("/HEAD")) {
        Some(name) => name.strip_prefix("origin/").unwrap_or(&name).to_owned(),
        None => "main".to_owned(),
    }
}

/// The file that GitLab reads, with ours among its `include`, where it is not yet.
fn included(context: &Context, root: &Utf8Path) -> Result<Option<File>, Failure> {
    let path = root.join(GITLAB_TOP);
    let before = if path.exists() {
        fs_err::read_to_string(&path).map_err(|error| Failure::from_error(Exit::Project, &error))?
    } else {
        String::new()
    };
    match append_include(&before, GITLAB_FILE) {
        Ok(text) => Ok(text.map(|text| File { path, text })),
        Err(error) => {
            let shown = context.shown(&path);
            context.printer.warning(format_args!(
                "{shown} is not edited: {error}; add `- local: {GITLAB_FILE}` to its `include`"
            ));
            Ok(None)
        }
    }
}

fn has(path: &Utf8Path, text: &str) -> Result<bool, Failure> {
    match fs_err::read_to_string(path) {
        Ok(there) => Ok(there == text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::from_error(Exit::Project, &error)),
    }
}

fn write(file: &File) -> Result<(), Failure> {
    if let Some(folder) = file.path.parent() {
        fs_err::create_dir_all(folder)
            .map_err(|error| Failure::from_error(Exit::Project, &error))?;
    }
    store(&file.path, file.text.as_bytes())
        .map_err(|error| Failure::from_error(Exit::Project, &error))
}
