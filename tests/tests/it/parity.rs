//! The table of docs/from-make.md, run.
