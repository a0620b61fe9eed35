//! Changes to files: told first, made later.

use std::io;
use std::os::unix::fs::PermissionsExt as _;

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::directory::store;

use crate::exit_code::Exit;
use crate::failure::Failure;

/// A change to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Its text becomes another, or it is made.
    Write {
        /// The file.
        path: Utf8PathBuf,
        /// What is in it now.
        before: Option<String>,
        /// What will be in it.
        after: String,
        /// Whether it is to be run.
        is_program: bool,
    },
    /// It goes.
    Remove {
        /// The file.
        path: Utf8PathBuf,
    },
    /// It gets another name.
    Move {
        /// The file.
        from: Utf8PathBuf,
        /// Its new path.
        to: Utf8PathBuf,
    },
}

impl Edit {
    /// Its word and its file, for people.
    pub(crate) fn told(&self) -> (&'static str, &Utf8Path) {
        match self {
            Self::Write {
                before: None, path, ..
            } => ("Created", path),
            Self::Write { path, .. } => ("Edited", path),
            Self::Remove { path } => ("Removed", path),
            Self::Move { to, .. } => ("Moved", to),
        }
    }

    /// The lines that it adds, where it adds some.
    pub(crate) fn added(&self) -> Vec<&str> {
        let Self::Write { before, after, .. } = self else {
            return Vec::new();
        };
        let before: Vec<&str> = before.as_deref().unwrap_or_default().lines().collect();
        let after: Vec<&str> = after.lines().collect();
        let pairs = before.iter().zip(&after);
        let head = pairs.take_while(|(was, is)| was == is).count();
        let pairs = before[head..].iter().rev().zip(after[head..].iter().rev());
        let tail = pairs.take_while(|(was, is)| was == is).count();
        after[head..after.len() - tail].to_vec()
    }

    /// Makes it.
    pub(crate) fn make(&self) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::from_error(Exit::Project, &error);
        match self {
            Self::Write {
                path,
                after,
                is_program,
                ..
            } => {
                let mode = mode(path, *is_program).map_err(failed)?;
                if let Some(folder) = path.parent() {
                    fs_err::create_dir_all(folder).map_err(failed)?;
                }
                store(path, after.as_bytes())
                    .map_err(|error| Failure::from_error(Exit::Project, &error))?;
                let permissions = std::fs::Permissions::from_mode(mode);
                fs_err::set_permissions(path, permissions).map_err(failed)
            }
            Self::Remove { path } => fs_err::remove_file(path).map_err(failed),
            Self::Move { from, to } => fs_err::rename(from, to).map_err(failed),
        }
    }
}

/// The mode of a file, as it is or as it should be.
fn mode(path: &Utf8Path, is_program: bool) -> io::Result<u32> {
    match fs_err::metadata(path) {
        Ok(metadata) => Ok(metadata.permissions().mode()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(if is_program { 0o755 } else { 0o644 })
        }
        Err(error) => Err(error),
    }
}
