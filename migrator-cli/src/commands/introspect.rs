//! `introspect`: a database, a SQL dump or a directory as Rust source.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::catalog::{Catalog, Filter};
use schema_core::diff::diff;
use schema_core::directory::store;
use schema_core::ident::{Ident, QualifiedName};
use serde::Serialize;

use super::{baseline, generate};
use crate::cli::{BaselineArgs, DatabaseArgs, GenerateArgs, IntrospectArgs, PlanArgs};
use crate::context::Context;
use crate::directory::load_or_new;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::introspection::{self, From, Layout, Leftover, Sides, SourceFile, Update};
use crate::pipeline;
use crate::printer::{Printer, counted};
use crate::structs::spell::{self, Crates, Names};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    written: bool,
    files: Vec<FileReport<'a>>,
    tables: usize,
    types: usize,
    /// What the source cannot say, and SQL cannot either.
    not_managed: Vec<&'a str>,
    /// Histories of migration tools, which are left out.
    left_out: &'a [String],
    /// Where the source does not say what was read, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<&'a [String]>,
}

#[derive(Serialize)]
struct FileReport<'a> {
    path: Utf8PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct UpdateReport<'a> {
    version: u32,
    written: bool,
    files: Vec<FileReport<'a>>,
    /// What is gone, and still in the source.
    gone: &'a [String],
    /// What has to be done by hand.
    by_hand: &'a [String],
}

fn filter_of(args: &IntrospectArgs) -> Filter {
    let schemas = args.schemas.iter();
    Filter {
        schemas: schemas.map(|it| Ident::new(it.as_str())).collect(),
        excluded: args.exclude.clone(),
        ..Filter::default()
    }
}

/// Reads, and writes the source.
pub(crate) async fn run(context: &Context, args: &IntrospectArgs) -> Result<Exit, Failure> {
    let from = From::of(&args.from);
    if args.baseline {
        refuse_baseline(context, &from)?;
    }
    let package = args.build.packages.first().map(String::as_str);
    let (crates, missing) = introspection::crates(context, package, &args.types)?;
    let found = introspection::read(context, &from, &args.dev).await?;
    let filter = filter_of(args);
    let (catalog, stubs) = introspection::chosen(&found.catalog, &filter, &args.tables);
    if catalog.tables.is_empty() && catalog.enums.is_empty() && catalog.domains.is_empty() {
        return Err(
            Failure::new(Exit::Usage, "nothing was found that a struct could say").with_help(
                "is it the right database? --schema, --tables and --exclude choose from it",
            ),
        );
    }
    for table in &found.former {
        context.printer.note(format_args!(
            "left out: {table}, the history of a migration tool"
        ));
    }
    let (said, leftovers) = introspection::split(&catalog)
        .map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
    let mut names = Names::of(&schema_core::schema::Hints::default(), crates);
    names.add(&said);
    names.unmanaged(&stubs);
    let folder = context.root.join(&args.output);
    if args.update {
        tell(&context.printer, &catalog, &leftovers, &missing, crates);
        let to = (&said, leftovers.as_slice());
        return update(context, args, &catalog, to, &stubs, crates, &folder).await;
    }
    let layout = if args.per_table {
        Layout::PerTable
    } else {
        Layout::PerSchema
    };
    let files = introspection::files(&said, &leftovers, &names, layout);
    if !args.dry_run {
        write(context, &folder, &files, args.force)?;
        declare(context, &folder)?;
    }
    tell(&context.printer, &catalog, &leftovers, &missing, crates);
    let differences = if args.check {
        Some(differences(context, args, &catalog, &stubs).await?)
    } else {
        None
    };
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            written: !args.dry_run,
            files: files
                .iter()
                .map(|SourceFile { path, text }| FileReport {
                    path: context.shown(&folder.join(path)),
                    text: args.dry_run.then_some(text.as_str()),
                })
                .collect(),
            tables: catalog.tables.len(),
            types: catalog.enums.len() + catalog.domains.len(),
            not_managed: catalog.unmodelled.iter().map(String::as_str).collect(),
            left_out: &found.former,
            differences: differences.as_deref(),
        });
    } else if args.dry_run {
        for SourceFile { path, text } in &files {
            let path = context.shown(&folder.join(path));
            context.printer.data(format_args!("// {path}\n{text}"));
        }
        context.printer.note("dry run: nothing was written");
    }
    if let Some(differences) = differences.filter(|it| !it.is_empty()) {
        return Err(
            Failure::new(Exit::Findings, "the source does not say what was read")
                .because(differences.join("\n")),
        );
    }
    if args.baseline {
        adopt(context, args).await?;
    }
    Ok(Exit::Clean)
}

