//! Names of the database as names in Rust: the usual case, no keyword, and no name twice.

use std::collections::BTreeSet;

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// How `rename_all` changes names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Snake,
    Lower,
    Upper,
    ShoutySnake,
    Kebab,
    Camel,
    Pascal,
}

impl Case {
    /// Those that labels may have, beginning with the one that goes without saying.
    pub(crate) const OF_LABELS: [Self; 7] = [
        Self::Snake,
        Self::ShoutySnake,
        Self::Pascal,
        Self::Camel,
        Self::Kebab,
        Self::Lower,
        Self::Upper,
    ];
    /// Those that columns may have.
    pub(crate) const OF_FIELDS: [Self; 4] =
        [Self::Camel, Self::Pascal, Self::ShoutySnake, Self::Kebab];

    /// The word of the grammar.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Lower => "lowercase",
            Self::Upper => "UPPERCASE",
            Self::ShoutySnake => "SCREAMING_SNAKE_CASE",
            Self::Kebab => "kebab-case",
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
        }
    }

    /// Whether it makes the name of the database from that of Rust.
    pub(crate) fn says(self, rust: &str, name: &str) -> bool {
        let rust = rust.trim_start_matches("r#");
        let made = match self {
            Self::Snake => rust.to_snake_case(),
            Self::Lower => rust.to_lowercase(),
            Self::Upper => rust.to_uppercase(),
            Self::ShoutySnake => rust.to_shouty_snake_case(),
            Self::Kebab => rust.to_kebab_case(),
            Self::Camel => rust.to_lower_camel_case(),
            Self::Pascal => rust.to_upper_camel_case(),
        };
        name.is_ascii() && made == name
    }
}

/// Whether a name is that of an item in snake case.
pub(crate) fn is_snake_of(item: &str, name: &str) -> bool {
    Case::Snake.says(item, name)
}

/// Names of types that generated code uses, or that are in scope everywhere.
const TAKEN_TYPES: &[&str] = &[
    "Self",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "Box",
    "Json",
    "Range",
    "Copy",
    "Send",
    "Sized",
    "Sync",
    "Unpin",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "ToOwned",
    "Clone",
    "PartialEq",
    "PartialOrd",
    "Eq",
    "Ord",
    "AsRef",
    "AsMut",
    "Into",
    "From",
    "Default",
    "Debug",
    "Iterator",
    "Extend",
    "IntoIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "ToString",
    "TryFrom",
    "TryInto",
    "FromIterator",
    "Hash",
    "Table",
    "Uuid",
    "Decimal",
    "Value",
    "IpNetwork",
    "DateTime",
    "Utc",
    "NaiveDate",
    "NaiveDateTime",
    "NaiveTime",
    "Duration",
    "OffsetDateTime",
    "PrimitiveDateTime",
    "Date",
    "Time",
    "Timestamp",
    "Span",
    "IpAddr",
];

/// Names of modules and of empty types for schemas that something else has.
const TAKEN_MODULES: &[&str] = &[
    "schema_core",
    "std",
    "core",
    "alloc",
    "uuid",
    "chrono",
    "time",
    "jiff",
    "serde_json",
    "rust_decimal",
    "ipnetwork",
    "mod",
    "lib",
    "main",
    "bool",
    "char",
    "str",
    "table",
];

/// The field of a column: its name, which may need an `r#`, and whether the column is called so.
pub(crate) fn field(column: &str, taken: &BTreeSet<String>) -> (String, bool) {
    let usual = usual_field(column);
    let bare = |name: &str| name.trim_start_matches("r#").to_owned();
    let exact = |name: &str| bare(name) == column && column.is_ascii();
    if !taken.contains(&bare(&usual)) {
        let exact = exact(&usual);
        return (usual, exact);
    }
    let stem = bare(&usual);
    let words = stem.trim_end_matches('_');
    let mut numbered = (2..).map(|number| format!("{words}_{number}"));
    let name = numbered.find(|name| !taken.contains(name));
    let name = name.unwrap_or(stem);
    let exact = exact(&name);
    (name, exact)
}

