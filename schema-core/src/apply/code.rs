//! The codes of the errors of a deploy. A code keeps its meaning, so scripts and searches can rely on it.

use super::error::ApplyError;
use super::failure::Trouble;
use super::refusal::Refusal;

/// One kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErrorCode {
    /// The code: `A0…` is about reaching the database and about its state, `A1…` about the directory
    /// and the history, `A2…` about a run.
    pub code: &'static str,
    /// What happened.
    pub title: &'static str,
    /// What it leaves, and how to go on.
    pub next: &'static str,
}

macro_rules! codes {
    ($($name:ident $code:literal $title:literal, $next:literal;)*) => {
        impl ErrorCode {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            $(
                #[doc = concat!("`", $code, "`: ", $title, ".")]
                pub const $name: Self = Self { code: $code, title: $title, next: $next };
            )*
        }
    };
}

codes! {
    UNREACHABLE "A001" "no connection to the database",
        "Nothing ran. Check host and port of the URL, and that the server runs.";
    AUTHENTICATION "A002" "the server does not let the role in",
        "Nothing ran. Check user and password of the URL, and `pg_hba.conf`.";
    NO_DATABASE "A003" "the server has no such database",
        "Nothing ran. Create the database, or correct its name.";
    NOT_READY "A004" "the server starts, stops, or has no connection left",
        "Nothing ran. Run the command again when it is ready; `apply` takes two connections.";
    STANDBY "A005" "the server is a standby",
        "Nothing ran. Connect to the primary.";
    READ_ONLY "A006" "transactions are read-only",
        "Nothing of that transaction stays. Turn `default_transaction_read_only` off for the role.";
    SERVER_VERSION "A007" "the server is older than PostgreSQL 14",
        "Nothing ran. Upgrade the server.";
    LOCKED "A008" "another deployment is at it",
        "Nothing ran. Wait for it, or wait longer by `--lock-timeout`.";
    LOCK_LOST "A009" "the connection that holds the lock was lost",
        "Complete files stay. Run the command again.";
    CONNECTION_LOST "A010" "the connection was lost while it was used",
        "The history says what stayed. Run the command again; it finds out whether the statement took effect.";
    NO_ROOM "A011" "the server has no disk space or memory left",
        "The file goes back to its last commit. Make room and run the command again.";
    SEARCH_PATH "A012" "names without a schema mean another schema",
        "Nothing ran. Set `search_path` for the role or in the URL.";
    POOLER "A013" "a pooler that gives its servers away between transactions",
        "Nothing ran. Connect to the server itself, or to a pooler in session mode.";
    NO_SCHEMA "A014" "the database has no such schema",
        "Nothing ran. Create the schema of the tenant first.";
    NO_ROLE "A015" "the server has no such role",
        "Nothing ran. Create the role, or correct `app-role`.";
    DIRECTORY "A101" "the directory is not intact",
        "Nothing ran. `cargo migrate validate` shows what is wrong.";
    AHEAD "A102" "the database is ahead of the directory",
        "Nothing ran, and nothing has to: a newer release has migrated this database. On a rollback start the old release without `apply`; exit code 13 tells this case.";
    MISSING "A103" "the history has versions that the directory has not",
        "Nothing ran. Restore the files.";
    FOREIGN "A104" "the history is that of another directory",
        "Nothing ran. Give each directory its own history by `--revisions-schema`.";
    OUT_OF_ORDER "A105" "files were added before the last applied one",
        "Nothing ran. Give them new versions.";
    MODIFIED "A106" "a file was changed after it was applied",
        "Nothing ran. Put the file back; changes go into a new migration.";
    CHANGED_STATEMENT "A107" "the done part of a half-done file was changed",
        "Nothing ran. Put that statement back; those that have not run may be corrected.";
    UNKNOWN_VERSION "A108" "the directory has no such version",
        "Nothing ran. A version is the file name up to its first `_`.";
    HAS_HISTORY "A109" "a baseline for a database that has a history",
        "Nothing ran. Leave `--baseline` out.";
    UNREADABLE "A110" "a file has a bad directive or cannot be split into statements",
        "Nothing ran. `cargo migrate validate` shows what is wrong.";
    UNHASHED "A111" "a file that `atlas.sum` leaves out",
        "Nothing ran. Take `sum ignore` out of the file, or the file out of the directory.";
    AMBIGUOUS_HISTORY "A112" "there is more than one history table",
        "Nothing ran. Name the right one by `--revisions-schema`.";
    NOT_CLEAN "A113" "a database without history that is not empty",
        "Nothing ran. Adopt it by `--baseline`, or run all files on it by `--allow-dirty`.";
    CHANGED_DEFERRED "A114" "a file that waits was changed since",
        "Nothing ran. Put the file back; changes go into a new migration.";
    NO_ENVIRONMENT "A115" "files are not for every environment, and which this is was not said",
        "Nothing ran. Set `APP_ENV`, or give `--app-env`.";
    CANNOT_WAIT "A116" "a contract migration has to wait, and later files need it",
        "Nothing ran. Deploy up to the file before it first, by `--to`, and then the rest.";
    NOT_IN_ONE "A117" "a file cannot be in one transaction with all others",
        "Nothing ran. Leave `--tx-mode all` out, or apply the files up to it first.";
    STATEMENT "A201" "PostgreSQL refuses a statement",
        "The file goes back to its last commit. Correct it and run the command again.";
    PRIVILEGE "A202" "the role lacks a privilege",
        "The file goes back to its last commit. The message has the GRANT.";
    COMMIT "A203" "the end of a file's transaction fails",
        "Nothing of the file stays. A deferred constraint does not hold.";
    OPEN_TRANSACTION "A204" "a file leaves a transaction open",
        "That transaction is rolled back. End it with COMMIT.";
    BUSY "A205" "a statement did not get its lock",
        "The file goes back to its last commit. Run the command again when the database is less busy.";
    SESSION "A206" "the history or the session fails",
        "The history says what stayed. The message has what PostgreSQL said.";
}