/// Changes the source that is there.
async fn update(
    context: &Context,
    args: &IntrospectArgs,
    catalog: &Catalog,
    to: (&Catalog, &[Leftover]),
    stubs: &BTreeSet<QualifiedName>,
    crates: Crates,
    folder: &Utf8Path,
) -> Result<Exit, Failure> {
    let (whole, hints) = pipeline::said(context, &args.build, &args.dev).await?;
    let within = |catalog: &Catalog| {
        let mut part = catalog.clone();
        let theirs = |name: &QualifiedName| stubs.contains(name) || hints.unmanaged.contains(name);
        part.tables.retain(|name, _| !theirs(name));
        part
    };
    let filter = filter_of(args);
    let (whole, _) = introspection::chosen(&within(&whole), &filter, &args.tables);
    let failed = |error| Failure::from_error(Exit::Unexpected, &error);
    let (said, leftovers) = introspection::split(&whole).map_err(failed)?;
    let mut names = Names::of(&hints, crates);
    names.add(&said);
    names.add(to.0);
    let to_said = within(to.0);
    let sides = Sides {
        from: (&said, &leftovers),
        to: (&to_said, to.1),
        hints: &hints,
    };
    let Update {
        files,
        gone,
        by_hand,
    } = introspection::update(context, &sides, &names, folder, args.prune)?;
    for what in &gone {
        let remedy = "--prune takes it out of the source";
        context.printer.warning(format_args!("{what}: {remedy}"));
    }
    for what in &by_hand {
        context.printer.warning(format_args!("by hand: {what}"));
    }
    for (path, text) in &files {
        let shown = context.shown(path);
        if args.dry_run {
            if !context.printer.is_json() {
                context.printer.data(format_args!("// {shown}\n{text}"));
            }
            continue;
        }
        store(path, text.as_bytes()).map_err(|error| Failure::from_error(Exit::Project, &error))?;
        context.printer.done("Changed", shown);
    }
    if files.is_empty() && gone.is_empty() && by_hand.is_empty() {
        context
            .printer
            .done("Unchanged", "the source says what was read");
    }
    if context.printer.is_json() {
        context.printer.json(&UpdateReport {
            version: 1,
            written: !args.dry_run && !files.is_empty(),
            files: files
                .iter()
                .map(|(path, text)| FileReport {
                    path: context.shown(path),
                    text: args.dry_run.then_some(text.as_str()),
                })
                .collect(),
            gone: &gone,
            by_hand: &by_hand,
        });
    }
    if args.check && !args.dry_run {
        let lines = differences(context, args, catalog, stubs).await?;
        if !lines.is_empty() {
            return Err(
                Failure::new(Exit::Findings, "the source does not say what was read")
                    .because(lines.join("\n")),
            );
        }
    }
    Ok(Exit::Clean)
}

/// Where the source, once it is built, does not say what was read.
async fn differences(
    context: &Context,
    args: &IntrospectArgs,
    catalog: &Catalog,
    stubs: &BTreeSet<QualifiedName>,
) -> Result<Vec<String>, Failure> {
    let (said, hints) = pipeline::said(context, &args.build, &args.dev).await?;
    let managed = |catalog: &Catalog| {
        let mut managed = catalog.clone();
        let theirs = |name: &QualifiedName| stubs.contains(name) || hints.unmanaged.contains(name);
        managed.tables.retain(|name, _| !theirs(name));
        managed.unmodelled.clear();
        managed
    };
    let (said, catalog) = (managed(&said), managed(catalog));
    let changes = diff(&said, &catalog);
    let mut lines: Vec<String> = changes.list.iter().map(ToString::to_string).collect();
    if !lines.is_empty() {
        lines.extend(said.differences(&catalog));
    }
    if lines.is_empty() {
        context
            .printer
            .done("Checked", "the source says what was read, to the letter");
    }
    Ok(lines)
}

/// The first migration, and the row that says that the database has it.
async fn adopt(context: &Context, args: &IntrospectArgs) -> Result<(), Failure> {
    let quiet = context.printing_by(context.printer.without_data());
    let generated = GenerateArgs {
        name: "baseline".to_owned(),
        plan: PlanArgs::default(),
        dry_run: false,
        build: args.build.clone(),
        dev: args.dev.clone(),
    };
    generate::run(&quiet, &generated).await?;
    let directory = load_or_new(context)?;
    let last = directory.files.last().map(|file| file.version.to_string());
    let baselined = BaselineArgs {
        at: last,
        database: DatabaseArgs {
            url: Some(args.from.clone()),
            revisions_schema: context.config.revisions_schema.clone(),
        },
        from: None,
        no_verify: false,
        dry_run: false,
        lock_timeout: 10,
        dev: args.dev.clone(),
    };
    baseline::run(&quiet, &baselined).await?;
    Ok(())
}

