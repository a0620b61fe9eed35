//! Plans that keep the previous release working: expand first, contract when told.
//!
//! A renamed table leaves a view under its old name. A renamed column comes as a second one, and a
//! trigger keeps the two alike. A column that becomes required gets its value from a trigger where
//! the previous release gives none. Each of these shims lives until the work of its issue is done.

mod around;
mod contract;
mod error;
mod expand;
mod refuse;
mod trigger;
mod view;

pub use contract::contract;
pub use error::ShimError;
pub use expand::{ExpandError, Expansion, expand};
pub use refuse::refuse;
pub use view::{SECURITY_INVOKER, compat_view};

use crate::catalog::Fingerprint;
use crate::ddl::CompatView;
use crate::directory::ShimName;
use crate::ident::{Ident, MAX_IDENT_BYTES, QualifiedName};

/// What is there for the previous release.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shim {
    /// A view under the old name of a table.
    View(CompatView),
    /// The old column of a renamed one, and a trigger that keeps both alike.
    Sync {
        /// The table.
        table: QualifiedName,
        /// The column of the previous release.
        old: Ident,
        /// The column of this release.
        new: Ident,
    },
    /// A trigger that fills a column where the previous release leaves it out.
    Fill {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
}

impl Shim {
    /// What the ledger calls it.
    pub fn name(&self) -> ShimName {
        match self {
            Self::View(view) => ShimName::Table(view.old.clone()),
            Self::Sync {
                table, old: column, ..
            }
            | Self::Fill { table, column } => ShimName::Column(table.clone(), column.clone()),
        }
    }
}

/// The name of the trigger, and of its function, that is the shim of a column.
///
/// PostgreSQL fires triggers in the order of their names: this one after those of the application,
/// so that it sees what they make of the row.
pub fn trigger_name(table: &QualifiedName, column: &Ident) -> Ident {
    derived(&["zz_n1", table.name.as_str(), column.as_str()])
}

/// A name made of others: what has no room in it is told apart by a hash.
pub fn derived(parts: &[&str]) -> Ident {
    const HASH_BYTES: usize = 8;
    let whole = parts.join("_");
    if whole.len() <= MAX_IDENT_BYTES {
        return Ident::new(whole);
    }
    let hash = Fingerprint::of(&parts);
    let room = whole.floor_char_boundary(MAX_IDENT_BYTES - HASH_BYTES - 1);
    Ident::new(format!(
        "{}_{}",
        &whole[..room],
        &hash.as_str()[..HASH_BYTES]
    ))
}
