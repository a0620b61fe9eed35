//! A side of a comparison: how it is written, and what it holds.

mod load;
mod spelling;
mod sql;
mod tree;

pub(crate) use self::load::{Loaded, Loader};
pub(crate) use self::spelling::Side;
pub(crate) use self::sql::{Form, script, steps};
pub(crate) use self::tree::{plain_tree, tree};
