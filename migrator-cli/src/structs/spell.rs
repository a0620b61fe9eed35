//! What a catalog holds, spelled as the struct's lines would say it.

use std::collections::BTreeMap;

use schema_core::catalog::{Column, Domain, Enum, Generation, Persistence, Table};
use schema_core::ident::{Ident, QualifiedName};
use schema_core::schema::{Hints, ObjectKey};

use super::attribute;

/// The Rust names of tables and types.
#[derive(Debug, Default)]
pub(super) struct Names {
    tables: BTreeMap<QualifiedName, String>,
    types: BTreeMap<QualifiedName, String>,
}

impl Names {
    /// Those that the source gives.
    pub(super) fn of(hints: &Hints) -> Self {
        let mut names = Self::default();
        for (key, place) in &hints.sources {
            // The label is `struct `Post``.
            let Some(item) = place.label.split('`').nth(1) else {
                continue;
            };
            match key {
                ObjectKey::Table(name) => names.tables.insert(name.clone(), item.to_owned()),
                ObjectKey::Type(name) => names.types.insert(name.clone(), item.to_owned()),
                _ => None,
            };
        }
        names
    }

    pub(super) fn table(&self, name: &QualifiedName) -> String {
        let known = self.tables.get(name).cloned();
        known.unwrap_or_else(|| pascal(name.name.as_str()))
    }

    fn r#type(&self, name: &QualifiedName) -> String {
        let known = self.types.get(name).cloned();
        known.unwrap_or_else(|| pascal(name.name.as_str()))
    }
}

/// A struct for a table.
pub(super) fn table(name: &QualifiedName, table: &Table, names: &Names) -> Vec<String> {
    let mut lines = vec![table_attribute(name, table)];
    for (constraint, it) in &table.constraints {
        lines.push(attribute::constraint(name, constraint, it, names));
    }
    for (index, it) in &table.indexes {
        lines.push(attribute::index(name, index, it));
    }
    lines.push(format!("pub struct {} {{", names.table(name)));
    for column in &table.columns {
        lines.extend(field(column, names));
    }
    lines.push("}".to_owned());
    lines
}

/// `#[table(…)]`.
pub(super) fn table_attribute(name: &QualifiedName, table: &Table) -> String {
    let mut options = scope(name);
    options.push(format!("name = {:?}", name.name.as_str()));
    if table.persistence == Persistence::Unlogged {
        options.push("unlogged".to_owned());
    }
    if !table.storage_parameters.is_empty() {
        options.push(format!("with({})", settings(&table.storage_parameters)));
    }
    if let Some(tablespace) = &table.tablespace {
        options.push(format!("tablespace = {:?}", tablespace.as_str()));
    }
    format!("#[table({})]", options.join(", "))
}

/// A field with its attribute.
pub(super) fn field(column: &Column, names: &Names) -> Vec<String> {
    let (rust, sql) = rust_type(column, names);
    let rust = if column.not_null {
        rust
    } else {
        format!("Option<{rust}>")
    };
    let (name, given) = rust_name(&column.name);
    let mut options: Vec<String> = Vec::new();
    options.extend(given.map(|given| format!("name = {given:?}")));
    options.extend(sql.map(|sql| format!("type = {}", sql_type(&sql))));
    match &column.generation {
        Generation::None => {}
        Generation::Default(expression) => {
            options.push(format!("default = sql({expression:?})"));
        }
        Generation::Identity(identity) if identity.always => {
            options.push("identity(always)".to_owned());
        }
        Generation::Identity(_) => options.push("identity".to_owned()),
        Generation::Stored(expression) | Generation::Virtual(expression) => {
            options.push(format!("generated = sql({expression:?})"));
        }
    }
    let texts = [
        ("collate", &column.collation),
        ("storage", &column.storage),
        ("compression", &column.compression),
    ];
    for (option, text) in texts {
        let text = text.as_ref();
        options.extend(text.map(|text| match option {
            "collate" => format!("{option} = {text:?}"),
            _ => format!("{option} = {text}"),
        }));
    }
    let mut lines = Vec::new();
    if !options.is_empty() {
        lines.push(format!("    #[column({})]", options.join(", ")));
    }
    lines.push(format!("    pub {name}: {rust},"));
    lines
}

/// A doc comment, for a table or a field.
pub(super) fn docs(comment: &str, indent: &str) -> Vec<String> {
    let lines = comment.lines();
    lines
        .map(|line| format!("{indent}/// {line}").trim_end().to_owned())
        .collect()
}

/// An enum for an enum type.
pub(super) fn r#enum(name: &QualifiedName, it: &Enum, names: &Names) -> Vec<String> {
    let mut options = scope(name);
    options.push(format!("name = {:?}", name.name.as_str()));
    let mut lines = vec![
        "#[derive(PgEnum)]".to_owned(),
        format!("#[pg({})]", options.join(", ")),
        format!("pub enum {} {{", names.r#type(name)),
    ];
    lines.extend(it.labels.iter().map(|label| variant(label)));
    lines.push("}".to_owned());
    lines
}

/// A variant for a label.
pub(super) fn variant(label: &str) -> String {
    let name = pascal(label);
    if snake(&name) == label {
        format!("    {name},")
    } else {
        format!("    #[pg(rename = {label:?})] {name},")
    }
}

