//! Indexes.

use std::collections::BTreeSet;

use schema_core::catalog::{Index, IndexElement, IndexKey, Parameters};
use schema_core::ident::{Ident, QualifiedName};

use super::Builder;
use super::columns::COLLATIONS;
use super::constraints::element;
use super::types::{Family, Type};

type Method = (
    Family,
    &'static str,
    Option<&'static str>,
    Option<(&'static str, &'static str)>,
);

/// Methods other than `btree`, each with operator class and storage parameter, for a family.
const METHODS: &[Method] = &[
    (Family::Integer, "hash", None, Some(("fillfactor", "60"))),
    (
        Family::Integer,
        "brin",
        None,
        Some(("pages_per_range", "64")),
    ),
    (Family::Text, "hash", None, None),
    (Family::Text, "spgist", None, None),
    (Family::Text, "btree", Some("text_pattern_ops"), None),
    (
        Family::Text,
        "brin",
        Some("text_bloom_ops (false_positive_rate='0.05')"),
        None,
    ),
    (Family::Time, "brin", None, Some(("autosummarize", "true"))),
    (Family::Range, "gist", None, Some(("fillfactor", "90"))),
    (Family::Range, "spgist", None, None),
    (Family::Json, "gin", None, Some(("fastupdate", "off"))),
    (Family::Json, "gin", Some("jsonb_path_ops"), None),
    (Family::Vector, "gin", None, None),
    (
        Family::Vector,
        "gist",
        Some("tsvector_ops (siglen='64')"),
        None,
    ),
    (Family::Point, "gist", None, Some(("buffering", "off"))),
    (Family::Point, "spgist", Some("kd_point_ops"), None),
    (Family::Net, "gist", Some("inet_ops"), None),
    (Family::Net, "spgist", None, None),
    (Family::Array, "gin", None, None),
    (Family::Enum, "hash", None, None),
];

impl Builder {
    pub(super) fn add_index(&mut self, table: &QualifiedName) {
        let columns = self.columns(table, |_, found| found.family != Family::Opaque);
        let Some((column, found)) = self.choices.any_of(columns) else {
            return;
        };
        let is_special = self.choices.sometimes(40) || !found.has_equality();
        let special = METHODS
            .iter()
            .filter(|(family, ..)| *family == found.family);
        let special = self.choices.any_of(special.filter(|_| is_special));
        let mut index = match special {
            Some(&(_, method, opclass, parameter)) => {
                let mut only = element(IndexKey::Column(column.clone()));
                only.opclass = opclass.map(str::to_owned);
                let parameter = parameter.map(|(name, value)| (name.to_owned(), value.to_owned()));
                let mut index = plain(method, vec![only]);
                index.storage_parameters = parameter.into_iter().collect();
                index.columns = vec![column.clone()];
                index
            }
            None if !found.has_equality() => return,
            None => self.btree(table),
        };
        if self.choices.sometimes(25) {
            index.predicate = Some(self.predicate(&column, &found));
            index.columns.push(column);
        }
        index.columns = BTreeSet::from_iter(index.columns).into_iter().collect();
        index.comment = self.comment();
        let name = self.fresh_name();
        self.table(table).indexes.insert(name, index);
    }

    fn btree(&mut self, table: &QualifiedName) -> Index {
        let columns = self.columns(table, |_, found| found.has_equality());
        let keys = self.choices.some_of(&columns, 3);
        let elements = keys.iter();
        let elements = elements
            .map(|(name, found)| self.btree_element(name, found))
            .collect();
        let mut index = plain("btree", elements);
        index.columns = keys.into_iter().map(|(name, _)| name).collect();
        index.include = self.include(table, &index.columns.clone());
        index.columns.extend(index.include.clone());
        index.unique = self.choices.sometimes(25);
        index.nulls_not_distinct = index.unique && self.major >= 15 && self.choices.sometimes(20);
        if self.choices.sometimes(10) {
            let parameter = ("deduplicate_items".to_owned(), "off".to_owned());
            index.storage_parameters = Parameters::from([parameter]);
        }
        index
    }

    fn btree_element(&mut self, name: &Ident, found: &Type) -> IndexElement {
        let expression = match found.family {
            Family::Integer => Some(format!("{name} % 10")),
            Family::Numeric => Some(format!("abs({name})")),
            Family::Text => Some(format!("lower({name})")),
            _ => None,
        };
        let expression = expression.filter(|_| self.choices.sometimes(20));
        let mut made = element(match expression {
            Some(expression) => IndexKey::Expression(expression),
            None => IndexKey::Column(name.clone()),
        });
        if found.family == Family::Text && self.choices.sometimes(20) {
            made.collation = Some(self.choices.one_of(COLLATIONS).to_owned());
        }
        made.descending = self.choices.sometimes(25);
        made.nulls_first = made.descending != self.choices.sometimes(20);
        made
    }
}

fn plain(method: &str, elements: Vec<IndexElement>) -> Index {
    Index {
        method: method.into(),
        ..Index::new(elements)
    }
}
