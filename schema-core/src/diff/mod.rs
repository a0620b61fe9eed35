//! Two catalogs to the changes between them.

mod candidates;
mod change;
mod rename;
mod table;

pub use candidates::{RenameCandidate, rename_candidates};
pub use change::{Change, Delta};
pub use rename::{Rename, renames_to_apply};

pub use crate::schema::Renames;

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Sequence, Table};
use crate::ident::QualifiedName;

/// Everything that two catalogs differ in.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// What is.
    pub from: &'a Catalog,
    /// What is to be.
    pub to: &'a Catalog,
    /// The differences, by kind and name.
    pub list: Vec<Change<'a>>,
}

impl Changes<'_> {
    /// True where the two do not differ.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The changes that turn `from` into `to`.
///
/// Objects are matched by name. An index, constraint or owned sequence that only differs in its
/// name is renamed; nothing else ever is. The order of columns is no difference, and what the
/// catalogs do not model is left alone.
///
/// ```
/// use schema_core::{catalog::Catalog, diff::diff, ident::Ident};
/// let mut wanted = Catalog::default();
/// wanted.schemas.insert(Ident::new("billing"), Default::default());
/// let from = Catalog::default();
/// let changes = diff(&from, &wanted);
/// assert_eq!(changes.list[0].to_string(), "create schema billing");
/// assert!(diff(&wanted, &wanted).is_empty());
/// ```
pub fn diff<'a>(from: &'a Catalog, to: &'a Catalog) -> Changes<'a> {
    let mut list = Vec::new();
    let schemas = deltas(&from.schemas, &to.schemas);
    list.extend(schemas.map(|(name, delta)| Change::Schema(name, delta)));
    let extensions = deltas(&from.extensions, &to.extensions).filter(|(_, delta)| {
        // A schema that is left open agrees with every one.
        !matches!(delta, Delta::Alter { from, to } if from.schema.is_none() || to.schema.is_none())
    });
    list.extend(extensions.map(|(name, delta)| Change::Extension(name, delta)));
    let enums = deltas(&from.enums, &to.enums);
    list.extend(enums.map(|(name, delta)| Change::Enum(name, delta)));
    let domains = deltas(&from.domains, &to.domains);
    list.extend(domains.map(|(name, delta)| Change::Domain(name, delta)));
    let sequences = sequence_deltas(from, to);
    list.extend(
        sequences
            .iter()
            .map(|(name, delta)| Change::Sequence(name, *delta)),
    );
    for (name, delta) in deltas(&from.tables, &to.tables) {
        match delta {
            Delta::Alter { from, to } => table::diff(name, from, to, &sequences, &mut list),
            whole => list.push(Change::Table(name, whole)),
        }
    }
    let objects = deltas(&from.objects, &to.objects)
        .filter(|(_, delta)| !matches!(delta, Delta::Alter { from, to } if !from.differs(to)));
    list.extend(objects.map(|(id, delta)| Change::Object(id, delta)));
    Changes { from, to, list }
}

/// The changes between two states of a table.
pub(crate) fn table_changes<'a>(
    name: &'a QualifiedName,
    from: &'a Table,
    to: &'a Table,
) -> Vec<Change<'a>> {
    let mut list = Vec::new();
    if from != to {
        table::diff(name, from, to, &[], &mut list);
    }
    list
}

/// The differences between two maps, by name.
fn deltas<'a, K: Ord, T: PartialEq, N: 'a>(
    from: &'a BTreeMap<K, T>,
    to: &'a BTreeMap<K, T>,
) -> impl Iterator<Item = (&'a K, Delta<'a, T, N>)> {
    let dropped = from.iter().filter(|(name, _)| !to.contains_key(name));
    let dropped = dropped.map(|(name, object)| (name, Delta::Drop(object)));
    let wanted = to.iter().filter_map(|(name, to)| match from.get(name) {
        None => Some((name, Delta::Create(to))),
        Some(from) if from != to => Some((name, Delta::Alter { from, to })),
        Some(_) => None,
    });
    dropped.chain(wanted)
}

type SequenceDelta<'a> = (&'a QualifiedName, Delta<'a, Sequence, QualifiedName>);

/// As [`deltas`], with a rename for the sequence of a column that got another name.
fn sequence_deltas<'a>(from: &'a Catalog, to: &'a Catalog) -> Vec<SequenceDelta<'a>> {
    let all: Vec<SequenceDelta<'a>> = deltas(&from.sequences, &to.sequences).collect();
    let pairs = pair_renamed(&all, |old, new| {
        old.owned_by.is_some()
            && *old
                == Sequence {
                    comment: old.comment.clone(),
                    ..new.clone()
                }
    });
    rename_pairs(&all, &pairs)
}

/// The dropped and created objects that are the same, by place in `all`: each new one with the
/// first old one that is still free.
fn pair_renamed<K, T, N>(
    all: &[(&K, Delta<'_, T, N>)],
    same: impl Fn(&T, &T) -> bool,
) -> BTreeMap<usize, usize> {
    let mut pairs = BTreeMap::new();
    for (place, (_, delta)) in all.iter().enumerate() {
        let Delta::Create(new) = delta else { continue };
        let old = all.iter().enumerate().position(|(place, (_, delta))| {
            matches!(delta, Delta::Drop(old) if same(old, new))
                && !pairs.values().any(|taken| *taken == place)
        });
        pairs.extend(old.map(|old| (place, old)));
    }
    pairs
}

/// Puts a rename in place of each pair.
fn rename_pairs<'a, N, T>(
    all: &[(&'a N, Delta<'a, T, N>)],
    pairs: &BTreeMap<usize, usize>,
) -> Vec<(&'a N, Delta<'a, T, N>)> {
    let renamed = all.iter().enumerate().map(|(place, (name, delta))| {
        match (pairs.get(&place).map(|old| &all[*old]), delta) {
            (Some((old_name, Delta::Drop(from))), Delta::Create(to)) => {
                let (name_so_far, from, to) = (*old_name, *from, *to);
                (
                    *name,
                    Delta::Rename {
                        name: name_so_far,
                        from,
                        to,
                    },
                )
            }
            _ => (*name, *delta),
        }
    });
    renamed
        .enumerate()
        .filter(|(place, _)| !pairs.values().any(|old| old == place))
        .map(|(_, delta)| delta)
        .collect()
}
