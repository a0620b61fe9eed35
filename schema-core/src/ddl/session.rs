//! Settings of the session that runs a migration.

use std::fmt;

use super::{Hazard, LockLevel};

/// How long a statement waits for a lock: while it waits, everything that wants the table waits
/// behind it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LockTimeout {
    /// `SET LOCAL`: until the end of the transaction.
    Transaction,
    /// `SET`: for the statements that follow.
    Session,
    /// `SET … = 0`: wait as long as it takes. A concurrent build waits for old transactions
    /// without holding anybody up; if it gave up, an invalid index would be left.
    Off,
}

/// Long enough for ordinary transactions to end, short enough for a queue behind it.
const LIMIT: &str = "2s";

impl LockTimeout {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Transaction | Self::Session => {
                "Give up rather than have others queue behind a lock".to_owned()
            }
            Self::Off => "Wait for old transactions as long as they take".to_owned(),
        }
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn lock(&self) -> LockLevel {
        LockLevel::None
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn hazards(&self) -> Vec<Hazard> {
        Vec::new()
    }
}

impl fmt::Display for LockTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transaction => write!(f, "SET LOCAL lock_timeout = '{LIMIT}'"),
            Self::Session => write!(f, "SET lock_timeout = '{LIMIT}'"),
            Self::Off => f.write_str("SET lock_timeout = 0"),
        }
    }
}

/// The bodies of functions are not checked: one may call what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UncheckedBodies {
    /// `SET LOCAL`: until the end of the transaction.
    Transaction,
    /// `SET`: for the statements that follow.
    Session,
}

impl UncheckedBodies {
    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn comment(self) -> String {
        "Functions may call what comes after them".to_owned()
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn lock(self) -> LockLevel {
        LockLevel::None
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn hazards(self) -> Vec<Hazard> {
        Vec::new()
    }
}

impl fmt::Display for UncheckedBodies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Transaction => "SET LOCAL check_function_bodies = off",
            Self::Session => "SET check_function_bodies = off",
        })
    }
}
