//! Directives: SQL comments of the form `-- PREFIX:name arguments`.
//!
//! What looks like a directive is one or is an error; it is never silently a comment.

use std::fmt;

use super::scan::{Comment, CommentPlace, Script, line_of, scan};

/// The prefixes that make a comment a directive. `migrate:` and `atlas:` always do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes(Vec<String>);

impl Default for Prefixes {
    fn default() -> Self {
        Self(vec!["migrate".to_owned(), "atlas".to_owned()])
    }
}

impl Prefixes {
    /// The built-in prefixes and a project's own, without their colon.
    pub fn with_own(own: &[String]) -> Self {
        let mut prefixes = Self::default();
        prefixes.0.extend(own.iter().cloned());
        prefixes
    }
}

/// A directive of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What it says.
    pub kind: DirectiveKind,
    /// What it is said about.
    pub scope: Scope,
    /// Its line, from 1.
    pub line: u32,
}

/// What a directive is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole file.
    File,
    /// The statement of this index, from 0.
    Statement(usize),
}

/// What a directive says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `txmode none | file`: whether the file runs in one transaction.
    TxMode(TxMode),
    /// `delimiter X`: what separates the statements, escapes resolved.
    Delimiter(String),
    /// `nolint [names]`: which lint findings not to report; all of them if none is named.
    NoLint(Vec<String>),
    /// `checkpoint [tag]`: the file is a snapshot of everything before it.
    Checkpoint(Option<String>),
    /// `sum ignore`: the file has no line in `atlas.sum`.
    SumIgnore,
    /// `skip-on ENV[,ENV…]`: environments where the file is not executed.
    SkipOn(Vec<String>),
    /// `n-1-shim: OLD drop-with #ISSUE`: the file renames OLD and leaves a view under that name.
    Shim {
        /// The old name, as written.
        old: String,
        /// The issue whose work drops the view, without `#`.
        issue: String,
    },
    /// `n-1-shim-drop: OLD`: the file drops that view.
    ShimDrop {
        /// The old name, as written.
        old: String,
    },
}

/// How the statements of a file share a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TxMode {
    /// One transaction around the file and its history row.
    #[default]
    File,
    /// Each statement by itself.
    None,
}

/// A comment that means to be a directive and is not a good one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct DirectiveError {
    /// Its line, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub fault: DirectiveFault,
}

/// What is wrong with a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectiveFault {
    /// No directive has this name.
    Unknown {
        /// As written, with its prefix.
        written: String,
        /// The directive that is spelt most alike.
        nearest: Option<String>,
    },
    /// The arguments are not what the directive takes.
    Malformed {
        /// The directive.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was written.
        found: String,
    },
    /// The directive does not count where it stands.
    Misplaced {
        /// The directive.
        name: &'static str,
        /// Where it belongs.
        belongs: &'static str,
    },
    /// Said twice.
    Repeated {
        /// The directive.
        name: &'static str,
        /// The line of the first.
        first: u32,
    },
    /// Another tool's directive that cannot be honoured here.
    Unsupported {
        /// The directive.
        name: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
}

impl fmt::Display for DirectiveFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown {
                written,
                nearest: Some(nearest),
            } => {
                write!(
                    formatter,
                    "unknown directive `{written}`, did you mean `{nearest}`?"
                )
            }
            Self::Unknown {
                written,
                nearest: None,
            } => write!(formatter, "unknown directive `{written}`"),
            Self::Malformed {
                name,
                expected,
                found,
            } if found.is_empty() => {
                write!(formatter, "directive `{name}` takes {expected}")
            }
            Self::Malformed {
                name,
                expected,
                found,
            } => {
                write!(
                    formatter,
                    "directive `{name}` takes {expected}, not `{found}`"
                )
            }
            Self::Misplaced { name, belongs } => {
                write!(formatter, "directive `{name}` belongs {belongs}")
            }
            Self::Repeated { name, first } => write!(
                formatter,
                "directive `{name}` is given already on line {first}"
            ),
            Self::Unsupported { name, reason } => {
                write!(formatter, "directive `{name}` is not supported: {reason}")
            }
        }
    }
}

