//! Arguments of `erd`.

use clap::{Args, ValueEnum};
use schema_core::catalog::Pattern;

use super::{BuildArgs, DevDbArgs};

/// Draw the schema: as a page to explore, or as Mermaid, DOT or SVG.
///
/// The page is one file that needs no network: pan, zoom and search it, and click a table for its
/// columns, keys, indexes and the migrations that touched it.
///
/// What is drawn is what the structs say. `dir` draws what the migrations make, and a URL what a
/// database holds. With --diff, what differs from the base branch's migrations, or from another of
/// these, is marked: + added, − removed, ~ changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate erd                                     the structs, as erd.html
  cargo migrate erd --diff                              what this branch changes
  cargo migrate erd --format mermaid >> docs/schema.md  for Markdown
  cargo migrate erd dir@20260301120000 --output then.svg
  cargo migrate erd --url postgres://localhost/shop --exclude 'audit.*'
  cargo migrate erd --url \"$PRODUCTION\" --diff dir      what production has beside the migrations")]
pub(crate) struct ErdArgs {
    /// What is drawn: `code`, `dir` or `dir@VERSION`, or the URL of a database [default: code].
    #[arg(value_name = "SIDE", conflicts_with = "url")]
    pub(crate) side: Option<String>,
    /// URL of a database to draw.
    #[arg(long, short, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// How it is drawn [default: by the ending of --output, else html].
    #[arg(long, value_enum)]
    pub(crate) format: Option<ErdFormat>,
    /// The file to write, or `-` for standard output [default: `erd.html` for html, else `-`].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Mark what differs from BASE: a branch, whose migrations count where this one left it, or a
    /// side as above [default BASE: the base branch].
    #[arg(long, value_name = "BASE", num_args = 0..=1, require_equals = false)]
    #[expect(
        clippy::option_option,
        reason = "not given, given alone, and given with a base are three things"
    )]
    pub(crate) diff: Option<Option<String>>,
    /// Only what differs, and what refers to it or is referred to.
    #[arg(long, requires = "diff")]
    pub(crate) only_changes: bool,
    /// Only what is in this schema; may be repeated.
    #[arg(long = "schema", value_name = "SCHEMA")]
    pub(crate) schemas: Vec<String>,
    /// Not these objects: `name`, `schema.name`, `schema.*`; `*` and `?` as in file names.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<Pattern>,
    /// What stands above the picture [default: what is drawn].
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Do not look for the migrations that touched each table.
    #[arg(long)]
    pub(crate) no_history: bool,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// How a schema is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErdFormat {
    /// One page that needs nothing else.
    Html,
    /// `erDiagram`, which GitHub and others render in Markdown.
    Mermaid,
    /// The language of Graphviz.
    Dot,
    /// A picture.
    Svg,
}
