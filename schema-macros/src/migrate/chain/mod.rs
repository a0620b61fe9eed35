//! The hash chain: what the files of a directory give, what `atlas.sum` says, where they differ.
//!
//! The engine and the macro that embeds a directory hold the same copy of this folder, so that a
//! build refuses what a deployment would refuse, in the same words. A test compares the two. So
//! nothing here uses anything else of its crate.

mod fault;
mod sum;
mod verify;

pub use fault::{ChainFault, EditCause, Reason};
pub(crate) use sum::{Chain, ReadSum, is_sum_ignored};
pub use sum::{Hash, SUM_FILE, SumEntry, SumFile};
pub(crate) use verify::{Link, chain_faults, version_and_description, version_faults};
