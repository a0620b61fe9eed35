//! A field with its attribute, and what the attribute can say of the table's constraints and indexes.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::catalog::{
    Column, Constraint, ConstraintKind, Deferrable, Domain, Generation, Identity, Index, IndexKey,
    SequenceOptions, Table,
};
use schema_core::ident::{Ident, MAX_IDENT_BYTES, QualifiedName};

use super::attribute::{actions, derived, is_plain, unquoted};
use super::names::Names;
use super::text::{attribute, string};
use super::types::{self, Import, RustType};
use super::value;
use super::word::Case;

/// The constraints and indexes that fields say.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    options: BTreeMap<Ident, Vec<String>>,
    parts: BTreeMap<Ident, (Ident, Vec<String>)>,
    pub(crate) constraints: BTreeSet<Ident>,
    pub(crate) indexes: BTreeSet<Ident>,
}

impl Folded {
    /// Those of one column that the field's attribute can say in full.
    pub(crate) fn of(name: &QualifiedName, table: &Table, names: &Names) -> Self {
        let mut folded = Self::default();
        // The order of the options is that of the kinds.
        let by_kind = |wanted: fn(&ConstraintKind) -> bool| {
            let all = table.constraints.iter();
            all.filter(move |(_, it)| wanted(&it.kind))
        };
        let primary = by_kind(|kind| matches!(kind, ConstraintKind::PrimaryKey(_)));
        let unique = by_kind(|kind| matches!(kind, ConstraintKind::Unique(_)));
        for (constraint, it) in primary.chain(unique) {
            folded.add(name, constraint, it, names);
        }
        for (index, it) in &table.indexes {
            if let Some((column, option)) = index_option(name, index, it)
                && !folded.has(&column, "index")
            {
                let part = (column.clone(), vec![option.clone()]);
                folded.parts.insert(index.clone(), part);
                folded.options.entry(column).or_default().push(option);
                folded.indexes.insert(index.clone());
            }
        }
        let foreign = by_kind(|kind| matches!(kind, ConstraintKind::ForeignKey(_)));
        let checks = by_kind(|kind| matches!(kind, ConstraintKind::Check(_)));
        for (constraint, it) in foreign.chain(checks) {
            folded.add(name, constraint, it, names);
        }
        folded
    }

    fn add(&mut self, table: &QualifiedName, name: &Ident, it: &Constraint, names: &Names) {
        let Some((column, options)) = constraint_options(table, name, it, names) else {
            return;
        };
        if !self.has(&column, key_of(&options[0])) {
            let part = (column.clone(), options.clone());
            self.parts.insert(name.clone(), part);
            self.options.entry(column).or_default().extend(options);
            self.constraints.insert(name.clone());
        }
    }

    fn has(&self, column: &Ident, key: &str) -> bool {
        let options = self.of_column(column);
        options.iter().any(|option| key_of(option) == key)
    }

    /// The column whose field says a constraint or an index.
    pub(crate) fn column_of(&self, part: &Ident) -> Option<&Ident> {
        self.parts.get(part).map(|(column, _)| column)
    }

    /// The options by which a field says a constraint or an index.
    pub(crate) fn options_of(&self, part: &Ident) -> &[String] {
        self.parts.get(part).map_or(&[], |(_, options)| options)
    }

    /// What they add to the options of a column.
    pub(crate) fn of_column(&self, column: &Ident) -> &[String] {
        self.options.get(column).map_or(&[], Vec::as_slice)
    }
}

/// The word that an option begins with.
pub(crate) fn key_of(option: &str) -> &str {
    let end = option.find(|c: char| !c.is_alphanumeric() && c != '_');
    &option[..end.unwrap_or(option.len())]
}

/// The options that say a constraint on the field of its only column.
pub(crate) fn constraint_options(
    table: &QualifiedName,
    name: &Ident,
    it: &Constraint,
    names: &Names,
) -> Option<(Ident, Vec<String>)> {
    let is = |derived: String| derived.len() <= MAX_IDENT_BYTES && *name == *derived.as_str();
    match &it.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            let [column] = key.columns.as_slice() else {
                return None;
            };
            let primary = matches!(it.kind, ConstraintKind::PrimaryKey(_));
            let special = !key.include.is_empty()
                || !key.storage_parameters.is_empty()
                || it.deferrable != Deferrable::No;
            let option = if special {
                return None;
            } else if primary {
                is(derived(table, &[], "pkey")).then(|| "primary_key".to_owned())?
            } else {
                let columns = std::slice::from_ref(column);
                let mut options = Vec::new();
                if !is(derived(table, columns, "key")) {
                    options.push(format!("name = {}", string(name.as_str())));
                }
                options.extend(
                    key.nulls_not_distinct
                        .then(|| "nulls_not_distinct".to_owned()),
                );
                grouped("unique", &options)
            };
            Some((column.clone(), vec![option]))
        }
        ConstraintKind::ForeignKey(key) => {
            let ([column], [referenced]) =
                (key.columns.as_slice(), key.referenced_columns.as_slice())
            else {
                return None;
            };
            let columns = std::slice::from_ref(column);
            if !is(derived(table, columns, "fkey")) || !key.on_delete_columns.is_empty() {
                return None;
            }
            let other = names.table(&key.references);
            let field = names.field(&key.references, referenced).0;
            let mut options = vec![format!("references = {other}::{field}")];
            options.extend(actions(it, key));
            Some((column.clone(), options))
        }
        ConstraintKind::Check(check) => {
            let [column] = check.columns.as_slice() else {
                return None;
            };
            let usual = is(derived(table, std::slice::from_ref(column), "check"));
            let option = format!("check = sql({})", string(&check.expression));
            (usual && it.validated).then(|| (column.clone(), vec![option]))
        }
        ConstraintKind::Exclusion(_) => None,
    }
}