/// Only a database can be adopted, and only where no migration is.
fn refuse_baseline(context: &Context, from: &From) -> Result<(), Failure> {
    if !matches!(from, From::Url(_)) {
        return Err(Failure::new(
            Exit::Usage,
            "--baseline adopts a database, and this is none",
        )
        .with_help("give the URL of the database"));
    }
    let directory = load_or_new(context)?;
    if directory.files.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!("{} has migrations already", context.shown(&context.dir)),
    )
    .with_help("`cargo migrate baseline` finds the version that the database is at"))
}

/// Writes the files, unless one would be lost.
fn write(
    context: &Context,
    folder: &Utf8Path,
    files: &[SourceFile],
    force: bool,
) -> Result<(), Failure> {
    if folder.exists() && !force {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} is there already", context.shown(folder)),
        )
        .with_help(
            "--update changes it and keeps what was written by hand; --force writes over it; --output names another folder",
        ));
    }
    for SourceFile { path, text } in files {
        let path = folder.join(path);
        let failed = |error: &dyn std::error::Error| Failure::from_error(Exit::Project, error);
        let parent = path.parent().unwrap_or(folder);
        fs_err::create_dir_all(parent).map_err(|error| failed(&error))?;
        store(&path, text.as_bytes()).map_err(|error| failed(&error))?;
        context.printer.done("Created", context.shown(&path));
    }
    Ok(())
}

/// Has the root of the crate name the module, where the folder is one of its modules.
fn declare(context: &Context, folder: &Utf8Path) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::from_error(Exit::Project, error);
    let source = context.root.join("src");
    let Some(module) = folder
        .file_name()
        .filter(|_| folder.parent() == Some(&source))
    else {
        context.printer.note(format_args!(
            "name it as a module where the crate is to have it: {}",
            context.shown(folder)
        ));
        return Ok(());
    };
    let tops = ["lib.rs", "main.rs"].map(|name| source.join(name));
    let Some(top) = tops.into_iter().find(|path| path.is_file()) else {
        return Ok(());
    };
    let text = fs_err::read_to_string(&top).map_err(|error| failed(&error))?;
    let named = text.lines().any(|line| {
        let line = line.trim();
        let line = line
            .strip_prefix("pub")
            .map_or(line, |rest| rest.trim_start_matches(|c| c != 'm'));
        line.trim_end_matches([';', ' ']) == format!("mod {module}")
    });
    if named {
        return Ok(());
    }
    // At the end: inner attributes and docs have to stay first.
    let text = format!("{}\n\npub mod {module};\n", text.trim_end());
    store(&top, text.trim_start().as_bytes()).map_err(|error| failed(&error))?;
    let shown = context.shown(&top);
    context
        .printer
        .done("Changed", format_args!("{shown}: `pub mod {module};`"));
    Ok(())
}

/// What there is to know about the result.
fn tell(
    printer: &Printer,
    catalog: &Catalog,
    leftovers: &[Leftover],
    missing: &[&str],
    crates: Crates,
) {
    printer.done(
        "Read",
        format_args!(
            "{}, {}",
            counted(catalog.tables.len(), "table"),
            counted(catalog.enums.len() + catalog.domains.len(), "type")
        ),
    );
    if !leftovers.is_empty() {
        printer.note(format_args!(
            "{} for what structs cannot say: see {}",
            counted(leftovers.len(), "statement"),
            introspection::LEFTOVERS
        ));
    }
    for object in &catalog.unmodelled {
        printer.warning(format_args!("not managed: {object}"));
    }
    if !missing.is_empty() {
        printer.note(format_args!(
            "the crate needs their types: `cargo add {}` and `cargo add schema-core --features {}`",
            missing.join(" "),
            missing.join(",")
        ));
    }
    let names = Names::of(&schema_core::schema::Hints::default(), crates);
    let columns = catalog.tables.values().flat_map(|table| &table.columns);
    let wanted: BTreeSet<_> = columns
        .filter_map(|it| spell::wanted(&it.data_type, it.type_name.as_ref(), &names))
        .collect();
    if !wanted.is_empty() {
        let wanted: Vec<_> = wanted.into_iter().collect();
        printer.note(format_args!(
            "some columns are `String` for want of a type: --types {} uses those of the crates (chrono, time or jiff for dates and times)",
            wanted.join(",")
        ));
    }
}
