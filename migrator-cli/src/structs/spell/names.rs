//! How what a catalog holds is called in Rust, and from where.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::catalog::{Catalog, ConstraintKind, Enum, Table};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::schema::{Hints, ObjectKey};

use super::types::Crates;
use super::word::{self, word as word_of};

/// The Rust names of tables, types, fields and schemas.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    tables: BTreeMap<QualifiedName, String>,
    types: BTreeMap<QualifiedName, String>,
    fields: BTreeMap<QualifiedName, BTreeMap<Ident, (String, bool)>>,
    variants: BTreeMap<QualifiedName, BTreeMap<String, String>>,
    modules: BTreeMap<Ident, String>,
    /// Where items are, from the root of the crate, for those that are in no module of ours.
    paths: BTreeMap<QualifiedName, String>,
    /// The module that is being written.
    here: Option<Here>,
    /// Tables that are only there to be referenced.
    unmanaged: BTreeSet<QualifiedName>,
    /// Columns that reference one of another type, which only SQL text may.
    loose: BTreeSet<(QualifiedName, Ident)>,
    /// The crates whose types there are.
    pub(crate) crates: Crates,
}

/// A module that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Here {
    /// Its schema.
    pub(crate) schema: Ident,
    /// Whether it is one below that of the schema.
    pub(crate) below: bool,
}

impl Names {
    /// None yet.
    fn new(crates: Crates) -> Self {
        Self {
            tables: BTreeMap::new(),
            types: BTreeMap::new(),
            fields: BTreeMap::new(),
            variants: BTreeMap::new(),
            modules: BTreeMap::new(),
            paths: BTreeMap::new(),
            here: None,
            unmanaged: BTreeSet::new(),
            loose: BTreeSet::new(),
            crates,
        }
    }

    /// Those that the source gives.
    pub(crate) fn of(hints: &Hints, crates: Crates) -> Self {
        let mut names = Self::new(crates);
        for (key, place) in &hints.sources {
            // The label is `struct `Post``, that of a field `field `Post::id``.
            let Some(item) = place.label.split('`').nth(1) else {
                continue;
            };
            match key {
                ObjectKey::Table(name) => drop(names.tables.insert(name.clone(), item.to_owned())),
                ObjectKey::Type(name) => drop(names.types.insert(name.clone(), item.to_owned())),
                ObjectKey::Column(table, column) => {
                    let field = item.rsplit("::").next().unwrap_or(item);
                    let word = word_of(field).unwrap_or_else(|| field.to_owned());
                    let fields = names.fields.entry(table.clone()).or_default();
                    fields.insert(column.clone(), (word, field == column.as_str()));
                }
                _ => {}
            }
        }
        names
    }

    /// Those for all of a catalog that have no name yet, in its order: the same for the same catalog.
    pub(crate) fn add(&mut self, catalog: &Catalog) {
        let mut taken: BTreeMap<&Ident, BTreeSet<String>> = BTreeMap::new();
        for (name, item) in self.tables.iter().chain(&self.types) {
            if let Some((schema, _)) = catalog.schemas.get_key_value(&name.schema) {
                taken.entry(schema).or_default().insert(item.clone());
            }
        }
        let mut modules: BTreeSet<String> = self.modules.values().cloned().collect();
        for schema in catalog.schemas.keys() {
            if !self.modules.contains_key(schema) {
                let module = word::module(schema.as_str(), &modules);
                modules.insert(module.clone());
                self.modules.insert(schema.clone(), module);
            }
        }
        // Types come first: a table can have another name in Rust than its own.
        let types = catalog.enums.keys().chain(catalog.domains.keys());
        for name in types {
            if !self.types.contains_key(name) {
                let taken = taken.entry(&name.schema).or_default();
                let item = word::type_item(name.name.as_str(), taken);
                taken.insert(item.clone());
                self.types.insert(name.clone(), item);
            }
        }
        for name in catalog.tables.keys() {
            if !self.tables.contains_key(name) {
                let taken = taken.entry(&name.schema).or_default();
                let item = word::item(name.name.as_str(), taken);
                taken.insert(item.clone());
                self.tables.insert(name.clone(), item);
            }
        }
        for (name, table) in &catalog.tables {
            self.add_fields(name, table);
        }
        for (name, it) in &catalog.enums {
            self.add_variants(name, it);
        }
        self.loose.extend(loose(catalog));
    }

    /// Whether a column references one of another type.
    pub(crate) fn is_loose(&self, table: &QualifiedName, column: &Ident) -> bool {
        self.loose.contains(&(table.clone(), column.clone()))
    }

    fn add_fields(&mut self, name: &QualifiedName, table: &Table) {
        let fields = self.fields.entry(name.clone()).or_default();
        let mut taken: BTreeSet<String> = fields
            .values()
            .map(|(field, _)| field.trim_start_matches("r#").to_owned())
            .collect();
        // What is a name in Rust already keeps it, whatever comes before it.
        let (exact, others): (Vec<_>, Vec<_>) = table
            .columns
            .iter()
            .filter(|column| !fields.contains_key(&column.name))
            .partition(|column| word::field(column.name.as_str(), &BTreeSet::new()).1);
        for column in exact.into_iter().chain(others) {
            let (field, is_exact) = word::field(column.name.as_str(), &taken);
            taken.insert(field.trim_start_matches("r#").to_owned());
            fields.insert(column.name.clone(), (field, is_exact));
        }
    }

    fn add_variants(&mut self, name: &QualifiedName, it: &Enum) {
        let variants = self.variants.entry(name.clone()).or_default();
        let mut taken = BTreeSet::new();
        for label in &it.labels {
            let variant = word::variant(label, &taken);
            taken.insert(variant.clone());
            variants.insert(label.clone(), variant);
        }
    }

