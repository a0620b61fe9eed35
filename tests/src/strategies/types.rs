//! Types: what a column can be, and enums, domains, sequences, schemas and extensions.

use std::collections::BTreeMap;

use schema_core::catalog::{
    Catalog, Domain, DomainCheck, Enum, Extension, SchemaObject, Sequence, SequenceOptions,
};
use schema_core::ident::{QualifiedName, literal};

use super::Builder;

/// What can be done with a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Integer,
    Numeric,
    Text,
    Time,
    Range,
    Json,
    Vector,
    Point,
    Net,
    Array,
    Enum,
    /// Has an order.
    Ordered,
    /// Has not even an equality.
    Opaque,
}

/// A type that a column can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) sql: String,
    pub(super) name: Option<QualifiedName>,
    pub(super) family: Family,
    pub(super) default: Option<String>,
}

/// Every built-in type that tables are made of, with a default.
const BUILT_IN: &[(&str, Family, &str)] = &[
    ("integer", Family::Integer, "0"),
    ("bigint", Family::Integer, "42"),
    ("smallint", Family::Integer, "'-1'::integer"),
    ("text", Family::Text, "'it''s'::text"),
    ("character varying(80)", Family::Text, "''"),
    ("character varying", Family::Text, "E'back\\\\slash'"),
    ("character varying(255)", Family::Text, "'x'"),
    ("boolean", Family::Ordered, "false"),
    ("numeric(10,2)", Family::Numeric, "0.00"),
    ("numeric", Family::Numeric, "1.5"),
    ("numeric(20,4)", Family::Numeric, "0"),
    ("timestamp with time zone", Family::Time, "now()"),
    ("timestamp without time zone", Family::Time, "now()"),
    (
        "timestamp(3) with time zone",
        Family::Time,
        "CURRENT_TIMESTAMP(3)",
    ),
    ("date", Family::Time, "CURRENT_DATE"),
    ("uuid", Family::Ordered, "gen_random_uuid()"),
    ("jsonb", Family::Json, "'{}'::jsonb"),
    ("json", Family::Opaque, "'[]'::json"),
    ("character(3)", Family::Ordered, "'EUR'::bpchar"),
    ("\"char\"", Family::Ordered, "'x'::\"char\""),
    ("name", Family::Ordered, "CURRENT_USER"),
    ("bytea", Family::Ordered, "'\\xdead'::bytea"),
    ("real", Family::Ordered, "0.5"),
    ("double precision", Family::Ordered, "pi()"),
    ("money", Family::Ordered, "0"),
    ("time without time zone", Family::Ordered, "'12:00:00'"),
    ("time(0) with time zone", Family::Ordered, "CURRENT_TIME(0)"),
    ("interval", Family::Ordered, "'1 day'::interval"),
    ("interval day to second(3)", Family::Ordered, "'01:00:00'"),
    ("inet", Family::Net, "'127.0.0.1'::inet"),
    ("cidr", Family::Ordered, "'10.0.0.0/8'::cidr"),
    ("macaddr", Family::Ordered, "'00:00:00:00:00:01'"),
    ("macaddr8", Family::Ordered, "'00:00:00:00:00:00:00:01'"),
    ("bit(8)", Family::Ordered, "B'00000001'"),
    ("bit varying(16)", Family::Ordered, "'101'"),
    ("oid", Family::Ordered, "0"),
    ("pg_lsn", Family::Ordered, "'0/0'::pg_lsn"),
    ("int4range", Family::Range, "'empty'::int4range"),
    ("numrange", Family::Range, "numrange(0, 1)"),
    ("tstzrange", Family::Range, "'(,)'::tstzrange"),
    ("daterange", Family::Range, "'empty'"),
    ("int8multirange", Family::Ordered, "'{}'::int8multirange"),
    ("tsvector", Family::Vector, "''::tsvector"),
    ("tsquery", Family::Ordered, "'a & b'::tsquery"),
    ("point", Family::Point, "point(0, 0)"),
    ("line", Family::Opaque, "'{1,2,3}'::line"),
    ("lseg", Family::Opaque, "'[(0,0),(1,1)]'::lseg"),
    ("box", Family::Opaque, "'(1,1),(0,0)'::box"),
    ("path", Family::Opaque, "'((0,0),(1,1))'::path"),
    ("polygon", Family::Opaque, "'((0,0),(1,1))'::polygon"),
    ("circle", Family::Opaque, "'<(0,0),1>'::circle"),
    ("xml", Family::Opaque, "'<a/>'::xml"),
    ("jsonpath", Family::Opaque, "'$.a'::jsonpath"),
    ("regclass", Family::Ordered, "'pg_class'::regclass"),
];

