//! Integration tests against real servers, in one binary.

mod apply;
mod cli;
mod corpus;
mod dev_db;
mod directory;
mod introspect;
mod plan;
mod properties;
mod reflection;
mod replay;
mod tidy;
