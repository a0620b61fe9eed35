//! Where two catalogs differ, for people to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value, json};

use super::{Catalog, Table};

/// A place where two catalogs differ.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The object: `table public.users`.
    pub object: String,
    /// What of it: `column email: data type`; empty where one side has no such object.
    pub property: String,
    /// What one catalog says.
    pub left: String,
    /// What the other says.
    pub right: String,
}

/// `table public.users: column email: data type: text vs character varying`.
impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            object,
            property,
            left,
            right,
        } = self;
        if property.is_empty() {
            write!(formatter, "{object}: {left} vs {right}")
        } else {
            write!(formatter, "{object}: {property}: {left} vs {right}")
        }
    }
}

impl Catalog {
    /// Whether both hold the same, whatever the order of columns in a table.
    pub fn same_as(&self, other: &Self) -> bool {
        self.distance(other) == 0
    }

    /// In how many objects the two differ, whatever the order of columns in a table.
    pub fn distance(&self, other: &Self) -> usize {
        differing(&self.schemas, &other.schemas, PartialEq::eq)
            + differing(&self.extensions, &other.extensions, PartialEq::eq)
            + differing(&self.enums, &other.enums, PartialEq::eq)
            + differing(&self.domains, &other.domains, PartialEq::eq)
            + differing(&self.sequences, &other.sequences, PartialEq::eq)
            + differing(&self.tables, &other.tables, Table::same_as)
            + differing(&self.objects, &other.objects, |one, other| {
                !one.differs(other)
            })
            + self
                .unmodelled
                .symmetric_difference(&other.unmodelled)
                .count()
    }

    /// Where this catalog differs from `other`, one line a place, whatever the order of columns.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let places = self.compare(other);
        places.iter().map(Difference::to_string).collect()
    }

    /// Where this catalog, the left one, differs from `other`, whatever the order of columns.
    pub fn compare(&self, other: &Self) -> Vec<Difference> {
        let mut places = Vec::new();
        compare(&[], &self.by_name(), &other.by_name(), &mut places);
        places
    }

    /// As JSON in which all lists of named things are objects.
    fn by_name(&self) -> Value {
        let mut value = serde_json::to_value(self).expect("a catalog always serialises");
        value["dependencies"] = Value::Null;
        let objects = self.objects.iter();
        let objects = objects.map(|(id, object)| {
            let definition = object.definition.clone();
            let signature = object.signature.join(", ");
            (
                id.to_string(),
                json!({ "definition": definition, "signature": signature }),
            )
        });
        value["objects"] = Value::Object(objects.collect());
        value["unmodelled"] = named(value["unmodelled"].take(), |object| {
            (object.as_str().map(str::to_owned), "present".into())
        });
        let tables = value["tables"].as_object_mut().into_iter().flatten();
        for (_, table) in tables {
            table["columns"] = named(table["columns"].take(), |mut column| {
                let name = column["name"].take();
                (name.as_str().map(str::to_owned), column)
            });
        }
        value
    }
}

impl Table {
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        let in_name_order = |table: &Self| {
            let mut table = table.clone();
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
            table
        };
        self == other
            || self.columns.len() == other.columns.len()
                && in_name_order(self) == in_name_order(other)
    }
}

/// How many of the objects of two maps are in one only, or not the same in both.
fn differing<K: Ord, T>(
    one: &BTreeMap<K, T>,
    other: &BTreeMap<K, T>,
    same: impl Fn(&T, &T) -> bool,
) -> usize {
    let both = one
        .iter()
        .filter(|(name, object)| other.get(name).is_some_and(|it| same(object, it)));
    let both = both.count();
    let shared = one.keys().filter(|name| other.contains_key(name)).count();
    one.len() + other.len() - shared - both
}

fn named(list: Value, name_of: impl Fn(Value) -> (Option<String>, Value)) -> Value {
    let Value::Array(list) = list else {
        return list;
    };
    let objects = list.into_iter().map(name_of);
    objects
        .filter_map(|(name, object)| Some((name?, object)))
        .collect::<Map<_, _>>()
        .into()
}

