//! N-1: every commit point of the new migrations keeps the previous release working.

pub mod old;
mod rules;

pub use rules::{MADE_AND_DROPPED, RULES, SHIM_NOT_THERE, TOUCHED_NOT_RECORDED, issue};
