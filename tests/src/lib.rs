//! Harness of the integration tests.

#![expect(
    clippy::missing_panics_doc,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails panics, and one that is skipped says so"
)]

pub mod bench;
pub mod corpus;
pub mod http;
pub mod labelled;
pub mod package;
pub mod pairs;
pub mod pgbouncer;
pub mod postgres;
pub mod project;
pub mod proof;
pub mod proxy;
pub mod repository;
pub mod server;
pub mod strategies;
pub mod walk;
mod wire;
