//! `import`: the migrations of another tool become ours.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::apply::ReplayError;
use schema_core::directory::{Directory, Prefixes};
use schema_core::schema::Hints;
use schema_core::state::{self, StateError};
use serde::Serialize;

use crate::cli::ImportArgs;
use crate::context::Context;
use crate::directory::{failure, load_or_new, prefixes};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::import::{Format, Import, LeftOut, Placed, placed, read};
use crate::pipeline::ReplayProgress;
use crate::printer::{Printer, counted};
use crate::rewriting::{Journal, rewritten, texts};
use crate::{dev, state_failure};

/// What was done, or would be, for machines.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    format: Format,
    from: &'a Utf8Path,
    into: &'a Utf8Path,
    /// Whether it was written.
    written: bool,
    /// Whether the result was run on the dev database.
    replayed: bool,
    files: Vec<ReportFile<'a>>,
    left_out: &'a [LeftOut],
    notes: &'a [String],
    /// What to do next.
    next: &'a [String],
}

#[derive(Serialize)]
struct ReportFile<'a> {
    file: &'a str,
    original: &'a str,
    /// The version that it had.
    version: &'a str,
    /// Whether it runs as one transaction.
    transaction: bool,
    /// Whether it was there already.
    existing: bool,
}

/// Reads the other tool's directory, proves what it becomes, and writes that.
pub(crate) async fn run(context: &Context, args: &ImportArgs) -> Result<Exit, Failure> {
    let mut context = context.clone();
    if let Some(into) = &args.into {
        context.dir = context.cwd.join(into);
    }
    let context = &context;
    let path = context.cwd.join(&args.from);
    let from = context.shown(&path);
    check_apart(&path, &context.dir, &from)?;
    let values: BTreeMap<String, String> = args.placeholders.iter().cloned().collect();
    let mut import = read(&path, &from, args.format, &values)?;
    let prefixes = prefixes(context);
    let files = placed(&mut import, &from, &prefixes)?;
    check_texts(&files, &from, &import, &prefixes)?;

    let before = load_or_new(context)?;
    let existing = existing(context, &before, &files, args.append)?;
    let mut all = texts(&before.files);
    let new = files
        .iter()
        .filter(|it| !existing.contains(&it.file.as_str()));
    all.extend(new.map(|it| (it.file.clone(), it.text().to_owned())));
    let rewrite = rewritten(&before, &all, &BTreeMap::new())?;
    if !args.no_replay {
        let after = Directory::from_texts(&context.dir, all, None, &prefixes);
        replay(context, args, &after, &files, &from).await?;
    }
    let written = !args.dry_run && !rewrite.is_empty();
    if written {
        Journal::of(context)?.push("import", &rewrite)?;
        rewrite
            .apply(&context.dir)
            .map_err(|error| failure(&error))?;
    }
    note_asides(&mut import, &files);
    let next = next(context, args, import.format);
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            format: import.format,
            from: &from,
            into: &context.shown(&context.dir),
            written,
            replayed: !args.no_replay,
            files: reported(&files, &existing),
            left_out: &import.left_out,
            notes: &import.notes,
            next: &next,
        });
    }
    tell(context, args, &from, &import, &files, existing.len());
    if written {
        for step in &next {
            context.printer.note(format_args!("next: {step}"));
        }
    }
    Ok(Exit::Clean)
}

/// The other tool's folder stays as it is, so ours is another one.
fn check_apart(from: &Utf8Path, into: &Utf8Path, shown: &Utf8Path) -> Result<(), Failure> {
    let same = from
        .canonicalize_utf8()
        .ok()
        .zip(into.canonicalize_utf8().ok());
    if same.is_none_or(|(from, into)| from != into) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!("`{shown}` is the migration directory itself, and the other tool's folder is only read"),
    )
    .with_help(format!(
        "move that out of the way first, as by `git mv {shown} {shown}-before`, and import it from there; or name another folder by --into"
    )))
}

/// Refuses texts that cannot be migrations.
fn check_texts(
    files: &[Placed],
    from: &Utf8Path,
    import: &Import,
    prefixes: &Prefixes,
) -> Result<(), Failure> {
    let findings: Vec<_> = files
        .iter()
        .flat_map(|it| it.findings(from, prefixes))
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    Err(Failure::findings(
        Exit::Findings,
        format!(
            "{} of {} keep `{from}` from being imported; nothing was written",
            counted(findings.len(), "finding"),
            import.format.tool()
        ),
        findings,
    ))
}

/// The files that the directory has already, as they would be written.
fn existing<'a>(
    context: &Context,
    before: &Directory,
    files: &'a [Placed],
    append: bool,
) -> Result<Vec<&'a str>, Failure> {
    let Some(newest) = before.files.last() else {
        return Ok(Vec::new());
    };
    let shown = context.shown(&context.dir);
    if !append {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "`{shown}` has {} already",
                counted(before.files.len(), "migration")
            ),
        )
        .with_help(
            "name an empty directory by --into; or give --append to add what comes behind them",
        ));
    }
    let mut existing = Vec::new();
    for file in files {
        let there = before.files.iter().find(|it| it.file_name == file.file);
        match there {
            Some(there) if there.text == file.text() => existing.push(file.file.as_str()),
            Some(_) => {
                return Err(Failure::new(
                    Exit::Integrity,
                    format!("`{shown}/{}` has another text than `{}` gives now", file.file, file.original),
                )
                .because("one of them was edited since it was imported")
                .with_help("put that one back, and write the change as a new migration; or import everything anew into an empty directory"));
            }
            None if file.file <= newest.file_name
                || Some(newest.version.as_str()) == file.file.split(['_', '.']).next() =>
            {
                return Err(Failure::new(
                    Exit::Integrity,
                    format!(
                        "`{}` becomes {}, which does not come behind {}, the newest in `{shown}`",
                        file.original, file.file, newest.file_name
                    ),
                )
                .because("databases have run the newest already, and files run in the order of their names")
                .with_help("give it a version behind that in the other tool, if it has run nowhere; or import everything anew into an empty directory"));
            }
            None => {}
        }
    }
    Ok(existing)
}

