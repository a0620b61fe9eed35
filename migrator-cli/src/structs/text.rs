//! A difference for people: the header of the struct, and its lines.

use anstyle::{AnsiColor, Style};

use super::{Kind, Sign, StructDiff};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const HEADER: Style = Style::new().bold();

/// The most lines of a struct that are shown.
const MOST_LINES: usize = 60;

/// The difference for a terminal: `src/lib.rs:21: struct …`, then the lines with their numbers.
pub(crate) fn render(diff: &StructDiff) -> String {
    let item = diff.item.as_deref();
    let what = match (diff.kind, item) {
        (Kind::Differs, Some(item)) => format!("{item}, {}", diff.object),
        (Kind::Differs, None) => diff.object.clone(),
        (Kind::NoMigration, item) => format!(
            "{}: no migration makes {}",
            item.unwrap_or("the source"),
            diff.object
        ),
        (Kind::NoStruct, _) => format!("{} has no struct any more", diff.object),
    };
    let at = diff.place.as_ref();
    let at = at.map_or_else(String::new, |at| format!("{}:{}: ", at.file, at.line));
    let mut out = vec![format!("{HEADER}{at}{what}{HEADER:#}")];
    for line in diff.lines.iter().take(MOST_LINES) {
        let number = line.line.map_or_else(String::new, |it| it.to_string());
        let (style, sign) = signed(line.sign);
        let text = &line.text;
        out.push(format!("{number:>6} {style}{sign} {text}{style:#}"));
    }
    out.extend(left_out(diff));
    out.join("\n")
}

/// The lines by themselves, indented, as a finding has them.
pub(super) fn block(diff: &StructDiff) -> Vec<String> {
    let shown = diff.lines.iter().take(MOST_LINES);
    let shown = shown.map(|line| format!("  {} {}", signed(line.sign).1, line.text));
    shown.chain(left_out(diff)).collect()
}

fn left_out(diff: &StructDiff) -> Option<String> {
    let more = diff.lines.len().checked_sub(MOST_LINES)?;
    (more > 0).then(|| format!("  … and {more} more lines"))
}

fn signed(sign: Sign) -> (Style, char) {
    match sign {
        Sign::Struct => (ADDED, '+'),
        Sign::Migrations => (REMOVED, '-'),
    }
}
