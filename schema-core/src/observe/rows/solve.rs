//! Values that satisfy conditions, found by PostgreSQL among those that are likely to.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::hint::{Hint, hints, like, sample};
use super::shape::TypeKind;
use super::value::{Flavour, Values, bounds, length};
use crate::ident::literal;

/// The most combinations of values that are tried for one set of conditions.
const MOST_COMBINATIONS: usize = 6_000;

/// Texts that programs check for.
const TEXTS: &[&str] = &[
    "a@example.org",
    "b@example.com",
    "https://example.org/a",
    "http://example.com",
    "some-slug",
    "a-b",
    "Title",
    "US",
    "DE",
    "EUR",
    "USD",
    "en",
    "en-US",
    "#a1b2c3",
    "+4915112345678",
    "1.2.3",
    "10.0.0.1",
    "example.org",
    "00000000-0000-4000-8000-000000000001",
    "/path/to",
    "abc_def",
    "ABC",
    "12345",
    "0",
    "1",
    "2020-01-01",
    "{}",
    "[]",
    "Europe/Berlin",
    "0123456789abcdef",
    "a b",
    "",
];

/// A name for values to choose from: a column, or `VALUE` for those of a domain.
#[derive(Debug)]
pub(super) struct Choice {
    /// The name as SQL.
    pub(super) name: String,
    /// The values as SQL, the likeliest first.
    pub(super) values: Vec<String>,
}

/// Values of a type that the literals of conditions suggest, the likeliest first.
pub(super) fn candidates(
    values: &Values<'_>,
    data_type: u32,
    modifier: i32,
    place: u32,
    conditions: &[&str],
) -> Vec<String> {
    let (base, base_modifier) = values.shape.base(data_type, modifier);
    let Some(found) = values.shape.types.get(&base) else {
        return Vec::new();
    };
    let plain = |n| values.value(data_type, modifier, place + n, Flavour::Plain);
    let mut all: Vec<String> = plain(0).into_iter().collect();
    let is_domain = base != data_type;
    if !(is_domain && values.domains.contains_key(&data_type)) {
        let hints: Vec<Hint> = conditions.iter().flat_map(|it| hints(it)).collect();
        let texts = match (found.category, found.kind) {
            ('N', _) => {
                let mut numbers = numbers(&hints, &found.name);
                let (least, most) = bounds(found, base_modifier);
                numbers.retain(|text| text.parse().is_ok_and(|it: f64| least < it && it < most));
                numbers
            }
            ('S', _) => {
                let mut texts = texts(&hints);
                let most = length(found, base_modifier).unwrap_or(usize::MAX);
                texts.retain(|text| text.chars().count() <= most);
                if found.name == "bpchar" && most < usize::MAX {
                    // Padded, as an operator that takes no blanks away will see them.
                    texts = texts.iter().map(|text| format!("{text:most$}")).collect();
                }
                texts
            }
            ('B', _) => vec!["true".into(), "false".into()],
            (_, TypeKind::Enum) => found.labels.clone(),
            ('A', _) => vec!["{}".into()],
            ('U', _) if found.name.starts_with("json") => ["{}", "[]", "\"a\"", "1", "[\"a\"]"]
                .map(String::from)
                .into(),
            _ => typed(&hints, &found.spelling),
        };
        all.extend(
            texts
                .iter()
                .map(|text| format!("{}::{}", literal(text), found.spelling)),
        );
        if found.category == 'D' {
            all.extend(moments(&hints, &found.spelling));
        }
    }
    all.extend((1..5).filter_map(plain));
    all.extend(values.value(data_type, modifier, place, Flavour::Negative));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|value| seen.insert(value.clone()));
    all
}