    /// The same, as they are seen from a module.
    pub(crate) fn seen_from(&self, here: Here) -> Self {
        Self {
            here: Some(here),
            ..self.clone()
        }
    }

    /// Says how the source calls the variants of some labels.
    pub(crate) fn set_variants(
        &mut self,
        r#enum: &QualifiedName,
        variants: impl Iterator<Item = (String, String)>,
    ) {
        let known = self.variants.entry(r#enum.clone()).or_default();
        known.extend(variants);
    }

    /// Says which tables are only there to be referenced.
    pub(crate) fn unmanaged(&mut self, tables: &BTreeSet<QualifiedName>) {
        self.unmanaged.extend(tables.iter().cloned());
    }

    /// Whether a table is only there to be referenced.
    pub(crate) fn is_unmanaged(&self, table: &QualifiedName) -> bool {
        self.unmanaged.contains(table)
    }

    /// Says where an item is, by a path that is right wherever it is used.
    pub(crate) fn at(&mut self, name: QualifiedName, path: String) {
        self.paths.insert(name, path);
    }

    /// The struct of a table, without a path.
    pub(crate) fn item(&self, name: &QualifiedName) -> String {
        let known = self.tables.get(name).cloned();
        known.unwrap_or_else(|| word::item(name.name.as_str(), &BTreeSet::new()))
    }

    /// The enum or struct of a type, without a path.
    pub(crate) fn type_item(&self, name: &QualifiedName) -> String {
        let known = self.types.get(name).cloned();
        known.unwrap_or_else(|| word::type_item(name.name.as_str(), &BTreeSet::new()))
    }

    /// The struct of a table, as it is named here.
    pub(crate) fn table(&self, name: &QualifiedName) -> String {
        self.path(name, self.item(name))
    }

    /// The enum or struct of a type, as it is named here.
    pub(crate) fn r#type(&self, name: &QualifiedName) -> String {
        self.path(name, self.type_item(name))
    }

    fn path(&self, name: &QualifiedName, item: String) -> String {
        if let Some(path) = self.paths.get(name) {
            return path.clone();
        }
        let Some(here) = &self.here else {
            return item;
        };
        match (here.schema == name.schema, here.below) {
            (true, false) => item,
            (true, true) => format!("super::{item}"),
            (false, false) => format!("super::{}::{item}", self.module(&name.schema)),
            (false, true) => format!("super::super::{}::{item}", self.module(&name.schema)),
        }
    }

    /// The field of a column, and whether the column is called so.
    pub(crate) fn field(&self, table: &QualifiedName, column: &Ident) -> (String, bool) {
        let known = self.fields.get(table).and_then(|fields| fields.get(column));
        let known = known.cloned();
        known.unwrap_or_else(|| word::field(column.as_str(), &BTreeSet::new()))
    }

    /// The variant of a label.
    pub(crate) fn variant(&self, r#enum: &QualifiedName, label: &str) -> String {
        let known = self.variants.get(r#enum).and_then(|it| it.get(label));
        let known = known.cloned();
        known.unwrap_or_else(|| word::variant(label, &BTreeSet::new()))
    }

    /// Whether a label is one of an enum that has names.
    pub(crate) fn has_label(&self, r#enum: &QualifiedName, label: &str) -> bool {
        let known = self.variants.get(r#enum);
        known.is_some_and(|labels| labels.contains_key(label))
    }

    /// The module of a schema, which is the name of the type that stands for it too.
    pub(crate) fn module(&self, schema: &Ident) -> String {
        let known = self.modules.get(schema).cloned();
        known.unwrap_or_else(|| schema.as_str().to_owned())
    }

    /// How `schema = …` names a schema here.
    pub(crate) fn schema(&self, schema: &Ident) -> String {
        match (&self.here, self.modules.get(schema)) {
            (Some(here), Some(module)) if here.below => format!("super::{module}"),
            (Some(_), Some(module)) => module.clone(),
            _ => match word_of(schema.as_str()) {
                Some(word) => word,
                None => super::text::string(schema.as_str()),
            },
        }
    }
}

/// The columns of foreign keys whose types are not those of what they reference.
fn loose(catalog: &Catalog) -> BTreeSet<(QualifiedName, Ident)> {
    let mut loose = BTreeSet::new();
    for (name, table) in &catalog.tables {
        for constraint in table.constraints.values() {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                continue;
            };
            let Some(other) = catalog.tables.get(&key.references) else {
                continue;
            };
            for (column, referenced) in key.columns.iter().zip(&key.referenced_columns) {
                let types = [(table, column), (other, referenced)];
                let types = types.map(|(table, column)| {
                    let column = table.column(column.as_str());
                    column.map(|it| compared(catalog, it.type_name.as_ref(), &it.data_type))
                });
                if types[0] != types[1] {
                    loose.insert((name.clone(), column.clone()));
                }
            }
        }
    }
    loose
}

/// What the values of a type are compared as: of a domain what is below it, and no modifiers.
fn compared(catalog: &Catalog, name: Option<&QualifiedName>, data_type: &str) -> String {
    if let Some(name) = name {
        return match catalog.domains.get(name) {
            Some(domain) => compared(catalog, domain.base_name.as_ref(), &domain.base),
            None => name.full(),
        };
    }
    let short = super::types::short_name(data_type);
    match short.as_deref() {
        Some("varchar") => "text".to_owned(),
        Some(short) => short.to_owned(),
        None => data_type.to_owned(),
    }
}
