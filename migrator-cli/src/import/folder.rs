//! The files of a folder, by their names below it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::exit_code::Exit;
use crate::failure::Failure;

/// How deep files are looked for.
const DEPTH: usize = 8;

/// A folder, with everything in it that is a file.
#[derive(Debug)]
pub(super) struct Folder {
    path: Utf8PathBuf,
    /// As the user would type it.
    pub(super) shown: Utf8PathBuf,
    /// The names below it, folders with `/`, sorted byte by byte.
    pub(super) names: Vec<String>,
}

impl Folder {
    pub(super) fn open(path: &Utf8Path, shown: &Utf8Path) -> Result<Self, Failure> {
        if !path.is_dir() {
            let message = if path.exists() {
                format!("`{shown}` is not a directory")
            } else {
                format!("there is no directory `{shown}`")
            };
            return Err(Failure::new(Exit::Project, message).with_help(
                "name the folder with the migrations of the other tool, such as `db/migrations`",
            ));
        }
        let mut names = Vec::new();
        list(path, "", DEPTH, &mut names)?;
        names.sort();
        Ok(Self {
            path: path.to_owned(),
            shown: shown.to_owned(),
            names,
        })
    }

    /// The names of the files right in it.
    pub(super) fn top(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().map(String::as_str);
        names.filter(|name| !name.contains('/'))
    }

    /// The folders in it that have a file of this name, by their names.
    pub(super) fn folders_with(&self, file: &str) -> impl Iterator<Item = &str> {
        let names = self.names.iter().map(String::as_str);
        names.filter_map(move |name| {
            let (folder, inside) = name.split_once('/')?;
            (inside == file).then_some(folder)
        })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names
            .binary_search_by(|it| it.as_str().cmp(name))
            .is_ok()
    }

    /// A file as the user would type it.
    pub(super) fn shown(&self, name: &str) -> Utf8PathBuf {
        self.shown.join(name)
    }

    /// The text of a file, without a byte order mark.
    pub(super) fn read(&self, name: &str) -> Result<String, Failure> {
        let text = self.read_whole(name)?;
        Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        })
    }

    /// The text of a file.
    pub(super) fn read_whole(&self, name: &str) -> Result<String, Failure> {
        let bytes = fs_err::read(self.path.join(name))
            .map_err(|error| Failure::from_error(Exit::Project, &error))?;
        String::from_utf8(bytes).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.split(|byte| *byte == b'\n').count();
            Failure::new(
                Exit::Project,
                format!("line {line} of `{}` is not UTF-8", self.shown(name)),
            )
            .with_help("save the file as UTF-8")
        })
    }
}

/// What comes behind the last dot of a name.
pub(super) fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn list(
    path: &Utf8Path,
    before: &str,
    depth: usize,
    names: &mut Vec<String>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::from_error(Exit::Project, &error);
    for entry in fs_err::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else {
            let name = entry.file_name().to_string_lossy().into_owned();
            return Err(Failure::new(
                Exit::Project,
                format!("the name of `{}` is not UTF-8", path.join(name)),
            )
            .with_help("rename the file"));
        };
        let inside = path.join(&name);
        if !inside.is_dir() {
            names.push(format!("{before}{name}"));
        } else if depth > 0 && !name.starts_with('.') {
            list(&inside, &format!("{before}{name}/"), depth - 1, names)?;
        }
    }
    Ok(())
}
