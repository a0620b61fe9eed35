//! The part of a catalog that somebody wants to look at, by names and patterns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::{Catalog, Object, ObjectId, ObjectKind, Part};
use crate::ident::{Ident, QualifiedName};

/// What of a catalog counts. The default is everything.
///
/// ```
/// # use schema_core::catalog::{Catalog, Filter, Table};
/// # use schema_core::ident::QualifiedName;
/// let mut catalog = Catalog::default();
/// for name in ["users", "tmp_import"] {
///     catalog.tables.insert(QualifiedName::in_default_schema(name), Table::default());
/// }
/// let filter = Filter { excluded: vec!["tmp_*".parse().unwrap()], ..Filter::default() };
/// assert_eq!(filter.apply(&catalog).tables.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what is in these schemas; everywhere if there are none.
    pub schemas: BTreeSet<Ident>,
    /// Nothing of these names.
    pub excluded: Vec<Pattern>,
    /// Schemas that count only where something in them does.
    pub only_if_used: BTreeSet<Ident>,
}

/// Names of objects: `name` in whatever schema, `schema.name`, or `schema.*`, which is the schema
/// too; or with `kind:` kinds of objects, such as `kind:materialized view`.
///
/// `*` stands for any text, `?` for one character, and within double quotes both for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Whether it is kinds that it names.
    of_kinds: bool,
    schema: Option<Vec<Token>>,
    name: Vec<Token>,
}

/// A character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Any,
    One,
    Is(char),
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no pattern: write `name`, `schema.name`, `schema.*` or `kind:view`")]
pub struct PatternError(String);

impl Pattern {
    /// Exactly this name.
    pub fn exactly(name: &QualifiedName) -> Self {
        let tokens = |name: &Ident| name.as_str().chars().map(Token::Is).collect();
        Self {
            of_kinds: false,
            schema: Some(tokens(&name.schema)),
            name: tokens(&name.name),
        }
    }

    /// All objects of a kind, as [`ObjectKind`] is spelled, or `table`, `enum`, `domain`,
    /// `sequence`, `schema`, `extension`.
    pub fn kind(kind: &str) -> Self {
        Self {
            of_kinds: true,
            schema: None,
            name: kind.chars().map(Token::Is).collect(),
        }
    }

    /// Whether it is a pattern of this name.
    pub fn is_of(&self, name: &QualifiedName) -> bool {
        self.matches(Some(name.schema.as_str()), name.name.as_str())
    }

    fn matches_kind(&self, kind: &str) -> bool {
        self.of_kinds && fits(&self.name, kind)
    }

    fn matches(&self, schema: Option<&str>, name: &str) -> bool {
        if self.of_kinds {
            return false;
        }
        let in_schema = match (&self.schema, schema) {
            (None, _) => true,
            (Some(pattern), Some(schema)) => fits(pattern, schema),
            (Some(_), None) => false,
        };
        in_schema && fits(&self.name, name)
    }

    fn matches_schema(&self, schema: &str) -> bool {
        !self.of_kinds
            && self.name == [Token::Any]
            && self
                .schema
                .as_ref()
                .is_some_and(|pattern| fits(pattern, schema))
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let error = || PatternError(text.to_owned());
        if let Some(kind) = text.strip_prefix("kind:") {
            let kind = kind.trim().to_lowercase();
            let names = ObjectKind::ALL.iter().map(|kind| kind.name());
            let token = |character| match character {
                '*' => Token::Any,
                '?' => Token::One,
                character => Token::Is(character),
            };
            let pattern = Self {
                of_kinds: true,
                schema: None,
                name: kind.chars().map(token).collect(),
            };
            // A kind that nothing has is a typing error, which would leave nothing out.
            let mut names = names.chain(TYPED_KINDS);
            return names
                .any(|name| fits(&pattern.name, name))
                .then_some(pattern)
                .ok_or_else(error);
        }
        let mut parts = vec![Vec::new()];
        let mut characters = text.chars().peekable();
        let mut quoted = false;
        while let Some(character) = characters.next() {
            let part = parts.last_mut().expect("there is one from the start");
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => {
                    characters.next();
                    part.push(Token::Is('"'));
                }
                '"' => quoted = !quoted,
                '.' if !quoted => parts.push(Vec::new()),
                '*' if !quoted => part.push(Token::Any),
                '?' if !quoted => part.push(Token::One),
                character => part.push(Token::Is(character)),
            }
        }
        if quoted || parts.iter().any(Vec::is_empty) {
            return Err(error());
        }
        let name = parts.pop().ok_or_else(error)?;
        let schema = parts.pop();
        if parts.is_empty() {
            Ok(Self {
                of_kinds: false,
                schema,
                name,
            })
        } else {
            Err(error())
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut part = |tokens: &[Token]| {
            tokens.iter().try_for_each(|token| match token {
                Token::Any => formatter.write_str("*"),
                Token::One => formatter.write_str("?"),
                Token::Is(character) => write!(formatter, "{character}"),
            })
        };
        if self.of_kinds {
            part(&"kind:".chars().map(Token::Is).collect::<Vec<_>>())?;
        }
        if let Some(schema) = &self.schema {
            part(schema)?;
            part(&[Token::Is('.')])?;
        }
        part(&self.name)
    }
}