impl ApplyError {
    /// The code, which stays the same when the words change.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Directory(_) => ErrorCode::DIRECTORY,
            Self::Connect { server, .. } => match server.trouble() {
                // What answers is no server, or none that can be talked to.
                None | Some(Trouble::Lost) => ErrorCode::UNREACHABLE,
                Some(trouble) => of_trouble(trouble),
            },
            Self::Locked { .. } => ErrorCode::LOCKED,
            Self::LockLost { .. } => ErrorCode::LOCK_LOST,
            Self::Standby => ErrorCode::STANDBY,
            Self::ReadOnly => ErrorCode::READ_ONLY,
            Self::ServerVersion { .. } => ErrorCode::SERVER_VERSION,
            Self::Pooler { .. } => ErrorCode::POOLER,
            Self::NoRole { .. } => ErrorCode::NO_ROLE,
            Self::NoSchema { .. } => ErrorCode::NO_SCHEMA,
            Self::SearchPath { .. } => ErrorCode::SEARCH_PATH,
            Self::AmbiguousHistory { .. } => ErrorCode::AMBIGUOUS_HISTORY,
            Self::NotClean { .. } => ErrorCode::NOT_CLEAN,
            Self::Refused(refusal) => of_refusal(refusal),
            Self::Statement { failure, .. } => failure
                .server
                .trouble()
                .map_or(ErrorCode::STATEMENT, of_trouble),
            Self::Interrupted { server, .. } => server
                .trouble()
                .map_or(ErrorCode::CONNECTION_LOST, of_trouble),
            Self::Commit { server, .. } => server.trouble().map_or(ErrorCode::COMMIT, of_trouble),
            Self::OpenTransaction { .. } => ErrorCode::OPEN_TRANSACTION,
            Self::Session { server, .. } => server.trouble().map_or(ErrorCode::SESSION, of_trouble),
        }
    }
}

fn of_trouble(trouble: Trouble) -> ErrorCode {
    match trouble {
        Trouble::Authentication => ErrorCode::AUTHENTICATION,
        Trouble::NoDatabase => ErrorCode::NO_DATABASE,
        Trouble::NotReady => ErrorCode::NOT_READY,
        Trouble::ReadOnly => ErrorCode::READ_ONLY,
        Trouble::Privilege => ErrorCode::PRIVILEGE,
        Trouble::NoRoom => ErrorCode::NO_ROOM,
        Trouble::Busy => ErrorCode::BUSY,
        Trouble::Lost => ErrorCode::CONNECTION_LOST,
    }
}

fn of_refusal(refusal: &Refusal) -> ErrorCode {
    match refusal {
        Refusal::Ahead { .. } => ErrorCode::AHEAD,
        Refusal::Missing { .. } => ErrorCode::MISSING,
        Refusal::Foreign { .. } => ErrorCode::FOREIGN,
        Refusal::OutOfOrder { .. } => ErrorCode::OUT_OF_ORDER,
        Refusal::Modified { .. } => ErrorCode::MODIFIED,
        Refusal::ChangedStatement { .. } => ErrorCode::CHANGED_STATEMENT,
        Refusal::UnknownVersion { .. } => ErrorCode::UNKNOWN_VERSION,
        Refusal::HasHistory { .. } => ErrorCode::HAS_HISTORY,
        Refusal::Directive { .. } | Refusal::Split { .. } => ErrorCode::UNREADABLE,
        Refusal::NotInOne { .. } => ErrorCode::NOT_IN_ONE,
        Refusal::Unhashed { .. } => ErrorCode::UNHASHED,
        Refusal::ChangedDeferred { .. } => ErrorCode::CHANGED_DEFERRED,
        Refusal::NoEnvironment { .. } => ErrorCode::NO_ENVIRONMENT,
        Refusal::CannotWait { .. } => ErrorCode::CANNOT_WAIT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_each_is_there_once() {
        assert!(
            ErrorCode::ALL
                .windows(2)
                .all(|pair| pair[0].code < pair[1].code)
        );
    }
}
