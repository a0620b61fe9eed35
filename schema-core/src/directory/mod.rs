//! Migrations on disk: files, versions, directives, and the hash chain.
//!
//! The directory and its `atlas.sum` are byte-compatible with Atlas, so that both tools can work
//! on one directory: the same file names, the same chain. [`Directory::load`] reads it,
//! [`Directory::verify`] says what is wrong with it, [`Directory::append`] adds to it, and
//! [`Directory::rewrite`] puts its end in order.

mod append;
mod chain;
mod directive;
mod error;
mod file;
mod foreign;
mod generated;
mod imported;
mod ledger;
mod load;
mod mock;
mod problem;
mod rewrite;
mod scan;
mod split;
mod store;
mod structs;
mod sum;
mod touched;
mod verify;

pub use append::{NewFile, check_name, file_name};
pub use chain::{ChainFault, EditCause, Hash, Reason, SUM_FILE, SumEntry, SumFile};
pub use directive::{
    Directive, DirectiveError, DirectiveFault, DirectiveKind, Prefixes, Scope, TxMode,
};
pub use error::DirectoryError;
pub use file::{MigrationFile, Version};
pub use foreign::ForeignTool;
pub use generated::generated;
pub(crate) use imported::{is_counted, is_renumbered, without_asides};
pub use imported::{renumbered, version_number, with_asides};
pub use ledger::{LedgerError, LedgerFault, LiveShim, ShimName, live_shims};
pub use load::Directory;
pub use mock::mock_word;
pub use problem::Problem;
pub use rewrite::{Rewrite, Rewritten};
pub use split::{SplitError, SplitFault, SqlStatement, split, words};
pub use store::store;
pub use structs::{STRUCTS_FILE, StructLine, Structs};
pub(crate) use sum::StatementChain;
pub use touched::{TOUCHED_FILE, Touched, Touches};
