//! A marked block of lines in somebody else's file: put in, found, and taken out to the byte.
//!
//! Scripts of the shell, YAML and git's own files all begin a comment with `#`.

use std::ops::Range;

/// Behind the begin mark, where the line before the block had no end.
const NO_LINE_END: &str = " the line before had no end";
/// Behind the begin mark, where the file was made for the block.
const NEW_FILE: &str = " the file is new";

/// A block: a label that is its own in a file, and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// What tells it from other blocks, such as the project's folder; may be empty.
    pub(crate) label: String,
    /// What stands before each of its lines.
    pub(crate) indent: String,
    /// Its lines, without the marks.
    pub(crate) lines: Vec<String>,
}

/// Why a file with a block cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} begins a block of cargo-migrate that has no end")]
pub(crate) struct NoEnd {
    /// The line, from 1.
    line: usize,
}

/// A file without its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Without {
    /// The text.
    pub(crate) text: String,
    /// Whether there was a block.
    pub(crate) had_block: bool,
    /// Whether the file was made for it.
    pub(crate) is_new_file: bool,
}

/// A block as it was found.
struct Found {
    range: Range<usize>,
    is_new_file: bool,
}

impl Block {
    /// The text of a file with the block before this byte, which begins a line or is the end.
    pub(crate) fn put(&self, text: &str, at: usize) -> String {
        let (before, after) = text.split_at(at);
        if before.is_empty() || before.ends_with('\n') {
            return format!("{before}{}{after}", self.text("", line_end(text)));
        }
        let end = line_end(text);
        format!("{before}{end}{}{after}", self.text(NO_LINE_END, end))
    }

    /// The text of a file that is made for the block.
    pub(crate) fn new_file(&self, head: &str) -> String {
        format!("{head}{}", self.text(NEW_FILE, "\n"))
    }

    /// Whether a file has the block as it is.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let end = line_end(text);
        ["", NO_LINE_END, NEW_FILE]
            .iter()
            .any(|note| text.contains(&self.text(note, end)))
    }

    fn text(&self, note: &str, end: &str) -> String {
        let Self { label, indent, .. } = self;
        let begin = format!("{}{note}", begin_mark(label));
        let lines = self.lines.iter().map(String::as_str);
        let all = std::iter::once(begin.as_str()).chain(lines);
        let close = end_mark(label);
        all.chain([close.as_str()])
            .map(|line| match line {
                "" => end.to_owned(),
                line => format!("{indent}{line}{end}"),
            })
            .collect()
    }
}

/// A file without the blocks of a label, as it was before they were put in.
pub(crate) fn without(text: &str, label: &str) -> Result<Without, NoEnd> {
    let mut result = Without {
        text: text.to_owned(),
        had_block: false,
        is_new_file: false,
    };
    while let Some(found) = find(&result.text, label)? {
        result.text.replace_range(found.range, "");
        result.had_block = true;
        result.is_new_file |= found.is_new_file;
    }
    Ok(result)
}

fn find(text: &str, label: &str) -> Result<Option<Found>, NoEnd> {
    let (begin, end) = (begin_mark(label), end_mark(label));
    let mut start: Option<(usize, usize, String)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        match &start {
            None => {
                if let Some(note) = bare.strip_prefix(&begin) {
                    start = Some((at, number + 1, note.to_owned()));
                }
            }
            Some((from, _, note)) if bare == end => {
                let mut from = *from;
                // Unless something was written below it since.
                if note == NO_LINE_END && at + line.len() == text.len() {
                    from -= line_end(text).len().min(from);
                }
                return Ok(Some(Found {
                    range: from..at + line.len(),
                    is_new_file: note == NEW_FILE,
                }));
            }
            Some(_) => {}
        }
        at += line.len();
    }
    match start {
        Some((_, line, _)) => Err(NoEnd { line }),
        None => Ok(None),
    }
}

/// How lines of a text end.
fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn begin_mark(label: &str) -> String {
    format!("# >>> {} >>>", marked(label))
}

fn end_mark(label: &str) -> String {
    format!("# <<< {} <<<", marked(label))
}

fn marked(label: &str) -> String {
    match label {
        "" => "cargo-migrate".to_owned(),
        label => format!("cargo-migrate {label}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str) -> Block {
        Block {
            label: label.to_owned(),
            indent: "  ".to_owned(),
            lines: vec!["one".to_owned(), String::new(), "two".to_owned()],
        }
    }

    #[test]
    fn what_is_put_in_comes_out_to_the_byte() {
        for text in [
            "",
            "a",
            "a\n",
            "a\nb",
            "a\r\nb\r\n",
            "a\r\nb",
            "\n",
            "\n\n",
            "a\n\n",
        ] {
            let line_starts = text.match_indices('\n').map(|(at, _)| at + 1);
            for at in line_starts.chain([0, text.len()]) {
                let with = block("x").put(text, at);
                assert!(block("x").is_in(&with), "{with:?}");
                let without = without(&with, "x").unwrap();
                assert_eq!(without.text, text, "{with:?}");
                assert!(without.had_block && !without.is_new_file);
            }
        }
    }

    #[test]
    fn blocks_of_other_labels_stay() {
        let one = block("x").put("a\n", 0);
        let both = block("").put(&one, one.len());
        assert_eq!(without(&both, "").unwrap().text, one);
        assert!(!without(&one, "").unwrap().had_block);
        assert!(
            without(&block("").new_file("#!/bin/sh\n"), "")
                .unwrap()
                .is_new_file
        );
    }

    #[test]
    fn a_block_without_its_end_is_not_guessed_at() {
        let text = "a\n# >>> cargo-migrate >>>\nb\n";
        assert_eq!(without(text, "").unwrap_err().line, 2);
    }
}
