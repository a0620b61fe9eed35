//! `erd`: the schema as a picture.

use camino::Utf8Path;
use schema_core::apply::connect;
use schema_core::catalog::{Catalog, Filter};
use schema_core::directory::{Directory, store};
use schema_core::ident::Ident;
use schema_core::introspect::{Scope, introspect};
use schema_core::render::{Diagram, History, Mark, dot, html, mermaid, svg};
use schema_core::schema::Hints;
use schema_core::state;
use serde::Serialize;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::branch::Branch;
use crate::cli::{ErdArgs, ErdFormat};
use crate::context::Context;
use crate::directory::load_or_new;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::{ReplayProgress, compare, replays};
use crate::printer::counted;
use crate::{database, dev, state_failure};

/// What a page is called where nothing else is said.
const PAGE: &str = "erd.html";

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    format: &'static str,
    /// The file that was written; `null` where the picture is in `text`.
    output: Option<&'a str>,
    tables: usize,
    views: usize,
    foreign_keys: usize,
    /// What it is compared with; `null` where with nothing.
    compared_with: Option<&'a str>,
    changes: Vec<ChangeReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// A table, view or type that differs.
#[derive(Serialize)]
struct ChangeReport {
    object: String,
    change: &'static str,
}

/// What can be drawn.
enum Side<'a> {
    /// What the structs say.
    Code,
    /// What the migrations make, up to a version.
    Directory(Option<&'a str>),
    /// What a database holds.
    Database(&'a str),
}

/// Draws, and writes the picture.
pub(crate) async fn run(context: &Context, args: &ErdArgs) -> Result<Exit, Failure> {
    let (format, output) = target(args)?;
    let directory = load_or_new(context)?;
    let side = match (&args.url, &args.side) {
        (Some(url), _) => Side::Database(url),
        (None, Some(side)) => side_of(side)?.ok_or_else(|| {
            Failure::new(Exit::Usage, format!("`{side}` cannot be drawn"))
                .with_help("name `code`, `dir`, `dir@VERSION` or the URL of a database")
        })?,
        (None, None) => Side::Code,
    };
    let (name, catalog) = read(context, args, &directory, &side).await?;
    let before = match &args.diff {
        None => None,
        Some(base) => Some(base_of(context, args, &directory, base.as_deref()).await?),
    };
    let history = history(context, args, &directory, format).await;
    let filter = Filter {
        schemas: args
            .schemas
            .iter()
            .map(|it| Ident::new(it.as_str()))
            .collect(),
        excluded: args.exclude.clone(),
        ..Filter::default()
    };
    let catalog = filter.apply(&catalog);
    let before = before.map(|(name, before)| (name, filter.apply(&before)));
    let title = args.title.clone().unwrap_or(name);
    let compared = before
        .as_ref()
        .map(|(name, before)| (name.as_str(), before));
    let mut diagram = Diagram::new(title, &catalog, compared, &history);
    if args.only_changes {
        diagram = diagram.only_changes();
    }
    if diagram.nodes.is_empty() {
        context.printer.note("there is no table to draw");
    }
    let text = match format {
        ErdFormat::Html => html(&diagram),
        ErdFormat::Mermaid => mermaid(&diagram),
        ErdFormat::Dot => dot(&diagram),
        ErdFormat::Svg => svg(&diagram),
    };
    write(context, &diagram, format, output, &text)?;
    Ok(Exit::Clean)
}

/// In which form, and where to.
fn target(args: &ErdArgs) -> Result<(ErdFormat, &str), Failure> {
    let ending = args
        .output
        .as_deref()
        .and_then(|path| Utf8Path::new(path).extension());
    let by_ending = match ending {
        Some("html" | "htm") => Some(ErdFormat::Html),
        Some("mmd" | "mermaid") => Some(ErdFormat::Mermaid),
        Some("dot" | "gv") => Some(ErdFormat::Dot),
        Some("svg") => Some(ErdFormat::Svg),
        _ => None,
    };
    let format = match (args.format.or(by_ending), &args.output) {
        (Some(format), _) => format,
        (None, Some(path)) if path != "-" => {
            return Err(Failure::new(
                Exit::Usage,
                format!("the name `{path}` does not say how to draw"),
            )
            .with_help("give --format, or a name that ends in .html, .mmd, .dot or .svg"));
        }
        (None, _) => ErdFormat::Html,
    };
    let usual = if format == ErdFormat::Html { PAGE } else { "-" };
    Ok((format, args.output.as_deref().unwrap_or(usual)))
}

/// What a word names; nothing where it is no side, and may be a branch.
fn side_of(text: &str) -> Result<Option<Side<'_>>, Failure> {
    Ok(Some(match text.split_once('@') {
        None if text == "code" => Side::Code,
        None if text == "dir" => Side::Directory(None),
        Some(("dir", "")) => {
            return Err(Failure::new(Exit::Usage, "`dir@` names no version")
                .with_help("write `dir@20260301120000`, or `dir` for what all migrations make"));
        }
        Some(("dir", version)) => Side::Directory(Some(version)),
        _ if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
            Side::Database(text)
        }
        _ => return Ok(None),
    }))
}