/// A newtype for a domain.
pub(super) fn domain(name: &QualifiedName, it: &Domain, names: &Names) -> Vec<String> {
    let inner = match &it.base_name {
        Some(base) => names.r#type(base),
        None => built_in(&it.base).unwrap_or("String").to_owned(),
    };
    vec![
        "#[derive(PgDomain)]".to_owned(),
        domain_attribute(name, it),
        format!("pub struct {}({inner});", names.r#type(name)),
    ]
}

/// `#[pg(…)]` of a domain.
pub(super) fn domain_attribute(name: &QualifiedName, it: &Domain) -> String {
    let mut options = scope(name);
    options.push(format!("name = {:?}", name.name.as_str()));
    options.push(format!("type = {}", sql_type(&it.base)));
    options.extend(it.not_null.then(|| "not_null".to_owned()));
    let default = it.default.iter();
    options.extend(default.map(|it| format!("default = sql({it:?})")));
    let checks = it.checks.values();
    options.extend(checks.map(|check| format!("check = sql({:?})", check.expression)));
    format!("#[pg({})]", options.join(", "))
}

/// `fillfactor = 70, …`
pub(super) fn settings(parameters: &BTreeMap<String, String>) -> String {
    let parameters = parameters
        .iter()
        .map(|(name, value)| format!("{name} = {value}"));
    parameters.collect::<Vec<_>>().join(", ")
}

/// The name of a field, which may need an `r#`; and the column's name, where it is no name in Rust.
pub(super) fn rust_name(column: &Ident) -> (String, Option<&str>) {
    let text = column.as_str();
    if syn::parse_str::<syn::Ident>(text).is_ok() {
        return (text.to_owned(), None);
    }
    let raw = format!("r#{text}");
    if syn::parse_str::<syn::Ident>(&raw).is_ok() {
        return (raw, None);
    }
    let word = |c: char| if c.is_alphanumeric() { c } else { '_' };
    let name: String = text.chars().map(word).collect();
    let name = name.to_lowercase();
    if syn::parse_str::<syn::Ident>(&name).is_ok() {
        (name, Some(text))
    } else {
        (format!("_{name}"), Some(text))
    }
}

/// `schema = …`, outside of the default schema.
fn scope(name: &QualifiedName) -> Vec<String> {
    let is_default = *name == QualifiedName::in_default_schema(name.name.as_str());
    let schema = (!is_default).then(|| format!("schema = {}", name.schema.as_str()));
    schema.into_iter().collect()
}

/// The Rust type, and the SQL type where that does not follow from it.
fn rust_type(column: &Column, names: &Names) -> (String, Option<String>) {
    let dimensions = column.data_type.matches("[]").count();
    let element = column.data_type.trim_end_matches("[]");
    let (inner, says_all) = match &column.type_name {
        Some(name) => (names.r#type(name), true),
        None => match built_in(element) {
            Some(rust) => (rust.to_owned(), !element.contains('(')),
            None => ("String".to_owned(), false),
        },
    };
    let rust = (0..dimensions).fold(inner, |inner, _| format!("Vec<{inner}>"));
    (rust, (!says_all).then(|| column.data_type.clone()))
}

/// The Rust type that a type of PostgreSQL is usually loaded as; modifiers make no difference.
fn built_in(data_type: &str) -> Option<&'static str> {
    let without_modifiers = match (data_type.find('('), data_type.find(')')) {
        (Some(open), Some(close)) => format!("{}{}", &data_type[..open], &data_type[close + 1..]),
        _ => data_type.to_owned(),
    };
    Some(match without_modifiers.as_str() {
        "smallint" => "i16",
        "integer" => "i32",
        "bigint" => "i64",
        "real" => "f32",
        "double precision" => "f64",
        "boolean" => "bool",
        "text" | "character varying" | "character" => "String",
        "bytea" => "Vec<u8>",
        "uuid" => "Uuid",
        "numeric" => "Decimal",
        "timestamp with time zone" => "DateTime<Utc>",
        "timestamp without time zone" => "NaiveDateTime",
        "date" => "NaiveDate",
        "time without time zone" => "NaiveTime",
        "json" | "jsonb" => "Json<serde_json::Value>",
        "inet" | "cidr" => "IpNetwork",
        _ => return None,
    })
}

/// A type as `type = …` takes it: by its short name with modifiers, else as SQL.
fn sql_type(data_type: &str) -> String {
    let long = [
        ("character varying(", "varchar("),
        ("character(", "char("),
        ("numeric(", "numeric("),
    ];
    let short = long.iter().find_map(|(long, short)| {
        let modifiers = data_type.strip_prefix(long)?;
        modifiers
            .ends_with(')')
            .then(|| format!("{short}{}", modifiers.replace(',', ", ")))
    });
    if data_type.chars().all(|c| c.is_ascii_lowercase()) {
        return data_type.to_owned();
    }
    short.unwrap_or_else(|| format!("sql({data_type:?})"))
}

fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    });
    let name: String = words.collect();
    if name.starts_with(|c: char| c.is_alphabetic()) {
        name
    } else {
        format!("_{name}")
    }
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
