//! SQL types as Rust types, and what `type = …` has to say where those do not tell all.

use std::collections::BTreeSet;

/// The crates whose types columns may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a feature of its own"
)]
pub(crate) struct Crates {
    pub(crate) uuid: bool,
    pub(crate) time: Option<TimeCrate>,
    pub(crate) serde_json: bool,
    pub(crate) rust_decimal: bool,
    pub(crate) ipnetwork: bool,
}

/// Whose dates and times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeCrate {
    Chrono,
    Time,
    Jiff,
}

impl Crates {
    /// None of them.
    pub(crate) const NONE: Self = Self {
        uuid: false,
        time: None,
        serde_json: false,
        rust_decimal: false,
        ipnetwork: false,
    };
    /// Those that most have.
    pub(crate) const USUAL: Self = Self {
        uuid: true,
        time: Some(TimeCrate::Chrono),
        serde_json: true,
        rust_decimal: true,
        ipnetwork: true,
    };

    /// Those of these names; unknown ones are given back.
    pub(crate) fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> (Self, Vec<&'a str>) {
        let (mut crates, mut unknown) = (Self::NONE, Vec::new());
        for name in names {
            match name {
                "uuid" => crates.uuid = true,
                "chrono" => crates.time = Some(TimeCrate::Chrono),
                "time" => crates.time = Some(TimeCrate::Time),
                "jiff" => crates.time = Some(TimeCrate::Jiff),
                "serde_json" => crates.serde_json = true,
                "rust_decimal" => crates.rust_decimal = true,
                "ipnetwork" => crates.ipnetwork = true,
                other => unknown.push(other),
            }
        }
        (crates, unknown)
    }
}

/// What to import: the crate, and the item in it.
pub(crate) type Import = (&'static str, &'static str);

/// A Rust type for a type of PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RustType {
    /// Its name, without `Option`.
    pub(crate) name: String,
    /// What stands after `type =`, where the Rust type has another SQL type of its own.
    pub(crate) stored: Option<String>,
    /// What it needs in scope.
    pub(crate) imports: BTreeSet<Import>,
    /// The crate that has a better type, where that is not used.
    pub(crate) wanted: Option<&'static str>,
}

/// A built-in type, or one of an extension: `character varying(80)`, `numeric(12,2)[]`.
pub(crate) fn built_in(data_type: &str, crates: Crates) -> RustType {
    let element = data_type.trim_end_matches("[]");
    let dimensions = (data_type.len() - element.len()) / 2;
    let (name, modifiers) = split(element);
    let known = known(&name, crates);
    let (rust, own) = known
        .as_ref()
        .map_or(("String", false), |it| (it.rust, it.own));
    let mut stored = None;
    if !own || modifiers.is_some() {
        let short = known.as_ref().and_then(|it| short(it.sql, modifiers));
        stored = Some(match short {
            Some(short) => format!("{short}{}", "[]".repeat(dimensions)),
            None => format!("sql({})", super::text::string(data_type)),
        });
    }
    RustType {
        name: (0..dimensions).fold(rust.to_owned(), |inner, _| format!("Vec<{inner}>")),
        stored,
        imports: known
            .iter()
            .flat_map(|it| it.imports.iter().copied())
            .collect(),
        wanted: known.and_then(|it| it.wanted),
    }
}

/// The short name that the grammar has for a type, and its modifiers.
pub(crate) fn short_name(data_type: &str) -> Option<String> {
    let element = data_type.trim_end_matches("[]");
    known(&split(element).0, Crates::NONE).map(|it| it.sql.to_owned())
}

/// The name of a type, and what stands in parentheses, which may be in its middle.
fn split(element: &str) -> (String, Option<&str>) {
    match (element.find('('), element.rfind(')')) {
        (Some(open), Some(close)) if open < close && !element.contains('"') => (
            format!("{}{}", &element[..open], &element[close + 1..]),
            Some(&element[open + 1..close]),
        ),
        _ => (element.to_owned(), None),
    }
}