fn compare(path: &[String], left: &Value, right: &Value, places: &mut Vec<Difference>) {
    let below = |part: String| [path, &[part]].concat();
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            for (member, left, right) in pairs(left, right) {
                let kind = COLLECTIONS.iter().find(|(plural, _)| plural == member);
                match (kind, left, right) {
                    (Some((_, kind)), Value::Object(left), Value::Object(right)) => {
                        for (name, left, right) in pairs(left, right) {
                            let name = format!("{kind} {name}");
                            compare(&below(name.trim_start().to_owned()), left, right, places);
                        }
                    }
                    _ => compare(&below(member.replace('_', " ")), left, right, places),
                }
            }
        }
        _ if left == right => {}
        _ => {
            let (object, property) = path.split_first().expect("catalogs are objects");
            places.push(Difference {
                object: object.clone(),
                property: property.join(": "),
                left: spell(left),
                right: spell(right),
            });
        }
    }
}

/// Members that hold named things, and how one of these is called.
const COLLECTIONS: &[(&str, &str)] = &[
    ("schemas", "schema"),
    ("extensions", "extension"),
    ("enums", "enum"),
    ("domains", "domain"),
    ("sequences", "sequence"),
    ("tables", "table"),
    ("columns", "column"),
    ("constraints", "constraint"),
    ("indexes", "index"),
    ("checks", "check"),
    ("storage_parameters", "storage parameter"),
    ("objects", ""),
    ("unmodelled", "object"),
];

/// The members of both, in order; what one lacks is absent there.
fn pairs<'v>(
    left: &'v Map<String, Value>,
    right: &'v Map<String, Value>,
) -> impl Iterator<Item = (&'v String, &'v Value, &'v Value)> {
    let members: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let of = |side: &'v Map<String, Value>, member| side.get(member).unwrap_or(&Value::Null);
    members
        .into_iter()
        .map(move |member| (member, of(left, member), of(right, member)))
}

fn spell(value: &Value) -> String {
    match value {
        Value::Null => "absent".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(spell).collect::<Vec<_>>().join(", "),
        // A whole object is told by its name; an enumeration's variant by what it holds.
        Value::Object(members) if members.len() > 1 => "present".to_owned(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| format!("{name} {}", spell(value)));
            members.collect::<Vec<_>>().join(", ")
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Catalog, Column, Generation, Table};
    use crate::ident::QualifiedName;

    fn column(name: &str, data_type: &str) -> Column {
        Column::new(name, data_type)
    }

    fn catalog(columns: Vec<Column>) -> Catalog {
        let mut catalog = Catalog::default();
        let table = Table {
            columns,
            ..Table::default()
        };
        let name = QualifiedName::in_default_schema("users");
        catalog.tables.insert(name, table);
        catalog
    }

    #[test]
    fn order_of_columns_is_no_difference() {
        let one = catalog(vec![column("id", "bigint"), column("email", "text")]);
        let other = catalog(vec![column("email", "text"), column("id", "bigint")]);
        assert!(one.same_as(&other));
        assert_eq!(one.differences(&other), [""; 0]);
    }

    #[test]
    fn differences_name_object_and_property() {
        let mut changed = column("email", "character varying");
        changed.generation = Generation::Default("''::text".to_owned());
        let mut one = catalog(vec![column("id", "bigint"), column("email", "text")]);
        let other = catalog(vec![changed, column("note", "text")]);
        one.unmodelled.insert("view public.v".to_owned());
        let extra = QualifiedName::new("billing", "invoices");
        one.tables.insert(extra, Table::default());
        assert!(!one.same_as(&other));
        assert_eq!(one.distance(&other), 3);
        assert_eq!(
            one.differences(&other),
            [
                "table billing.invoices: present vs absent",
                "table public.users: column email: data type: text vs character varying",
                "table public.users: column email: generation: none vs default ''::text",
                "table public.users: column id: present vs absent",
                "table public.users: column note: absent vs present",
                "object view public.v: present vs absent",
            ]
        );
    }
}
