//! A struct whose table has changed.

use camino::Utf8Path;
use schema_core::catalog::{Column, ConstraintKind, Table};
use schema_core::diff::{Change, Delta};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::schema::{Hints, ObjectKey};

use super::files::Files;
use super::source::{Item, Member};
use super::{labelled, merge, part_key};
use crate::failure::Failure;
use crate::structs::spell::{self, Folded, Names};

/// Both sides of a table.
pub(super) struct Sides<'a> {
    pub(super) name: &'a QualifiedName,
    pub(super) from: &'a Table,
    pub(super) to: &'a Table,
    pub(super) hints: &'a Hints,
}

/// Options of fields that change together, each with all options that an attribute has.
type Options = Vec<(Ident, Vec<String>)>;

/// Edits the struct; false where it is not found.
pub(super) fn change(
    files: &mut Files<'_>,
    sides: &Sides<'_>,
    changes: &[&Change<'_>],
) -> Result<bool, Failure> {
    let key = ObjectKey::Table(sides.name.clone());
    let Some((path, item)) = files.item(&key)? else {
        return Ok(false);
    };
    let names = files.names(&path);
    let mut fields = Options::new();
    for change in changes {
        match change {
            Change::Constraint(_, name, delta) => {
                let drops = !matches!(delta, Delta::Create(_));
                let creates = !matches!(delta, Delta::Drop(_));
                part(
                    files,
                    &path,
                    &item,
                    sides,
                    (name, false),
                    (drops, creates),
                    &names,
                    &mut fields,
                )?;
            }
            Change::Index(_, name, delta) => {
                let drops = !matches!(delta, Delta::Create(_));
                let creates = !matches!(delta, Delta::Drop(_));
                part(
                    files,
                    &path,
                    &item,
                    sides,
                    (name, true),
                    (drops, creates),
                    &names,
                    &mut fields,
                )?;
            }
            _ => {}
        }
    }
    columns(files, &path, &item, sides, &names, fields)?;
    let mut options: [Vec<String>; 2] =
        [sides.from, sides.to].map(|table| spell::table_options(sides.name, table, None, &names));
    for options in &mut options {
        options.retain(|it| !it.starts_with("name =") && !it.starts_with("schema ="));
    }
    let source = files.source(&path)?;
    let there: Vec<_> = item.attributes_of("table").collect();
    let own: Vec<String> = there.iter().flat_map(|it| it.options.clone()).collect();
    if let Some(merged) = merge::options(&own, &options[0], &options[1]) {
        merge::write(source, "table", &there, item.bare, "", &merged);
    }
    if sides.from.comment != sides.to.comment {
        let comment = sides.to.comment.as_deref();
        merge::docs(source, &item.attributes, item.range.start, "", comment);
    }
    Ok(true)
}

/// A constraint or an index that goes, comes, or does both.
#[expect(clippy::too_many_arguments, reason = "one place, called twice")]
fn part(
    files: &mut Files<'_>,
    path: &Utf8Path,
    item: &Item,
    sides: &Sides<'_>,
    (name, is_index): (&Ident, bool),
    (drops, creates): (bool, bool),
    names: &Names,
    fields: &mut Options,
) -> Result<(), Failure> {
    let key = part_key(sides.name, name, is_index);
    let line = sides.hints.sources.get(&key).map_or(0, |place| place.line);
    if drops {
        let attribute = item
            .attributes
            .iter()
            .find(|it| it.has_line(line) && it.word != "table");
        if let Some(attribute) = attribute {
            files.source(path)?.remove(attribute.range.clone());
        } else if let Some(member) = item.member_at(line) {
            let words = words_of(sides.from, name, is_index);
            let options = options_of(fields, sides, item, member);
            if let Some(options) = options {
                options.retain(|it| !words.contains(&spell::key_of(it)));
            }
        }
    }
    if creates {
        let folded = Folded::of(sides.name, sides.to, names);
        let column = folded.column_of(name).cloned();
        let free = column.as_ref().and_then(|column| {
            let member = member_of(item, sides, column)?;
            let new = folded.options_of(name);
            let options = options_of(fields, sides, item, member)?;
            let taken = options.iter().any(|it| {
                new.iter()
                    .any(|new| spell::key_of(new) == spell::key_of(it))
            });
            (!taken).then(|| options.extend(new.iter().cloned()))
        });
        let is_new = column.is_some_and(|column| sides.from.column(column.as_str()).is_none());
        if free.is_none() && !is_new {
            let lines = if is_index {
                let index = sides.to.indexes.get(name);
                index.map(|it| spell::index(sides.name, name, it, names))
            } else {
                let constraint = sides.to.constraints.get(name);
                constraint.map(|it| spell::constraint(sides.name, name, it, names))
            };
            files
                .source(path)?
                .insert_before(item.bare, &lines.unwrap_or_default());
        }
    }
    Ok(())
}

/// The words of options that say a part on a field.
fn words_of(table: &Table, name: &Ident, is_index: bool) -> &'static [&'static str] {
    if is_index {
        return &["index"];
    }
    match table.constraints.get(name).map(|it| &it.kind) {
        Some(ConstraintKind::PrimaryKey(_)) => &["primary_key"],
        Some(ConstraintKind::Unique(_)) => &["unique"],
        Some(ConstraintKind::ForeignKey(_)) => &[
            "references",
            "on_delete",
            "on_update",
            "match_full",
            "deferrable",
            "not_valid",
        ],
        Some(ConstraintKind::Check(_)) => &["check"],
        Some(ConstraintKind::Exclusion(_)) | None => &[],
    }
}