const LABELS: &[&str] = &[
    "new",
    "paid",
    "sent",
    "in progress",
    "it's",
    "größe",
    "a,b{}",
    "say \"hi\"",
    "back\\slash",
    "",
    "a_label_that_is_just_as_long_as_postgresql_lets_a_label_become",
];

impl Type {
    pub(super) fn has_equality(&self) -> bool {
        !matches!(self.family, Family::Opaque | Family::Point)
    }

    /// The type of a column of this catalog.
    pub(super) fn of(catalog: &Catalog, sql: &str, name: Option<&QualifiedName>) -> Self {
        let (plain, is_array) = match sql.strip_suffix("[]") {
            Some(element) => (element, true),
            None => (sql, false),
        };
        let found = match name {
            Some(name) => Self::named(catalog, name),
            None => Self::built_in(plain),
        };
        if is_array { found.array() } else { found }
    }

    fn built_in(sql: &str) -> Self {
        let known = BUILT_IN.iter().find(|(known, ..)| *known == sql);
        Self {
            sql: sql.to_owned(),
            name: None,
            family: known.map_or(Family::Opaque, |(_, family, _)| *family),
            default: known.map(|(_, _, default)| (*default).to_owned()),
        }
    }

    fn named(catalog: &Catalog, name: &QualifiedName) -> Self {
        let label = catalog.enums.get(name).and_then(|it| it.labels.first());
        let base = catalog.domains.get(name);
        let base = base.map(|it| Self::of(catalog, &it.base, it.base_name.as_ref()));
        // PostgreSQL does not compare domains over polymorphic types everywhere.
        let opaque = base.is_some_and(|base| {
            !base.has_equality()
                || matches!(base.family, Family::Array | Family::Range | Family::Enum)
        });
        Self {
            sql: name.to_string(),
            name: Some(name.clone()),
            family: match label {
                Some(_) => Family::Enum,
                None if opaque => Family::Opaque,
                None => Family::Ordered,
            },
            default: label.map(|label| format!("{}::{name}", literal(label))),
        }
    }

    fn array(self) -> Self {
        let sql = format!("{}[]", self.sql);
        let family = if self.has_equality() {
            Family::Array
        } else {
            Family::Opaque
        };
        Self {
            default: Some(format!("'{{}}'::{sql}")),
            sql,
            name: self.name,
            family,
        }
    }
}

impl Builder {
    /// A type for a column.
    pub(super) fn any_type(&mut self) -> Type {
        let named: Vec<QualifiedName> = {
            let catalog = &self.catalog;
            let enums = catalog.enums.keys();
            enums.chain(catalog.domains.keys()).cloned().collect()
        };
        let found = if !named.is_empty() && self.choices.sometimes(30) {
            let name = self.choices.one_of(&named);
            Type::named(&self.catalog, &name)
        } else {
            // Half of all columns have one of the types that everybody uses.
            let common = !self.choices.sometimes(50);
            let types = if common { &BUILT_IN[..18] } else { BUILT_IN };
            Type::built_in(self.choices.one_of(types).0)
        };
        if self.choices.sometimes(15) {
            found.array()
        } else {
            found
        }
    }

    /// A type to which values of this one can be cast, if there is another.
    pub(super) fn castable(&mut self, from: &Type) -> Option<Type> {
        let types = BUILT_IN.iter().map(|(sql, ..)| Type::built_in(sql));
        let convertible = |to: &Type| {
            let text = to.sql == "text" || from.sql == "text";
            let alike = to.family == from.family
                && !matches!(
                    from.family,
                    Family::Ordered | Family::Opaque | Family::Range
                );
            let numbers = [Family::Integer, Family::Numeric];
            let numbers = numbers.contains(&to.family) && numbers.contains(&from.family);
            to.sql != from.sql && from.name.is_none() && (text || alike || numbers)
        };
        let types: Vec<Type> = types.filter(convertible).collect();
        self.choices.any_of(types)
    }

