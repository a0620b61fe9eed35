//! What a concurrent build that failed or was cut off has left: an invalid index.

use sqlx::PgConnection;

use super::replay::execute;

/// The index that a `CREATE INDEX CONCURRENTLY` builds, and its table.
#[derive(Debug, PartialEq, Eq)]
struct Build {
    index: String,
    table: String,
}

/// Drops the invalid index that an earlier run of this statement has left, so that it can be built
/// again. A valid one stays, whoever made it.
pub(super) async fn drop_leftover(
    connection: &mut PgConnection,
    sql: &str,
) -> Result<(), sqlx::Error> {
    let Some(build) = build(sql) else {
        return Ok(());
    };
    let drops: Vec<String> = sqlx::query_scalar(include_str!("leftover.sql"))
        .bind(build.index)
        .bind(build.table)
        .fetch_all(&mut *connection)
        .await?;
    for drop in drops {
        execute(connection, &drop).await?;
    }
    Ok(())
}

/// True for a statement that may leave an invalid index.
pub(super) fn builds_concurrently(sql: &str) -> bool {
    build(sql).is_some()
}

/// Whether a statement waits for old transactions without anybody having to wait for it.
pub(super) fn holds_nobody_up(sql: &str) -> bool {
    let tokens = tokens(sql);
    let is_index = tokens
        .iter()
        .take(3)
        .any(|it| it == "index" || it == "reindex");
    is_index && tokens.iter().any(|it| it == "concurrently")
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table`.
fn build(sql: &str) -> Option<Build> {
    let tokens = tokens(sql);
    let mut rest = tokens.as_slice();
    let mut skip = |words: &[&str]| {
        let same = rest.len() >= words.len() && rest.iter().zip(words).all(|(it, word)| it == word);
        rest = &rest[if same { words.len() } else { 0 }..];
        same
    };
    let unique = skip(&["create", "unique", "index", "concurrently"]);
    if !unique && !skip(&["create", "index", "concurrently"]) {
        return None;
    }
    skip(&["if", "not", "exists"]);
    let (index, rest) = rest.split_first()?;
    // Without a name PostgreSQL takes a free one.
    let rest = rest.strip_prefix(&["on".to_owned()])?;
    let only = usize::from(rest.first().is_some_and(|it| it == "only"));
    let rest = &rest[only..];
    let qualified = rest.get(1).is_some_and(|it| it == ".");
    let table = rest.get(if qualified { 2 } else { 0 })?;
    Some(Build {
        index: index.clone(),
        table: table.clone(),
    })
}

/// Names as PostgreSQL folds them, and other characters one by one, as far as the first
/// parenthesis; without comments.
fn tokens(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next().filter(|it| *it != '(') {
        let word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
        let end = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            let mut end = 1;
            loop {
                let Some(quote) = rest[end..].find('"') else {
                    return tokens;
                };
                end += quote + 1;
                if !rest[end..].starts_with('"') {
                    break;
                }
                end += 1;
            }
            tokens.push(rest[1..end - 1].replace("\"\"", "\""));
            end
        } else if word(first) {
            let end = rest.find(|it| !word(it)).unwrap_or(rest.len());
            tokens.push(rest[..end].to_lowercase());
            end
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[end..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_and_its_table_are_found() {
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY I ON T (a)", Some(("i", "t"))),
            (
                "create unique index concurrently if not exists \"I\"\"x\" on only app.\"T\" using gin (a)",
                Some(("I\"x", "T")),
            ),
            (
                "CREATE INDEX CONCURRENTLY -- why\n /* not */ i ON t(a)",
                Some(("i", "t")),
            ),
            ("CREATE INDEX CONCURRENTLY ON t (a)", None),
            ("CREATE INDEX i ON t (a)", None),
            ("DROP INDEX CONCURRENTLY i", None),
            ("SELECT 'CREATE INDEX CONCURRENTLY i ON t (a)'", None),
            ("CREATE INDEX CONCURRENTLY \"open", None),
        ] {
            let found = build(sql);
            let found = found
                .as_ref()
                .map(|it| (it.index.as_str(), it.table.as_str()));
            assert_eq!(found, expected, "{sql}");
        }
    }
}
