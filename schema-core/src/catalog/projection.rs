//! The part of a catalog that a change touches, complete enough to exist on an empty server.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalog, Constraint, ConstraintKind, Index, IndexKey, Table};
use crate::ident::QualifiedName;

/// Which objects of one or more catalogs are needed so that some of them, the roots, can be made
/// on an empty server and altered there as they would be in the whole.
///
/// - Tables among the roots, and those that mention another root (a type, a sequence): whole.
/// - Their partitions and heirs, and what they are partitions and heirs of: whole.
/// - Tables that those reference, or that reference those: their columns and keys, and the
///   foreign keys to whole tables.
/// - Enums, domains and sequences that any of these mention, and what those mention.
/// - Schemas and extensions: all.
///
/// Both sides of a diff are projected by the same value, made from both, so that an object that
/// only one side needs is not taken for one that the other side lacks:
///
/// ```
/// # use schema_core::catalog::{Catalog, Projection};
/// # use schema_core::ident::QualifiedName;
/// # let (from, to) = (Catalog::default(), Catalog::default());
/// let roots = [QualifiedName::in_default_schema("users")].into();
/// let projection = Projection::new(&[&from, &to], &roots);
/// let (from, to) = (projection.apply(&from), projection.apply(&to));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    whole: BTreeSet<QualifiedName>,
    shells: BTreeSet<QualifiedName>,
    /// Enums, domains and sequences.
    others: BTreeSet<QualifiedName>,
}

impl Projection {
    /// What `roots` (tables, enums, domains, sequences) need in any of these catalogs.
    pub fn new(catalogs: &[&Catalog], roots: &BTreeSet<QualifiedName>) -> Self {
        let mut projection = Self::default();
        for catalog in catalogs {
            projection.add_whole_tables(catalog, roots);
        }
        while catalogs.iter().any(|catalog| projection.add_kin(catalog)) {}
        for catalog in catalogs {
            projection.add_neighbours(catalog);
        }
        // What one catalog adds, another may hold with more that it mentions.
        loop {
            let before = projection.clone();
            for catalog in catalogs {
                projection.add_mentioned(catalog);
            }
            if projection == before {
                return projection;
            }
        }
    }

    /// The part of `catalog` that was chosen. What is no table, type or sequence is left out: see
    /// [`Catalog::is_plain`].
    pub fn apply(&self, catalog: &Catalog) -> Catalog {
        let tables = catalog.tables.iter().filter_map(|(name, table)| {
            let part = if self.whole.contains(name) {
                table.clone()
            } else if self.shells.contains(name) {
                self.shell(table)
            } else {
                return None;
            };
            Some((name.clone(), part))
        });
        Catalog {
            schemas: catalog.schemas.clone(),
            extensions: catalog.extensions.clone(),
            enums: chosen(&catalog.enums, &self.others),
            domains: chosen(&catalog.domains, &self.others),
            sequences: chosen(&catalog.sequences, &self.others),
            tables: tables.collect(),
            ..Catalog::default()
        }
    }

    /// Whether a table is in the part as a whole, not only so that others can reference it.
    pub fn is_whole(&self, table: &QualifiedName) -> bool {
        self.whole.contains(table)
    }

    fn add_whole_tables(&mut self, catalog: &Catalog, roots: &BTreeSet<QualifiedName>) {
        let (tables, others): (Vec<_>, Vec<_>) = roots
            .iter()
            .partition(|name| catalog.tables.contains_key(*name));
        self.whole.extend(tables.into_iter().cloned());
        self.others.extend(others.iter().copied().cloned());
        // A domain over a root changes with it, and with the domain its tables.
        let mut mentioned: BTreeSet<&QualifiedName> = others.into_iter().collect();
        for _ in 0..=catalog.domains.len() {
            let over = catalog.domains.iter().filter(|(_, domain)| {
                let base = domain.base_name.as_ref();
                base.is_some_and(|base| mentioned.contains(base))
            });
            let over: Vec<_> = over.map(|(name, _)| name).collect();
            let before = mentioned.len();
            mentioned.extend(over);
            if mentioned.len() == before {
                break;
            }
        }
        if !mentioned.is_empty() {
            let tables = catalog.tables.iter();
            let tables = tables.filter(|(_, table)| {
                let text = text_of(table);
                mentioned.iter().any(|name| mentions(&text, name))
            });
            self.whole.extend(tables.map(|(name, _)| name.clone()));
            self.others.extend(mentioned.into_iter().cloned());
        }
    }

