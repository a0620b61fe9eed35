//! Prose in lines that fit a terminal.

/// Characters on a line.
const WIDTH: usize = 96;

/// Lines that fit. SQL, in a fence or indented, stays as it is.
pub(super) fn wrapped(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_code = false;
    for paragraph in text.lines() {
        let is_fence = paragraph.starts_with("```");
        if in_code || is_fence || paragraph.starts_with(' ') {
            lines.push(paragraph.to_owned());
        } else {
            lines.extend(filled(paragraph));
        }
        in_code ^= is_fence;
    }
    lines
}

fn filled(paragraph: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in paragraph.split(' ') {
        let is_full = line.chars().count() + 1 + word.chars().count() > WIDTH;
        if is_full && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}