/// Whether a text fits a pattern, going back to the last `*` where it does not go on.
fn fits(pattern: &[Token], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut place) = (0, 0);
    let mut retry = None;
    while place < text.len() {
        match pattern.get(at) {
            Some(Token::Any) => {
                retry = Some((at, place));
                at += 1;
            }
            Some(Token::One) => (at, place) = (at + 1, place + 1),
            Some(Token::Is(character)) if *character == text[place] => {
                (at, place) = (at + 1, place + 1);
            }
            _ => {
                let Some((star, from)) = retry else {
                    return false;
                };
                retry = Some((star, from + 1));
                (at, place) = (star + 1, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|token| *token == Token::Any)
}

impl Filter {
    /// The part of `catalog` that counts.
    #[must_use]
    pub fn apply(&self, catalog: &Catalog) -> Catalog {
        let mut part = catalog.clone();
        part.tables = self.part_of("table", &catalog.tables);
        part.enums = self.part_of("enum", &catalog.enums);
        part.domains = self.part_of("domain", &catalog.domains);
        part.sequences = self.part_of("sequence", &catalog.sequences);
        part.sequences.retain(|_, sequence| {
            let owner = sequence.owned_by.as_ref().map(|(table, _)| table);
            owner.is_none_or(|table| self.counts(Some(table.schema.as_str()), table.name.as_str()))
        });
        part.extensions
            .retain(|name, _| self.has_kind("extension") && self.counts(None, name.as_str()));
        part.objects
            .retain(|id, object| self.has_object(id, object));
        part.unmodelled.retain(|object| {
            let names = names_of(object);
            let kinds = self.excluded.iter().filter(|it| it.of_kinds);
            let of_kind = |pattern: &Pattern| {
                let spaces = object.match_indices(' ');
                let mut kinds = spaces.map(|(end, _)| &object[..end]);
                kinds.any(|kind| pattern.matches_kind(kind))
            };
            !kinds.into_iter().any(of_kind)
                && names
                    .iter()
                    .all(|(schema, name)| self.counts(schema.as_deref(), name))
        });
        let used = used_schemas(&part);
        part.schemas.retain(|name, _| {
            let unused = self.only_if_used.contains(name) && !used.contains(name.as_str());
            !unused && self.has_kind("schema") && self.has_schema(name.as_str())
        });
        part
    }

    /// What `to` wants, where what does not count is as it is in `from`.
    #[must_use]
    pub fn keep(&self, from: &Catalog, to: &Catalog) -> Catalog {
        if *self == Self::default() {
            return to.clone();
        }
        let counted = self.apply(from);
        let mut kept = self.apply(to);
        // Sides that agree on what does not count differ in nothing of it.
        kept.schemas.extend(rest(&from.schemas, &counted.schemas));
        kept.extensions
            .extend(rest(&from.extensions, &counted.extensions));
        kept.enums.extend(rest(&from.enums, &counted.enums));
        kept.domains.extend(rest(&from.domains, &counted.domains));
        kept.sequences
            .extend(rest(&from.sequences, &counted.sequences));
        kept.tables.extend(rest(&from.tables, &counted.tables));
        kept.objects.extend(rest(&from.objects, &counted.objects));
        kept
    }

    /// What of `catalog` does not count, by kind and name.
    pub fn left_out(&self, catalog: &Catalog) -> BTreeSet<String> {
        let part = self.apply(catalog);
        let mut names = BTreeSet::new();
        let mut add = |kind: &str, name: &dyn fmt::Display| names.insert(format!("{kind} {name}"));
        for (name, _) in rest(&catalog.schemas, &part.schemas) {
            add("schema", &name);
        }
        for (name, _) in rest(&catalog.extensions, &part.extensions) {
            add("extension", &name);
        }
        for (name, _) in rest(&catalog.enums, &part.enums) {
            add("enum", &name);
        }
        for (name, _) in rest(&catalog.domains, &part.domains) {
            add("domain", &name);
        }
        for (name, _) in rest(&catalog.sequences, &part.sequences) {
            add("sequence", &name);
        }
        for (name, _) in rest(&catalog.tables, &part.tables) {
            add("table", &name);
        }
        names.extend(rest(&catalog.objects, &part.objects).map(|(id, _)| id.to_string()));
        names.extend(catalog.unmodelled.difference(&part.unmodelled).cloned());
        names
    }

    fn has_kind(&self, kind: &str) -> bool {
        !self.excluded.iter().any(|it| it.matches_kind(kind))
    }

    fn part_of<T: Clone>(
        &self,
        kind: &str,
        objects: &BTreeMap<QualifiedName, T>,
    ) -> BTreeMap<QualifiedName, T> {
        let has_kind = self.has_kind(kind);
        let objects = objects.iter().filter(|_| has_kind);
        objects
            .filter(|(name, _)| self.counts(Some(name.schema.as_str()), name.name.as_str()))
            .map(|(name, object)| (name.clone(), object.clone()))
            .collect()
    }

    /// Whether an object counts: by its own name, and what it is part of.
    fn has_object(&self, id: &ObjectId, object: &Object) -> bool {
        let of = match &object.of {
            Some(Part::Object(of)) => self.has_kind(of.kind.name()) && self.counts_named(of),
            Some(Part::Table(_)) if !self.has_kind("table") => false,
            Some(Part::Sequence(_)) if !self.has_kind("sequence") => false,
            Some(
                Part::Type(name)
                | Part::Aside(name)
                | Part::Sequence(name)
                | Part::Table(name)
                | Part::Index(name)
                | Part::Column(name, _)
                | Part::NotNull(name, _)
                | Part::Constraint(name, _)
                | Part::Key(name, _),
            ) => self.counts(Some(name.schema.as_str()), name.name.as_str()),
            Some(Part::Schema(schema)) => self.has_schema(schema.as_str()),
            Some(Part::Extension(name)) => self.counts(None, name.as_str()),
            None => true,
        };
        of && self.has_kind(id.kind.name())
            && (id.schema.is_none() && object.of.is_some() || self.counts_named(id))
    }

    fn counts_named(&self, id: &ObjectId) -> bool {
        let words = words(&id.name);
        let name = words.first().and_then(|word| word.first());
        let schema = id.schema.as_ref().map(Ident::as_str);
        self.counts(schema, name.map_or("", String::as_str))
    }

    fn has_schema(&self, schema: &str) -> bool {
        let chosen = self.schemas.is_empty() || self.schemas.contains(schema);
        chosen && !self.excluded.iter().any(|it| it.matches_schema(schema))
    }

    fn counts(&self, schema: Option<&str>, name: &str) -> bool {
        let chosen = match schema {
            Some(schema) => self.has_schema(schema),
            None => self.schemas.is_empty(),
        };
        chosen && !self.excluded.iter().any(|it| it.matches(schema, name))
    }
}

/// Kinds of what is no [`Object`].
const TYPED_KINDS: [&str; 6] = ["table", "enum", "domain", "sequence", "schema", "extension"];

/// What of all is not in the part.
fn rest<'a, K: Ord + Clone + 'a, T: Clone + 'a>(
    all: &'a BTreeMap<K, T>,
    part: &'a BTreeMap<K, T>,
) -> impl Iterator<Item = (K, T)> + 'a {
    let gone = all.iter().filter(|(name, _)| !part.contains_key(*name));
    gone.map(|(name, it)| (name.clone(), it.clone()))
}

