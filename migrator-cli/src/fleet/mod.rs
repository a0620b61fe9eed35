//! A run on many databases, as people and machines are told of it.

mod board;
mod group;
mod record;
mod summary;

pub(crate) use self::board::Board;
pub(crate) use self::group::{grouped, listed, without_name};
pub(crate) use self::record::{Record, in_order};
pub(crate) use self::summary::summarize;
