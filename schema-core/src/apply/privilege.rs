//! A privilege that the role lacks: the GRANT that gives it.

use sqlx::{PgConnection, Row as _};

use super::failure::{ServerError, Trouble};

/// What a role lacks, as PostgreSQL tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lack<'a> {
    kind: Kind,
    /// The object's name, without its schema.
    name: &'a str,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Only the owner may do it.
    Ownership,
    /// A grant is enough.
    Grant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Table,
    Sequence,
    Index,
    Routine,
    Type,
    Schema,
    Database,
}

/// PostgreSQL's words for them.
const WORDS: [(&str, Kind); 16] = [
    ("table", Kind::Table),
    ("relation", Kind::Table),
    ("view", Kind::Table),
    ("materialized view", Kind::Table),
    ("foreign table", Kind::Table),
    ("sequence", Kind::Sequence),
    ("index", Kind::Index),
    ("function", Kind::Routine),
    ("procedure", Kind::Routine),
    ("aggregate", Kind::Routine),
    ("routine", Kind::Routine),
    ("type", Kind::Type),
    ("domain", Kind::Type),
    ("column", Kind::Table),
    ("schema", Kind::Schema),
    ("database", Kind::Database),
];

impl Kind {
    /// Which objects of that name are looked at.
    fn class(self) -> &'static str {
        match self {
            Self::Table | Self::Sequence | Self::Index => "relation",
            Self::Routine => "routine",
            Self::Type => "type",
            Self::Schema => "schema",
            Self::Database => "database",
        }
    }

    /// What a role that migrates needs of it.
    fn privileges(self) -> &'static str {
        match self {
            Self::Table | Self::Index => "SELECT, INSERT, UPDATE, DELETE, REFERENCES ON TABLE",
            Self::Sequence => "USAGE, SELECT, UPDATE ON SEQUENCE",
            Self::Routine => "EXECUTE ON ROUTINE",
            Self::Type => "USAGE ON TYPE",
            Self::Schema => "USAGE, CREATE ON SCHEMA",
            Self::Database => "CREATE ON DATABASE",
        }
    }

    fn keyword(self) -> &'static str {
        match self {
            Self::Table => "TABLE",
            Self::Sequence => "SEQUENCE",
            Self::Index => "INDEX",
            Self::Routine => "ROUTINE",
            Self::Type => "TYPE",
            Self::Schema => "SCHEMA",
            Self::Database => "DATABASE",
        }
    }
}

/// Adds the GRANT to the hint of an error that is about a missing privilege.
///
/// `role` is the one that migrations run as, if that is not the one of the connection.
pub(super) async fn advise(
    connection: &mut PgConnection,
    role: Option<&str>,
    server: &mut ServerError,
) {
    if server.trouble() != Some(Trouble::Privilege) {
        return;
    }
    let Some(lack) = lack(&server.message) else {
        return;
    };
    let found = sqlx::query(include_str!("privilege.sql"))
        .persistent(false)
        .bind(lack.name)
        .bind(lack.kind.class())
        .bind(role)
        .fetch_optional(connection)
        .await;
    // The error itself is what counts; without an answer it stays as it is.
    let Ok(Some(row)) = found else { return };
    let text = |column| row.try_get::<String, _>(column).ok();
    let (Some(name), Some(owner), Some(role)) = (text("name"), text("owner"), text("role")) else {
        return;
    };
    let is_super = row.try_get("is_super").unwrap_or(true);
    let advice = lack.advice(&name, &owner, is_super, &role);
    server.hint = Some(match server.hint.take() {
        Some(hint) => format!("{hint}; {advice}"),
        None => advice,
    });
}

impl Lack<'_> {
    fn advice(&self, name: &str, owner: &str, owner_is_super: bool, role: &str) -> String {
        let kind = self.kind.keyword();
        match self.what {
            What::Grant => format!(
                "as {owner} or a superuser: `GRANT {} {name} TO {role};`",
                self.kind.privileges()
            ),
            // Whoever gets a superuser's role may do everything.
            What::Ownership if owner_is_super => {
                format!("as a superuser: `ALTER {kind} {name} OWNER TO {role};`")
            }
            What::Ownership => format!(
                "only {owner} may do that; as a superuser: `GRANT {owner} TO {role};` or `ALTER {kind} {name} OWNER TO {role};`"
            ),
        }
    }
}

fn lack(message: &str) -> Option<Lack<'_>> {
    let (rest, what) = match message.strip_prefix("permission denied for ") {
        Some(rest) => (rest, What::Grant),
        None => (message.strip_prefix("must be owner of ")?, What::Ownership),
    };
    WORDS.iter().find_map(|(word, kind)| {
        let name = rest.strip_prefix(word)?.strip_prefix(' ')?;
        Some(Lack {
            kind: *kind,
            name,
            what,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_lacks_is_read_from_the_message() {
        for (message, expected) in [
            (
                "permission denied for schema public",
                Some((Kind::Schema, "public", What::Grant)),
            ),
            (
                "permission denied for materialized view a b",
                Some((Kind::Table, "a b", What::Grant)),
            ),
            (
                "must be owner of table users",
                Some((Kind::Table, "users", What::Ownership)),
            ),
            (
                "must be owner of relation users",
                Some((Kind::Table, "users", What::Ownership)),
            ),
            ("permission denied for tablespace fast", None),
            ("permission denied to create role", None),
        ] {
            let found = lack(message).map(|it| (it.kind, it.name, it.what));
            assert_eq!(found, expected, "{message}");
        }
    }

    #[test]
    fn a_superuser_s_role_is_not_what_is_granted() {
        let lack = lack("must be owner of table users").unwrap();
        assert_eq!(
            lack.advice("public.users", "postgres", true, "app"),
            "as a superuser: `ALTER TABLE public.users OWNER TO app;`"
        );
        assert_eq!(
            lack.advice("public.users", "owner", false, "app"),
            "only owner may do that; as a superuser: `GRANT owner TO app;` or `ALTER TABLE public.users OWNER TO app;`"
        );
    }
}
