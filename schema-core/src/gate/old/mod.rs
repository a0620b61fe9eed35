//! The statements of the previous release, put to the migrated database.
//!
//! | layer | finds |
//! | --- | --- |
//! | [`Layer::Prepare`] | names that are gone, ambiguous or of another kind |
//! | [`Layer::Types`] | parameters and results of another type, results that may be null now |
//! | [`Layer::Plan`] | lost privileges, lost arbiters of `ON CONFLICT` |
//! | [`Layer::Live`] | what a connection meets that was open before the migration |
//! | [`Layer::Run`] | rows that are refused, changed or gone |
//!
//! Only what worked before and fails now is told.

mod broken;
mod compare;
mod description;
mod known;
mod live;
mod plan;
mod probe;
mod query;
mod release;
mod sample;
mod statement;
mod table;
mod trial;

pub use self::broken::{Broken, Layer, Source};
pub use self::live::{LiveConnection, LiveFailure};
pub use self::query::{QueryFileError, RecordedColumn, RecordedQuery};
pub use self::release::{OldError, OldRelease, StaleQuery};
pub use self::statement::{Statement, statements};
