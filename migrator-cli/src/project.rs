//! The cargo project: its packages, its build, its artifacts.
