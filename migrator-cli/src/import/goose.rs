//! goose: the part behind `-- +goose Up`, by number.

use std::collections::BTreeMap;

use super::folder::Folder;
use super::refused::Refused;
use super::text::{Text, numbered};
use super::variables::{OF_ENVIRONMENT, filled};
use super::{Format, Import, Migration};
use crate::failure::Failure;

/// Where the lines belong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Before,
    Up,
    Down,
}

pub(super) fn read(
    folder: &Folder,
    variables: &BTreeMap<String, String>,
    refused: &mut Refused,
) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Goose);
    for file in folder.top() {
        let (stem, is_go) = match (file.strip_suffix(".sql"), file.strip_suffix(".go")) {
            (Some(stem), _) => (stem, false),
            (None, Some(stem)) if !stem.ends_with("_test") => (stem, true),
            _ => continue,
        };
        let parts = stem.split_once('_');
        let version = parts.and_then(|(version, _)| version.parse::<i64>().ok());
        let Some((version, (_, name))) = version.filter(|it| *it > 0).zip(parts) else {
            if !is_go {
                import.leave_out("file that goose does not run", file);
            }
            continue;
        };
        if is_go {
            refused.not_sql(file, "Go");
            continue;
        }
        let text = folder.read(file)?;
        let migration = Migration::new(file, version.to_string(), name, Text::default());
        let parsed = parse(migration, &text, variables, refused);
        if parsed.has_down {
            import.leave_out("down part", file);
        }
        import.migrations.push(parsed.migration);
    }
    import
        .migrations
        .sort_by_key(|it| it.version.parse::<i64>().ok());
    Ok(import)
}

struct Parsed {
    migration: Migration,
    has_down: bool,
}

/// The up part of a file: all but the lines that are for goose alone.
fn parse(
    mut migration: Migration,
    text: &str,
    variables: &BTreeMap<String, String>,
    refused: &mut Refused,
) -> Parsed {
    let file = migration.original.clone();
    let mut part = Part::Before;
    let mut in_statement = None;
    let mut substitutes = false;
    let mut has_down = false;
    let mut up = Text::default();
    for (number, line) in numbered(text) {
        match annotation(line).as_deref() {
            Some("up") => {
                if part != Part::Before {
                    refused.malformed(
                        &file,
                        number,
                        format!("`{file}` has `-- +goose Up` twice"),
                        HELP,
                    );
                }
                part = Part::Up;
            }
            Some("down") => {
                if part != Part::Up {
                    refused.malformed(
                        &file,
                        number,
                        format!(
                            "`{file}` has `-- +goose Down` where there is no up part before it"
                        ),
                        HELP,
                    );
                }
                part = Part::Down;
            }
            Some("statementbegin") => in_statement = Some(number),
            Some("statementend") => in_statement = None,
            Some("no transaction") => migration.alone = true,
            Some("envsub on" | "envsubst on") => substitutes = true,
            Some("envsub off" | "envsubst off") => substitutes = false,
            Some(other) => refused.malformed(
                &file,
                number,
                format!("`{file}` has `-- +goose {other}`, which is not known"),
                HELP,
            ),
            None if part == Part::Up && substitutes => {
                let (line, missing) = filled(line, &OF_ENVIRONMENT, variables);
                for name in missing {
                    refused.variable(&file, number, &name);
                }
                up.push(&line, number);
            }
            None if part == Part::Up => up.push(line, number),
            None if part == Part::Down => has_down |= !line.trim().is_empty(),
            // What goose ignores: comments before the first part.
            None if line.trim().is_empty() || line.trim_start().starts_with("--") => {
                up.push(line, number);
            }
            None => refused.malformed(
                &file,
                number,
                format!("`{file}` has SQL before `-- +goose Up`"),
                HELP,
            ),
        }
    }
    if part == Part::Before {
        refused.malformed(&file, 1, format!("`{file}` has no `-- +goose Up`"), HELP);
    }
    if let Some(number) = in_statement {
        refused.malformed(
            &file,
            number,
            format!("`{file}` has `-- +goose StatementBegin` without its end"),
            HELP,
        );
    }
    migration.text = up.trimmed();
    Parsed {
        migration,
        has_down,
    }
}

const HELP: &str =
    "goose would refuse it, too: correct the file, or move it elsewhere if it has never run";

/// What a line says to goose, in lower case.
fn annotation(line: &str) -> Option<String> {
    let comment = line.strip_prefix("--")?.trim();
    let rest = comment
        .get(..6)
        .filter(|mark| mark.eq_ignore_ascii_case("+goose"));
    rest?;
    let words: Vec<_> = comment[6..].split_whitespace().collect();
    Some(words.join(" ").to_lowercase())
}