/// `varchar(80)`, if `type = …` takes it so.
fn short(sql: &str, modifiers: Option<&str>) -> Option<String> {
    let Some(modifiers) = modifiers else {
        // A bit of no length is one of length 1.
        return (sql != "bit").then(|| sql.to_owned());
    };
    let numbers: Result<Vec<i32>, _> = modifiers.split(',').map(|it| it.trim().parse()).collect();
    let numbers = numbers.ok()?;
    let fits = match (sql, numbers.as_slice()) {
        (
            "varchar" | "bpchar" | "bit" | "varbit" | "vector" | "halfvec" | "sparsevec",
            [length],
        ) => *length > 0,
        ("time" | "timetz" | "timestamp" | "timestamptz" | "interval", [digits]) => {
            (0..=6).contains(digits)
        }
        ("numeric", [precision, scale]) => (0..=*precision).contains(scale),
        _ => false,
    };
    let word = if sql == "bpchar" { "char" } else { sql };
    let numbers = match (sql, numbers.as_slice()) {
        ("numeric", [precision, 0]) => vec![precision.to_string()],
        _ => numbers.iter().map(ToString::to_string).collect(),
    };
    fits.then(|| format!("{word}({})", numbers.join(", ")))
}

const UTC: &[Import] = &[("chrono", "DateTime"), ("chrono", "Utc")];
const NAIVE: &[Import] = &[("chrono", "NaiveDateTime")];
const NAIVE_DATE: &[Import] = &[("chrono", "NaiveDate")];
const OFFSET: &[Import] = &[("time", "OffsetDateTime")];
const PRIMITIVE: &[Import] = &[("time", "PrimitiveDateTime")];
const DATE: &[Import] = &[("time", "Date")];
const STAMP: &[Import] = &[("jiff", "Timestamp")];
const CIVIL: &[Import] = &[("jiff::civil", "DateTime")];
const CIVIL_DATE: &[Import] = &[("jiff::civil", "Date")];
const DECIMAL: &[Import] = &[("rust_decimal", "Decimal")];
const VALUE: &[Import] = &[("serde_json", "Value")];

struct Known {
    rust: &'static str,
    /// The name that the grammar has for it.
    sql: &'static str,
    /// Whether the Rust type says it by itself.
    own: bool,
    imports: &'static [Import],
    wanted: Option<&'static str>,
}

fn known(name: &str, crates: Crates) -> Option<Known> {
    let plain = |rust, sql, own| Known {
        rust,
        sql,
        own,
        imports: &[],
        wanted: None,
    };
    let text = |sql| plain("String", sql, false);
    let of = |has: bool, krate: &'static str, rust, sql, own, imports| {
        if has {
            Known {
                imports,
                ..plain(rust, sql, own)
            }
        } else {
            Known {
                wanted: Some(krate),
                ..text(sql)
            }
        }
    };
    let time =
        |sql: &'static str, own: bool, chrono: (&'static str, &'static [Import]), time, jiff| {
            let (rust, imports): (&'static str, &'static [Import]) = match crates.time {
                Some(TimeCrate::Chrono) => chrono,
                Some(TimeCrate::Time) => time,
                Some(TimeCrate::Jiff) => jiff,
                None => {
                    return Known {
                        wanted: Some("chrono"),
                        ..text(sql)
                    };
                }
            };
            Known {
                imports,
                ..plain(rust, sql, own)
            }
        };
    Some(match name {
        "smallint" => plain("i16", "int2", true),
        "integer" => plain("i32", "int4", true),
        "bigint" => plain("i64", "int8", true),
        "real" => plain("f32", "float4", true),
        "double precision" => plain("f64", "float8", true),
        "boolean" => plain("bool", "bool", true),
        "text" => plain("String", "text", true),
        "bytea" => plain("Vec<u8>", "bytea", true),
        "money" => plain("i64", "money", false),
        "oid" => plain("i32", "oid", false),
        "xid8" => plain("i64", "xid8", false),
        "character varying" => text("varchar"),
        "character" | "bpchar" => text("bpchar"),
        "bit" => text("bit"),
        "bit varying" => text("varbit"),
        "time with time zone" => text("timetz"),
        "int4range" => plain("Range<i32>", "int4range", true),
        "int8range" => plain("Range<i64>", "int8range", true),
        "numrange" => of(
            crates.rust_decimal,
            "rust_decimal",
            "Range<Decimal>",
            "numrange",
            true,
            DECIMAL,
        ),
        "tstzrange" => time(
            "tstzrange",
            true,
            ("Range<DateTime<Utc>>", UTC),
            ("Range<OffsetDateTime>", OFFSET),
            ("Range<Timestamp>", STAMP),
        ),
        "tsrange" => time(
            "tsrange",
            true,
            ("Range<NaiveDateTime>", NAIVE),
            ("Range<PrimitiveDateTime>", PRIMITIVE),
            ("Range<DateTime>", CIVIL),
        ),
        "daterange" => time(
            "daterange",
            true,
            ("Range<NaiveDate>", NAIVE_DATE),
            ("Range<Date>", DATE),
            ("Range<Date>", CIVIL_DATE),
        ),
        "timestamp with time zone" => time(
            "timestamptz",
            true,
            ("DateTime<Utc>", UTC),
            ("OffsetDateTime", OFFSET),
            ("Timestamp", STAMP),
        ),
        "timestamp without time zone" => time(
            "timestamp",
            true,
            ("NaiveDateTime", NAIVE),
            ("PrimitiveDateTime", PRIMITIVE),
            ("DateTime", CIVIL),
        ),
        "date" => time(
            "date",
            true,
            ("NaiveDate", NAIVE_DATE),
            ("Date", DATE),
            ("Date", CIVIL_DATE),
        ),
        "time without time zone" => time(
            "time",
            true,
            ("NaiveTime", &[("chrono", "NaiveTime")]),
            ("Time", &[("time", "Time")]),
            ("Time", &[("jiff::civil", "Time")]),
        ),
        "interval" => time(
            "interval",
            true,
            ("Duration", &[("chrono", "Duration")]),
            ("Duration", &[("time", "Duration")]),
            ("Span", &[("jiff", "Span")]),
        ),
        "uuid" => of(
            crates.uuid,
            "uuid",
            "Uuid",
            "uuid",
            true,
            &[("uuid", "Uuid")],
        ),
        "numeric" => of(
            crates.rust_decimal,
            "rust_decimal",
            "Decimal",
            "numeric",
            true,
            DECIMAL,
        ),
        "jsonb" => of(
            crates.serde_json,
            "serde_json",
            "Value",
            "jsonb",
            true,
            VALUE,
        ),
        "json" => of(
            crates.serde_json,
            "serde_json",
            "Value",
            "json",
            false,
            VALUE,
        ),
        "inet" if crates.ipnetwork => of(
            true,
            "ipnetwork",
            "IpNetwork",
            "inet",
            true,
            &[("ipnetwork", "IpNetwork")],
        ),
        "inet" => Known {
            imports: &[("std::net", "IpAddr")],
            ..plain("IpAddr", "inet", true)
        },
        "cidr" => of(
            crates.ipnetwork,
            "ipnetwork",
            "IpNetwork",
            "cidr",
            false,
            &[("ipnetwork", "IpNetwork")],
        ),
        "vector" => plain("Vec<f32>", "vector", false),
        "halfvec" => plain("Vec<f32>", "halfvec", false),
        "sparsevec" => plain("Vec<f32>", "sparsevec", false),
        _ => text(AS_TEXT.iter().find(|known| **known == name)?),
    })
}

