//! A database among many, or a schema in one.

use sqlx::postgres::PgConnectOptions;

/// A database among many, or a schema in one.
#[derive(Clone)]
pub struct FleetTarget {
    /// What people know it by; no password is in it.
    pub name: String,
    /// How to connect.
    pub options: PgConnectOptions,
    /// The schema that is the tenant; `None` for the whole database.
    pub schema: Option<String>,
}

/// The database that a target is, or is in.
///
/// It is what the connection says, so two names of one machine are two places. That costs a wait for
/// the lock and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    host: String,
    port: u16,
    database: String,
}

impl FleetTarget {
    /// The database.
    pub fn place(&self) -> Place {
        Place::of(&self.options)
    }
}

impl Place {
    /// The database that these options connect to.
    pub fn of(options: &PgConnectOptions) -> Self {
        let host = match options.get_socket() {
            Some(socket) => socket.to_string_lossy().into_owned(),
            None => options.get_host().to_lowercase(),
        };
        let host = match host.as_str() {
            "127.0.0.1" | "::1" | "[::1]" => "localhost".to_owned(),
            _ => host,
        };
        let database = options.get_database();
        Self {
            host,
            port: options.get_port(),
            // As PostgreSQL has it, where none is named.
            database: database.unwrap_or(options.get_username()).to_owned(),
        }
    }
}

// By hand, because the options hold a password.
impl std::fmt::Debug for FleetTarget {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FleetTarget")
            .field("name", &self.name)
            .field("place", &self.place())
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> FleetTarget {
        FleetTarget {
            name: "one".to_owned(),
            options: url.parse().unwrap(),
            schema: None,
        }
    }

    #[test]
    fn a_place_is_known_by_other_spellings() {
        let place = target("postgres://a:secret@DB.example/shop%20x").place();
        for same in [
            "postgresql://b@db.example:5432/shop%20x?sslmode=disable",
            "postgres://db.example?dbname=shop%20x",
        ] {
            assert_eq!(target(same).place(), place, "{same}");
        }
        for other in [
            "postgres://db.example:5433/shop%20x",
            "postgres://db.example/shop",
            "postgres://other.example/shop%20x",
        ] {
            assert_ne!(target(other).place(), place, "{other}");
        }
        assert_eq!(
            target("postgres://127.0.0.1/x").place(),
            target("postgres://localhost/x").place()
        );
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = format!("{:?}", target("postgres://a:secret@db.example/shop"));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
