//! Source that is there, changed in place: the three-way merge of what it says, of what was read, and
//! of how it is written.

mod files;
mod merge;
mod source;
mod table;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use schema_core::catalog::Catalog;
use schema_core::diff::{Change, Delta, diff};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::schema::{Hints, ObjectKey};

use self::files::Files;
use super::Leftover;
use crate::context::Context;
use crate::failure::Failure;
use crate::structs::spell::Names;

/// Both sides, each as structs and SQL say it.
#[derive(Debug)]
pub(crate) struct Sides<'a> {
    /// What the source says, and the statements beside it.
    pub(crate) from: (&'a Catalog, &'a [Leftover]),
    /// What was read.
    pub(crate) to: (&'a Catalog, &'a [Leftover]),
    /// Where the source says things.
    pub(crate) hints: &'a Hints,
}

/// What an update does.
#[derive(Debug, Default)]
pub(crate) struct Update {
    /// The files that change, whole.
    pub(crate) files: Vec<(Utf8PathBuf, String)>,
    /// What is gone, and still in the source.
    pub(crate) gone: Vec<String>,
    /// What could not be done: by hand.
    pub(crate) by_hand: Vec<String>,
}

/// The edits that make the source say what was read. `folder` is where new files go.
pub(crate) fn update(
    context: &Context,
    sides: &Sides<'_>,
    names: &Names,
    folder: &camino::Utf8Path,
    prune: bool,
) -> Result<Update, Failure> {
    let mut files = Files::new(context, sides.hints, folder, names.clone());
    let mut update = Update::default();
    let (from, to) = (sides.from.0, sides.to.0);
    for (name, it) in &from.enums {
        files.learn_variants(name, it)?;
    }
    let changes = diff(from, to);
    let mut tables: BTreeMap<&QualifiedName, Vec<&Change<'_>>> = BTreeMap::new();
    for change in &changes.list {
        let placed = match change {
            Change::Table(name, Delta::Create(table)) => files.add_table(name, table),
            Change::Enum(name, Delta::Create(it)) => files.add_enum(name, it),
            Change::Domain(name, Delta::Create(it)) => files.add_domain(name, it),
            Change::Extension(name, Delta::Create(it)) => files.add_extension(name, it),
            Change::Schema(name, Delta::Create(it)) => {
                files.add_schema(name, it.comment.as_deref())
            }
            Change::Table(name, Delta::Drop(_)) => {
                let key = ObjectKey::Table((*name).clone());
                gone(&mut files, &mut update, &key, &change.to_string(), prune)
            }
            Change::Enum(name, Delta::Drop(_)) | Change::Domain(name, Delta::Drop(_)) => {
                let key = ObjectKey::Type((*name).clone());
                gone(&mut files, &mut update, &key, &change.to_string(), prune)
            }
            Change::Enum(name, Delta::Alter { from, to }) => {
                types::change_enum(&mut files, name, from, to)
            }
            Change::Domain(name, Delta::Alter { from, to }) => {
                types::change_domain(&mut files, name, from, to)
            }
            Change::Table(name, _)
            | Change::Column(name, ..)
            | Change::Constraint(name, ..)
            | Change::Index(name, ..) => {
                tables.entry(name).or_default().push(change);
                Ok(true)
            }
            // They come with defaults, and with statements.
            Change::Sequence(..) | Change::Object(..) => Ok(true),
            Change::Schema(..) | Change::Extension(..) | Change::Enum(..) | Change::Domain(..) => {
                Ok(false)
            }
        }?;
        if !placed {
            update.by_hand.push(change.to_string());
        }
    }
    for (name, changes) in tables {
        let (Some(from), Some(to)) = (from.tables.get(name), to.tables.get(name)) else {
            continue;
        };
        let sides = table::Sides {
            name,
            from,
            to,
            hints: sides.hints,
        };
        if !table::change(&mut files, &sides, &changes)? {
            let changes = changes.iter().map(ToString::to_string);
            update.by_hand.extend(changes);
        }
    }
    let kept: BTreeSet<&Leftover> = sides.from.1.iter().collect();
    let wanted: BTreeSet<&Leftover> = sides.to.1.iter().collect();
    let new = sides.to.1.iter().filter(|it| !kept.contains(it));
    let old = sides.from.1.iter().filter(|it| !wanted.contains(it));
    let left = files.statements(&old.collect::<Vec<_>>(), &new.collect::<Vec<_>>())?;
    update.by_hand.extend(left);
    update.files = files.finish();
    Ok(update)
}

/// Tells what is gone, or takes it away.
fn gone(
    files: &mut Files<'_>,
    update: &mut Update,
    key: &ObjectKey,
    what: &str,
    prune: bool,
) -> Result<bool, Failure> {
    if prune {
        return files.remove_item(key);
    }
    let place = files.place(key);
    let at = place.map_or_else(String::new, |place| {
        format!(" ({}:{})", place.file, place.line)
    });
    update.gone.push(format!("{what}{at}"));
    Ok(true)
}

/// The name of a struct, enum or field that a place is labelled with.
fn labelled(label: &str) -> &str {
    let item = label.split('`').nth(1).unwrap_or_default();
    item.rsplit("::").next().unwrap_or(item)
}

/// The parts of a table that stand in the source by a place of their own.
fn part_key(table: &QualifiedName, name: &Ident, is_index: bool) -> ObjectKey {
    let (table, name) = (table.clone(), name.clone());
    if is_index {
        ObjectKey::Index(table, name)
    } else {
        ObjectKey::Constraint(table, name)
    }
}