fn used_schemas(catalog: &Catalog) -> BTreeSet<String> {
    let tables = catalog.tables.keys().chain(catalog.enums.keys());
    let others = catalog.domains.keys().chain(catalog.sequences.keys());
    let unmodelled = catalog.unmodelled.iter().flat_map(|it| names_of(it));
    let schemas = tables
        .chain(others)
        .map(|name| name.schema.as_str().to_owned());
    schemas
        .chain(unmodelled.filter_map(|(schema, _)| schema))
        .collect()
}

/// The names in the identity of an object that is not modelled: its own, and that of the table
/// that it belongs to: `trigger audit on public.users`, `function public.total(integer)`.
fn names_of(object: &str) -> Vec<(Option<String>, String)> {
    let words = words(object);
    let belongs = words.iter().rposition(|word| word == &["on"]);
    let (own, table) = words.split_at(belongs.unwrap_or(words.len()));
    let mut names: Vec<_> = own.last().map(|word| name_of(word)).into_iter().collect();
    if let Some(table) = table.last() {
        let table = name_of(table);
        // A trigger is where its table is.
        for (schema, _) in &mut names {
            schema.clone_from(&table.0);
        }
        names.push(table);
    }
    names
}

fn name_of(parts: &[String]) -> (Option<String>, String) {
    match parts {
        [schema, name] => (Some(schema.clone()), name.clone()),
        parts => (None, parts.concat()),
    }
}