/// Where a directive may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FirstLine,
    Head,
    HeadOrStatement,
}

struct Known {
    name: &'static str,
    place: Place,
    expected: &'static str,
    parse: fn(&str) -> Option<DirectiveKind>,
}

/// The only list of directives.
const KNOWN: &[Known] = &[
    Known {
        name: "txmode",
        place: Place::Head,
        expected: "`none` or `file`",
        parse: parse_tx_mode,
    },
    Known {
        name: "delimiter",
        place: Place::Head,
        expected: "the text between statements",
        parse: parse_delimiter,
    },
    Known {
        name: "nolint",
        place: Place::HeadOrStatement,
        expected: "names separated by spaces",
        parse: |arguments| Some(DirectiveKind::NoLint(words(arguments))),
    },
    Known {
        name: "checkpoint",
        place: Place::Head,
        expected: "at most one tag",
        parse: |arguments| match words(arguments).as_slice() {
            [] => Some(DirectiveKind::Checkpoint(None)),
            [tag] => Some(DirectiveKind::Checkpoint(Some(tag.clone()))),
            _ => None,
        },
    },
    Known {
        name: "sum",
        place: Place::FirstLine,
        expected: "`ignore`",
        parse: |arguments| (arguments == "ignore").then_some(DirectiveKind::SumIgnore),
    },
    Known {
        name: "skip-on",
        place: Place::Head,
        expected: "environments, as in `staging,production`",
        parse: parse_skip_on,
    },
    Known {
        name: "n-1-shim",
        place: Place::Head,
        expected: "`OLD drop-with #ISSUE`",
        parse: parse_shim,
    },
    Known {
        name: "n-1-shim-drop",
        place: Place::Head,
        expected: "the old name",
        parse: parse_shim_drop,
    },
];

/// Directives of others, with what to do instead.
const UNSUPPORTED: &[(&str, &str)] = &[
    (
        "import",
        "a migration holds all of its SQL; put the other file's text here",
    ),
    (
        "txtar",
        "write the migration as plain SQL; a check before it can be a DO block that raises an exception",
    ),
    (
        "assert",
        "write the check as a DO block that raises an exception",
    ),
    (
        "sensitive",
        "statements are shown in errors; keep secrets out of migrations",
    ),
    ("pos", "it belongs to schema sources, not to migrations"),
    (
        "renamed_from",
        "it belongs to schema sources; in `#[table]` it is `renamed_from = \"…\"`",
    ),
    (
        "up",
        "this file was written for dbmate: keep the up part as the whole file",
    ),
    (
        "down",
        "this file was written for dbmate: keep the up part as the whole file",
    ),
];

/// Reads the directives of a file; what is wrong with them comes beside, in order.
pub(super) fn parse(text: &str, prefixes: &Prefixes) -> (Vec<Directive>, Vec<DirectiveError>) {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    // The head is the same whatever the delimiter, so a first pass finds the delimiter.
    let (mut script, _) = scan(text, start, ";");
    if let Some(delimiter) = delimiter_of(text, &script, prefixes) {
        script = scan(text, start, &delimiter).0;
    }
    let mut directives: Vec<Directive> = Vec::new();
    let mut errors = Vec::new();
    for comment in &script.comments {
        let line = line_of(text, comment.range.start);
        match read(text, comment, prefixes).and_then(|found| {
            found
                .map(|found| place(text, &script, comment, found))
                .transpose()
        }) {
            Ok(None) => {}
            Ok(Some((name, kind, scope))) => {
                let again = directives.iter().find(|earlier| {
                    scope == Scope::File
                        && earlier.scope == scope
                        && std::mem::discriminant(&earlier.kind) == std::mem::discriminant(&kind)
                        && !matches!(
                            kind,
                            DirectiveKind::NoLint(_)
                                | DirectiveKind::Shim { .. }
                                | DirectiveKind::ShimDrop { .. }
                        )
                });
                if let Some(earlier) = again {
                    errors.push(DirectiveError {
                        line,
                        fault: DirectiveFault::Repeated {
                            name,
                            first: earlier.line,
                        },
                    });
                } else {
                    directives.push(Directive { kind, scope, line });
                }
            }
            Err(fault) => errors.push(DirectiveError { line, fault }),
        }
    }
    (directives, errors)
}

