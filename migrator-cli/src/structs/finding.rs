//! A difference as a finding, at the struct's line.

use camino::Utf8Path;
use schema_core::diagnostic::{Finding, Place};
use schema_core::directory::Directory;
use schema_core::lint::structs::{DIFFERS, NO_MIGRATION, NO_STRUCT};

use super::text::block;
use super::{Kind, Sign, StructDiff};

/// The finding of a difference. What has no struct any more is shown where a migration makes it;
/// `shown` is the path of the directory.
pub(crate) fn finding(diff: &StructDiff, directory: &Directory, shown: &Utf8Path) -> Finding {
    let object = &diff.object;
    let item = diff.item.as_deref().unwrap_or("the source");
    let (rule, title) = match diff.kind {
        Kind::Differs => (&DIFFERS, format!("{object} is not what {item} says")),
        Kind::NoMigration => (
            &NO_MIGRATION,
            format!("no migration makes {object}, which {item} describes"),
        ),
        Kind::NoStruct => (
            &NO_STRUCT,
            format!("the migrations make {object}, which nothing in the source describes"),
        ),
    };
    let mut places = places(diff);
    if places.is_empty() {
        places.extend(made_in(diff, directory, shown));
    }
    let lines = block(diff);
    let legend = "What only the source says is marked +, what only the migrations say -:";
    let mut notes = Vec::new();
    notes.extend((!lines.is_empty()).then(|| format!("{legend}\n{}", lines.join("\n"))));
    notes.push(format!(
        "`cargo migrate generate` would: {}",
        diff.changes.join("; ")
    ));
    Finding {
        places,
        notes,
        help: Some(rule.remedy().to_owned()),
        ..Finding::new(rule.code, rule.severity, title)
    }
}

/// The lines of the source that the migrations do not say; where there are none, the struct.
fn places(diff: &StructDiff) -> Vec<Place> {
    let Some(whole) = &diff.place else {
        return Vec::new();
    };
    let added = diff.lines.iter().filter(|line| line.sign == Sign::Struct);
    let mut places: Vec<Place> = Vec::new();
    for number in added.filter_map(|line| line.line) {
        match places.last_mut() {
            Some(last) if last.end_line + 1 == number => last.end_line = number,
            _ => places.push(Place {
                end_line: number,
                ..Place::line(whole.file.clone(), number)
            }),
        }
    }
    if places.is_empty() || diff.kind == Kind::NoMigration {
        return vec![whole.clone()];
    }
    places
}

/// The line of the newest migration that makes an object, as far as its text tells.
fn made_in(diff: &StructDiff, directory: &Directory, shown: &Utf8Path) -> Option<Place> {
    let name = diff.object.rsplit([' ', '.']).next()?.to_lowercase();
    let is_it = |line: &str| {
        let line = line.to_lowercase();
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '"');
        line.trim_start().starts_with("create ") && words.any(|word| word == name)
    };
    let mut files = directory.files.iter().rev();
    files.find_map(|file| {
        let line = file.text.lines().position(is_it)?;
        let number = u32::try_from(line + 1).ok()?;
        Some(Place::line(shown.join(&file.file_name), number))
    })
}
