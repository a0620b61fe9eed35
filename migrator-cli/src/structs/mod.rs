//! Differences between structs and migrations as lines of the structs.

mod finding;
mod hunk;
mod rows;
mod source;
pub(crate) mod spell;
mod text;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use schema_core::catalog::{Catalog, ObjectId, ObjectKind, Part};
use schema_core::diagnostic::Place;
use schema_core::diff::{Change, Changes, Delta, Rename};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::plan::RowChange;
use schema_core::schema::{Hints, ObjectKey};
use serde::Serialize;

use self::hunk::{Hunk, Sides};
use self::source::Source;
use self::spell::{Crates, Names};
use crate::context::Context;

pub(crate) use self::finding::finding;
pub(crate) use self::text::render;

/// One struct, enum, domain or declaration that differs, with its lines.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StructDiff {
    /// How it differs.
    pub(crate) kind: Kind,
    /// What it is in the database: `table posts`.
    pub(crate) object: String,
    /// What it is in Rust: ``struct `Post` ``; `None` where there is none.
    pub(crate) item: Option<String>,
    /// Where that stands.
    pub(crate) place: Option<Place>,
    /// What `generate` would do about it.
    pub(crate) changes: Vec<String>,
    /// What to take away from the migrations' view of it, and what to add.
    pub(crate) lines: Vec<DiffLine>,
}

/// How a struct differs from the migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Both have it, and it is not the same.
    Differs,
    /// Only the source has it.
    NoMigration,
    /// Only the migrations have it.
    NoStruct,
}

/// A line of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DiffLine {
    /// Who says it.
    pub(crate) sign: Sign,
    /// Its number in the file, where it is in it.
    pub(crate) line: Option<u32>,
    /// The line.
    pub(crate) text: String,
}

/// Who says a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Sign {
    /// The struct, and not the migrations.
    #[serde(rename = "+")]
    Struct,
    /// The migrations, and not the struct.
    #[serde(rename = "-")]
    Migrations,
}

/// What stands by itself, in the order of reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whole {
    Schema(Ident),
    Extension(Ident),
    Type(QualifiedName),
    Sequence(QualifiedName),
    Table(QualifiedName),
    /// A view, by the struct that it is.
    View(ObjectKind, QualifiedName),
    Object(ObjectId),
}

impl Whole {
    fn of(change: &Change<'_>) -> Self {
        match *change {
            Change::Schema(name, _) => Self::Schema(name.clone()),
            Change::Extension(name, _) => Self::Extension(name.clone()),
            Change::Enum(name, _) | Change::Domain(name, _) => Self::Type(name.clone()),
            Change::Sequence(name, _) => Self::Sequence(name.clone()),
            Change::Table(name, _)
            | Change::Column(name, ..)
            | Change::Constraint(name, ..)
            | Change::Index(name, ..) => Self::Table(name.clone()),
            Change::Object(id, delta) => {
                let object = delta.to().or(delta.from());
                Self::of_object(id, object.and_then(|it| it.of.as_ref()))
            }
        }
    }

    /// What an object belongs to, as far as the source has a word for it.
    fn of_object(id: &ObjectId, of: Option<&Part>) -> Self {
        match (id.kind, id.qualified()) {
            (ObjectKind::View | ObjectKind::MaterializedView, Some(name)) => {
                return Self::View(id.kind, name);
            }
            (ObjectKind::CompositeType, Some(name)) => return Self::Type(name),
            _ => {}
        }
        match of {
            Some(Part::Table(name) | Part::Column(name, _)) => Self::Table(name.clone()),
            Some(Part::Type(name)) => Self::Type(name.clone()),
            Some(Part::Object(whole)) => Self::of_object(whole, None),
            _ => Self::Object(id.clone()),
        }
    }

