//! What new migrations do, observed on a real PostgreSQL.
//!
//! The state at the base branch is brought up with a few rows in every table and copied; the new
//! files run on the copy, statement by statement. After each, a reading tells which relations are
//! locked and how, which were written anew, read in full or indexed, and which objects were made,
//! changed and dropped, cascades included. Objects are told apart by their numbers, never by what
//! the SQL says.

mod base;
mod effects;
mod error;
mod facts;
mod made;
mod privilege;
mod reading;
mod rehearsal;
mod room;
pub mod rows;
mod sides;
mod touched;

pub use effects::{BuiltIndex, Command, Dropped, Effects, Lock, Step, Target, WrittenRows, class};
pub use error::ObserveError;
pub use facts::{
    Attribute, Column, Constraint, DomainCheck, Facts, Index, KeyPart, Label, Oid, Policy,
    Relation, Routine, Sequence, Trigger, Type,
};
pub use made::{Made, MadeKind};
pub use privilege::Privilege;
pub use rehearsal::{CommitPoint, Rehearsal, RehearsalOptions};
pub use rows::Population;
pub use sides::Sides;