fn usual_field(column: &str) -> String {
    if is_snake(column)
        && let Some(name) = word(column)
    {
        return name;
    }
    let snake = ident_characters(column).to_snake_case();
    let snake = if snake.is_empty() {
        "column".to_owned()
    } else {
        snake
    };
    let snake = if snake.starts_with(|c: char| c.is_numeric()) {
        format!("_{snake}")
    } else {
        snake
    };
    word(&snake).unwrap_or_else(|| format!("{snake}_"))
}

/// A word of Rust, with an `r#` where it is a keyword that takes one.
pub(crate) fn word(text: &str) -> Option<String> {
    if syn::parse_str::<syn::Ident>(text).is_ok() {
        return Some(text.to_owned());
    }
    let raw = format!("r#{text}");
    syn::parse_str::<syn::Ident>(&raw).is_ok().then_some(raw)
}

/// Whether the compiler finds a name to be in snake case.
fn is_snake(name: &str) -> bool {
    let trimmed = name.trim_start_matches('_');
    !trimmed.is_empty() && !trimmed.contains("__") && !trimmed.chars().any(char::is_uppercase)
}

/// Letters, digits and underscores; anything else is a space between words.
fn ident_characters(name: &str) -> String {
    let letter = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            c
        } else {
            ' '
        }
    };
    name.chars().map(letter).collect()
}

/// The struct of a table: `User` for `users`, in the singular where that is free.
pub(crate) fn item(table: &str, taken: &BTreeSet<String>) -> String {
    let whole = camel(table, "T");
    let snake = ident_characters(table).to_snake_case();
    let one = match snake.rsplit_once('_') {
        Some((before, last)) => format!("{before}_{}", singular(last)),
        None => singular(&snake),
    };
    let candidates = [camel(&one, "T"), whole.clone(), format!("{whole}Row")];
    free(&candidates, taken)
}

/// The enum or struct of a type.
pub(crate) fn type_item(name: &str, taken: &BTreeSet<String>) -> String {
    let whole = camel(name, "T");
    free(&[whole.clone(), format!("{whole}Type")], taken)
}

/// The variant of a label.
pub(crate) fn variant(label: &str, taken: &BTreeSet<String>) -> String {
    let whole = camel(label, "V");
    let whole = if whole == "Self" {
        "SelfLabel".to_owned()
    } else {
        whole
    };
    if taken.contains(&whole) {
        let mut numbered = (2..).map(|number| format!("{whole}{number}"));
        return numbered.find(|name| !taken.contains(name)).unwrap_or(whole);
    }
    whole
}

/// The module of a schema, which is its file too, and the type that stands for it.
pub(crate) fn module(schema: &str, taken: &BTreeSet<String>) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            ' '
        }
    };
    let ascii: String = schema.chars().map(letter).collect();
    let snake = ascii.to_snake_case();
    let snake = match snake.chars().next() {
        None => "schema".to_owned(),
        Some(first) if first.is_numeric() => format!("s{snake}"),
        Some(_) => snake,
    };
    let is_free = |name: &str| {
        !taken.contains(name)
            && !TAKEN_MODULES.contains(&name)
            && syn::parse_str::<syn::Ident>(name).is_ok()
    };
    if is_free(&snake) {
        return snake;
    }
    let mut others = (1..).map(|number| match number {
        1 => format!("{snake}_schema"),
        number => format!("{snake}_schema_{number}"),
    });
    others.find(|name| is_free(name)).unwrap_or(snake)
}

fn free(candidates: &[String], taken: &BTreeSet<String>) -> String {
    let is_free = |name: &&String| !taken.contains(*name) && !TAKEN_TYPES.contains(&name.as_str());
    if let Some(name) = candidates.iter().find(is_free) {
        return name.clone();
    }
    let stem = candidates.last().cloned().unwrap_or_default();
    let mut numbered = (2..).map(|number| format!("{stem}{number}"));
    numbered.find(|name| is_free(&name)).unwrap_or(stem)
}