/// The option that says an index on the field of its only column.
fn index_option(table: &QualifiedName, name: &Ident, it: &Index) -> Option<(Ident, String)> {
    let [element] = it.elements.as_slice() else {
        return None;
    };
    let IndexKey::Column(column) = &element.key else {
        return None;
    };
    let simple = !it.unique
        && it.predicate.is_none()
        && it.include.is_empty()
        && it.storage_parameters.is_empty()
        && is_plain(element);
    if !simple {
        return None;
    }
    let mut options = Vec::new();
    let usual = derived(table, std::slice::from_ref(column), "idx");
    if *name != *usual.as_str() || usual.len() > MAX_IDENT_BYTES {
        options.push(format!("name = {}", string(name.as_str())));
    }
    if it.method != *"btree" {
        options.push(format!("using = {}", it.method.as_str()));
    }
    Some((column.clone(), grouped("index", &options)))
}

fn grouped(word: &str, options: &[String]) -> String {
    if options.is_empty() {
        word.to_owned()
    } else {
        format!("{word}({})", options.join(", "))
    }
}

/// A field with its attribute, which says the options of `folded` too.
pub(crate) fn field(
    table: &QualifiedName,
    column: &Column,
    folded: &[String],
    case: Option<Case>,
    names: &Names,
) -> Vec<String> {
    let options = options(table, column, folded, case, names);
    let mut lines = Vec::new();
    if !options.is_empty() {
        lines.extend(attribute("column", &options, "    "));
    }
    let name = names.field(table, &column.name).0;
    lines.push(format!("    pub {name}: {},", field_type(column, names)));
    lines
}

/// The options of `#[column(…)]`.
pub(crate) fn options(
    table: &QualifiedName,
    column: &Column,
    folded: &[String],
    case: Option<Case>,
    names: &Names,
) -> Vec<String> {
    let (name, exact) = names.field(table, &column.name);
    let mut options: Vec<String> = Vec::new();
    if !case.map_or(exact, |case| case.says(&name, column.name.as_str())) {
        options.push(format!("name = {}", string(column.name.as_str())));
    }
    let stored = rust_type(&column.data_type, column.type_name.as_ref(), names).stored;
    let stored = if names.is_loose(table, &column.name) {
        Some(format!("sql({})", string(&column.data_type)))
    } else {
        stored
    };
    options.extend(stored.map(|stored| format!("type = {stored}")));
    let mut folded = folded.iter().cloned().peekable();
    options.extend(folded.next_if(|option| option == "primary_key"));
    match &column.generation {
        Generation::None => {}
        Generation::Default(expression) => {
            let value = value::default(column, expression, names);
            options.push(format!("default = {value}"));
        }
        Generation::Identity(identity) => options.push(identity_option(identity)),
        Generation::Stored(expression) | Generation::Virtual(expression) => {
            options.push(format!("generated = sql({})", string(expression)));
        }
    }
    options.extend(folded);
    let collation = column.collation.iter();
    options.extend(collation.map(|it| format!("collate = {}", string(&unquoted(it)))));
    options.extend(column.storage.iter().map(|it| format!("storage = {it}")));
    let compression = column.compression.iter();
    options.extend(compression.map(|it| format!("compression = {it}")));
    options.extend(super::comment_option(column.comment.as_deref()));
    options
}

fn identity_option(identity: &Identity) -> String {
    let SequenceOptions {
        start,
        increment,
        min,
        max,
        cache,
        cycle,
    } = identity.options;
    let mut options = Vec::new();
    options.extend(identity.always.then(|| "always".to_owned()));
    let numbers = [
        ("start", start),
        ("increment", increment),
        ("minvalue", min),
        ("maxvalue", max),
        ("cache", cache),
    ];
    let numbers = numbers.into_iter();
    options.extend(numbers.filter_map(|(word, it)| Some(format!("{word} = {}", it?))));
    options.extend(cycle.then(|| "cycle".to_owned()));
    grouped("identity", &options)
}

/// The type of a field.
pub(crate) fn field_type(column: &Column, names: &Names) -> String {
    let rust = rust_type(&column.data_type, column.type_name.as_ref(), names).name;
    if column.not_null {
        rust
    } else {
        format!("Option<{rust}>")
    }
}

/// What a type needs in scope.
pub(crate) fn imports(
    data_type: &str,
    type_name: Option<&QualifiedName>,
    names: &Names,
) -> BTreeSet<Import> {
    rust_type(data_type, type_name, names).imports
}

/// The crate that would have a better type than a text.
pub(crate) fn wanted(
    data_type: &str,
    type_name: Option<&QualifiedName>,
    names: &Names,
) -> Option<&'static str> {
    rust_type(data_type, type_name, names).wanted
}

fn rust_type(data_type: &str, type_name: Option<&QualifiedName>, names: &Names) -> RustType {
    let Some(name) = type_name else {
        return types::built_in(data_type, names.crates);
    };
    let dimensions = data_type.matches("[]").count();
    let item = names.r#type(name);
    RustType {
        name: (0..dimensions).fold(item, |inner, _| format!("Vec<{inner}>")),
        ..RustType::default()
    }
}

/// What is in the struct of a domain.
pub(super) fn domain_type(it: &Domain, names: &Names) -> RustType {
    rust_type(&it.base, it.base_name.as_ref(), names)
}
