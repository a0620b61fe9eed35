//! `cargo migrate`: schema and migrations for Rust teams on PostgreSQL.

mod apply_failure;
mod approval;
mod base;
mod branch;
mod cli;
mod commands;
mod config;
mod consistency;
mod context;
mod contract;
mod database;
mod database_url;
mod dev;
mod directory;
mod environment;
mod exit_code;
mod failure;
mod fleet;
mod git;
mod github;
mod grants;
mod hooks;
mod import;
mod interrupt;
mod introspection;
mod merge_driver;
mod mock;
mod pieces;
mod pipeline;
mod planning;
mod preview;
mod printer;
mod project;
mod prompt;
mod renames;
mod replan;
mod report;
mod review;
mod rewriting;
mod shims;
mod state_failure;
mod struct_record;
mod structs;
mod targets;
mod touched;
mod tracker;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse_from(arguments());
    commands::run(cli).into()
}

/// `cargo migrate x` runs `cargo-migrate migrate x`: the word is dropped, so both ways work.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|word| word == "migrate") {
        arguments.remove(1);
    }
    arguments
}
