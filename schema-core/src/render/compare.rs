//! Two states of the same named things, side by side.

use std::collections::BTreeMap;

/// What a branch does with something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing, or there is nothing to compare with.
    #[default]
    Same,
    /// Makes it.
    Added,
    /// Drops it.
    Removed,
    /// Changes it.
    Changed,
}

impl Mark {
    /// Whether nothing is done with it.
    pub fn is_same(&self) -> bool {
        *self == Self::Same
    }

    /// The sign that says it without colour.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Added => "+",
            Self::Removed => "\u{2212}",
            Self::Changed => "~",
        }
    }

    /// The word for it, which is its class in the pictures too.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One thing on one side or on both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a, V> {
    /// As it is; where it is removed, as it was.
    pub(super) is: &'a V,
    /// As it was, where it is changed.
    pub(super) was: Option<&'a V>,
    /// What is done with it.
    pub(super) mark: Mark,
}

/// The things of both sides by name; all the same where there is nothing to compare with.
pub(super) fn pairs<'a, K: Ord, V>(
    after: &'a BTreeMap<K, V>,
    before: Option<&'a BTreeMap<K, V>>,
    same: impl Fn(&V, &V) -> bool,
) -> BTreeMap<&'a K, Pair<'a, V>> {
    let mut pairs = BTreeMap::new();
    for (name, is) in after {
        let was = before.map(|before| before.get(name));
        let (was, mark) = match was {
            None => (None, Mark::Same),
            Some(None) => (None, Mark::Added),
            Some(Some(was)) if same(was, is) => (None, Mark::Same),
            Some(Some(was)) => (Some(was), Mark::Changed),
        };
        pairs.insert(name, Pair { is, was, mark });
    }
    let gone = before.into_iter().flatten();
    for (name, is) in gone.filter(|(name, _)| !after.contains_key(name)) {
        let (was, mark) = (None, Mark::Removed);
        pairs.insert(name, Pair { is, was, mark });
    }
    pairs
}
