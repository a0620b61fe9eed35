//! What a statement that can be in no transaction has left when it failed or was cut off: an invalid
//! index, a partition that is half detached, or all that it was to do.

use sqlx::PgConnection;

use super::replay::execute;
use crate::ident::Ident;

/// A statement whose effect can be looked for. Names are spelled as in SQL, with quotes.
#[derive(Debug, PartialEq, Eq)]
enum Trace {
    /// `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] index ON [ONLY] table`; the index is the
    /// bare name.
    Build {
        index: String,
        table: String,
        unique: bool,
    },
    /// `DROP INDEX CONCURRENTLY [IF EXISTS] index`.
    Drop { index: String },
    /// `REINDEX INDEX|TABLE CONCURRENTLY name`.
    Rebuild { name: String },
    /// `ALTER TABLE [IF EXISTS] parent DETACH PARTITION partition CONCURRENTLY`.
    Detach { parent: String, partition: String },
}

/// Takes away what an earlier attempt at a statement has left, so that it can run again. True if it
/// need not, because all of it is done.
///
/// Its record comes after it, so if the attempt was cut off, the record alone may be missing. What
/// is there without that was there before, and PostgreSQL says so.
pub(super) async fn look_back(
    connection: &mut PgConnection,
    sql: &str,
    was_cut_off: bool,
) -> Result<bool, sqlx::Error> {
    let Some(trace) = trace(sql) else {
        return Ok(false);
    };
    let remains: Vec<String> = match &trace {
        Trace::Build { index, table, .. } => {
            let query = sqlx::query_scalar(include_str!("leftover.sql"));
            let query = query.bind(index).bind(table);
            query.fetch_all(&mut *connection).await?
        }
        Trace::Rebuild { name } => {
            let query = sqlx::query_scalar(include_str!("rebuilt.sql")).bind(name);
            query.fetch_all(&mut *connection).await?
        }
        Trace::Detach { parent, partition } => {
            let query = sqlx::query_scalar(include_str!("detaching.sql"));
            let query = query.bind(parent).bind(partition);
            query.fetch_all(&mut *connection).await?
        }
        Trace::Drop { .. } => Vec::new(),
    };
    for remedy in &remains {
        execute(connection, remedy).await?;
    }
    let is_half_detached = matches!(trace, Trace::Detach { .. }) && !remains.is_empty();
    Ok(is_half_detached || (was_cut_off && is_done(connection, &trace).await?))
}

async fn is_done(connection: &mut PgConnection, trace: &Trace) -> Result<bool, sqlx::Error> {
    let query = match trace {
        Trace::Build {
            index,
            table,
            unique,
        } => {
            let query = sqlx::query_scalar(include_str!("built.sql"));
            query.bind(index).bind(table).bind(unique)
        }
        Trace::Drop { index } => {
            sqlx::query_scalar("SELECT pg_catalog.to_regclass($1) IS NULL").bind(index)
        }
        Trace::Detach { parent, partition } => {
            let query = sqlx::query_scalar(include_str!("detached.sql"));
            query.bind(parent).bind(partition)
        }
        // Twice does no harm.
        Trace::Rebuild { .. } => return Ok(false),
    };
    query.fetch_one(connection).await
}

/// True for a statement that may leave something, or be done without a record.
pub(super) fn leaves_traces(sql: &str) -> bool {
    trace(sql).is_some()
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

fn trace(sql: &str) -> Option<Trace> {
    let tokens = tokens(sql);
    let begins = |words: &[&str]| after(&tokens, words);
    if let Some(rest) = begins(&["drop", "index", "concurrently"]) {
        let (index, _) = name(after(rest, &["if", "exists"]).unwrap_or(rest))?;
        return Some(Trace::Drop { index });
    }
    if let Some(rest) = begins(&["alter", "table"]) {
        let (parent, rest) = name(after(rest, &["if", "exists"]).unwrap_or(rest))?;
        let (partition, rest) = name(after(rest, &["detach", "partition"])?)?;
        after(rest, &["concurrently"])?;
        return Some(Trace::Detach { parent, partition });
    }
    let index = begins(&["reindex", "index", "concurrently"]);
    if let Some(rest) = index.or_else(|| begins(&["reindex", "table", "concurrently"])) {
        let (name, _) = name(rest)?;
        return Some(Trace::Rebuild { name });
    }
    let unique = begins(&["create", "unique", "index", "concurrently"]);
    let rest = unique.or_else(|| begins(&["create", "index", "concurrently"]))?;
    let rest = after(rest, &["if", "not", "exists"]).unwrap_or(rest);
    let (index, rest) = rest.split_first()?;
    // Without a name PostgreSQL takes a free one.
    let rest = after(rest, &["on"])?;
    let (table, _) = name(after(rest, &["only"]).unwrap_or(rest))?;
    Some(Trace::Build {
        index: index.clone(),
        table,
        unique: unique.is_some(),
    })
}

/// What comes after these words.
fn after<'a>(tokens: &'a [String], words: &[&str]) -> Option<&'a [String]> {
    let same = tokens.len() >= words.len() && tokens.iter().zip(words).all(|(it, word)| it == word);
    same.then(|| &tokens[words.len()..])
}

/// A name with or without its schema, and what comes after it.
fn name(tokens: &[String]) -> Option<(String, &[String])> {
    let (first, rest) = tokens.split_first()?;
    let first = Ident::new(first.as_str());
    Some(match rest {
        [dot, second, rest @ ..] if dot == "." => {
            let second = Ident::new(second.as_str());
            (format!("{first}.{second}"), rest)
        }
        _ => (first.to_string(), rest),
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
    fn what_may_leave_something_is_found() {
        for (sql, expected) in [
            ("CREATE INDEX CONCURRENTLY I ON T (a)", "build i on t"),
            (
                "create unique index concurrently if not exists \"I\"\"x\" on only app.\"T\" using gin (a)",
                "build unique I\"x on app.\"T\"",
            ),
            (
                "CREATE INDEX CONCURRENTLY -- why\n /* not */ i ON t(a)",
                "build i on t",
            ),
            ("CREATE INDEX CONCURRENTLY ON t (a)", ""),
            ("CREATE INDEX i ON t (a)", ""),
            ("SELECT 'CREATE INDEX CONCURRENTLY i ON t (a)'", ""),
            ("CREATE INDEX CONCURRENTLY \"open", ""),
            ("DROP INDEX CONCURRENTLY I;", "drop i"),
            (
                "drop index concurrently if exists app.\"I x\" cascade",
                "drop app.\"I x\"",
            ),
            ("DROP INDEX i", ""),
            ("REINDEX TABLE CONCURRENTLY app.t;", "rebuild app.t"),
            ("REINDEX INDEX i", ""),
            (
                "ALTER TABLE IF EXISTS app.p DETACH PARTITION p1 CONCURRENTLY;",
                "detach p1 of app.p",
            ),
            ("ALTER TABLE p DETACH PARTITION p1", ""),
            ("ALTER TABLE p ADD COLUMN a int", ""),
        ] {
            let found = match trace(sql) {
                None => String::new(),
                Some(Trace::Build {
                    index,
                    table,
                    unique,
                }) => format!(
                    "build {}{index} on {table}",
                    if unique { "unique " } else { "" }
                ),
                Some(Trace::Drop { index }) => format!("drop {index}"),
                Some(Trace::Rebuild { name }) => format!("rebuild {name}"),
                Some(Trace::Detach { parent, partition }) => {
                    format!("detach {partition} of {parent}")
                }
            };
            assert_eq!(found, expected, "{sql}");
        }
    }
}