/// Types that a `String` can hold, by their names in both grammars.
const AS_TEXT: &[&str] = &[
    "name",
    "xml",
    "jsonpath",
    "macaddr",
    "macaddr8",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "tsvector",
    "tsquery",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "tsmultirange",
    "tstzmultirange",
    "datemultirange",
    "pg_lsn",
    "regclass",
    "regproc",
    "regtype",
    "regrole",
    "regnamespace",
    "regconfig",
    "citext",
    "hstore",
    "ltree",
    "lquery",
    "ltxtquery",
    "geometry",
    "geography",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_only_where_the_field_does_not_tell_it() {
        let cases = [
            ("bigint", "i64", None),
            ("bigint[]", "Vec<i64>", None),
            ("character varying(80)", "String", Some("varchar(80)")),
            ("character(2)[]", "Vec<String>", Some("char(2)[]")),
            ("numeric(12,2)", "Decimal", Some("numeric(12, 2)")),
            ("numeric(12,0)", "Decimal", Some("numeric(12)")),
            ("numeric(3,-2)", "Decimal", Some("sql(\"numeric(3,-2)\")")),
            (
                "timestamp(3) with time zone",
                "DateTime<Utc>",
                Some("timestamptz(3)"),
            ),
            (
                "interval year to month",
                "String",
                Some("sql(\"interval year to month\")"),
            ),
            ("json", "Value", Some("json")),
            ("\"char\"", "String", Some("sql(r#\"\"char\"\"#)")),
            ("geo.kind[]", "Vec<String>", Some("sql(\"geo.kind[]\")")),
            (
                "geometry(Point,4326)",
                "String",
                Some("sql(\"geometry(Point,4326)\")"),
            ),
        ];
        for (sql, rust, stored) in cases {
            let found = built_in(sql, Crates::USUAL);
            assert_eq!(
                (found.name.as_str(), found.stored.as_deref()),
                (rust, stored),
                "{sql}"
            );
        }
        let without = built_in("uuid", Crates::NONE);
        assert_eq!(
            (without.stored.as_deref(), without.wanted),
            (Some("uuid"), Some("uuid"))
        );
    }
}
