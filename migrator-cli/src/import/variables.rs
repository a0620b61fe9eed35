//! Variables in the texts of tools that put values in: `${name}`, and `$NAME` of goose.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What begins like a variable of Flyway, and what is its name.
pub(super) static BRACED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$\{([^{}\s]+)\}").expect("a fixed pattern"));

/// Variables of the environment, a default behind `-` or `:-` included.
pub(super) static OF_ENVIRONMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)[^{}]*\}|([A-Za-z_][A-Za-z0-9_]*))")
        .expect("a fixed pattern")
});

/// The line with the values in it, and the names of those that have none.
pub(super) fn filled(
    line: &str,
    pattern: &Regex,
    values: &BTreeMap<String, String>,
) -> (String, Vec<String>) {
    let mut missing = Vec::new();
    let text = pattern.replace_all(line, |found: &Captures<'_>| {
        let name = found.get(1).or_else(|| found.get(2));
        let name = name.map_or("", |name| name.as_str());
        values.get(name).cloned().unwrap_or_else(|| {
            missing.push(name.to_owned());
            found[0].to_owned()
        })
    });
    (text.into_owned(), missing)
}
