//! Whose directory it is, told by its files.

use std::collections::BTreeMap;

use clap::ValueEnum as _;
use schema_core::directory::SUM_FILE;

use super::flyway::Script;
use super::folder::{Folder, extension};
use super::{Format, sqlx};
use crate::exit_code::Exit;
use crate::failure::Failure;

/// What files say: the formats that they may be of, and a file that shows it.
type Evidence = BTreeMap<Vec<Format>, String>;

/// The one format that all files can be of.
pub(super) fn format_of(folder: &Folder) -> Result<Format, Failure> {
    let mut evidence = Evidence::new();
    let mut say = |formats: &[Format], name: &str| {
        let name = || name.to_owned();
        evidence.entry(formats.to_vec()).or_insert_with(name);
    };
    if folder.has("meta/_journal.json") {
        say(&[Format::Drizzle], "meta/_journal.json");
    } else {
        for name in folder.folders_with("up.sql").take(1) {
            say(&[Format::Diesel], &format!("{name}/up.sql"));
        }
        for name in folder.folders_with("migration.sql") {
            let file = format!("{name}/migration.sql");
            if folder.has(&format!("{name}/snapshot.json")) {
                say(&[Format::Drizzle], &file);
            } else {
                say(&[Format::Prisma], &file);
            }
        }
        if folder.has("migration_lock.toml") {
            say(&[Format::Prisma], "migration_lock.toml");
        }
        for name in &folder.names {
            if let Some(formats) = formats_of_file(folder, name)? {
                say(formats, name);
            }
        }
    }
    // Plain files prove nothing where others say more.
    if evidence.len() > 1 {
        evidence.remove(PLAIN);
    }
    let mut possible: Vec<Format> = Format::value_variants().to_vec();
    possible.retain(|format| evidence.keys().all(|formats| formats.contains(format)));
    match (possible.as_slice(), evidence.first_key_value()) {
        (_, None) => Err(nothing(folder, None)),
        ([Format::Sqlx], Some((formats, _))) if formats == PLAIN && folder.has(SUM_FILE) => {
            Err(Failure::new(
                Exit::Usage,
                format!("`{}` has an {SUM_FILE} and plain files: it is a directory for cargo migrate as it is", folder.shown),
            )
            .with_help(format!(
                "give `--dir {}` to the other commands, or set `dir` in the configuration; `--format sqlx` imports a copy",
                folder.shown
            )))
        }
        ([format], Some(_)) => Ok(*format),
        (possible, Some(_)) => Err(ambiguous(folder, possible, &evidence)),
    }
}

const PLAIN: &[Format] = &[Format::Sqlx];

/// What a file alone says.
fn formats_of_file(folder: &Folder, name: &str) -> Result<Option<&'static [Format]>, Failure> {
    let base = name.rsplit('/').next().unwrap_or(name);
    let is_top = !name.contains('/');
    if let Some(script) = Script::of(base) {
        return Ok(Some(script.formats(folder)));
    }
    let digits = base.bytes().take_while(u8::is_ascii_digit).count();
    if !is_top || digits == 0 {
        return Ok(None);
    }
    if extension(base) == "go" && base[digits..].starts_with('_') && !base.ends_with("_test.go") {
        return Ok(Some(&[Format::Goose]));
    }
    let Some(stem) = base.strip_suffix(".sql") else {
        return Ok(None);
    };
    let text = folder.read(name)?;
    if has_mark(&text, "migrate:up") {
        return Ok(Some(&[Format::Dbmate]));
    }
    if has_mark(&text, "+goose up") {
        return Ok(Some(&[Format::Goose]));
    }
    Ok(if matches!(extension(stem), "up" | "down") {
        if text.starts_with(sqlx::NO_TRANSACTION) {
            Some(&[Format::Sqlx])
        } else {
            Some(&[Format::GolangMigrate, Format::Sqlx])
        }
    } else if stem[digits..].starts_with('_') {
        Some(PLAIN)
    } else {
        None
    })
}

/// Whether a comment of a text begins so.
fn has_mark(text: &str, mark: &str) -> bool {
    let comments = text.lines().filter_map(|line| line.strip_prefix("--"));
    comments
        .map(|comment| comment.trim().to_lowercase())
        .any(|comment| comment.starts_with(mark))
}

fn ambiguous(folder: &Folder, possible: &[Format], evidence: &Evidence) -> Failure {
    let said = |formats: &[Format], between: &str| {
        let names = formats.iter().map(|it| it.tool().to_string());
        names.collect::<Vec<_>>().join(between)
    };
    let failure = Failure::new(
        Exit::Usage,
        format!(
            "whose directory `{}` is cannot be told from its files",
            folder.shown
        ),
    );
    let failure = evidence.iter().fold(failure, |failure, (formats, file)| {
        failure.because(format!("`{file}` is of {}", said(formats, " or ")))
    });
    let all: Vec<Format> = if possible.is_empty() {
        evidence.keys().flatten().copied().collect()
    } else {
        possible.to_vec()
    };
    let mut all = all;
    all.sort_unstable();
    all.dedup();
    failure.with_help(format!(
        "say whose it is: --format {}",
        said(&all, ", or --format ")
    ))
}

/// There is no migration in a folder.
pub(super) fn nothing(folder: &Folder, format: Option<Format>) -> Failure {
    let others = [
        (".java", "Java"),
        (".kt", "Kotlin"),
        (".ts", "TypeScript"),
        (".js", "JavaScript"),
        (".py", "Python"),
        (".rb", "Ruby"),
        (".rs", "Rust"),
        (".go", "Go"),
        (".xml", "XML"),
        (".yaml", "YAML"),
    ];
    let message = match format {
        Some(format) => format!("`{}` has no migration of {}", folder.shown, format.tool()),
        None => format!(
            "`{}` has no migrations of a tool that is known",
            folder.shown
        ),
    };
    let failure = Failure::new(Exit::Project, message);
    let other = folder.top().find_map(|name| {
        let (_, language) = others.iter().find(|(end, _)| name.ends_with(end))?;
        Some((name, language))
    });
    let failure = match other {
        Some((name, language)) => failure.because(format!("`{name}` is {language}, and not SQL")),
        None => failure,
    };
    if let Some(inside) = folder.names.iter().find_map(|name| holder(name)) {
        return failure.with_help(format!(
            "there is SQL in `{}`: is that the folder?",
            folder.shown(inside)
        ));
    }
    let known = Format::value_variants()
        .iter()
        .map(|it| it.tool().to_string());
    let known = known.collect::<Vec<_>>().join(", ");
    failure.with_help(format!(
        "name the folder that the migrations are in; known are the formats of {known}"
    ))
}

/// The folder that a tool would be given for a file further down.
fn holder(name: &str) -> Option<&str> {
    let (path, file) = name.rsplit_once('/')?;
    match file {
        "up.sql" | "migration.sql" => path.rsplit_once('/').map(|(path, _)| path),
        _ => (extension(file) == "sql").then_some(path),
    }
}