fn delimiter_of(text: &str, script: &Script, prefixes: &Prefixes) -> Option<String> {
    script
        .comments
        .iter()
        .take_while(|comment| comment.place == CommentPlace::Before(0))
        .find_map(|comment| match read(text, comment, prefixes) {
            Ok(Some((_, DirectiveKind::Delimiter(delimiter)))) => {
                Some(with_line_ends_of(text, delimiter))
            }
            _ => None,
        })
}

/// In a file with CRLF line ends, `\n` in a delimiter means such a line end.
fn with_line_ends_of(text: &str, delimiter: String) -> String {
    if text.contains("\r\n") && !delimiter.contains('\r') {
        delimiter.replace('\n', "\r\n")
    } else {
        delimiter
    }
}

/// What one comment says: nothing, a directive, or something wrong.
fn read(
    text: &str,
    comment: &Comment,
    prefixes: &Prefixes,
) -> Result<Option<(&'static Known, DirectiveKind)>, DirectiveFault> {
    let raw = &text[comment.range.clone()];
    let body = raw
        .strip_prefix("--")
        .or_else(|| raw.strip_prefix("/*"))
        .unwrap_or(raw);
    let body = body.strip_suffix("*/").unwrap_or(body).trim();
    if body.contains('\n') {
        return Ok(None);
    }
    let Some((prefix, mut rest)) = body.split_once(':') else {
        return Ok(None);
    };
    let exact = prefixes.0.iter().any(|known| known == prefix);
    if !exact {
        // A prefix that is nearly ours counts when a directive of ours follows it.
        let alike = prefixes
            .0
            .iter()
            .find(|known| strsim::damerau_levenshtein(known, &prefix.to_lowercase()) <= 2);
        let name = name_and_arguments(rest).0;
        return match (alike, KNOWN.iter().find(|known| known.name == name)) {
            (Some(alike), Some(known)) => Err(DirectiveFault::Unknown {
                written: format!("{prefix}:{name}"),
                nearest: Some(format!("{alike}:{}", known.name)),
            }),
            _ => Ok(None),
        };
    }
    // `renewa:atlas:skip-on` is `renewa:skip-on`.
    while let Some((inner, after)) = rest.split_once(':') {
        if !prefixes.0.iter().any(|known| known == inner) {
            break;
        }
        rest = after;
    }
    if rest.starts_with(char::is_whitespace) {
        // `-- migrate: users first` is prose; `-- migrate: txmode none` is not.
        let name = name_and_arguments(rest.trim_start()).0;
        return match KNOWN.iter().find(|known| known.name == name) {
            Some(known) => Err(DirectiveFault::Unknown {
                written: format!("{prefix}: {name}"),
                nearest: Some(format!("{prefix}:{}", known.name)),
            }),
            None => Ok(None),
        };
    }
    let (name, arguments) = name_and_arguments(rest);
    if let Some(known) = KNOWN.iter().find(|known| known.name == name) {
        return match (known.parse)(arguments) {
            Some(kind) => Ok(Some((known, kind))),
            None => Err(DirectiveFault::Malformed {
                name: known.name,
                expected: known.expected,
                found: arguments.to_owned(),
            }),
        };
    }
    if let Some((_, reason)) = UNSUPPORTED
        .iter()
        .find(|(unsupported, _)| *unsupported == name)
    {
        return Err(DirectiveFault::Unsupported {
            name: name.to_owned(),
            reason,
        });
    }
    let nearest = KNOWN
        .iter()
        .map(|known| {
            (
                strsim::damerau_levenshtein(known.name, &name.to_lowercase().replace('_', "-")),
                known.name,
            )
        })
        .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
        .min()
        .map(|(_, known)| format!("{prefix}:{known}"));
    Err(DirectiveFault::Unknown {
        written: format!("{prefix}:{name}"),
        nearest,
    })
}

