//! Scripts that git runs as hooks: what is there, and what is made of it.

use std::io;
use std::os::unix::fs::PermissionsExt as _;

use camino::Utf8Path;

use super::Hook;
use super::block::Block;
use super::entry::{PATH, Project, quoted};
use super::place::Place;

/// The first line of a script of ours.
pub(crate) const HEAD: &str = "#!/bin/sh\n";

/// Shells that our block is written for.
const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ash", "ksh", "zsh"];

/// What is at the place of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Nothing.
    None,
    /// A script of a shell.
    Shell(String),
    /// What no block can be put into, and why.
    Other(String),
}

impl Script {
    /// Looks. Husky runs its files whatever their mode.
    pub(crate) fn read(path: &Utf8Path, place: &Place) -> io::Result<Self> {
        let metadata = match fs_err::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::None),
            Err(error) => return Err(error),
        };
        let other = |why: &str| Ok(Self::Other(why.to_owned()));
        if metadata.is_symlink() {
            let to = fs_err::read_link(path)?;
            return other(&format!("is a symbolic link to {}", to.display()));
        }
        if !metadata.is_file() {
            return other("is no file");
        }
        let Ok(text) = String::from_utf8(fs_err::read(path)?) else {
            return other("is a program, or a script that is not UTF-8");
        };
        if text.contains('\0') {
            return other("is a program");
        }
        if let Some(program) = interpreter(&text).filter(|it| !SHELLS.contains(&it.as_str())) {
            return other(&format!("is a script for {program}"));
        }
        if text.contains("\r\n") {
            return other("has line ends of Windows (CRLF), with which a shell does not work");
        }
        let is_executable = metadata.permissions().mode() & 0o111 != 0;
        if !is_executable && !place.is_husky {
            return other("is not executable, so git does not run it");
        }
        Ok(Self::Shell(text))
    }
}

/// The program of the `#!` line.
fn interpreter(text: &str) -> Option<String> {
    let line = text.lines().next()?.strip_prefix("#!")?;
    let mut words = line.split_whitespace();
    let mut name = words.next()?.rsplit('/').next()?;
    if name == "env" {
        name = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
        name = name.rsplit('/').next()?;
    }
    Some(name.to_owned())
}

/// Where the block goes: behind the `#!` line, before anything can end the script. Husky's old
/// scripts start themselves again in the line that reads `husky.sh`.
pub(crate) fn position(text: &str) -> usize {
    let mut at = 0;
    let mut position = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        let is_head = number == 0 && line.starts_with("#!");
        let is_husky = line.trim_start().starts_with(". ") && line.contains("husky.sh");
        if is_head || is_husky {
            position = at;
        }
    }
    position
}

/// The block that calls us. `kept` is what was in its place, and runs after it.
pub(crate) fn block(hook: Hook, project: &Project, place: &Place, kept: Option<&str>) -> Block {
    let mut lines = vec![
        "# Checks migrations. Written by `cargo migrate hooks install`; `cargo migrate hooks uninstall` takes it away."
            .to_owned(),
    ];
    if hook == Hook::PrePush {
        lines.push("cargo_migrate_refs=$(cat)".to_owned());
    }
    lines.push("(".to_owned());
    if place.is_shared {
        lines.push(format!(
            "    git config --get-all {} | grep -qxF -- {} || exit 0",
            super::install::SETTING,
            quoted(project.setting())
        ));
    }
    let act = hook.act();
    lines.push(format!("    {PATH}"));
    lines.push("    if ! command -v cargo-migrate >/dev/null; then".to_owned());
    lines.push(format!(
        r#"        echo "error: cargo-migrate is not installed, so nothing can check the migrations of this {act}" >&2"#
    ));
    lines.push(format!(
        r#"        echo "  help: cargo install cargo-migrate; to {act} without the check: git {act} --no-verify" >&2"#
    ));
    lines.push("        exit 1".to_owned());
    lines.push("    fi".to_owned());
    let call = format!("cargo-migrate {}", project.arguments(hook));
    lines.push(match hook {
        Hook::PreCommit => format!("    {call}"),
        Hook::PrePush => format!(r#"    printf '%s\n' "$cargo_migrate_refs" | {call}"#),
    });
    lines.push(") || exit $?".to_owned());
    if hook == Hook::PrePush {
        // What follows reads the same lines.
        lines.extend(
            [
                r#"if [ -n "$cargo_migrate_refs" ]; then"#,
                "exec <<CARGO_MIGRATE_REFS",
                "$cargo_migrate_refs",
                "CARGO_MIGRATE_REFS",
                "else",
                "exec </dev/null",
                "fi",
            ]
            .map(str::to_owned),
        );
    }
    if let Some(kept) = kept {
        lines.push(format!(
            r#"cargo_migrate_kept="$(dirname -- "$0")"/{}"#,
            quoted(kept)
        ));
        lines.push(
            r#"if [ -x "$cargo_migrate_kept" ]; then "$cargo_migrate_kept" "$@" || exit $?; fi"#
                .to_owned(),
        );
    }
    Block {
        label: project.label().to_owned(),
        indent: String::new(),
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_is_that_of_the_first_line() {
        let of = |text| interpreter(text).unwrap_or_default();
        assert_eq!(of("#!/bin/sh\n"), "sh");
        assert_eq!(of("#! /usr/bin/env bash\n"), "bash");
        assert_eq!(of("#!/usr/bin/env -S A=1 python3 -u\n"), "python3");
        assert_eq!(of("echo\n#!/bin/sh\n"), "");
        assert_eq!(of("#!"), "");
    }

    #[test]
    fn the_block_goes_before_what_may_end_the_script() {
        assert_eq!(position("#!/bin/sh\nexit 0\n"), 10);
        assert_eq!(position("exit 0\n"), 0);
        assert_eq!(position("#!/bin/sh"), 9);
        let husky = "#!/bin/sh\n. \"$(dirname \"$0\")/_/husky.sh\"\n";
        assert_eq!(position(&format!("{husky}npm test\n")), husky.len());
    }
}