/// The field of a column.
fn member_of<'i>(item: &'i Item, sides: &Sides<'_>, column: &Ident) -> Option<&'i Member> {
    let key = ObjectKey::Column(sides.name.clone(), column.clone());
    let place = sides.hints.sources.get(&key)?;
    let field = labelled(&place.label);
    item.member(field)
        .or_else(|| item.member(&format!("r#{field}")))
}

/// The options of a field, which change.
fn options_of<'f>(
    fields: &'f mut Options,
    sides: &Sides<'_>,
    item: &Item,
    member: &Member,
) -> Option<&'f mut Vec<String>> {
    let mut columns = sides.from.columns.iter();
    let column = columns.find(|column| {
        member_of(item, sides, &column.name).is_some_and(|it| it.range == member.range)
    })?;
    let at = fields.iter().position(|(name, _)| *name == column.name);
    let at = at.unwrap_or_else(|| {
        fields.push((column.name.clone(), merge::column_options(member)));
        fields.len() - 1
    });
    Some(&mut fields[at].1)
}

fn columns(
    files: &mut Files<'_>,
    path: &Utf8Path,
    item: &Item,
    sides: &Sides<'_>,
    names: &Names,
    mut fields: Options,
) -> Result<(), Failure> {
    let folded = Folded::of(sides.name, sides.to, names);
    let mut previous: Option<&Member> = None;
    let mut new: Vec<&Column> = Vec::new();
    // Several new ones after one field are put there together.
    let mut pending: Vec<String> = Vec::new();
    for column in &sides.to.columns {
        let Some(from) = sides.from.column(column.name.as_str()) else {
            pending.extend(spell::commented(column.comment.as_deref(), "    "));
            let options = folded.of_column(&column.name);
            pending.extend(spell::field(sides.name, column, options, None, names));
            new.push(column);
            continue;
        };
        flush(files, path, item, previous, &mut pending)?;
        let Some(member) = member_of(item, sides, &column.name) else {
            continue;
        };
        previous = Some(member);
        let own = fields.iter().position(|(name, _)| *name == column.name);
        let parts = own.map(|at| fields.swap_remove(at).1);
        field(
            files,
            path,
            sides.name,
            (from, column),
            member,
            parts,
            names,
        )?;
    }
    flush(files, path, item, previous, &mut pending)?;
    for column in &sides.from.columns {
        if sides.to.column(column.name.as_str()).is_none()
            && let Some(member) = member_of(item, sides, &column.name)
        {
            files.source(path)?.remove(member.range.clone());
        }
    }
    files.import(path, &new)
}

fn flush(
    files: &mut Files<'_>,
    path: &Utf8Path,
    item: &Item,
    previous: Option<&Member>,
    pending: &mut Vec<String>,
) -> Result<(), Failure> {
    if pending.is_empty() {
        return Ok(());
    }
    let lines = std::mem::take(pending);
    files.source(path)?.insert_members(item, previous, &lines);
    Ok(())
}

/// A field that stays: its options, its type, its comment.
fn field(
    files: &mut Files<'_>,
    path: &Utf8Path,
    table: &QualifiedName,
    (from, to): (&Column, &Column),
    member: &Member,
    parts: Option<Vec<String>>,
    names: &Names,
) -> Result<(), Failure> {
    let [before, after] = [from, to].map(|column| spell::column_options(table, column, names));
    let own = parts
        .clone()
        .unwrap_or_else(|| merge::column_options(member));
    let merged = merge::options(&own, &before, &after).or(parts);
    let indent = {
        let source = files.source(path)?;
        let start = source.text[..member.bare]
            .rfind('\n')
            .map_or(0, |it| it + 1);
        let indent = &source.text[start..member.bare];
        if indent.trim().is_empty() {
            indent.to_owned()
        } else {
            "    ".to_owned()
        }
    };
    let source = files.source(path)?;
    if let Some(options) = merged {
        let there: Vec<_> = member
            .attributes
            .iter()
            .filter(|it| it.word == "column")
            .collect();
        merge::write(source, "column", &there, member.bare, &indent, &options);
    }
    let types = [from, to].map(|column| spell::field_type(column, names));
    if let Some(ty) = &member.ty
        && let Some(text) = merge::field_type(&source.text[ty.clone()], &types[0], &types[1])
    {
        source.replace(ty.clone(), text);
        files.import(path, &[to])?;
    }
    let source = files.source(path)?;
    if from.comment != to.comment {
        merge::docs(
            source,
            &member.attributes,
            member.range.start,
            &indent,
            to.comment.as_deref(),
        );
    }
    Ok(())
}