fn name_and_arguments(text: &str) -> (&str, &str) {
    let (name, arguments) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (name.strip_suffix(':').unwrap_or(name), arguments.trim())
}

fn place(
    text: &str,
    script: &Script,
    comment: &Comment,
    (known, kind): (&'static Known, DirectiveKind),
) -> Result<(&'static str, DirectiveKind, Scope), DirectiveFault> {
    let misplaced = |belongs| DirectiveFault::Misplaced {
        name: known.name,
        belongs,
    };
    let belongs = match known.place {
        Place::FirstLine => "on the first line of the file, with nothing before or behind it",
        Place::Head => "at the head of the file, before the first statement",
        Place::HeadOrStatement => {
            "at the head of the file, or on a line of its own before its statement"
        }
    };
    let kind = match kind {
        DirectiveKind::Delimiter(delimiter) => {
            DirectiveKind::Delimiter(with_line_ends_of(text, delimiter))
        }
        other => other,
    };
    let scope = match (known.place, comment.place) {
        (Place::FirstLine, CommentPlace::Before(0)) if comment.range.start == 0 => Scope::File,
        (Place::Head, CommentPlace::Before(0)) => Scope::File,
        (Place::HeadOrStatement, CommentPlace::Before(index))
            if index < script.statements.len() =>
        {
            // An empty line between the head and the first statement makes it the file's.
            let gap = text[comment.range.end..script.statements[index].start]
                .split('\n')
                .collect::<Vec<_>>();
            let empty_line = gap
                .iter()
                .skip(1)
                .rev()
                .skip(1)
                .any(|line| line.trim().is_empty());
            if index == 0 && empty_line {
                Scope::File
            } else {
                Scope::Statement(index)
            }
        }
        (Place::HeadOrStatement, CommentPlace::Before(0)) => Scope::File,
        _ => return Err(misplaced(belongs)),
    };
    // A line end of `\r\n` hides this one from Atlas, and so from the chain.
    if kind == DirectiveKind::SumIgnore && !text.starts_with("-- atlas:sum ignore\n") {
        return Err(DirectiveFault::Malformed {
            name: known.name,
            expected: "exactly the line `-- atlas:sum ignore`, ended by LF",
            found: text.lines().next().unwrap_or_default().to_owned(),
        });
    }
    Ok((known.name, kind, scope))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn parse_tx_mode(arguments: &str) -> Option<DirectiveKind> {
    match arguments {
        "none" => Some(DirectiveKind::TxMode(TxMode::None)),
        "file" => Some(DirectiveKind::TxMode(TxMode::File)),
        _ => None,
    }
}

fn parse_delimiter(arguments: &str) -> Option<DirectiveKind> {
    let delimiter = arguments
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\t", "\t");
    (!delimiter.is_empty()).then_some(DirectiveKind::Delimiter(delimiter))
}

fn parse_skip_on(arguments: &str) -> Option<DirectiveKind> {
    let environments = arguments
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect::<Vec<_>>();
    let good = environments
        .iter()
        .all(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    good.then_some(DirectiveKind::SkipOn(environments))
}

fn parse_shim(arguments: &str) -> Option<DirectiveKind> {
    let (old, issue) = arguments.split_once(" drop-with ")?;
    let issue = issue.trim().strip_prefix('#')?;
    let good = !old.trim().is_empty() && !issue.is_empty() && !issue.contains(char::is_whitespace);
    good.then(|| DirectiveKind::Shim {
        old: old.trim().to_owned(),
        issue: issue.to_owned(),
    })
}

fn parse_shim_drop(arguments: &str) -> Option<DirectiveKind> {
    let good = !arguments.is_empty()
        && (arguments.starts_with('"') || !arguments.contains(char::is_whitespace));
    good.then(|| DirectiveKind::ShimDrop {
        old: arguments.to_owned(),
    })
}
