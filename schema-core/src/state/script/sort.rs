//! What kind of statement it is, by its first words: what to leave out, and what may wait.

use crate::directory::words;

/// What is done with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// About rows: no part of a schema.
    Rows,
    /// About the server, or another database.
    Server,
    /// It begins or ends a transaction, or a part of one.
    Transaction,
    /// It changes settings of the session.
    Setting,
    /// It takes something away, which may not be there.
    Loss,
    /// It makes or changes something, and may come before what it needs.
    Making,
}

/// How many words of a statement are looked at: what comes behind is names and expressions.
const HEAD: usize = 12;

/// What kind of statement this is.
pub(super) fn sort(sql: &str) -> Sort {
    let head: Vec<String> = words(sql).take(HEAD).collect();
    let word = |place: usize| head.get(place).map_or("", String::as_str);
    let has = |wanted: &str| head.iter().any(|word| word == wanted);
    match word(0) {
        "start" | "prepare" if word(1) == "transaction" => Sort::Transaction,
        "insert" | "update" | "delete" | "merge" | "truncate" | "copy" | "with" | "values"
        | "table" | "vacuum" | "analyze" | "analyse" | "reindex" | "refresh" | "checkpoint"
        | "discard" | "listen" | "unlisten" | "notify" | "show" | "explain" | "lock" | "fetch"
        | "declare" | "move" | "close" | "prepare" | "execute" | "deallocate" => Sort::Rows,
        "begin" | "commit" | "end" | "abort" | "rollback" | "savepoint" | "release" => {
            Sort::Transaction
        }
        "set" | "reset" => Sort::Setting,
        "select" if has("set_config") => Sort::Setting,
        "create" | "alter" | "drop" if about_the_server(word(1), word(2)) => Sort::Server,
        "comment" | "security" if on_the_server(&head) => Sort::Server,
        "grant" | "revoke" if grants_on_the_server(sql) => Sort::Server,
        "reassign" => Sort::Server,
        "drop" => Sort::Loss,
        "alter" if has("drop") => Sort::Loss,
        _ => Sort::Making,
    }
}

/// Kinds that exist once for all databases.
fn about_the_server(kind: &str, next: &str) -> bool {
    match kind {
        "role" | "group" | "database" | "tablespace" | "system" | "subscription" => true,
        "user" => next != "mapping",
        _ => false,
    }
}

/// `COMMENT ON DATABASE …`, `SECURITY LABEL … ON ROLE …`.
fn on_the_server(head: &[String]) -> bool {
    let mut after_on = head.iter().skip_while(|word| *word != "on").skip(1);
    let kind = after_on.next().map_or("", String::as_str);
    about_the_server(kind, after_on.next().map_or("", String::as_str))
}

/// Memberships (`GRANT role TO role`), and privileges on databases, tablespaces and parameters.
fn grants_on_the_server(sql: &str) -> bool {
    let mut rest = words(sql).skip_while(|word| word != "on" && word != "to" && word != "from");
    match rest.next().as_deref() {
        Some("on") => matches!(
            rest.next().as_deref(),
            Some("database" | "tablespace" | "parameter")
        ),
        _ => true,
    }
}

/// Whether a setting is that of the client's encoding, which is the connection's own affair.
pub(super) fn sets_encoding(sql: &str) -> bool {
    let head: Vec<String> = words(sql).take(4).collect();
    head.iter().any(|word| word == "client_encoding")
        || head.starts_with(&["set".to_owned(), "names".to_owned()])
}

/// Whether a setting holds to the end of the transaction.
pub(super) fn is_local(sql: &str) -> bool {
    words(sql).nth(1).as_deref() == Some("local")
}

/// Whether a script that holds this statement says who owns what.
pub(super) fn names_owner(sql: &str) -> bool {
    let head: Vec<String> = words(sql).take(HEAD * 4).collect();
    match head.first().map(String::as_str) {
        Some("alter") => head.windows(2).any(|pair| pair == ["owner", "to"]),
        Some("set") => head.iter().any(|it| it == "role" || it == "authorization"),
        Some("create") => {
            head.iter().take(3).any(|it| it == "schema")
                && head.contains(&"authorization".to_owned())
        }
        _ => false,
    }
}

/// Whether a script that holds this statement says who may do what.
pub(super) fn names_privilege(sql: &str) -> bool {
    let head: Vec<String> = words(sql).take(3).collect();
    match head.first().map(String::as_str) {
        Some("grant" | "revoke") => true,
        Some("alter") => head.get(1).is_some_and(|it| it == "default"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_apart_by_their_first_words() {
        for (sql, expected) in [
            ("INSERT INTO t VALUES (1);", Sort::Rows),
            ("COPY t FROM '/tmp/x';", Sort::Rows),
            ("BEGIN;", Sort::Transaction),
            ("ROLLBACK TO SAVEPOINT s;", Sort::Transaction),
            ("PREPARE TRANSACTION 'x';", Sort::Transaction),
            ("SET search_path = app;", Sort::Setting),
            (
                "SELECT pg_catalog.set_config('search_path', '', false);",
                Sort::Setting,
            ),
            ("SELECT make_partitions();", Sort::Making),
            ("CREATE DATABASE shop;", Sort::Server),
            ("CREATE USER ann;", Sort::Server),
            ("CREATE USER MAPPING FOR ann SERVER s;", Sort::Making),
            ("ALTER DATABASE shop SET x = 1;", Sort::Server),
            ("COMMENT ON DATABASE shop IS 'x';", Sort::Server),
            ("COMMENT ON TABLE role IS 'x';", Sort::Making),
            ("GRANT admin TO ann;", Sort::Server),
            ("GRANT CONNECT ON DATABASE shop TO ann;", Sort::Server),
            ("GRANT SELECT ON TABLE t TO ann;", Sort::Making),
            ("DROP TABLE t;", Sort::Loss),
            ("ALTER TABLE t DROP CONSTRAINT c;", Sort::Loss),
            ("ALTER TABLE t ADD PRIMARY KEY (id);", Sort::Making),
            ("CREATE TABLE t (id int);", Sort::Making),
        ] {
            assert_eq!(sort(sql), expected, "{sql}");
        }
    }

    #[test]
    fn owners_and_privileges_are_noticed() {
        assert!(names_owner("ALTER TABLE public.t OWNER TO ann;"));
        assert!(names_owner(
            "CREATE SCHEMA IF NOT EXISTS a AUTHORIZATION ann;"
        ));
        assert!(!names_owner("ALTER SEQUENCE s OWNED BY t.id;"));
        assert!(names_privilege(
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ann;"
        ));
        assert!(!names_privilege("CREATE TABLE grant_log (id int);"));
    }
}
