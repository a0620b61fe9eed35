//! One call of `git`.

use std::io::{self, Write as _};
use std::process::{Command, Output, Stdio};

use camino::Utf8Path;

use super::error::GitError;

/// What a hook of git sets, and what would make git look elsewhere than in the folder.
pub(crate) const LOCAL: [&str; 5] = [
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
];

/// What git prints, as text without the last line end.
pub(super) fn text(folder: &Utf8Path, arguments: &[&str]) -> Result<String, GitError> {
    let bytes = bytes(folder, arguments, &[])?;
    as_text(bytes, arguments)
}

/// The same with git's answers about the index taken from another file.
pub(super) fn bytes_with_index(
    folder: &Utf8Path,
    arguments: &[&str],
    index: Option<&Utf8Path>,
) -> Result<Vec<u8>, GitError> {
    answer(run(folder, arguments, &[], index), arguments)
}

fn as_text(bytes: Vec<u8>, arguments: &[&str]) -> Result<String, GitError> {
    let mut text = String::from_utf8(bytes).map_err(|_| GitError::NotText {
        what: format!("the answer of `git {}`", arguments.join(" ")),
    })?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// What git prints, given its input.
pub(super) fn bytes(
    folder: &Utf8Path,
    arguments: &[&str],
    input: &[u8],
) -> Result<Vec<u8>, GitError> {
    answer(run(folder, arguments, input, None), arguments)
}

fn answer(ran: io::Result<Output>, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = ran.map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            GitError::NoGit
        } else {
            GitError::Start { source }
        }
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(GitError::Command {
        command: arguments.first().copied().unwrap_or_default().to_owned(),
        message: message.trim().to_owned(),
    })
}

fn run(
    folder: &Utf8Path,
    arguments: &[&str],
    input: &[u8],
    index: Option<&Utf8Path>,
) -> io::Result<Output> {
    let mut command = Command::new("git");
    for name in LOCAL {
        command.env_remove(name);
    }
    command.envs(index.map(|index| ("GIT_INDEX_FILE", index)));
    let mut child = command
        .args(arguments)
        .current_dir(folder)
        // Its messages are matched, and nothing may ask for a password.
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().expect("is piped");
    // Both at once: git answers while it is asked, and either pipe may be full.
    std::thread::scope(|scope| {
        // Git may stop reading; its exit status tells why.
        scope.spawn(move || {
            let _ = stdin.write_all(input);
        });
        child.wait_with_output()
    })
}
