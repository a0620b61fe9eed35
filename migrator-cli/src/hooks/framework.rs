//! Entries in the files of frameworks that run hooks.

use serde_yaml_ng::{Mapping, Value};

use super::Hook;
use super::block::{Block, NoEnd, without};
use super::entry::Project;
use super::place::Framework;
use super::yaml::{Line, Unsafe, lines, opened, opened_below, parse, put};

/// The file of a framework with our entries, which it may have already.
pub(crate) fn with_entries(
    framework: Framework,
    text: &str,
    project: &Project,
) -> Result<String, Unsafe> {
    parse(text)?;
    match framework {
        Framework::PreCommit => pre_commit(text, project),
        Framework::Lefthook => Hook::ALL
            .into_iter()
            .try_fold(text.to_owned(), |text, hook| lefthook(&text, hook, project)),
    }
}

/// What is to be written by hand where that cannot be.
pub(crate) fn snippet(framework: Framework, project: &Project) -> String {
    let lines = match framework {
        Framework::PreCommit => {
            let mut lines = vec!["repos:".to_owned()];
            let entry = repository_lines(project).into_iter();
            lines.extend(entry.map(|line| format!("  {line}")));
            lines
        }
        Framework::Lefthook => Hook::ALL
            .into_iter()
            .flat_map(|hook| lefthook_lines(hook, project, 0))
            .collect(),
    };
    lines.join("\n")
}

/// The label of the block with an entry.
fn label(hook: Option<Hook>, project: &Project) -> String {
    let name = hook.map_or("hooks", Hook::name);
    [name, project.label()].join(" ").trim_end().to_owned()
}

/// A file without our entries. The last one goes first, as the one before it may end the file.
pub(crate) fn without_entries(text: &str, project: &Project) -> Result<String, NoEnd> {
    let labels = [Some(Hook::PrePush), Some(Hook::PreCommit), None];
    labels.into_iter().try_fold(text.to_owned(), |text, hook| {
        Ok(without(&text, &label(hook, project))?.text)
    })
}

/// Whether a file calls us already, in a block or by hand.
fn calls(text: &str, hook: Hook, project: &Project) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        !line.starts_with('#') && line.ends_with(&command(hook, project))
    })
}

fn command(hook: Hook, project: &Project) -> String {
    format!("cargo migrate {}", project.arguments(hook))
}

/// `repos:` of the pre-commit framework: a list, with ours at its head.
fn pre_commit(text: &str, project: &Project) -> Result<String, Unsafe> {
    if Hook::ALL.iter().all(|hook| calls(text, *hook, project)) {
        return Ok(text.to_owned());
    }
    let mut wanted = parse(text)?;
    let entry = entry_of(&repository_lines(project))?;
    let all = lines(text);
    let (at, indent) = match (wanted.get_mut("repos"), opened(&all, "repos")) {
        (Some(Value::Sequence(repositories)), Some((line, below))) => {
            let indent = below.iter().find_map(Line::indent).unwrap_or(2);
            repositories.splice(0..0, entry);
            (line.end, indent)
        }
        _ => return Err(Unsafe::Layout),
    };
    let block = Block {
        label: label(None, project),
        indent: " ".repeat(indent),
        lines: repository_lines(project),
    };
    put(text, at, &block, &wanted)
}

/// The lines of a repository `local` with both hooks.
fn repository_lines(project: &Project) -> Vec<String> {
    let mut lines = vec!["- repo: local".to_owned(), "  hooks:".to_owned()];
    for hook in Hook::ALL {
        let name = hook.name();
        lines.extend([
            format!("    - id: {}", id(hook, project)),
            format!("      name: migrations before a {}", hook.act()),
            format!("      entry: {}", command(hook, project)),
            "      language: system".to_owned(),
            "      pass_filenames: false".to_owned(),
            "      always_run: true".to_owned(),
            format!("      stages: [{name}]"),
        ]);
    }
    lines
}

/// A name of its own for each project of a repository.
fn id(hook: Hook, project: &Project) -> String {
    let folder = project
        .label()
        .replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    let parts = ["cargo-migrate", hook.name(), &folder];
    parts.join("-").trim_end_matches('-').to_owned()
}

/// Lines of a list as the parser reads them.
fn entry_of(lines: &[String]) -> Result<Vec<Value>, Unsafe> {
    let read = serde_yaml_ng::from_str(&lines.join("\n"));
    read.map_err(|error| Unsafe::Syntax(error.to_string()))
}

