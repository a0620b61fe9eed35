//! One rename or change as lines: what the migrations say, and what the struct says.

use schema_core::catalog::{Catalog, Column, Domain, Enum, Object, ObjectId, ObjectKind, Table};
use schema_core::diff::{Change, Delta, Rename};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::schema::{DeclaredRow, Hints, ObjectKey};

use super::source::{Lines, Source};
use super::spell::{self, Names};

/// Lines that take each other's place.
#[derive(Debug, Default)]
pub(super) struct Hunk {
    /// What the migrations say, spelled as Rust.
    pub(super) removed: Vec<String>,
    /// What the source says, with the numbers of its lines.
    pub(super) added: Vec<(u32, String)>,
}

/// What lines are made from.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    /// What the migrations make.
    pub(super) current: &'a Catalog,
    /// What the structs describe.
    pub(super) desired: &'a Catalog,
    /// Where things stand.
    pub(super) hints: &'a Hints,
    /// How things are called in Rust.
    pub(super) names: &'a Names,
    /// The file that the struct is in.
    pub(super) source: &'a Source,
}

impl Sides<'_> {
    /// The lines of what a key names; none where the source has no such thing, as the old column
    /// that a shim keeps.
    fn part(&self, key: &ObjectKey) -> Vec<(u32, String)> {
        let place = self.hints.sources.get(key);
        let part = place.map(|place| self.source.part(place.line));
        part.map_or_else(Vec::new, |lines| self.texts([lines]))
    }

    /// All of the item that a key names.
    fn whole(&self, key: &ObjectKey) -> Vec<(u32, String)> {
        let Some(line) = self.line(key) else {
            return Vec::new();
        };
        match self.source.item(line) {
            Some(item) => self.texts([item.whole.clone()]),
            None => self.part(key),
        }
    }

    /// The attributes of the item that a key names.
    fn attributes(&self, key: &ObjectKey, wanted: &str) -> Vec<(u32, String)> {
        let item = self.line(key).and_then(|line| self.source.item(line));
        let Some(item) = item else {
            return self.part(key);
        };
        let attributes = item.attributes.iter().map(|it| self.texts([it.clone()]));
        let wanted = |it: &Vec<(u32, String)>| it.iter().any(|(_, text)| text.contains(wanted));
        let found: Vec<_> = attributes.filter(wanted).flatten().collect();
        if found.is_empty() {
            self.part(key)
        } else {
            found
        }
    }

    /// The doc comments of the item that a key names.
    fn docs(&self, key: &ObjectKey) -> Vec<(u32, String)> {
        let item = self.line(key).and_then(|line| self.source.item(line));
        item.map_or_else(Vec::new, |item| self.texts(item.docs.iter().cloned()))
    }

    /// The line on which a row is declared.
    pub(super) fn declaration(&self, row: &DeclaredRow) -> Vec<(u32, String)> {
        let line = row.place.line as usize;
        let mut lines = self.texts([line..=line]);
        // `rows!` may be in another file than the struct.
        lines.retain(|(_, text)| text.contains('{'));
        lines
    }

    fn line(&self, key: &ObjectKey) -> Option<u32> {
        self.hints.place(key).map(|place| place.line)
    }

    fn texts(&self, lines: impl IntoIterator<Item = Lines>) -> Vec<(u32, String)> {
        let texts = lines.into_iter().flat_map(|lines| {
            let texts: Vec<_> = self.source.texts(&lines).collect();
            texts
        });
        texts.collect()
    }
}

/// A comment that was there.
fn docs(comment: Option<&str>, indent: &str) -> Vec<String> {
    let lines = |comment: &str| {
        let escaped = || vec![format!("{indent}comment = {},", spell::string(comment))];
        spell::docs(comment, indent).unwrap_or_else(escaped)
    };
    comment.map_or_else(Vec::new, lines)
}