    fn of_rename(rename: &Rename) -> Self {
        match rename {
            Rename::Table { to, .. } => Self::Table(to.clone()),
            Rename::Type { to, .. } => Self::Type(to.clone()),
            Rename::Label { r#enum, .. } => Self::Type(r#enum.clone()),
            Rename::Column { table, .. }
            | Rename::Constraint { table, .. }
            | Rename::Index { table, .. } => Self::Table(table.clone()),
        }
    }

    /// What the source calls it by; a sequence is never in it.
    fn key(&self) -> Option<ObjectKey> {
        Some(match self {
            Self::Schema(name) => ObjectKey::Schema(name.clone()),
            Self::Extension(name) => ObjectKey::Extension(name.clone()),
            Self::Type(name) => ObjectKey::Type(name.clone()),
            Self::Table(name) | Self::View(_, name) => ObjectKey::Table(name.clone()),
            Self::Sequence(_) | Self::Object(_) => return None,
        })
    }

    fn shown(&self) -> String {
        match self {
            Self::Schema(name) => format!("schema {name}"),
            Self::Extension(name) => format!("extension {name}"),
            Self::Type(name) => format!("type {name}"),
            Self::Sequence(name) => format!("sequence {name}"),
            Self::Table(name) => format!("table {name}"),
            Self::View(kind, name) => format!("{kind} {name}"),
            Self::Object(id) => id.to_string(),
        }
    }
}

/// The differences of each struct: renames that are to be done on `current`, then changes, then rows.
/// The files of the source are read for their lines.
pub(crate) fn differences(
    context: &Context,
    current: &Catalog,
    renames: &[Rename],
    changes: &Changes<'_>,
    rows: &[RowChange],
    hints: &Hints,
) -> Vec<StructDiff> {
    let names = Names::of(hints, Crates::USUAL);
    let mut wholes: BTreeMap<Whole, Vec<Difference<'_>>> = BTreeMap::new();
    for rename in renames {
        let whole = wholes.entry(Whole::of_rename(rename)).or_default();
        whole.push(Difference::Rename(rename));
    }
    for change in &changes.list {
        let whole = wholes.entry(Whole::of(change)).or_default();
        whole.push(Difference::Change(change));
    }
    for row in rows {
        let whole = Whole::Table(row.table().clone());
        wholes.entry(whole).or_default().push(Difference::Row(row));
    }
    let mut sources: BTreeMap<String, (Utf8PathBuf, Source)> = BTreeMap::new();
    let diffs = wholes.into_iter().map(|(whole, differences)| {
        let place = whole.key().and_then(|key| hints.place(&key)).cloned();
        let nothing = (Utf8PathBuf::new(), Source::default());
        let (path, source) = match &place {
            Some(place) => sources
                .entry(place.file.clone())
                .or_insert_with(|| read(context, place)),
            None => &nothing,
        };
        let sides = Sides {
            current,
            desired: changes.to,
            hints,
            names: &names,
            source,
        };
        let hunks = differences.iter().map(|difference| match difference {
            Difference::Rename(rename) => hunk::of_rename(rename, &sides),
            Difference::Change(change) => hunk::of_change(change, &sides),
            Difference::Row(row) => rows::of_row(row, &sides),
        });
        let lines = merged(hunks.collect());
        let mut kinds = differences.iter().rev().filter_map(Difference::whole);
        StructDiff {
            kind: kinds.next().unwrap_or(Kind::Differs),
            object: whole.shown(),
            item: place.as_ref().map(|place| place.label.clone()),
            place: place.map(|place| Place {
                file: path.to_string(),
                label: String::new(),
                ..place
            }),
            changes: differences.iter().map(Difference::shown).collect(),
            lines,
        }
    });
    diffs.collect()
}

/// A rename, a change, or a row that differs.
enum Difference<'a> {
    Rename(&'a Rename),
    Change(&'a Change<'a>),
    Row(&'a RowChange),
}

impl Difference<'_> {
    fn shown(&self) -> String {
        match self {
            Self::Rename(rename) => rename.to_string(),
            Self::Change(change) => change.to_string(),
            Self::Row(row) => row.to_string(),
        }
    }

    /// How the whole differs, where this is about it.
    fn whole(&self) -> Option<Kind> {
        fn kind<T, N>(delta: Delta<'_, T, N>) -> Option<Kind> {
            match delta {
                Delta::Create(_) => Some(Kind::NoMigration),
                Delta::Drop(_) => Some(Kind::NoStruct),
                Delta::Alter { .. } | Delta::Rename { .. } => None,
            }
        }
        let Self::Change(change) = self else {
            return None;
        };
        match **change {
            Change::Schema(_, delta) => kind(delta),
            Change::Extension(_, delta) => kind(delta),
            Change::Enum(_, delta) => kind(delta),
            Change::Domain(_, delta) => kind(delta),
            Change::Sequence(_, delta) => kind(delta),
            Change::Table(_, delta) => kind(delta),
            Change::Object(id, delta) => match Whole::of(change) {
                Whole::Object(_) | Whole::View(..) | Whole::Type(_) if id.kind.rank() < 70 => {
                    kind(delta)
                }
                Whole::Object(whole) if whole == *id => kind(delta),
                _ => None,
            },
            Change::Column(..) | Change::Constraint(..) | Change::Index(..) => None,
        }
    }
}

/// The file of the source that a place is in. Its path is that which the compiler was given:
/// relative to the workspace, above or at the folder of the configuration. Another package may have
/// a file of that path: what is said to stand there tells them apart.
fn read(context: &Context, place: &Place) -> (Utf8PathBuf, Source) {
    let name = place.label.split('`').nth(1).unwrap_or_default();
    let paths = context.root.ancestors().map(|it| it.join(&place.file));
    let mut files = paths.filter(|path| path.is_file()).map(|path| {
        let text = fs_err::read_to_string(&path).unwrap_or_default();
        (context.shown(&path), Source::parse(&text))
    });
    let found = files.find(|(_, source)| source.names(place.line, name));
    found.unwrap_or_else(|| (place.file.clone().into(), Source::default()))
}

/// The hunks in the order of the file, each line of it once.
fn merged(mut hunks: Vec<Hunk>) -> Vec<DiffLine> {
    // Stable: what has no line in the file stays behind, as it comes.
    hunks.sort_by_key(|hunk| hunk.added.first().map_or(u32::MAX, |(line, _)| *line));
    let mut lines: Vec<DiffLine> = Vec::new();
    for hunk in hunks {
        let shown = |number: u32| lines.iter().any(|line| line.line == Some(number));
        let added = hunk.added.into_iter().filter(|(number, _)| !shown(*number));
        let added: Vec<DiffLine> = added
            .map(|(number, text)| DiffLine {
                sign: Sign::Struct,
                line: Some(number),
                text,
            })
            .collect();
        lines.extend(hunk.removed.into_iter().map(|text| DiffLine {
            sign: Sign::Migrations,
            line: None,
            text,
        }));
        lines.extend(added);
    }
    lines
}
