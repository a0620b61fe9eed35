//! Finding directives among the comments of a file.

use super::known::{KNOWN, Known, Place, UNSUPPORTED};
use super::{Directive, DirectiveError, DirectiveFault, DirectiveKind, Prefixes, Scope};
use crate::directory::chain::is_sum_ignored;
use crate::directory::scan::{Comment, CommentPlace, Script, line_of, scan};

/// Reads the directives of a file; what is wrong with them comes beside, in order.
pub(in crate::directory) fn parse(
    text: &str,
    prefixes: &Prefixes,
) -> (Vec<Directive>, Vec<DirectiveError>) {
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
        let found = match read(text, comment, prefixes) {
            Ok(None) => continue,
            Ok(Some(found)) => place(text, &script, comment, found),
            Err(fault) => Err(fault),
        };
        let found = found.and_then(|(name, kind, scope)| {
            check_repeated(&directives, name, &kind, scope)?;
            Ok((kind, scope))
        });
        let line = line_of(text, comment.range.start);
        match found {
            Ok((kind, scope)) => directives.push(Directive { kind, scope, line }),
            Err(fault) => errors.push(DirectiveError { line, fault }),
        }
    }
    (directives, errors)
}

/// What holds for a file as a whole is said once, but for lists.
fn check_repeated(
    directives: &[Directive],
    name: &'static str,
    kind: &DirectiveKind,
    scope: Scope,
) -> Result<(), DirectiveFault> {
    let is_list = matches!(
        kind,
        DirectiveKind::NoLint(_) | DirectiveKind::Shim { .. } | DirectiveKind::ShimDrop { .. }
    );
    let same = |earlier: &&Directive| {
        earlier.scope == scope
            && std::mem::discriminant(&earlier.kind) == std::mem::discriminant(kind)
    };
    match directives.iter().find(same) {
        Some(earlier) if !is_list => Err(DirectiveFault::Repeated {
            name,
            first: earlier.line,
        }),
        _ => Ok(()),
    }
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
        (Place::FirstLine, _) if comment.range.start == 0 => Scope::File,
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
        (Place::Head | Place::HeadOrStatement, CommentPlace::Before(0)) => Scope::File,
        _ => return Err(misplaced(belongs)),
    };
    // A line end of `\r\n` hides this one from Atlas, and so from the chain.
    if kind == DirectiveKind::SumIgnore && !is_sum_ignored(text.as_bytes()) {
        return Err(DirectiveFault::Malformed {
            name: known.name,
            expected: "exactly the line `-- atlas:sum ignore`, ended by LF",
            found: text.lines().next().unwrap_or_default().to_owned(),
        });
    }
    Ok((known.name, kind, scope))
}