    /// What happens to a table happens to its partitions and heirs. True where there are more.
    fn add_kin(&mut self, catalog: &Catalog) -> bool {
        let before = self.whole.len();
        for (name, table) in &catalog.tables {
            for parent in table.parents() {
                if self.whole.contains(name) || self.whole.contains(parent) {
                    self.whole.extend([name.clone(), parent.clone()]);
                }
            }
        }
        self.whole.len() > before
    }

    fn add_neighbours(&mut self, catalog: &Catalog) {
        for (name, table) in &catalog.tables {
            for references in table.constraints.values().filter_map(references) {
                if self.whole.contains(name) {
                    self.shells.insert(references.clone());
                } else if self.whole.contains(references) {
                    self.shells.insert(name.clone());
                }
            }
        }
    }

    fn add_mentioned(&mut self, catalog: &Catalog) {
        let part = self.apply(catalog);
        let text = text_of(&(&part.tables, &part.domains));
        for (name, sequence) in &catalog.sequences {
            let owner = sequence.owned_by.as_ref().map(|(table, _)| table);
            let owner_chosen = owner.is_some_and(|table| part.tables.contains_key(table));
            if owner_chosen || self.others.contains(name) || mentions(&text, name) {
                self.others.insert(name.clone());
                self.shells.extend(owner.cloned());
            }
        }
        let types = catalog.enums.keys().chain(catalog.domains.keys());
        let types = types.filter(|name| mentions(&text, name));
        self.others.extend(types.cloned());
    }

    /// What other tables can depend on.
    fn shell(&self, table: &Table) -> Table {
        let needed = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => true,
            ConstraintKind::ForeignKey(foreign_key) => self.whole.contains(&foreign_key.references),
            ConstraintKind::Check(_) | ConstraintKind::Exclusion(_) => false,
        };
        let is_key = |index: &Index| {
            let elements = &index.elements;
            let columns_only = |key: &IndexKey| matches!(key, IndexKey::Column(_));
            index.unique
                && index.predicate.is_none()
                && elements.iter().all(|element| columns_only(&element.key))
        };
        let mut shell = table.clone();
        // Its kin is not in the part.
        shell.partition_of = None;
        shell.inherits.clear();
        for column in &mut shell.columns {
            column.inherited = false;
        }
        shell.constraints.retain(|_, constraint| needed(constraint));
        shell.indexes.retain(|_, index| is_key(index));
        for constraint in shell.constraints.values_mut() {
            constraint.inherited = false;
            constraint.parent = None;
        }
        for index in shell.indexes.values_mut() {
            index.parent = None;
        }
        shell
    }
}

impl Catalog {
    /// The part of this catalog that `roots` need; see [`Projection`].
    #[must_use]
    pub fn project(&self, roots: &BTreeSet<QualifiedName>) -> Self {
        Projection::new(&[self], roots).apply(self)
    }
}

fn references(constraint: &Constraint) -> Option<&QualifiedName> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(foreign_key) => Some(&foreign_key.references),
        _ => None,
    }
}

fn chosen<T: Clone>(
    objects: &BTreeMap<QualifiedName, T>,
    names: &BTreeSet<QualifiedName>,
) -> BTreeMap<QualifiedName, T> {
    let objects = objects.iter().filter(|(name, _)| names.contains(*name));
    objects
        .map(|(name, object)| (name.clone(), object.clone()))
        .collect()
}

/// All text of an object, expressions included.
fn text_of(object: &impl serde::Serialize) -> String {
    serde_json::to_string(object).expect("values with string keys always serialise")
}

