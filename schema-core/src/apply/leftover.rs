//! What a statement that can be in no transaction has left when it was cut off: an index that is
//! invalid, or all that it was to do.

use sqlx::PgConnection;

use super::replay::execute;
use crate::ident::Ident;

/// The index that a `CREATE INDEX CONCURRENTLY` builds, and its table.
#[derive(Debug, PartialEq, Eq)]
struct Build {
    index: String,
    table: String,
    unique: bool,
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

/// Whether a statement that was cut off had done its work: its record comes after it.
pub(super) async fn is_done(connection: &mut PgConnection, sql: &str) -> Result<bool, sqlx::Error> {
    if let Some(build) = build(sql) {
        return sqlx::query_scalar(include_str!("built.sql"))
            .bind(build.index)
            .bind(build.table)
            .bind(build.unique)
            .fetch_one(connection)
            .await;
    }
    let Some(index) = dropped(sql) else {
        return Ok(false);
    };
    sqlx::query_scalar("SELECT pg_catalog.to_regclass($1) IS NULL")
        .bind(index)
        .fetch_one(connection)
        .await
}

/// True for a statement that may leave an invalid index, or have been done without a record.
pub(super) fn leaves_traces(sql: &str) -> bool {
    build(sql).is_some() || dropped(sql).is_some()
}

/// The index that a `DROP INDEX CONCURRENTLY [IF EXISTS] name` drops, in quotes.
fn dropped(sql: &str) -> Option<String> {
    let tokens = tokens(sql);
    let mut rest = after(&tokens, &["drop", "index", "concurrently"])?;
    rest = after(rest, &["if", "exists"]).unwrap_or(rest);
    let (first, rest) = rest.split_first()?;
    let first = Ident::new(first.as_str());
    Some(match rest {
        [dot, name, ..] if dot == "." => format!("{first}.{}", Ident::new(name.as_str())),
        _ => first.to_string(),
    })
}

/// What comes after these words.
fn after<'a>(tokens: &'a [String], words: &[&str]) -> Option<&'a [String]> {
    let same = tokens.len() >= words.len() && tokens.iter().zip(words).all(|(it, word)| it == word);
    same.then(|| &tokens[words.len()..])
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
    let unique = after(&tokens, &["create", "unique", "index", "concurrently"]);
    let plain = || after(&tokens, &["create", "index", "concurrently"]);
    let rest = unique.or_else(plain)?;
    let rest = after(rest, &["if", "not", "exists"]).unwrap_or(rest);
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
        unique: unique.is_some(),
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
    fn the_index_that_is_dropped_is_found() {
        for (sql, expected) in [
            ("DROP INDEX CONCURRENTLY I;", Some("i")),
            (
                "drop index concurrently if exists app.\"I x\" cascade",
                Some("app.\"I x\""),
            ),
            ("DROP INDEX i", None),
            ("DROP TABLE concurrently", None),
        ] {
            assert_eq!(dropped(sql).as_deref(), expected, "{sql}");
        }
    }

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
