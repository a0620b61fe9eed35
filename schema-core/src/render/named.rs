//! Enums and domains, and what becomes of their labels and checks.

use super::compare::{Mark, pairs};
use super::{NamedType, detail};
use crate::catalog::Catalog;

/// The enums and domains of both catalogs, by name.
pub(super) fn types_of(catalog: &Catalog, before: Option<&Catalog>) -> Vec<NamedType> {
    let mut types = Vec::new();
    for (name, pair) in pairs(&catalog.enums, before.map(|it| &it.enums), PartialEq::eq) {
        let was = pair.was.map_or(&pair.is.labels, |it| &it.labels);
        let added = |label: &String| {
            if was.contains(label) {
                Mark::Same
            } else {
                Mark::Added
            }
        };
        let is = pair.is.labels.iter().map(|it| (it.clone(), added(it)));
        let gone = was.iter().filter(|it| !pair.is.labels.contains(it));
        types.push(NamedType {
            name: name.clone(),
            kind: "enum",
            parts: is
                .chain(gone.map(|it| (it.clone(), Mark::Removed)))
                .collect(),
            comment: pair.is.comment.clone(),
            mark: pair.mark,
        });
    }
    for (name, pair) in pairs(
        &catalog.domains,
        before.map(|it| &it.domains),
        PartialEq::eq,
    ) {
        let mut parts: Vec<(String, Mark)> = Vec::new();
        let is = detail::domain(pair.is);
        let was = pair.was.map_or_else(|| is.clone(), detail::domain);
        parts.extend(is.iter().map(|it| {
            let is_new = !was.contains(it);
            (it.clone(), if is_new { Mark::Added } else { Mark::Same })
        }));
        let gone = was.iter().filter(|it| !is.contains(it));
        parts.extend(gone.map(|it| (it.clone(), Mark::Removed)));
        types.push(NamedType {
            name: name.clone(),
            kind: "domain",
            parts,
            comment: pair.is.comment.clone(),
            mark: pair.mark,
        });
    }
    types.sort_by(|one, other| one.name.cmp(&other.name));
    types
}
