//! The differences in words.

use super::record::Line;
use super::sources::Found;
use crate::spelling::Kind;

const REMEDY: &str = "run `cargo migrate generate NAME`";

/// How a table or type differs from what is on record: by the names of its parts.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) added: Vec<String>,
    pub(super) altered: Vec<String>,
    pub(super) gone: Vec<String>,
    /// What is said of the item itself.
    pub(super) head: bool,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.altered.is_empty() && self.gone.is_empty() && !self.head
    }
}

/// It is not on record.
pub(super) fn new(found: &Found) -> String {
    format!("{} is in no migration; {REMEDY}", subject(found))
}

/// The migration that has it on record is not there.
pub(super) fn file_gone(found: &Found, file: &str, folder: &str) -> String {
    format!(
        "{} was last recorded by {file}, which is not in `{folder}` any more; {REMEDY}",
        subject(found)
    )
}

/// It is not in the sources.
pub(super) fn gone(line: &Line) -> String {
    let (kind, name, item) = (line.kind.word(), &line.name, &line.item);
    format!(
        "{kind} `{name}` ({} `{item}`) is gone, and no migration drops it; {REMEDY}",
        declared(line.kind)
    )
}

/// It is not as it was recorded.
pub(super) fn changed(found: &Found, changes: &Changes, file: Option<&str>) -> String {
    let since = file.map_or_else(String::new, |file| format!(" since {file}"));
    let Changes {
        added,
        altered,
        gone,
        head,
    } = changes;
    let mut clauses = Vec::new();
    if !added.is_empty() {
        clauses.push(format!(
            "{} in no migration",
            parts(found.kind, added, "is", "are")
        ));
    }
    if !altered.is_empty() {
        clauses.push(parts(found.kind, altered, "changed", "changed") + &since);
    }
    if !gone.is_empty() {
        clauses.push(parts(found.kind, gone, "is gone", "are gone") + &since);
    }
    if *head {
        clauses.push(format!("its attributes or doc comment changed{since}"));
    }
    if clauses.is_empty() {
        clauses.push(format!(
            "the order of its {}s changed{since}",
            part(found.kind)
        ));
    }
    format!("{}: {}; {REMEDY}", subject(found), clauses.join(", "))
}

/// ``table `users` (struct `User`, src/user.rs:12)``
fn subject(found: &Found) -> String {
    let (kind, name, item) = (found.kind.word(), &found.name, &found.item);
    format!(
        "{kind} `{name}` ({} `{item}`, {})",
        declared(found.kind),
        found.place()
    )
}

fn declared(kind: Kind) -> &'static str {
    match kind {
        Kind::Enum => "enum",
        Kind::Table | Kind::Domain | Kind::Newtype | Kind::View | Kind::Composite => "struct",
    }
}

fn part(kind: Kind) -> &'static str {
    match kind {
        Kind::Enum => "variant",
        Kind::Table | Kind::Domain | Kind::Newtype | Kind::View | Kind::Composite => "field",
    }
}

/// ``field `a` is``, ``fields `a`, `b` are``
fn parts(kind: Kind, names: &[String], one: &str, more: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (plural, verb) = if names.len() == 1 {
        ("", one)
    } else {
        ("s", more)
    };
    format!("{}{plural} {} {verb}", part(kind), quoted.join(", "))
}
