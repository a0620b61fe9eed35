//! What the structs say against what the migrations make: the findings of `check`.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A struct, enum or domain says something else than the migrations.
pub const DIFFERS: Rule = Rule {
    code: "S200",
    name: "struct-differs",
    topic: Topic::Structs,
    severity: Severity::Error,
    title: "a struct and the migrations say different things",
    why: "The app is compiled against the struct, and runs on what the migrations make. A column that only the struct \
          has fails in every query that names it (SQLSTATE 42703); one that only the migrations have, NOT NULL and \
          without a default, fails every INSERT (23502).",
    instead: "Write the migration with `cargo migrate generate NAME`, or put the struct back to what the migrations say.",
    check: Check::Elsewhere,
};

/// What a struct, enum or domain describes is made by no migration.
pub const NO_MIGRATION: Rule = Rule {
    code: "S201",
    name: "no-migration",
    topic: Topic::Structs,
    severity: Severity::Error,
    title: "no migration makes what a struct describes",
    why: "On every database that was made by the migrations, queries of the table fail: it is not there (SQLSTATE \
          42P01; 42704 for a type).",
    instead: "Write the migration with `cargo migrate generate NAME`. If the table is made by somebody else, say \
              `#[table(managed = false)]`.",
    check: Check::Elsewhere,
};

/// What the migrations make has no struct, enum or domain any more.
pub const NO_STRUCT: Rule = Rule {
    code: "S202",
    name: "no-struct",
    topic: Topic::Structs,
    severity: Severity::Error,
    title: "what the migrations make has no struct",
    why: "The structs are the only source of truth: what none of them describes is to be dropped, and the next \
          `generate` writes that. If the struct was only moved to another package or behind a feature, that would \
          lose the data.",
    instead: "Let `cargo migrate generate NAME` drop it, or have the struct compiled again: its package in `packages` \
              of migrate.toml, its feature in `features`, its file in a `mod`.",
    check: Check::Elsewhere,
};