/// What a side holds, and what it is called.
async fn read(
    context: &Context,
    args: &ErdArgs,
    directory: &Directory,
    side: &Side<'_>,
) -> Result<(String, Catalog), Failure> {
    match side {
        Side::Code => {
            let name = context.root.file_name().unwrap_or("schema").to_owned();
            let comparison = Box::pin(compare(context, directory, &args.build, &args.dev)).await?;
            Ok((name, comparison.desired))
        }
        Side::Directory(None) => {
            let catalog = replays(context, directory, &args.dev).await?;
            Ok((format!("{}", context.shown(&context.dir)), catalog))
        }
        Side::Directory(Some(version)) => {
            let shown = context.shown(&context.dir);
            let place = directory
                .files
                .iter()
                .position(|file| file.version.as_str() == *version);
            let Some(place) = place else {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("{shown} has no migration of version {version}"),
                )
                .with_help(
                    "`cargo migrate status`, or the names of the files, tell the versions",
                ));
            };
            let files = &directory.files[..=place];
            let part = crate::pieces::directory_of(context, &crate::rewriting::texts(files));
            let catalog = replays(context, &part, &args.dev).await?;
            Ok((format!("{shown} at {version}"), catalog))
        }
        Side::Database(url) => {
            let options = database::read(context, url, &"--url")?;
            context.note_target(database::place(&options));
            let name = options
                .get_database()
                .unwrap_or(options.get_username())
                .to_owned();
            let failed = |error: sqlx::Error| Failure::from_error(Exit::Database, &error);
            let progress = context.printer.progress("reading the database");
            let options = options.application_name("cargo-migrate erd");
            let mut connection = connect(&options.disable_statement_logging())
                .await
                .map_err(failed)?;
            let catalog = introspect(&mut connection, &Scope::default())
                .await
                .map_err(|error| Failure::from_error(Exit::Database, &error))?;
            connection.close().await.map_err(failed)?;
            drop(progress);
            Ok((format!("Database {name}"), catalog))
        }
    }
}

/// What it is compared with: a side, or the migrations of a branch where this one left it.
async fn base_of(
    context: &Context,
    args: &ErdArgs,
    directory: &Directory,
    base: Option<&str>,
) -> Result<(String, Catalog), Failure> {
    if let Some(base) = base
        && let Some(side) = side_of(base)?
    {
        let (name, catalog) = read(context, args, directory, &side).await?;
        let name = if matches!(side, Side::Code) {
            "the structs".to_owned()
        } else {
            name
        };
        return Ok((name, catalog));
    }
    let branch = Branch::find(context, base, directory)?;
    let catalog = replays(context, &branch.fork, &args.dev).await?;
    Ok((branch.base.name, catalog))
}

/// The migrations that touched each table. Only the page shows them, and it can do without.
async fn history(
    context: &Context,
    args: &ErdArgs,
    directory: &Directory,
    format: ErdFormat,
) -> History {
    if args.no_history || format != ErdFormat::Html || directory.files.is_empty() {
        return History::new();
    }
    let found = async {
        let dev = dev::open(context, &args.dev).await?;
        let text = "looking for the migrations of each table";
        let mut progress = ReplayProgress(context.printer.progress(text));
        let history = state::history(&dev, directory, &mut progress).await;
        history.map_err(|error| {
            state_failure::explain(context, error, &Hints::default(), dev.engine())
        })
    };
    match Box::pin(found).await {
        Ok(history) => history,
        Err(failure) => {
            context.printer.warning(format_args!(
                "the page does not say which migrations touched a table: {}",
                failure.message
            ));
            History::new()
        }
    }
}

fn write(
    context: &Context,
    diagram: &Diagram,
    format: ErdFormat,
    output: &str,
    text: &str,
) -> Result<(), Failure> {
    let printer = &context.printer;
    let is_file = output != "-";
    if is_file {
        let path = context.cwd.join(output);
        store(&path, text.as_bytes()).map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    }
    let views = diagram
        .nodes
        .iter()
        .filter(|node| node.kind.is_view())
        .count();
    let tables = diagram.nodes.len() - views;
    if printer.is_json() {
        let nodes = diagram.nodes.iter();
        let marked = nodes.map(|node| (format!("{} {}", node.kind.word(), node.name), node.mark));
        let types = diagram.types.iter();
        let types = types.map(|it| (format!("{} {}", it.kind, it.name), it.mark));
        let changes = marked.chain(types).filter(|(_, mark)| !mark.is_same());
        printer.json(&Report {
            version: 1,
            format: match format {
                ErdFormat::Html => "html",
                ErdFormat::Mermaid => "mermaid",
                ErdFormat::Dot => "dot",
                ErdFormat::Svg => "svg",
            },
            output: is_file.then_some(output),
            tables,
            views,
            foreign_keys: diagram.references.len(),
            compared_with: diagram.compared.as_deref(),
            changes: changes
                .map(|(object, mark)| ChangeReport {
                    object,
                    change: Mark::word(mark),
                })
                .collect(),
            text: (!is_file).then_some(text),
        });
    } else if !is_file {
        printer.data(text.trim_end());
    }
    if is_file {
        let mut what = counted(tables, "table");
        if views > 0 {
            what = format!("{what} and {}", counted(views, "view"));
        }
        printer.done("Drawn", format_args!("{what} in {output}"));
    }
    if let Some(compared) = &diagram.compared {
        let [added, removed, changed] = diagram.changes();
        printer.done(
            "Compared",
            format_args!("with {compared}: {added} added, {removed} removed, {changed} changed"),
        );
    }
    Ok(())
}
