//! A team on one directory: what goes wrong is told, and the command that is named mends it.
//!
//! `TEAM_SITUATION=PART` goes through those only that have this in their names.

mod harness;
mod merges;