/// A name in camel case; `prefix` stands before a digit, and where nothing is left.
fn camel(name: &str, prefix: &str) -> String {
    let camel = ident_characters(name).to_upper_camel_case();
    let starts = camel.chars().next();
    if starts.is_some_and(|c| !c.is_numeric()) && word(&camel).is_some() || camel == "Self" {
        camel
    } else {
        let rest: String = camel.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{prefix}{rest}")
    }
}

/// What one of many is called. What does not look like an English plural stays as it is.
fn singular(word: &str) -> String {
    const SAME: &[&str] = &[
        "news",
        "series",
        "species",
        "data",
        "media",
        "status",
        "address",
        "access",
        "analytics",
        "sms",
        "gps",
        "dns",
        "aws",
        "https",
        "canvas",
        "atlas",
        "bonus",
        "lens",
        "always",
        "has",
        "was",
        "its",
        "this",
        "as",
        "is",
        "us",
        "previous",
        "various",
        "process",
        "alias",
        "bias",
        "settings",
        "stats",
        "metrics",
        "logistics",
        "statistics",
        "mathematics",
        "kudos",
        "chaos",
    ];
    const SPECIAL: &[(&str, &str)] = &[
        ("people", "person"),
        ("children", "child"),
        ("men", "man"),
        ("women", "woman"),
        ("statuses", "status"),
        ("aliases", "alias"),
        ("bonuses", "bonus"),
        ("lenses", "lens"),
        ("indices", "index"),
        ("vertices", "vertex"),
        ("matrices", "matrix"),
        ("analyses", "analysis"),
        ("movies", "movie"),
        ("cookies", "cookie"),
        ("caches", "cache"),
        ("databases", "database"),
        ("purchases", "purchase"),
        ("leaves", "leaf"),
        ("shelves", "shelf"),
    ];
    if let Some((_, one)) = SPECIAL.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    if SAME.contains(&word) || word.len() < 4 {
        return word.to_owned();
    }
    let cut = |end: &str, by: &str| word.strip_suffix(end).map(|stem| format!("{stem}{by}"));
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    cut("ies", "y")
        .or_else(|| cut("sses", "ss"))
        .or_else(|| cut("shes", "sh"))
        .or_else(|| cut("ches", "ch"))
        .or_else(|| cut("xes", "x"))
        .or_else(|| cut("s", ""))
        .unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_singular_camel_case_and_never_a_word_that_is_taken() {
        let mut taken = BTreeSet::new();
        for (table, expected) in [
            ("users", "User"),
            ("user", "UserRow"),
            ("order_statuses", "OrderStatus"),
            ("categories", "Category"),
            ("news", "News"),
            ("option", "OptionRow"),
            ("self", "SelfRow"),
            ("2fa_tokens", "T2faToken"),
            ("", "T"),
            ("☃", "TRow"),
            ("Straße", "Straße"),
        ] {
            let name = item(table, &taken);
            assert_eq!(name, expected, "{table}");
            taken.insert(name);
        }
    }

    #[test]
    fn fields_keep_their_names_where_rust_takes_them() {
        let mut taken = BTreeSet::new();
        for (column, expected, exact) in [
            ("id", "id", true),
            ("type", "r#type", true),
            ("self", "self_", false),
            ("createdAt", "created_at", false),
            ("created_at", "created_at_2", false),
            ("_id", "_id", true),
            ("a__b", "a_b", false),
            ("2fa", "_2fa", false),
            ("say \"hi\"", "say_hi", false),
            ("☃", "column", false),
            ("имя", "имя", false),
        ] {
            let (name, is_exact) = field(column, &taken);
            assert_eq!((name.as_str(), is_exact), (expected, exact), "{column}");
            taken.insert(name.trim_start_matches("r#").to_owned());
        }
    }
}
