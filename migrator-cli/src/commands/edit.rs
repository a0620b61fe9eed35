//! `edit`: a migration of the branch gets another text.

use std::collections::BTreeMap;
use std::process::Command;

use camino::Utf8Path;
use schema_core::directory::Directory;

use super::new::read_from;
use crate::branch::Branch;
use crate::cli::EditArgs;
use crate::context::Context;
use crate::directory::{load, prefixes};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pipeline::replays;
use crate::rewriting::{Proposal, carry_out, own_file, rewritten};
use crate::{environment, prompt};

/// Replaces the file when its new text can be read and replayed.
pub(crate) async fn run(context: &Context, args: &EditArgs) -> Result<Exit, Failure> {
    let head = load(context)?;
    let branch = Branch::find(context, args.rewrite.base.as_deref(), &head)?;
    let file = own_file(context, &head, Some(&branch), &args.file)?;
    let kept = tempfile::Builder::new()
        .suffix(".sql")
        .tempfile()
        .map_err(|error| Failure::from_error(Exit::Project, &error))?;
    let text = match &args.from {
        Some(from) => read_from(context, from)?,
        None => edited(kept.path(), &file.text)?,
    };
    let files = head.files.iter().map(|it| {
        let text = if it.file_name == file.file_name {
            &text
        } else {
            &it.text
        };
        (it.file_name.clone(), text.clone())
    });
    let files: Vec<_> = files.collect();
    let rewrite = rewritten(&head, &files, &BTreeMap::new())?;
    let after = Directory::from_texts(&context.dir, files, None, &prefixes(context));
    let checked = match unreadable(context, &after, &file.file_name) {
        Some(failure) => Err(failure),
        None => replays(context, &after, &args.dev).await,
    };
    if let Err(failure) = checked {
        return Err(if args.from.is_some() {
            failure
        } else {
            // An hour's work in an editor is not thrown away for a missing semicolon.
            let kept = kept
                .keep()
                .map_err(|error| Failure::from_error(Exit::Project, &error))?;
            failure.because(format!(
                "your text is kept in {0}: mend it, then `cargo migrate edit {1} --from {0}`",
                kept.1.display(),
                file.version
            ))
        });
    }
    let was_generated = file.is_generated() && text != file.text;
    let note = "it counts as written by hand now: `squash`, `rebase` and `reset` keep it as it is";
    let proposal = Proposal {
        command: "edit",
        rewrite,
        notes: was_generated.then(|| note.to_owned()).into_iter().collect(),
        nothing: "the text is the same",
        next: None,
    };
    carry_out(context, &args.rewrite, Some(&branch), proposal).await
}

/// What is wrong with the file by itself.
fn unreadable(context: &Context, after: &Directory, name: &str) -> Option<Failure> {
    let shown = context.shown(&context.dir);
    let problems = after.verify_files();
    let ours = problems
        .iter()
        .filter(|it| it.places().iter().any(|(file, _)| file == name));
    let findings: Vec<_> = ours.map(|problem| problem.finding(&shown)).collect();
    (!findings.is_empty())
        .then(|| Failure::findings(Exit::Integrity, format!("{name} cannot be read"), findings))
}

/// What somebody makes of a text in their editor.
fn edited(path: &std::path::Path, text: &str) -> Result<String, Failure> {
    let cannot = |error: &dyn std::error::Error| Failure::from_error(Exit::Project, error);
    if !prompt::is_interactive() {
        return Err(
            Failure::new(Exit::Usage, "there is no terminal for an editor")
                .with_help("give the new text by --from FILE, or --from - for standard input"),
        );
    }
    fs_err::write(path, text).map_err(|error| cannot(&error))?;
    let editor = environment::editor()?;
    // As git does: the variable may hold arguments.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(path)
        .status()
        .map_err(|error| cannot(&error))?;
    if !status.success() {
        return Err(Failure::new(
            Exit::Usage,
            format!("`{editor}` ended with {status}: nothing was changed"),
        ));
    }
    let path = Utf8Path::from_path(path).ok_or_else(|| {
        Failure::new(Exit::Project, "the folder for temporary files is not UTF-8")
    })?;
    fs_err::read_to_string(path).map_err(|error| cannot(&error))
}
