//! What a session of a run is set to, and the name that it goes by.

use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::directory::SqlStatement;
use crate::ident::{Ident, MAX_IDENT_BYTES};

/// The name that all sessions begin with.
pub(super) const APPLICATION: &str = "cargo-migrate";

/// Longer than any pause between two statements of ours, shorter than a night with a lock held.
const LONGEST_IDLE: Duration = Duration::from_mins(1);

/// Has PostgreSQL end a statement whose client is gone, where the system lets it notice.
const WATCH_CLIENT: &str = "SELECT pg_catalog.set_config('client_connection_check_interval', '1s', false) \
    WHERE pg_catalog.version() ~ '(linux|darwin|bsd|illumos|solaris)'";

/// What every file starts with. What a file sets itself wins until its end.
///
/// They are commands and no parameters of the connection, because poolers refuse those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// The role that migrations run as.
    pub role: Option<Ident>,
    /// The schema that names without one mean; what the session begins with, if `None`.
    pub schema: Option<Ident>,
    /// How long a statement waits for a lock; zero for as long as it takes.
    pub lock_timeout: Duration,
    /// How long a statement may take; zero for as long as it takes.
    pub statement_timeout: Duration,
}

impl Settings {
    /// One command each.
    pub(super) fn commands(&self) -> Vec<String> {
        let role = self.role.as_ref().map(|role| format!("SET ROLE {role}"));
        let schema = self.schema.as_ref();
        let schema = schema.map(|schema| format!("SET search_path = {schema}"));
        let times = [
            ("lock_timeout", self.lock_timeout),
            ("statement_timeout", self.statement_timeout),
            ("idle_in_transaction_session_timeout", LONGEST_IDLE),
            // Between two attempts the session waits.
            ("idle_session_timeout", Duration::ZERO),
        ];
        let times = times.map(|(name, time)| set_time(name, time));
        let watch = WATCH_CLIENT.to_owned();
        let own = role.into_iter().chain(schema);
        own.chain(times).chain([watch]).collect()
    }

    /// All of them.
    pub(super) fn sql(&self) -> String {
        self.commands().join("; ")
    }

    /// The lock timeout alone.
    pub(super) fn lock_timeout(&self) -> String {
        set_time("lock_timeout", self.lock_timeout)
    }
}

fn set_time(name: &str, time: Duration) -> String {
    format!("SET {name} = {}", time.as_millis().min(i32::MAX as u128))
}

/// Has the session say which statement of which file it runs.
pub(super) fn set_application(scope: Scope, file: &str, index: usize, of: usize) -> String {
    let name = application_name(file, index, of);
    format!("SET {scope} application_name = {}", Literal(&name))
}

/// How long a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Until the end of the transaction.
    Local,
    /// Until something else is set.
    Session,
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Local => "LOCAL",
            Self::Session => "SESSION",
        })
    }
}

/// `cargo-migrate FILE 3/7`, as long as PostgreSQL keeps it; in ASCII, which it keeps as it is.
fn application_name(file: &str, index: usize, of: usize) -> String {
    let which = format!(" {}/{of}", index + 1);
    let room = MAX_IDENT_BYTES - APPLICATION.len() - 1 - which.len();
    let mut shown: String = file
        .chars()
        .map(|it| if matches!(it, ' '..='~') { it } else { '?' })
        .collect();
    if shown.len() > room {
        shown.truncate(room - 2);
        shown.push_str("..");
    }
    format!("{APPLICATION} {shown}{which}")
}

/// Which statement a session runs, from 0, by its name.
pub(super) fn statement_of(application_name: &str) -> Option<usize> {
    let (_, which) = application_name.rsplit_once(' ')?;
    let (number, _) = which.split_once('/')?;
    number.parse::<usize>().ok()?.checked_sub(1)
}

/// Whether one of the statements may set something itself, which then is left alone.
pub(super) fn mentions(statements: &[SqlStatement<'_>], setting: &str) -> bool {
    statements.iter().any(|statement| {
        let text = statement.text.as_bytes();
        text.windows(setting.len())
            .any(|window| window.eq_ignore_ascii_case(setting.as_bytes()))
    })
}

/// A text as SQL, whatever it holds and whatever `standard_conforming_strings` says.
pub(super) struct Literal<'a>(pub &'a str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A zero byte cannot be sent.
        let quote = if self.0.contains('\\') { "E'" } else { "'" };
        formatter.write_str(quote)?;
        for character in self.0.chars().filter(|it| *it != '\0') {
            if matches!(character, '\'' | '\\') {
                formatter.write_char(character)?;
            }
            formatter.write_char(character)?;
        }
        formatter.write_char('\'')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_for_what_it_runs() {
        for (file, expected) in [
            ("1_one.sql", "cargo-migrate 1_one.sql 3/7"),
            ("2_it's \"ü\".sql", "cargo-migrate 2_it's \"?\".sql 3/7"),
            (
                "20260101000000_a_name_that_goes_on_and_on_and_on.sql",
                "cargo-migrate 20260101000000_a_name_that_goes_on_and_on_a.. 3/7",
            ),
        ] {
            let name = application_name(file, 2, 7);
            assert_eq!(name, expected);
            assert!(name.len() <= MAX_IDENT_BYTES);
            assert_eq!(statement_of(&name), Some(2));
        }
        assert_eq!(statement_of(APPLICATION), None);
        assert_eq!(statement_of("psql 0/1"), None);
    }

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        for (text, expected) in [
            ("plain", "'plain'"),
            ("it's", "'it''s'"),
            (r"C:\", r"E'C:\\'"),
            (r"\'; DROP", r"E'\\''; DROP'"),
            ("a\0b", "'ab'"),
        ] {
            assert_eq!(Literal(text).to_string(), expected);
        }
    }
}