/// A rename that the source says: the old name goes, the new one comes.
pub(super) fn of_rename(rename: &Rename, sides: &Sides<'_>) -> Hunk {
    let names = sides.names;
    match rename {
        Rename::Table { from, to } => {
            let old = sides.current.tables.get(from);
            let key = ObjectKey::Table(to.clone());
            Hunk {
                removed: old
                    .map(|old| spell::table_attribute(from, old, names))
                    .unwrap_or_default(),
                added: sides.attributes(&key, "table"),
            }
        }
        Rename::Type { from, to, .. } => Hunk {
            removed: vec![format!("#[pg(name = {:?})]", from.name.as_str())],
            added: sides.attributes(&ObjectKey::Type(to.clone()), "pg("),
        },
        Rename::Label { r#enum, from, to } => Hunk {
            removed: spell::variant(r#enum, from, false, names),
            added: variants(r#enum, sides, |label| label == to),
        },
        Rename::Column { table, from, to } => {
            let old = before(table, sides).and_then(|table| table.column(from.as_str()));
            let key = ObjectKey::Column(table.clone(), to.clone());
            Hunk {
                removed: old
                    .map_or_else(Vec::new, |old| spell::field(table, old, &[], None, names)),
                added: sides.part(&key),
            }
        }
        Rename::Constraint { table, from, to } => {
            let old = before(table, sides).and_then(|it| it.constraints.get(from));
            let spelled = old.map(|old| spell::constraint(table, from, old, names));
            let key = ObjectKey::Constraint(table.clone(), to.clone());
            Hunk {
                removed: spelled.unwrap_or_default(),
                added: sides.part(&key),
            }
        }
        Rename::Index { table, from, to } => {
            let old = before(table, sides).and_then(|it| it.indexes.get(from));
            let spelled = old.map(|old| spell::index(table, from, old, names));
            let key = ObjectKey::Index(table.clone(), to.clone());
            Hunk {
                removed: spelled.unwrap_or_default(),
                added: sides.part(&key),
            }
        }
    }
}

/// The table as the migrations make it, by its new name or by the one that it had.
fn before<'a>(table: &QualifiedName, sides: &Sides<'a>) -> Option<&'a Table> {
    let old = sides.hints.renames.tables.get(table);
    let tables = &sides.current.tables;
    tables.get(table).or_else(|| tables.get(old?))
}

/// A change.
pub(super) fn of_change(change: &Change<'_>, sides: &Sides<'_>) -> Hunk {
    let names = sides.names;
    match *change {
        Change::Schema(name, delta) => {
            let made = |_: &_| vec![format!("pg_schema!(pub {name});")];
            let key = ObjectKey::Schema(name.clone());
            of_delta(delta, made, || sides.part(&key))
        }
        Change::Extension(name, delta) => {
            let made = |_: &_| vec![format!("extension!({name});")];
            let key = ObjectKey::Extension(name.clone());
            of_delta(delta, made, || sides.part(&key))
        }
        Change::Sequence(..) => Hunk::default(),
        Change::Enum(name, delta) => of_enum(name, delta, sides),
        Change::Domain(name, delta) => of_domain(name, delta, sides),
        Change::Table(name, delta) => of_table(name, delta, sides),
        Change::Column(table, name, delta) => of_column(table, name, delta, sides),
        Change::Constraint(table, name, delta) => {
            let old = match delta {
                Delta::Rename { name, .. } => name,
                _ => name,
            };
            let made = |it: &_| spell::constraint(table, old, it, names);
            let key = ObjectKey::Constraint(table.clone(), name.clone());
            of_delta(delta, made, || sides.part(&key))
        }
        Change::Index(table, name, delta) => {
            let old = match delta {
                Delta::Rename { name, .. } => name,
                _ => name,
            };
            let made = |it: &_| spell::index(table, old, it, names);
            let key = ObjectKey::Index(table.clone(), name.clone());
            of_delta(delta, made, || sides.part(&key))
        }
        Change::Object(id, delta) => of_object(id, delta, sides),
    }
}

/// An object has no lines of its own but those of the struct that it is.
fn of_object(id: &ObjectId, delta: Delta<'_, Object>, sides: &Sides<'_>) -> Hunk {
    let made = |it: &Object| it.definition.lines().map(str::to_owned).collect();
    let key = match (id.kind, id.qualified()) {
        (ObjectKind::View | ObjectKind::MaterializedView, Some(name)) => ObjectKey::Table(name),
        (ObjectKind::CompositeType, Some(name)) => ObjectKey::Type(name),
        _ => return Hunk::default(),
    };
    of_delta(delta, made, || sides.whole(&key))
}

/// What goes is made, what comes is read.
fn of_delta<T, N>(
    delta: Delta<'_, T, N>,
    made: impl Fn(&T) -> Vec<String>,
    read: impl Fn() -> Vec<(u32, String)>,
) -> Hunk {
    Hunk {
        removed: delta.from().map_or_else(Vec::new, made),
        added: delta.to().map_or_else(Vec::new, |_| read()),
    }
}

