//! PostgreSQL names: identifiers, qualified names, quoting, and the 63-byte rule.

use std::borrow::Borrow;
use std::fmt;

/// The longest identifier that PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`); it cuts longer ones.
pub const MAX_IDENT_BYTES: usize = 63;

/// The schema that names without a qualifier belong to.
pub const DEFAULT_SCHEMA: &str = "public";

/// A name as PostgreSQL stores it, without quotes.
///
/// `Display` spells it for SQL: in double quotes only where PostgreSQL needs them.
///
/// ```
/// use schema_core::ident::Ident;
/// assert_eq!(Ident::new("users").to_string(), "users");
/// assert_eq!(Ident::new("order").to_string(), "\"order\"");
/// assert_eq!(Ident::new("say \"hi\"").to_string(), "\"say \"\"hi\"\"\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "migrate", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "migrate", serde(transparent))]
pub struct Ident(String);

impl Ident {
    /// A name, exactly as given; it is never folded to lower case.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name without quotes, as the catalogs hold it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Ident {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl Borrow<str> for Ident {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Ident {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if needs_quotes(&self.0) {
            write!(formatter, "\"{}\"", self.0.replace('"', "\"\""))
        } else {
            formatter.write_str(&self.0)
        }
    }
}

/// A name within a schema: a table, type, sequence or index.
///
/// `Display` spells it for SQL, with the schema unless that is [`DEFAULT_SCHEMA`] and the name
/// alone cannot be taken for something of `pg_catalog`, which PostgreSQL searches first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The schema.
    pub schema: Ident,
    /// The name in it.
    pub name: Ident,
}

impl QualifiedName {
    /// `schema.name`.
    pub fn new(schema: impl Into<Ident>, name: impl Into<Ident>) -> Self {
        Self {
            schema: schema.into(),
            name: name.into(),
        }
    }

    /// `public.name`.
    pub fn in_default_schema(name: impl Into<Ident>) -> Self {
        Self::new(DEFAULT_SCHEMA, name)
    }

    /// Its spelling with the schema, whatever that is: for where the search path is not known.
    pub fn full(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// The same schema, another name.
    #[must_use]
    pub fn sibling(&self, name: impl Into<Ident>) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.into(),
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema.as_str() == DEFAULT_SCHEMA && !hidden_by_pg_catalog(self.name.as_str()) {
            write!(formatter, "{}", self.name)
        } else {
            write!(formatter, "{}.{}", self.schema, self.name)
        }
    }
}

/// As a map key in JSON: `"schema.name"`, both sides quoted where a dot or quote would be read wrong.
#[cfg(feature = "migrate")]
impl serde::Serialize for QualifiedName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!(
            "{}.{}",
            Escaped(&self.schema),
            Escaped(&self.name)
        ))
    }
}

#[cfg(feature = "migrate")]
impl<'de> serde::Deserialize<'de> for QualifiedName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let mut parts = split_escaped(&text).into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(schema), Some(name), None) => Ok(Self::new(schema, name)),
            _ => Err(serde::de::Error::custom(format_args!(
                "`{text}` is not schema.name"
            ))),
        }
    }
}

/// A dot and a backslash in a name are written with a backslash before them.
#[cfg(feature = "migrate")]
struct Escaped<'a>(&'a Ident);

#[cfg(feature = "migrate")]
impl fmt::Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.as_str().chars() {
            if matches!(character, '.' | '\\') {
                formatter.write_str("\\")?;
            }
            write!(formatter, "{character}")?;
        }
        Ok(())
    }
}

#[cfg(feature = "migrate")]
fn split_escaped(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let part = parts.last_mut().expect("starts with one part");
        match character {
            '.' => parts.push(String::new()),
            '\\' => part.extend(characters.next()),
            other => part.push(other),
        }
    }
    parts
}

/// A text as an SQL string literal.
///
/// ```
/// assert_eq!(schema_core::ident::literal("it's"), "'it''s'");
/// ```
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if text.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// PostgreSQL's own rule (`quote_identifier`): lower-case letters, digits and underscores, not
/// starting with a digit, and no keyword but an unreserved one.
fn needs_quotes(name: &str) -> bool {
    let plain_start = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    !plain_start || !plain || KEYWORDS.binary_search(&name).is_ok()
}

fn hidden_by_pg_catalog(name: &str) -> bool {
    name.starts_with("pg_") || BUILT_IN_TYPES.binary_search(&name).is_ok()
}

/// `select word from pg_get_keywords() where catcode <> 'U'`, PostgreSQL 14 to 18 together, sorted.
const KEYWORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// Names of `pg_catalog.pg_type` that a user's type or table could also have, sorted.
const BUILT_IN_TYPES: &[&str] = &[
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "event_trigger",
    "fdw_handler",
    "float4",
    "float8",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "point",
    "polygon",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "table_am_handler",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xid",
    "xid8",
    "xml",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_the_binary_search() {
        assert!(KEYWORDS.is_sorted());
        assert!(BUILT_IN_TYPES.is_sorted());
    }

    #[test]
    fn names_are_qualified_where_the_search_path_would_mislead() {
        assert_eq!(
            QualifiedName::in_default_schema("users").to_string(),
            "users"
        );
        assert_eq!(
            QualifiedName::in_default_schema("path").to_string(),
            "public.path"
        );
        assert_eq!(
            QualifiedName::new("billing", "order").to_string(),
            "billing.\"order\""
        );
    }

    #[cfg(feature = "migrate")]
    #[test]
    fn qualified_names_survive_json() {
        for (schema, name) in [("public", "users"), ("a.b", "c\\d"), ("", ".")] {
            let name = QualifiedName::new(schema, name);
            let json = serde_json::to_string(&name).expect("serializes");
            assert_eq!(
                serde_json::from_str::<QualifiedName>(&json).expect("parses"),
                name
            );
        }
    }
}
