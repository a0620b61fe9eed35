//! A directory on disk, refused if it is not what its sum file says.

use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::chain::{Chain, ChainFault, Link, ReadSum, SUM_FILE, chain_faults, version_faults};

/// What the gate has seen of the files, beside them.
const TOUCHED_FILE: &str = "migrate.touched";

/// A directory that is intact.
pub(super) struct Directory {
    /// Its files, by name.
    pub(super) files: Vec<File>,
    /// Where its sum file is.
    pub(super) sum: PathBuf,
    /// Where the record of what its files touch is, if it has one.
    pub(super) touched: Option<PathBuf>,
}

/// A file of it.
pub(super) struct File {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// Reads the directory that is called `folder` from `base`, or says everything that is wrong.
pub(super) fn read(base: &Path, folder: &str) -> Result<Directory, Vec<String>> {
    let root = base.join(folder);
    let names = names(&root, folder).map_err(|mistake| vec![mistake])?;
    let sum_path = root.join(SUM_FILE);
    let mut mistakes = Vec::new();
    let sum = match text(&sum_path, folder, SUM_FILE) {
        Ok(sum) => sum,
        Err(Unreadable::Missing) => {
            let fault = ChainFault::SumMissing { files: names.len() };
            let mistake = if names.is_empty() {
                format!(
                    "there are no migrations in `{folder}`, and no {SUM_FILE}\nhelp: take the macro out until `cargo migrate generate NAME`, which builds this crate, has made the first"
                )
            } else {
                describe(&fault, folder)
            };
            return Err(vec![mistake]);
        }
        Err(Unreadable::Mistake(mistake)) => return Err(vec![mistake]),
    };
    let mut texts = Vec::new();
    for name in &names {
        match text(&root.join(name), folder, name) {
            Ok(text) => texts.push(text),
            Err(Unreadable::Missing) => mistakes.push(format!("`{folder}/{name}` has just gone")),
            Err(Unreadable::Mistake(mistake)) => mistakes.push(mistake),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut chain = Chain::default();
    let hashes: Vec<_> = names
        .iter()
        .zip(&texts)
        .map(|(name, text)| chain.add(name, text.as_bytes()))
        .collect();
    let links: Vec<_> = names
        .iter()
        .zip(&texts)
        .zip(&hashes)
        .map(|((name, text), hash)| Link {
            name,
            text,
            hash: hash.as_ref(),
        })
        .collect();
    let faults = chain_faults(&links, Some(&ReadSum::parse(&sum)));
    let faults = faults.into_iter().chain(version_faults(&links));
    let mistakes: Vec<_> = faults.map(|fault| describe(&fault, folder)).collect();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let files = names.into_iter().map(|name| File {
        path: root.join(&name),
        name,
    });
    Ok(Directory {
        files: files.collect(),
        sum: sum_path,
        touched: Some(root.join(TOUCHED_FILE)).filter(|path| path.is_file()),
    })
}

/// What is wrong, where, and what to do: as `cargo migrate validate` says it.
fn describe(fault: &ChainFault, folder: &str) -> String {
    let mut text = format!("{}: {fault}", fault.code());
    for (file, line) in fault.places() {
        let _ = write!(text, "\nat {folder}/{file}:{line}");
    }
    let _ = write!(text, "\nhelp: {}", fault.help());
    text
}

/// The names of the migrations, byte by byte in order.
fn names(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(root).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "there is no directory `{folder}` beside the Cargo.toml of this crate\nhelp: the path is relative to that; `cargo migrate init` sets a project up"
        ),
        io::ErrorKind::NotADirectory => format!("`{folder}` is not a directory"),
        _ => format!("cannot read `{folder}`: {error}"),
    })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| format!("cannot read `{folder}`: {error}"))?;
        let name = entry.file_name().into_string().map_err(|name| {
            format!(
                "the name of `{folder}/{}` is not UTF-8",
                name.to_string_lossy()
            )
        })?;
        if name.strip_suffix(".sql").is_some() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Why there is no text.
enum Unreadable {
    Missing,
    Mistake(String),
}

fn text(path: &Path, folder: &str, name: &str) -> Result<String, Unreadable> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unreadable::Missing,
            io::ErrorKind::IsADirectory => {
                Unreadable::Mistake(format!("`{folder}/{name}` is not a file"))
            }
            _ => Unreadable::Mistake(format!("cannot read `{folder}/{name}`: {error}")),
        })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        Unreadable::Mistake(format!(
            "line {line} of `{folder}/{name}` is not UTF-8\nhelp: save the file as UTF-8"
        ))
    })
}
