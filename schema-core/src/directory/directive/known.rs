//! The list of directives, and how their arguments read.

use super::{DirectiveKind, TxMode};

/// Where a directive may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    FirstLine,
    Head,
    HeadOrStatement,
}

/// A directive that there is.
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) expected: &'static str,
    pub(super) parse: fn(&str) -> Option<DirectiveKind>,
}

/// The only list of directives.
pub(super) const KNOWN: &[Known] = &[
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
        name: "generated",
        place: Place::Head,
        expected: "a fingerprint of hexadecimal digits",
        parse: parse_generated,
    },
    Known {
        name: "n-1-shim",
        place: Place::Head,
        expected: "`OLD drop-with #ISSUE`, the issue a number",
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
pub(super) const UNSUPPORTED: &[(&str, &str)] = &[
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

fn parse_generated(arguments: &str) -> Option<DirectiveKind> {
    let is_hexadecimal = arguments.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hexadecimal && !arguments.is_empty())
        .then(|| DirectiveKind::Generated(arguments.to_owned()))
}

fn parse_shim(arguments: &str) -> Option<DirectiveKind> {
    let (old, issue) = arguments.rsplit_once(" drop-with ")?;
    let issue = issue.trim().strip_prefix('#')?;
    let number = !issue.is_empty() && issue.bytes().all(|byte| byte.is_ascii_digit());
    let good = !old.trim().is_empty() && number;
    good.then(|| DirectiveKind::Shim {
        old: old.trim().to_owned(),
        issue: issue.to_owned(),
    })
}

fn parse_shim_drop(arguments: &str) -> Option<DirectiveKind> {
    let good = !arguments.is_empty()
        && (arguments.contains('"') || !arguments.contains(char::is_whitespace));
    good.then(|| DirectiveKind::ShimDrop {
        old: arguments.to_owned(),
    })
}
