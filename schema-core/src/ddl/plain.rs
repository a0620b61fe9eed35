//! Statements for a transaction: what is done concurrently where it is not in one.

use super::{Ddl, IndexDdl, TableDdl};

impl Ddl {
    /// The same in a form that can be in a transaction with others; none for what only concerns
    /// the concurrent form, and for settings.
    pub fn plain(self) -> Option<Self> {
        Some(match self {
            Self::LockTimeout(_)
            | Self::UncheckedBodies(_)
            | Self::Index(IndexDdl::DropLeftover { .. }) => return None,
            Self::Index(IndexDdl::Create {
                name,
                table,
                index,
                only,
                ..
            }) => Self::Index(IndexDdl::Create {
                name,
                table,
                index,
                only,
                concurrently: false,
            }),
            Self::Index(IndexDdl::Drop { name, .. }) => Self::Index(IndexDdl::Drop {
                name,
                concurrently: false,
            }),
            Self::Table(TableDdl::DetachPartition {
                name, partition, ..
            }) => Self::Table(TableDdl::DetachPartition {
                name,
                partition,
                concurrently: false,
            }),
            ddl => ddl,
        })
    }
}
