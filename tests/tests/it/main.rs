//! Integration tests against real servers, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that fails panics, in its helpers too, and one that is skipped says so"
)]

mod apply;
mod approval;
mod apps;
mod cli;
mod config_rows;
mod contract;
mod corpus;
mod dev_db;
mod directory;
mod git;
mod introspect;
mod labelled;
mod lint;
mod online;
mod plan;
mod probes;
mod properties;
mod queries;
mod reflection;
mod replay;
mod reports;
mod roles;
mod rolling;
mod rows;
mod rule_pages;
mod shims;
mod stats;
mod tidy;
mod tracker;
mod types;
