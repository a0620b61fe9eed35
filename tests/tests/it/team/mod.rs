//! A team on one directory: what goes wrong is told, and the command that is named mends it.
//!
//! `TEAM_SITUATION=PART` goes through those only that have this in their names.

mod files;
mod harness;
mod merges;
mod places;
mod rebases;
