//! Differences as a short tree: `+` is on the second side alone, `-` on the first, `~` differs.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use schema_core::catalog::Difference;

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();

/// How long a value may be that is shown beside another.
const MOST_SHOWN: usize = 60;

/// The tree in colours, without the end of its last line.
pub(crate) fn tree(differences: &[Difference]) -> String {
    let mut text = String::new();
    let mut last = None;
    for difference in differences {
        let Difference {
            object,
            property,
            left,
            right,
        } = difference;
        let object = object.strip_prefix("object ").unwrap_or(object);
        // What is there has an owner: that comes and goes with it.
        if property.is_empty() && object.starts_with("owner ") {
            continue;
        }
        if property.is_empty() {
            line(&mut text, "", left, right, object);
            last = None;
            continue;
        }
        if last != Some(object) {
            let _ = writeln!(text, "{CHANGED}~ {}{CHANGED:#}", one_line(object));
            last = Some(object);
        }
        line(&mut text, "    ", left, right, property);
    }
    text.trim_end().to_owned()
}

/// The tree without colours, for a message.
pub(crate) fn plain_tree(differences: &[Difference]) -> String {
    anstream::adapter::strip_str(&tree(differences)).to_string()
}

fn line(text: &mut String, indent: &str, left: &str, right: &str, what: &str) {
    let what = one_line(what);
    let (sign, style, values) = match (left, right) {
        ("absent", "present") => ('+', ADDED, String::new()),
        ("present", "absent") => ('-', REMOVED, String::new()),
        ("absent", right) => ('+', ADDED, format!(": {}", shown(right))),
        (left, "absent") => ('-', REMOVED, format!(": {}", shown(left))),
        (left, right) => {
            let values = format!(": {} -> {}", shown(left), shown(right));
            ('~', CHANGED, values)
        }
    };
    let _ = writeln!(text, "{indent}{style}{sign} {what}{style:#}{values}");
}

fn shown(value: &str) -> String {
    let line = one_line(value);
    if line.chars().count() <= MOST_SHOWN {
        return line;
    }
    let start: String = line.chars().take(MOST_SHOWN).collect();
    format!("{start}…")
}

/// Without line breaks and what else a terminal would act on.
fn one_line(text: &str) -> String {
    let words = text.split(char::is_whitespace).filter(|it| !it.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().filter(|it| !it.is_control()).collect()
}
