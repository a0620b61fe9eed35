//! Files of ours for the migrations of another tool.

use camino::Utf8Path;
use schema_core::diagnostic::Finding;
use schema_core::directory::{
    Directory, MigrationFile, Prefixes, Problem, file_name, with_asides, words,
};

use super::text::Text;
use super::version::versions;
use super::{Import, Kind, Migration};
use crate::failure::Failure;

/// A file of ours, and what it comes from.
#[derive(Debug)]
pub(crate) struct Placed {
    /// The file name.
    pub(crate) file: String,
    text: Text,
    /// The file of the other tool, below its folder.
    pub(crate) original: String,
    /// The version that it had.
    pub(crate) version: String,
    /// Whether it runs without a transaction.
    pub(crate) alone: bool,
    /// Comments that would be taken for directives, and are set aside.
    pub(crate) asides: usize,
}

impl Placed {
    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text.text
    }

    /// A line of the file, as it is in the other tool's.
    pub(crate) fn original_line(&self, line: u32) -> u32 {
        self.text.original_line(line)
    }

    /// What is wrong with its text, at the places of the other tool's file.
    pub(crate) fn findings(&self, from: &Utf8Path, prefixes: &Prefixes) -> Vec<Finding> {
        let problems = directory(&self.file, self.text(), prefixes).verify_files();
        let original = from.join(&self.original);
        let finding = |problem: &Problem| {
            let mut finding = problem.finding(from);
            finding.title = finding.title.replace(&self.file, &self.original);
            for place in &mut finding.places {
                place.file = original.to_string();
                place.line = self.original_line(place.line);
            }
            finding
        };
        problems.iter().map(finding).collect()
    }
}

/// The migrations as files, in order.
pub(crate) fn placed(
    import: &mut Import,
    from: &Utf8Path,
    prefixes: &Prefixes,
) -> Result<Vec<Placed>, Failure> {
    let names = versions(&import.migrations, from)?;
    let migrations = std::mem::take(&mut import.migrations).into_iter();
    let placed = migrations
        .zip(names)
        .map(|(migration, (version, name))| place(migration, file_name(&version, &name), prefixes));
    Ok(placed.collect())
}

fn place(migration: Migration, file: String, prefixes: &Prefixes) -> Placed {
    let Migration {
        original,
        version,
        kind,
        mut text,
        alone,
        ..
    } = migration;
    let read = directory(&file, &text.text, prefixes);
    let lines: Vec<u32> = read.files[0]
        .directive_errors
        .iter()
        .map(|it| it.line)
        .collect();
    text.text = with_asides(&text.text, &lines);
    let read = directory(&file, &text.text, prefixes);
    let said = read.files[0].declared_tx_mode();
    let alone = said.is_none() && (alone || has_to_be_alone(&read.files[0]));
    let mut head = Vec::new();
    if alone {
        head.push("-- atlas:txmode none");
    }
    if kind == Kind::Snapshot {
        head.push("-- atlas:checkpoint");
    }
    Placed {
        text: text.with_head(&head),
        file,
        original,
        version,
        alone: alone || said == Some(schema_core::directory::TxMode::None),
        asides: lines.len(),
    }
}

fn directory(file: &str, text: &str, prefixes: &Prefixes) -> Directory {
    let texts = vec![(file.to_owned(), text.to_owned())];
    Directory::from_texts(Utf8Path::new("."), texts, None, prefixes)
}

/// Whether a statement cannot be in a transaction: a tool that runs it has opened none for it.
fn has_to_be_alone(file: &MigrationFile) -> bool {
    let statements = file.statements().unwrap_or_default();
    statements.iter().any(|statement| {
        let words: Vec<_> = words(statement.text).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["create" | "drop", "database" | "tablespace", ..]
            | ["create" | "drop", "index", "concurrently", ..]
            | ["create", "unique", "index", "concurrently", ..]
            | ["reindex", "database" | "system", ..]
            | ["alter", "system", ..]
            | ["vacuum", ..] => true,
            ["reindex", rest @ ..] => rest.iter().take(8).any(|it| *it == "concurrently"),
            ["alter", "table", rest @ ..] => {
                rest.contains(&"detach") && rest.last() == Some(&"concurrently")
            }
            _ => false,
        }
    })
}
