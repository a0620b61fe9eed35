//! Harness of the integration tests.

pub mod corpus;
pub mod postgres;
pub mod project;
pub mod proof;
pub mod proxy;
pub mod strategies;