    pub(super) fn add_schema(&mut self) {
        let name = self.fresh_name();
        let comment = self.comment();
        self.catalog.schemas.insert(name, SchemaObject { comment });
    }

    pub(super) fn add_extension(&mut self) {
        let name = self.choices.one_of(&["btree_gist", "citext", "pg_trgm"]);
        let schema = Some("public".into());
        let extension = Extension { schema };
        self.catalog.extensions.insert(name.into(), extension);
    }

    pub(super) fn add_enum(&mut self) {
        let name = self.fresh_qualified_name();
        let labels = self.choices.some_of(LABELS, 5);
        let labels = labels.into_iter().map(str::to_owned).collect();
        let comment = self.comment();
        self.catalog.enums.insert(name, Enum { labels, comment });
    }

    /// A label that the enum does not have.
    pub(super) fn fresh_label(&mut self, labels: &[String]) -> Option<String> {
        let fresh = LABELS
            .iter()
            .filter(|label| !labels.iter().any(|it| it == *label));
        self.choices.any_of(fresh).map(|label| (*label).to_owned())
    }

    pub(super) fn add_domain(&mut self) {
        let name = self.fresh_qualified_name();
        let base = self.any_type();
        let with_default = self.choices.sometimes(30);
        let with_collation = base.family == Family::Text && self.choices.sometimes(20);
        let mut domain = Domain {
            base: base.sql,
            base_name: base.name,
            collation: with_collation.then(|| "\"C\"".to_owned()),
            default: base.default.filter(|_| with_default),
            not_null: self.choices.sometimes(20),
            checks: BTreeMap::new(),
            comment: self.comment(),
        };
        for _ in 0..self.choices.below(3) {
            let (name, check) = self.domain_check(base.family);
            domain.checks.insert(name, check);
        }
        self.catalog.domains.insert(name, domain);
    }

    pub(super) fn domain_check(
        &mut self,
        family: Family,
    ) -> (schema_core::ident::Ident, DomainCheck) {
        let expressions: &[&str] = match family {
            Family::Integer | Family::Numeric => &["VALUE > 0", "VALUE <> 7 AND VALUE < 100"],
            Family::Text => &[
                "VALUE <> ''",
                "VALUE ~ '^[^@]+@[^@]+$'",
                "length(VALUE) < 80",
            ],
            _ => &["VALUE IS NOT NULL"],
        };
        let expression = self.choices.one_of(expressions).to_owned();
        let validated = !self.choices.sometimes(10);
        let check = DomainCheck {
            expression,
            validated,
        };
        (self.fresh_name(), check)
    }

    /// A sequence that nothing owns.
    pub(super) fn add_sequence(&mut self) {
        let name = self.fresh_qualified_name();
        let data_type = self.choices.one_of(&["bigint", "integer", "smallint"]);
        let sequence = Sequence {
            data_type: data_type.to_owned(),
            options: self.sequence_options(),
            owned_by: None,
            comment: self.comment(),
        };
        self.catalog.sequences.insert(name, sequence);
    }

    /// Options that fit even a smallint.
    pub(super) fn sequence_options(&mut self) -> SequenceOptions {
        let options = |start, increment, min, max, cache, cycle| SequenceOptions {
            start,
            increment,
            min,
            max,
            cache,
            cycle,
        };
        self.choices.one_of(&[
            SequenceOptions::default(),
            options(Some(1000), None, None, None, None, false),
            options(Some(10), Some(5), None, None, Some(20), false),
            options(None, Some(-1), None, None, None, true),
            options(None, None, Some(10), Some(999), None, true),
            options(Some(-5), Some(-2), Some(-1000), Some(500), None, false),
            options(Some(7), None, Some(0), None, Some(2), false),
        ])
    }
}
