//! What git knows: which files are on the base branch.

use std::process::{Command, Stdio};

use camino::Utf8Path;

/// The names that a base branch has, likeliest first.
const BASES: [&str; 5] = [
    "origin/HEAD",
    "origin/main",
    "origin/master",
    "main",
    "master",
];

/// The base branch, where a file was on it when this branch left it. `None` too where git does not
/// know the file, or there is no repository.
pub(crate) fn base_with(file: &Utf8Path) -> Option<&'static str> {
    let folder = file.parent()?;
    let name = file.file_name()?;
    let (base, fork) = BASES
        .into_iter()
        .find_map(|base| Some((base, git(folder, &["merge-base", "HEAD", base])?)))?;
    git(
        folder,
        &["cat-file", "-e", &format!("{}:./{name}", fork.trim())],
    )
    .map(|_| base)
}

/// What git prints, if it succeeds.
fn git(folder: &Utf8Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
