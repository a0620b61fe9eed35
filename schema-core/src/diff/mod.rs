//! Two catalogs to the changes between them.

mod rename;

pub use rename::{Rename, Renames, renames_to_apply};