/// Whether a text may name the object. Too many is harmless, too few is not: an expression can
/// name a type anywhere.
fn mentions(text: &str, name: &QualifiedName) -> bool {
    let quoted = text_of(&name.name);
    text.contains(&quoted[1..quoted.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{
        Check, Column, Domain, Enum, ForeignKey, Generation, Key, ReferentialAction, Sequence,
        SequenceOptions,
    };
    use crate::ident::Ident;

    fn name(name: &str) -> QualifiedName {
        QualifiedName::in_default_schema(name)
    }

    fn constraint(kind: ConstraintKind) -> Constraint {
        Constraint::new(kind)
    }

    fn column(data_type: &str, type_name: Option<&str>) -> Column {
        Column {
            type_name: type_name.map(name),
            not_null: true,
            ..Column::new("id", data_type)
        }
    }

    /// `invoices -> orders -> users -> tenants`, each with a key and a check; `orders` has a
    /// domain over an enum, `users` a serial column.
    fn shop() -> Catalog {
        let mut catalog = Catalog::default();
        for (table, references) in [
            ("invoices", Some("orders")),
            ("orders", Some("users")),
            ("users", Some("tenants")),
            ("tenants", None),
            ("alone", None),
        ] {
            let mut made = Table {
                columns: vec![column("bigint", None)],
                ..Table::default()
            };
            let key = Key {
                columns: vec!["id".into()],
                ..Key::default()
            };
            let check = Check {
                expression: "id > 0".to_owned(),
                no_inherit: false,
                columns: vec!["id".into()],
            };
            let mut constraints = vec![
                ("pkey", ConstraintKind::PrimaryKey(key)),
                ("check", ConstraintKind::Check(check)),
            ];
            if let Some(references) = references {
                let foreign_key = ForeignKey {
                    columns: vec!["id".into()],
                    references: name(references),
                    referenced_columns: vec!["id".into()],
                    on_delete: ReferentialAction::NoAction,
                    on_delete_columns: Vec::new(),
                    on_update: ReferentialAction::NoAction,
                    match_full: false,
                    period: false,
                };
                constraints.push(("fkey", ConstraintKind::ForeignKey(foreign_key)));
            }
            made.constraints = constraints
                .into_iter()
                .map(|(kind, it)| (Ident::from(kind), constraint(it)))
                .collect();
            catalog.tables.insert(name(table), made);
        }
        let orders = catalog.tables.get_mut(&name("orders")).expect("made above");
        orders.columns.push(column("state", Some("state")));
        let users = catalog.tables.get_mut(&name("users")).expect("made above");
        users.columns[0].generation =
            Generation::Default("nextval('users_id_seq'::regclass)".to_owned());
        let state = Domain {
            base: "status".to_owned(),
            base_name: Some(name("status")),
            collation: None,
            default: None,
            not_null: false,
            checks: BTreeMap::new(),
            comment: None,
        };
        catalog.domains.insert(name("state"), state);
        for status in ["status", "unused"] {
            let labels = vec!["new".to_owned()];
            let comment = None;
            catalog.enums.insert(name(status), Enum { labels, comment });
        }
        let sequence = Sequence {
            data_type: "bigint".to_owned(),
            options: SequenceOptions::default(),
            owned_by: Some((name("users"), "id".into())),
            comment: None,
        };
        catalog.sequences.insert(name("users_id_seq"), sequence);
        catalog
    }

    /// Tables with the constraints that are left.
    fn tables(catalog: &Catalog) -> Vec<String> {
        let tables = catalog.tables.iter();
        tables
            .map(|(name, table)| {
                let constraints: Vec<_> = table.constraints.keys().map(Ident::as_str).collect();
                format!("{name}: {}", constraints.join(", "))
            })
            .collect()
    }

    #[test]
    fn neighbours_of_a_table_are_shells() {
        let part = shop().project(&[name("orders")].into());
        assert_eq!(
            tables(&part),
            [
                "invoices: fkey, pkey",
                "orders: check, fkey, pkey",
                "users: pkey"
            ]
        );
        assert!(part.enums.keys().eq([&name("status")]));
        assert!(part.domains.keys().eq([&name("state")]));
        assert!(part.sequences.keys().eq([&name("users_id_seq")]));
    }

    #[test]
    fn a_type_brings_the_tables_that_use_it_through_a_domain() {
        let part = shop().project(&[name("status")].into());
        assert_eq!(
            tables(&part),
            [
                "invoices: fkey, pkey",
                "orders: check, fkey, pkey",
                "users: pkey"
            ]
        );
    }

    #[test]
    fn a_sequence_brings_its_owner() {
        let part = shop().project(&[name("users_id_seq")].into());
        assert_eq!(
            tables(&part),
            [
                "orders: fkey, pkey",
                "tenants: pkey",
                "users: check, fkey, pkey"
            ]
        );
    }

    #[test]
    fn both_sides_of_a_diff_hold_what_either_needs() {
        let from = shop();
        let mut to = shop();
        let orders = to.tables.get_mut(&name("orders")).expect("in the shop");
        orders.columns.pop();
        orders.constraints.remove("fkey");
        let projection = Projection::new(&[&from, &to], &[name("orders")].into());
        let (from, to) = (projection.apply(&from), projection.apply(&to));
        assert!(from.tables.keys().eq(to.tables.keys()));
        assert_eq!(from.enums, to.enums);
        assert_eq!(from.domains, to.domains);
        assert_eq!(from.sequences, to.sequences);
    }

    #[test]
    fn nothing_is_needed_by_nothing() {
        assert_eq!(shop().project(&BTreeSet::new()).tables, BTreeMap::new());
    }
}