/// Numbers around those of the conditions.
fn numbers(hints: &[Hint], type_name: &str) -> Vec<String> {
    let mut all = Vec::new();
    let numbers = hints.iter().filter_map(|hint| match hint {
        Hint::Number(text) | Hint::Text(text, _) => Some(text.as_str()),
        _ => None,
    });
    for text in numbers {
        if let Ok(number) = text.parse::<i64>() {
            let near = [0, 1, -1]
                .into_iter()
                .filter_map(|by| number.checked_add(by));
            all.extend(near.map(|number| number.to_string()));
        } else if let Ok(number) = text.parse::<f64>() {
            all.push(text.to_owned());
            let near = [0.01, -0.01, 1.0, -1.0].into_iter();
            all.extend(near.map(|by| format!("{:.3}", number + by)));
        }
    }
    all.extend(["0", "1", "100", "-1", "0.5", "0.01"].map(String::from));
    if type_name.starts_with("int") {
        all.retain(|text| text.parse::<i64>().is_ok());
    }
    all
}

/// Texts that the conditions name, match, or ask the length of.
fn texts(hints: &[Hint]) -> Vec<String> {
    let mut all = Vec::new();
    for hint in hints {
        match hint {
            Hint::Text(text, cast) if cast.ends_with("[]") => {
                let inner = text.trim_matches(['{', '}']).split(',');
                all.extend(inner.map(|text| text.trim_matches('"').to_owned()));
            }
            Hint::Text(text, _) => all.push(text.clone()),
            Hint::Like(pattern) => all.push(like(pattern)),
            Hint::Regex(pattern) => all.extend((0..4).filter_map(|n| sample(pattern, n))),
            Hint::Number(text) => {
                let near = text
                    .parse::<usize>()
                    .into_iter()
                    .flat_map(|n| [n, n + 1, n.saturating_sub(1)]);
                all.extend(near.filter(|n| *n <= 4_000).map(|n| "a".repeat(n)));
            }
        }
    }
    all.extend(TEXTS.iter().map(|text| (*text).to_owned()));
    all
}

/// Literals of just this type.
fn typed(hints: &[Hint], spelling: &str) -> Vec<String> {
    let texts = hints.iter().filter_map(|hint| match hint {
        Hint::Text(text, cast) if cast == spelling => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// Moments around those of the conditions, and far from today.
fn moments(hints: &[Hint], spelling: &str) -> Vec<String> {
    let known = typed(hints, spelling).into_iter().flat_map(|text| {
        let text = literal(&text);
        ["-", "+"].map(|sign| format!("({text}::{spelling} {sign} interval '1 day')::{spelling}"))
    });
    let mut all: Vec<String> = known.collect();
    if !spelling.starts_with("time ") {
        all.extend(["1900-01-01", "2200-01-01"].map(|text| format!("'{text}'::{spelling}")));
    }
    all
}

/// The combinations of values for which no condition is false, the likeliest first, as indexes.
pub(super) async fn solve(
    connection: &mut PgConnection,
    choices: &[Choice],
    conditions: &[&str],
) -> Result<Vec<Vec<usize>>, sqlx::Error> {
    let mut most = MOST_COMBINATIONS;
    let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
    while most > 2
        && most
            .checked_pow(count)
            .is_none_or(|all| all > MOST_COMBINATIONS)
    {
        most = most * 9 / 10;
    }
    let sources = choices.iter().enumerate().map(|(nth, choice)| {
        let values = choice.values.iter().take(most).enumerate();
        let values: Vec<String> = values.map(|(n, value)| format!("({n}, {value})")).collect();
        format!(
            "(VALUES {}) AS c{nth}(\"?{nth}\", {})",
            values.join(", "),
            choice.name
        )
    });
    let sources: Vec<String> = sources.collect();
    let indexes: Vec<String> = (0..choices.len())
        .map(|nth| format!("\"?{nth}\""))
        .collect();
    let conditions: Vec<String> = conditions
        .iter()
        .map(|it| format!("({it}) IS NOT FALSE"))
        .collect();
    let sql = format!(
        "SELECT concat_ws(',', {}) FROM {} WHERE {} ORDER BY {} LIMIT 300",
        indexes.join(", "),
        sources.join(" CROSS JOIN "),
        conditions.join(" AND "),
        indexes.join(" + "),
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?;
    let solutions = rows.iter().map(|row| {
        let text: String = row.try_get(0)?;
        Ok(text
            .split(',')
            .filter_map(|index| index.parse().ok())
            .collect())
    });
    solutions.collect()
}
