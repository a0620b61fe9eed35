//! A catalog as Rust source: the files of `introspect`, and the changes of source that is there.

mod crates;
mod cycle;
mod files;
mod from;
mod leftover;
mod stub;
mod update;

pub(crate) use self::crates::crates;
pub(crate) use self::files::{LEFTOVERS, Layout, SourceFile, files};
pub(crate) use self::from::{From, read};
pub(crate) use self::leftover::{Leftover, split};
pub(crate) use self::stub::chosen;
pub(crate) use self::update::{Sides, Update, update};