/// The words as far as the first parenthesis, each as the names between its dots, without quotes.
fn words(text: &str) -> Vec<Vec<String>> {
    let mut words = vec![vec![String::new()]];
    let mut quoted = false;
    for character in text.chars() {
        let word = words.last_mut().expect("there is one from the start");
        match character {
            '"' => quoted = !quoted,
            '(' if !quoted => break,
            ' ' if !quoted => words.push(vec![String::new()]),
            '.' if !quoted => word.push(String::new()),
            character => word.last_mut().expect("a word has a part").push(character),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{SchemaObject, Table};

    #[test]
    fn patterns_fit_names() {
        for (pattern, schema, name, expected) in [
            ("users", Some("public"), "users", true),
            ("users", Some("public"), "users2", false),
            ("tmp_*", Some("public"), "tmp_", true),
            ("*_?_*", Some("public"), "a_b_c_d", true),
            ("audit.*", Some("audit"), "log", true),
            ("audit.*", Some("public"), "audit", false),
            ("a*.b*", Some("ax"), "by", true),
            ("\"we.ird*\"", Some("public"), "we.ird*", true),
            ("\"we.ird*\"", Some("public"), "we.irder", false),
            ("\"a\"\"b\".c", Some("a\"b"), "c", true),
            ("pg_stat_statements", None, "pg_stat_statements", true),
        ] {
            let parsed: Pattern = pattern.parse().unwrap();
            assert_eq!(parsed.matches(schema, name), expected, "{pattern} {name}");
        }
        for pattern in ["", ".", "a.", ".b", "a.b.c", "\"a", "kind:", "kind:veiw"] {
            assert!(pattern.parse::<Pattern>().is_err(), "{pattern}");
        }
    }

    #[test]
    fn objects_that_are_not_modelled_have_names() {
        let of = |object| {
            let names = names_of(object).into_iter();
            let names = names
                .map(|(schema, name)| schema.map_or(name.clone(), |it| format!("{it}.{name}")));
            names.collect::<Vec<_>>()
        };
        assert_eq!(of("view public.v"), ["public.v"]);
        assert_eq!(of("materialized view public.\"V 1\""), ["public.V 1"]);
        assert_eq!(of("function app.total(integer, text)"), ["app.total"]);
        assert_eq!(
            of("trigger audit on public.users"),
            ["public.audit", "public.users"]
        );
        assert_eq!(of("row security on \"a.b\".t"), ["a.b.security", "a.b.t"]);
        assert_eq!(of("publication p"), ["p"]);
    }

    #[test]
    fn a_schema_may_go_with_all_that_was_in_it() {
        let mut catalog = Catalog::default();
        for schema in ["public", "drizzle", "empty"] {
            let schemas = &mut catalog.schemas;
            schemas.insert(schema.into(), SchemaObject::default());
        }
        let name = QualifiedName::new("drizzle", "__drizzle_migrations");
        catalog.tables.insert(name.clone(), Table::default());
        let users = QualifiedName::in_default_schema("users");
        catalog.tables.insert(users, Table::default());
        catalog.unmodelled.insert("view audit.v".to_owned());
        let schemas = |filter: &Filter| {
            let part = filter.apply(&catalog);
            let names = part.schemas.keys().map(ToString::to_string);
            names.collect::<Vec<_>>()
        };
        let excluded = Filter {
            excluded: vec![Pattern::exactly(&name)],
            ..Filter::default()
        };
        assert_eq!(schemas(&excluded), ["drizzle", "empty", "public"]);
        let emptied = Filter {
            only_if_used: ["drizzle".into(), "public".into()].into(),
            ..excluded
        };
        assert_eq!(schemas(&emptied), ["empty", "public"]);
        let chosen = Filter {
            schemas: ["public".into()].into(),
            ..Filter::default()
        };
        assert_eq!(schemas(&chosen), ["public"]);
        assert!(chosen.apply(&catalog).unmodelled.is_empty());
        assert_eq!(Filter::default().apply(&catalog), catalog);
    }
}