/// Runs what the directory will be on the dev database.
async fn replay(
    context: &Context,
    args: &ImportArgs,
    after: &Directory,
    files: &[Placed],
    from: &Utf8Path,
) -> Result<(), Failure> {
    let dev = dev::open(context, &args.dev).await?;
    let mut progress = ReplayProgress(context.printer.progress("replaying the migrations"));
    let Err(error) = state::current(&dev, after, &mut progress).await else {
        return Ok(());
    };
    drop(progress);
    let place = match &error {
        StateError::Replay(ReplayError::Statement(statement)) => files
            .iter()
            .find(|it| it.file == statement.file)
            .map(|it| (it, it.original_line(statement.line))),
        _ => None,
    };
    let lacking = match &error {
        StateError::Replay(ReplayError::Statement(statement)) => {
            state_failure::lacking(&statement.server, dev.engine())
        }
        _ => None,
    };
    let explained = state_failure::explain(context, error, &Hints::default(), dev.engine());
    let Some((file, line)) = place else {
        return Err(explained);
    };
    let mut failure = Failure::new(
        Exit::Migration,
        format!(
            "`{}:{line}`, which becomes {}, does not run on an empty database; nothing was written",
            from.join(&file.original),
            file.file
        ),
    );
    failure.causes = explained.causes;
    Err(failure.with_help(lacking.unwrap_or_else(|| {
        "if it needs something that the dev database lacks, give --dev-url a server that has it; if it has never run on \
         an empty database, correct it there first; --no-replay imports it as it is"
            .to_owned()
    })))
}

fn note_asides(import: &mut Import, files: &[Placed]) {
    let asides: Vec<_> = files.iter().filter(|it| it.asides > 0).collect();
    if let [first, ..] = asides.as_slice() {
        let count = asides.iter().map(|it| it.asides).sum();
        import.notes.push(format!(
            "{} would be read as directives, as in {}, and begin with `imported:` now",
            counted(count, "comment"),
            first.file
        ));
    }
}

/// What to do afterwards.
fn next(context: &Context, args: &ImportArgs, format: Format) -> Vec<String> {
    let dir = args.into.as_ref().map(|_| {
        let shown: Utf8PathBuf = context.shown(&context.dir);
        format!(" --dir {shown}")
    });
    let dir = dir.unwrap_or_default();
    let tool = format.tool();
    vec![
        format!("`cargo migrate{dir} validate` sees that the directory is intact; commit it"),
        format!(
            "`cargo migrate{dir} baseline --from {tool}` adopts each database that {tool} has migrated; then {}",
            tool.fence()
        ),
        format!("`cargo migrate{dir} introspect` writes the structs of what the migrations make"),
    ]
}

fn reported<'a>(files: &'a [Placed], existing: &[&str]) -> Vec<ReportFile<'a>> {
    let files = files.iter().map(|it| ReportFile {
        file: &it.file,
        original: &it.original,
        version: &it.version,
        transaction: !it.alone,
        existing: existing.contains(&it.file.as_str()),
    });
    files.collect()
}

fn tell(
    context: &Context,
    args: &ImportArgs,
    from: &Utf8Path,
    import: &Import,
    files: &[Placed],
    existing: usize,
) {
    let printer: &Printer = &context.printer;
    let into = context.shown(&context.dir);
    if args.dry_run {
        for file in files {
            let alone = if file.alone {
                ", without a transaction"
            } else {
                ""
            };
            printer.plan(
                '+',
                format_args!("{} from {}{alone}", file.file, file.original),
            );
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for LeftOut { what, .. } in &import.left_out {
        *counts.entry(what).or_default() += 1;
    }
    let alone = files.iter().filter(|it| it.alone).count();
    let new = files.len() - existing;
    let count = counted(new, "migration");
    let tool = import.format.tool();
    if args.dry_run {
        printer.note(format_args!(
            "dry run: {count} of {tool} would be written to {into}; nothing was"
        ));
    } else if new == 0 {
        printer.done(
            "Unchanged",
            format_args!("{into} has everything that {from} has"),
        );
    } else {
        printer.done(
            "Imported",
            format_args!("{count} of {tool} from {from} into {into}"),
        );
    }
    if !args.no_replay {
        printer.done("Replayed", "on an empty database");
    }
    if existing > 0 && new > 0 {
        printer.note(format_args!(
            "{} were there already",
            counted(existing, "migration")
        ));
    }
    if alone > 0 {
        printer.note(format_args!(
            "{} without a transaction: `txmode none`",
            counted(alone, "migration")
        ));
    }
    if !counts.is_empty() {
        let counts = counts
            .iter()
            .map(|(what, count)| counted_left_out(*count, what));
        printer.note(format_args!(
            "left out: {}",
            counts.collect::<Vec<_>>().join(", ")
        ));
    }
    for note in &import.notes {
        printer.note(note);
    }
}

/// `2 down parts`, `1 file that goose does not run`.
fn counted_left_out(count: usize, what: &str) -> String {
    match what.split_once(" that ") {
        Some((noun, rest)) => format!("{} that {rest}", counted(count, noun)),
        None => counted(count, what),
    }
}
