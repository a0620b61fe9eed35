//! Defaults as the grammar says them: a literal, a function, an enum's variant, else SQL.

use schema_core::catalog::Column;

use super::names::Names;
use super::text::string;
use super::types;

/// Functions that the grammar knows, as PostgreSQL deparses them, with the types of their results.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("now()", "now()", "timestamptz"),
    ("CURRENT_TIMESTAMP", "current_timestamp()", "timestamptz"),
    ("clock_timestamp()", "clock_timestamp()", "timestamptz"),
    (
        "statement_timestamp()",
        "statement_timestamp()",
        "timestamptz",
    ),
    (
        "transaction_timestamp()",
        "transaction_timestamp()",
        "timestamptz",
    ),
    ("LOCALTIMESTAMP", "localtimestamp()", "timestamp"),
    ("CURRENT_DATE", "current_date()", "date"),
    ("LOCALTIME", "localtime()", "time"),
    ("gen_random_uuid()", "gen_random_uuid()", "uuid"),
    ("uuidv4()", "uuidv4()", "uuid"),
    ("uuidv7()", "uuidv7()", "uuid"),
    ("random()", "random()", "float8"),
    ("CURRENT_USER", "current_user()", "name"),
    ("SESSION_USER", "session_user()", "name"),
];

/// What stands after `default =`.
pub(super) fn default(column: &Column, expression: &str, names: &Names) -> String {
    let short = match &column.type_name {
        Some(name) => {
            let label = quoted(expression, &column.data_type);
            let label = label.filter(|label| names.has_label(name, label));
            label.map(|label| format!("{}::{}", names.r#type(name), names.variant(name, &label)))
        }
        None => built_in(column, expression, names),
    };
    short.unwrap_or_else(|| format!("sql({})", string(expression)))
}

fn built_in(column: &Column, expression: &str, names: &Names) -> Option<String> {
    if column.data_type.ends_with("[]") {
        return None;
    }
    let sql = types::short_name(&column.data_type)?;
    if let Some((_, call, result)) = FUNCTIONS.iter().find(|(text, ..)| *text == expression) {
        return (*result == sql).then(|| (*call).to_owned());
    }
    match sql.as_str() {
        "bool" => matches!(expression, "true" | "false").then(|| expression.to_owned()),
        "int2" | "int4" | "int8" => integer(expression, &sql),
        "float4" | "float8" => number(expression),
        "numeric" if names.crates.rust_decimal => {
            number(expression).filter(|it| fits(it, &column.data_type))
        }
        "text" | "varchar" | "bpchar" => {
            let cast = match sql.as_str() {
                "varchar" => "character varying",
                other => other,
            };
            let text = quoted(expression, cast)?;
            let room = modifiers(&column.data_type).first().copied();
            let fits = room.is_none_or(|room| text.chars().count() <= room);
            fits.then(|| string(&text))
                .filter(|text| !text.starts_with('r'))
        }
        _ => None,
    }
}

/// An integer: negative ones are deparsed as strings.
fn integer(expression: &str, sql: &str) -> Option<String> {
    let negative = quoted(expression, "integer");
    let large = (sql == "int8")
        .then(|| quoted(expression, "bigint"))
        .flatten();
    let large = large.filter(|it| it.parse::<i64>().is_ok_and(|it| i32::try_from(it).is_err()));
    let digits = match (negative, large) {
        (Some(negative), _) if negative.starts_with('-') => negative,
        (_, Some(large)) => large,
        _ => expression.to_owned(),
    };
    let value: i64 = digits.parse().ok()?;
    let fits = match sql {
        "int2" => i16::try_from(value).is_ok(),
        "int4" => i32::try_from(value).is_ok(),
        _ => true,
    };
    (fits && value.to_string() == digits).then_some(digits)
}

/// A number, which Rust spells as PostgreSQL does.
fn number(expression: &str) -> Option<String> {
    let signed = |cast| quoted(expression, cast).filter(|it| it.starts_with('-'));
    let digits = signed("integer").or_else(|| signed("numeric"));
    let digits = digits.unwrap_or_else(|| expression.to_owned());
    let bare = digits.strip_prefix('-').unwrap_or(&digits);
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let plain = whole == "0" || !whole.starts_with('0');
    // Beyond that it is another type to PostgreSQL, or to Rust.
    (is_number(whole) && is_number(fraction) && plain && digits.len() < 10).then_some(digits)
}

/// Whether a number has room in `numeric(p,s)`.
fn fits(number: &str, data_type: &str) -> bool {
    let modifiers = modifiers(data_type);
    let [precision, scale] = modifiers.as_slice() else {
        return true;
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.trim_start_matches(['-', '0']).len();
    let fraction = fraction.trim_end_matches('0').len();
    whole + scale <= *precision && fraction <= *scale
}

fn modifiers(data_type: &str) -> Vec<usize> {
    let inside = data_type
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'));
    let numbers = inside.map_or("", |(inside, _)| inside).split(',');
    numbers.filter_map(|it| it.trim().parse().ok()).collect()
}

/// The text of `'text'::cast`, where it has no escapes.
fn quoted(expression: &str, cast: &str) -> Option<String> {
    let text = expression.strip_suffix(cast)?.strip_suffix("::")?;
    let text = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let whole = text.replace("''", "");
    (!whole.contains('\'') && !text.contains('\\')).then(|| text.replace("''", "'"))
}
