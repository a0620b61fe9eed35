//! How the values of one type become those of another.

/// What PostgreSQL needs to change the type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    /// Nothing: an assignment does it.
    Assignment,
    /// An explicit cast.
    Cast,
    /// There is no cast; every type can be written and read as text.
    Text,
}

/// The conversion between two types as `format_type` spells them.
pub(super) fn conversion(from: &str, to: &str) -> Conversion {
    let (from, from_array) = base(from);
    let (to, to_array) = base(to);
    let string = |name: &str| STRINGS.contains(&name);
    let listed = |casts: &[(&str, &[&str])]| {
        let row = casts.iter().find(|(source, _)| *source == from);
        row.is_some_and(|(_, targets)| targets.contains(&to.as_str()))
    };
    if from_array != to_array {
        return match (string(&to), string(&from)) {
            (true, _) if from_array => Conversion::Assignment,
            (_, true) if to_array => Conversion::Cast,
            _ => Conversion::Text,
        };
    }
    if from == to || string(&to) || listed(ASSIGNMENT) {
        Conversion::Assignment
    } else if string(&from) || listed(EXPLICIT) {
        Conversion::Cast
    } else {
        Conversion::Text
    }
}

/// True where PostgreSQL keeps the stored values as they are: a longer limit, or none.
pub(super) fn keeps_values(from: &str, to: &str) -> bool {
    let text = |name: &str| matches!(name, "text" | "character varying");
    let (from_base, to_base) = (base(from), base(to));
    if from_base.1 || to_base.1 {
        return from == to;
    }
    let (before, after) = (limits(from), limits(to));
    match (from_base.0.as_str(), to_base.0.as_str()) {
        (before, after) if text(before) && text(after) => match (limits(from), limits(to)) {
            (_, None) => true,
            (Some(from), Some(to)) => from <= to,
            (None, Some(_)) => false,
        },
        ("numeric", "numeric") => match (before.as_deref(), after.as_deref()) {
            (_, None) => true,
            (Some([from, scale]), Some([to, new_scale])) => from <= to && scale == new_scale,
            _ => false,
        },
        _ => from == to,
    }
}

/// The name without limits, and whether it is an array.
fn base(data_type: &str) -> (String, bool) {
    let array = data_type.ends_with("[]");
    let name = data_type.trim_end_matches("[]");
    let name = match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &name[..open], &name[close + 1..])
        }
        _ => name.to_owned(),
    };
    (name, array)
}

/// `(10,2)` as numbers.
fn limits(data_type: &str) -> Option<Vec<u32>> {
    let (_, rest) = data_type.split_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    inside
        .split(',')
        .map(|number| number.trim().parse().ok())
        .collect()
}

/// Every type can be assigned to these, and they can be cast to every type.
const STRINGS: &[&str] = &["text", "character varying", "character", "name", "citext"];

/// `pg_cast` of PostgreSQL 15, contexts `a` and `i`, without those to and from strings.
const ASSIGNMENT: &[(&str, &[&str])] = &[
    (
        "bigint",
        &[
            "double precision",
            "integer",
            "money",
            "numeric",
            "oid",
            "real",
            "smallint",
        ],
    ),
    ("bit", &["bit varying"]),
    ("bit varying", &["bit"]),
    ("box", &["polygon"]),
    ("cidr", &["inet"]),
    (
        "date",
        &["timestamp with time zone", "timestamp without time zone"],
    ),
    (
        "double precision",
        &["bigint", "integer", "numeric", "real", "smallint"],
    ),
    ("inet", &["cidr"]),
    (
        "integer",
        &[
            "bigint",
            "double precision",
            "money",
            "numeric",
            "oid",
            "real",
            "smallint",
        ],
    ),
    ("interval", &["time without time zone"]),
    ("json", &["jsonb"]),
    ("jsonb", &["json"]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("money", &["numeric"]),
    (
        "numeric",
        &[
            "bigint",
            "double precision",
            "integer",
            "money",
            "real",
            "smallint",
        ],
    ),
    ("oid", &["bigint", "integer"]),
    ("path", &["polygon"]),
    ("point", &["box"]),
    ("polygon", &["path"]),
    (
        "real",
        &[
            "bigint",
            "double precision",
            "integer",
            "numeric",
            "smallint",
        ],
    ),
    (
        "smallint",
        &[
            "bigint",
            "double precision",
            "integer",
            "numeric",
            "oid",
            "real",
        ],
    ),
    ("time with time zone", &["time without time zone"]),
    (
        "time without time zone",
        &["interval", "time with time zone"],
    ),
    (
        "timestamp with time zone",
        &[
            "date",
            "time with time zone",
            "time without time zone",
            "timestamp without time zone",
        ],
    ),
    (
        "timestamp without time zone",
        &["date", "time without time zone", "timestamp with time zone"],
    ),
];

/// The same for context `e`.
const EXPLICIT: &[(&str, &[&str])] = &[
    ("bigint", &["bit"]),
    ("bit", &["bigint", "integer"]),
    ("boolean", &["integer"]),
    ("box", &["circle", "lseg", "point"]),
    ("circle", &["box", "point", "polygon"]),
    ("daterange", &["datemultirange"]),
    ("int4range", &["int4multirange"]),
    ("int8range", &["int8multirange"]),
    ("integer", &["bit", "boolean"]),
    (
        "jsonb",
        &[
            "bigint",
            "boolean",
            "double precision",
            "integer",
            "numeric",
            "real",
            "smallint",
        ],
    ),
    ("lseg", &["point"]),
    ("numrange", &["nummultirange"]),
    ("polygon", &["box", "circle", "point"]),
    ("tsrange", &["tsmultirange"]),
    ("tstzrange", &["tstzmultirange"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_those_of_postgresql() {
        for (from, to, expected) in [
            ("integer", "bigint", Conversion::Assignment),
            ("integer", "text", Conversion::Assignment),
            (
                "character varying(80)",
                "character varying(9)",
                Conversion::Assignment,
            ),
            ("text", "integer", Conversion::Cast),
            ("text[]", "integer[]", Conversion::Cast),
            ("text", "integer[]", Conversion::Cast),
            ("integer", "boolean", Conversion::Cast),
            ("integer", "uuid", Conversion::Text),
            (
                "timestamp(3) without time zone",
                "date",
                Conversion::Assignment,
            ),
        ] {
            assert_eq!(conversion(from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn only_wider_limits_keep_the_values() {
        for (from, to, expected) in [
            ("character varying(80)", "character varying(100)", true),
            ("character varying(80)", "text", true),
            ("text", "character varying(80)", false),
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric(12,3)", false),
            ("integer", "bigint", false),
        ] {
            assert_eq!(keeps_values(from, to), expected, "{from} to {to}");
        }
    }
}
