//! `init`: configuration, migration directory, an example table, and what to do next.

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::directory::{SUM_FILE, SumFile, store};

use crate::cli::InitArgs;
use crate::config::FILE_NAME;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::hooks::{ATTRIBUTES_FILE, merged_attributes};

const CONFIG: &str = "\
# Configuration of `cargo migrate`; every key is optional.

# The migration directory.
dir = \"migrations\"

# Major version of PostgreSQL that production runs: the dev database uses the same.
# postgres-version = 16
";

const EXAMPLE: &str = "\
//! The database schema. `cargo migrate generate NAME` turns changes here into a migration.

use schema_core::prelude::*;

/// How far a post is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
pub enum PostStatus {
    /// Only its author sees it.
    Draft,
    /// Everybody sees it.
    Published,
}

/// Somebody who writes.
#[table(name = \"users\")]
#[derive(Clone, Debug)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub email: String,
    pub display_name: Option<String>,
}

/// What they write.
#[table(name = \"posts\")]
#[index(author_id)]
#[index(status, where = status == PostStatus::Published, name = \"posts_published_idx\")]
#[check(name = \"posts_title_check\", sql(\"length(title) > 0\"))]
#[derive(Clone, Debug)]
pub struct Post {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = User::id, on_delete = cascade)]
    pub author_id: i64,
    pub title: String,
    #[column(default = PostStatus::Draft)]
    pub status: PostStatus,
    #[column(default = sql(\"'{}'\"))]
    pub tags: Vec<String>,
}
";

/// Writes what is missing, changes nothing that is there, and says what to do next.
pub(crate) fn run(context: &Context, args: &InitArgs) -> Result<Exit, Failure> {
    let manifest = context.root.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(Failure::new(
            Exit::Project,
            format!("{} is no cargo project: it has no Cargo.toml", context.root),
        )
        .with_help("run `cargo new --lib NAME` first, or give --manifest-path"));
    }
    let manifest_text = read(&manifest)?;
    let mut written = Vec::new();
    let config = context.root.join(FILE_NAME);
    if !config.exists() && !manifest_text.contains("metadata.migrate") {
        write(&config, CONFIG)?;
        written.push(config);
    }
    if !context.dir.exists() {
        fs_err::create_dir_all(&context.dir)
            .map_err(|error| Failure::from_error(Exit::Project, &error))?;
        // With a sum from the start, an app can embed the directory before its first migration.
        write(&context.dir.join(SUM_FILE), &SumFile::default().to_string())?;
        written.push(context.dir.clone());
    }
    written.extend(attributes(&context.dir)?);
    if !args.no_example {
        written.extend(example(&context.root)?);
    }
    for path in &written {
        context.printer.done("Created", context.shown(path));
    }
    if written.is_empty() {
        context
            .printer
            .done("Unchanged", "everything is there already");
    }
    if !manifest_text.contains("schema-core") {
        context
            .printer
            .note("this crate does not depend on schema-core yet: run `cargo add schema-core`");
    }
    context
        .printer
        .note("next: `cargo migrate generate NAME` writes the first migration");
    Ok(Exit::Clean)
}

/// How git keeps and merges the directory, beside what is said there already.
fn attributes(dir: &Utf8Path) -> Result<Option<Utf8PathBuf>, Failure> {
    let path = dir.join(ATTRIBUTES_FILE);
    let before = if path.exists() {
        Some(read(&path)?)
    } else {
        None
    };
    let Some(merged) = merged_attributes(before.as_deref()) else {
        return Ok(None);
    };
    write(&path, &merged)?;
    Ok(Some(path))
}

/// A module with tables, where the crate has sources and none of them has a table.
fn example(root: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let source = root.join("src");
    let Some(top) = ["lib.rs", "main.rs"]
        .map(|name| source.join(name))
        .into_iter()
        .find(|path| path.is_file())
    else {
        return Ok(Vec::new());
    };
    let module = source.join("schema.rs");
    let text = read(&top)?;
    if module.exists() || text.contains("#[table") || text.contains("mod schema") {
        return Ok(Vec::new());
    }
    write(&module, EXAMPLE)?;
    // At the end: inner attributes and docs have to stay first.
    write(
        &top,
        format!("{}\n\npub mod schema;\n", text.trim_end()).trim_start(),
    )?;
    Ok(vec![module, top])
}

fn read(path: &Utf8Path) -> Result<String, Failure> {
    fs_err::read_to_string(path).map_err(|error| Failure::from_error(Exit::Project, &error))
}

fn write(path: &Utf8Path, text: &str) -> Result<(), Failure> {
    store(path, text.as_bytes()).map_err(|error| Failure::from_error(Exit::Project, &error))
}