/// One hook of lefthook: a command beside those that are there.
fn lefthook(text: &str, hook: Hook, project: &Project) -> Result<String, Unsafe> {
    if calls(text, hook, project) {
        return Ok(text.to_owned());
    }
    let mut wanted = parse(text)?;
    let lines_of = |level| lefthook_lines(hook, project, level);
    let name = lefthook_name(project);
    let mut ours = parse(&lines_of(2).join("\n"))?;
    let ours = ours.remove(name.as_str()).unwrap_or_default();
    let all = lines(text);
    let top = opened(&all, hook.name());
    let commands = top.and_then(|(_, below)| opened_below(below, "commands"));
    let child = |below: &[Line<'_>], other| below.iter().find_map(Line::indent).unwrap_or(other);
    let there = wanted.contains_key(hook.name());
    let (at, indent, level) = match (top, commands) {
        (None, _) if there => return Err(Unsafe::Layout),
        (None, _) => (text.len(), 0, 0),
        (Some((line, below)), None) => (line.end, child(below, 2), 1),
        (Some((_, above)), Some((line, below))) => (line.end, child(below, child(above, 2) + 2), 2),
    };
    let empty = || Value::Mapping(Mapping::new());
    let mut inner = wanted.entry(hook.name().into()).or_insert_with(empty);
    if inner.is_null() {
        *inner = empty();
    }
    for key in ["commands", name.as_str()] {
        let Value::Mapping(mapping) = inner else {
            return Err(Unsafe::Layout);
        };
        inner = mapping.entry(key.into()).or_insert_with(empty);
        if inner.is_null() {
            *inner = empty();
        }
    }
    *inner = ours;
    let block = Block {
        label: label(Some(hook), project),
        indent: " ".repeat(indent),
        lines: lines_of(level),
    };
    put(text, at, &block, &wanted)
}

fn lefthook_name(project: &Project) -> String {
    let folder = project
        .label()
        .replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    format!("cargo-migrate-{folder}")
        .trim_end_matches('-')
        .to_owned()
}

/// The lines of a command, below this many of its keys.
fn lefthook_lines(hook: Hook, project: &Project, level: usize) -> Vec<String> {
    let mut lines = vec![
        (0, format!("{}:", hook.name())),
        (1, "commands:".to_owned()),
        (2, format!("{}:", lefthook_name(project))),
        (3, format!("run: {}", command(hook, project))),
    ];
    if hook == Hook::PrePush {
        lines.push((3, "use_stdin: true".to_owned()));
    }
    let lines = lines.into_iter().filter(|(depth, _)| *depth >= level);
    lines
        .map(|(depth, line)| format!("{}{line}", "  ".repeat(depth - level)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top() -> Project {
        Project {
            folder: String::new(),
        }
    }

    /// Our entries come in, once, and with them out again the file is as it was.
    #[track_caller]
    fn check(framework: Framework, text: &str) -> String {
        let project = top();
        let with = with_entries(framework, text, &project).unwrap();
        assert_ne!(with, text);
        assert_eq!(with_entries(framework, &with, &project).unwrap(), with);
        let out = without_entries(&with, &project).unwrap();
        assert_eq!(out, text);
        with
    }

    #[test]
    fn lists_of_the_pre_commit_framework() {
        for text in [
            "repos:\n- repo: https://a\n  rev: v1\n  hooks: [{id: x}]\n",
            "# first\ndefault_stages: [pre-commit] # why\n\nrepos: # all\n\n  # mine\n  - repo: https://a\n    rev: v1\n    hooks:\n      - id: x\n\nci:\n  skip: [x]\n",
            "repos:\r\n  -   repo: https://a\r\n      rev: v1\r\n      hooks:\r\n      -   id: x\r\n",
            "fail_fast: true\nrepos:\n  - repo: local\n    hooks: []",
        ] {
            check(Framework::PreCommit, text);
        }
    }

    #[test]
    fn hooks_of_lefthook() {
        for text in [
            "",
            "# nothing yet\n",
            "pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: a\n",
            "pre-commit:\n    commands: # all\n        # mine\n        lint: {run: a}\n\npre-push:\n    jobs:\n        - run: b",
            "pre-push:\npre-commit:\n  jobs:\n  - run: a\n",
            "commit-msg:\n  commands:\n    x:\n      run: y",
        ] {
            let with = check(Framework::Lefthook, text);
            assert!(with.contains("use_stdin: true"), "{with}");
        }
    }

    #[test]
    fn what_lines_cannot_be_added_to_is_left_alone() {
        for text in [
            "repos: []\n",
            "repos: [{repo: local, hooks: []}]\n",
            "{repos: [\n]}",
            "a: b\n",
            "\"repos\":\n- repo: local\n  hooks: []\n",
        ] {
            let result = with_entries(Framework::PreCommit, text, &top());
            assert_eq!(result, Err(Unsafe::Layout), "{text}");
        }
        for text in [
            "pre-commit: {commands: {}}\n",
            "pre-commit:\n  commands: {a: {run: b}}\n",
            "- a\n",
        ] {
            let result = with_entries(Framework::Lefthook, text, &top());
            assert_eq!(result, Err(Unsafe::Layout), "{text}");
        }
        let broken = with_entries(Framework::Lefthook, "a: [\n", &top());
        assert!(matches!(broken, Err(Unsafe::Syntax(_))));
    }
}
