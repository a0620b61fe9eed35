//! Directories that another migration tool made.

use std::fmt;

/// Another tool's directory, told by its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForeignTool {
    /// `V1__name.sql`.
    Flyway,
    /// Pairs of `.up.sql` and `.down.sql`.
    UpDownPairs,
    /// Folders with `up.sql`.
    Diesel,
    /// Folders with `migration.sql`.
    Prisma,
    /// `meta/_journal.json`.
    Drizzle,
    /// Rust files.
    SeaOrm,
    /// `-- migrate:up`.
    Dbmate,
    /// `-- +goose Up`.
    Goose,
    /// `--liquibase formatted sql`.
    Liquibase,
}

impl ForeignTool {
    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::SeaOrm | Self::Liquibase => {
                "give cargo migrate a directory of its own; to keep the history, write the SQL of each migration into it as `VERSION_name.sql`"
            }
            _ => {
                "give cargo migrate a directory of its own; `cargo migrate import FROM` takes the history over into it"
            }
        }
    }
}

impl fmt::Display for ForeignTool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Flyway => "Flyway or refinery",
            Self::UpDownPairs => "golang-migrate or sqlx",
            Self::Diesel => "Diesel",
            Self::Prisma => "Prisma",
            Self::Drizzle => "Drizzle",
            Self::SeaOrm => "SeaORM",
            Self::Dbmate => "dbmate",
            Self::Goose => "goose",
            Self::Liquibase => "Liquibase",
        })
    }
}

/// Whose directory it is, by the names in it: files, and `folder/file` one level down.
pub(super) fn by_names<'a>(names: impl Iterator<Item = &'a str>) -> Option<(ForeignTool, String)> {
    names
        .map(|name| (tool_of_name(name), name))
        .find_map(|(tool, name)| tool.map(|tool| (tool, name.to_owned())))
}

/// Whose file it is, by its text.
pub(super) fn by_text(text: &str) -> Option<(ForeignTool, String)> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let lower = line.to_lowercase();
    let marks = [
        ("-- migrate:up", ForeignTool::Dbmate),
        ("-- +goose up", ForeignTool::Goose),
        ("--liquibase formatted sql", ForeignTool::Liquibase),
        ("-- liquibase formatted sql", ForeignTool::Liquibase),
    ];
    marks
        .into_iter()
        .find(|(mark, _)| lower.starts_with(mark))
        .map(|(_, tool)| (tool, line.to_owned()))
}

fn tool_of_name(name: &str) -> Option<ForeignTool> {
    match name.split_once('/') {
        Some((_, "up.sql")) => return Some(ForeignTool::Diesel),
        Some((_, "migration.sql")) => return Some(ForeignTool::Prisma),
        Some(("meta", "_journal.json")) => return Some(ForeignTool::Drizzle),
        Some(_) => return None,
        None => {}
    }
    if name.ends_with(".up.sql") || name.ends_with(".down.sql") {
        return Some(ForeignTool::UpDownPairs);
    }
    if let Some(stem) = name.strip_suffix(".sql") {
        let flyway = stem.split_once("__").is_some_and(|(version, _)| {
            let rest = version.strip_prefix(['V', 'U']);
            version == "R"
                || rest.is_some_and(|rest| {
                    rest.starts_with(|first: char| first.is_ascii_digit())
                        && rest.chars().all(|character| {
                            character.is_ascii_digit() || matches!(character, '.' | '_')
                        })
                })
        });
        return flyway.then_some(ForeignTool::Flyway);
    }
    let rust = name
        .strip_suffix(".rs")
        .and_then(|stem| stem.strip_prefix('m'));
    rust.is_some_and(|stem| stem.len() > 8 && stem[..8].bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(ForeignTool::SeaOrm)
}
