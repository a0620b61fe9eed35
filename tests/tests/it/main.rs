//! Integration tests against real servers, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that fails panics, in its helpers too, and one that is skipped says so"
)]

mod apply;
mod approval;
mod apps;
mod check_all;
mod check_migrations;
mod ci;
mod cli;
mod config_rows;
mod contract;
mod corpus;
mod dev_db;
mod diff;
mod directory;
mod erd;
mod git;
mod hooks;
mod import;
mod introspect;
mod introspection;
mod labelled;
mod lint;
mod mutations;
mod names;
mod objects;
mod online;
mod pairs;
mod parity;
mod plan;
mod probes;
mod properties;
mod queries;
mod reflection;
mod replanning;
mod replay;
mod reports;
mod rewriting;
mod roles;
mod rolling;
mod rows;
mod rule_pages;
mod shims;
mod stats;
mod struct_lines;
mod tables;
mod team;
mod tidy;
mod tracker;
mod types;