fn of_column(
    table: &QualifiedName,
    name: &Ident,
    delta: Delta<'_, Column>,
    sides: &Sides<'_>,
) -> Hunk {
    let key = ObjectKey::Column(table.clone(), name.clone());
    let made = |it: &Column| spell::field(table, it, &[], None, sides.names);
    let Delta::Alter { from, to } = delta else {
        return of_delta(delta, made, || sides.part(&key));
    };
    let mut hunk = Hunk::default();
    if !sides.hints.sources.contains_key(&key) {
        return hunk;
    }
    if from.comment != to.comment {
        let old = from.comment.as_deref();
        hunk.removed = docs(old, "    ");
        let line = sides.hints.place(&key).map(|place| place.line);
        let member = line.and_then(|line| sides.source.member(line));
        let docs = member.map(|member| member.docs.clone());
        hunk.added = sides.texts(docs.unwrap_or_default());
    }
    let same = Column {
        comment: to.comment.clone(),
        ..from.clone()
    };
    if same != *to || hunk.added.is_empty() {
        hunk.removed.extend(made(from));
        hunk.added.extend(sides.part(&key));
    }
    hunk
}

fn of_table(name: &QualifiedName, delta: Delta<'_, Table>, sides: &Sides<'_>) -> Hunk {
    let key = ObjectKey::Table(name.clone());
    let Delta::Alter { from, to } = delta else {
        let made = |it: &Table| spell::table(name, it, sides.names);
        return of_delta(delta, made, || sides.whole(&key));
    };
    let mut hunk = if from.comment == to.comment {
        Hunk::default()
    } else {
        of_docs(from.comment.as_deref(), &key, sides)
    };
    let attribute = |it: &Table| spell::table_attribute(name, it, sides.names);
    if attribute(from) != attribute(to) {
        hunk.removed.extend(attribute(from));
        hunk.added.extend(sides.attributes(&key, "table"));
    }
    hunk
}

fn of_enum(name: &QualifiedName, delta: Delta<'_, Enum>, sides: &Sides<'_>) -> Hunk {
    let key = ObjectKey::Type(name.clone());
    let Delta::Alter { from, to } = delta else {
        let made = |it: &Enum| spell::r#enum(name, it, sides.names);
        return of_delta(delta, made, || sides.whole(&key));
    };
    let mut hunk = if from.comment == to.comment {
        Hunk::default()
    } else {
        of_docs(from.comment.as_deref(), &key, sides)
    };
    let gone = |label: &&String| !to.labels.contains(label);
    let come = |label: &String| !from.labels.contains(label);
    let mut kept = from.labels.iter().filter(|label| !gone(label));
    let is_reordered = !to.labels.iter().filter(|it| !come(it)).eq(kept.by_ref());
    let removed = from
        .labels
        .iter()
        .filter(|label| is_reordered || gone(label));
    hunk.removed
        .extend(removed.flat_map(|label| spell::variant(name, label, false, sides.names)));
    hunk.added
        .extend(variants(name, sides, |label| is_reordered || come(label)));
    hunk
}

/// The lines of the variants of some labels, which are in the order of the variants.
fn variants(
    name: &QualifiedName,
    sides: &Sides<'_>,
    wanted: impl Fn(&String) -> bool,
) -> Vec<(u32, String)> {
    let key = ObjectKey::Type(name.clone());
    let labels = sides.desired.enums.get(name);
    let labels = labels.map_or(&[][..], |it| it.labels.as_slice());
    let item = sides.line(&key).and_then(|line| sides.source.item(line));
    let Some(item) = item.filter(|item| item.members.len() == labels.len()) else {
        return sides.part(&key);
    };
    let variants = labels.iter().zip(&item.members);
    let variants = variants.filter(|(label, _)| wanted(label));
    let mut lines = sides.texts(variants.map(|(_, member)| member.lines.clone()));
    // All of an enum may be on one line.
    lines.dedup();
    lines
}

/// The doc comment of an item, which was another one.
fn of_docs(old: Option<&str>, key: &ObjectKey, sides: &Sides<'_>) -> Hunk {
    Hunk {
        removed: docs(old, ""),
        added: sides.docs(key),
    }
}

fn of_domain(name: &QualifiedName, delta: Delta<'_, Domain>, sides: &Sides<'_>) -> Hunk {
    let key = ObjectKey::Type(name.clone());
    let Delta::Alter { from, to } = delta else {
        let made = |it: &Domain| spell::domain(name, it, sides.names);
        return of_delta(delta, made, || sides.whole(&key));
    };
    let same = Domain {
        comment: to.comment.clone(),
        ..from.clone()
    };
    if same == *to {
        return of_docs(from.comment.as_deref(), &key, sides);
    }
    Hunk {
        removed: spell::domain_attribute(name, from, sides.names),
        added: sides.attributes(&key, "pg("),
    }
}
