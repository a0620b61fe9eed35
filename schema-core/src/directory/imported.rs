//! What an import from another tool leaves in names and texts, for those who compare them with the original.

use super::file::MigrationFile;

/// What stands before the old version in the name of a file whose version is none of that tool's.
const RENUMBERED: &str = "was-";
/// What keeps a comment of another tool from being a directive.
const ASIDE: &str = "imported:";

/// What the name of a file says after its version, where that counts the files: the old version, and the old name.
///
/// ```
/// # use schema_core::directory::renumbered;
/// assert_eq!(renumbered("1.10", "add_users"), "was-1-10_add_users");
/// ```
pub fn renumbered(version: &str, name: &str) -> String {
    let version = version.replace(|character: char| !character.is_ascii_alphanumeric(), "-");
    let gap = if name.is_empty() { "" } else { "_" };
    format!("{RENUMBERED}{version}{gap}{name}")
}

/// The number that a version of another tool is: digits, or a date in six parts, as in `2024.1.2.3.4.5`.
///
/// ```
/// # use schema_core::directory::version_number;
/// assert_eq!(version_number("007"), Some(7));
/// assert_eq!(version_number("2024.1.2.13.4.5"), Some(20240102130405));
/// assert_eq!(version_number("1.2"), None);
/// ```
pub fn version_number(version: &str) -> Option<u128> {
    let parts: Vec<_> = version.split('.').collect();
    let [year, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let is_date =
        rest.len() == 5 && year.len() == 4 && rest.iter().all(|part| matches!(part.len(), 1 | 2));
    if is_date {
        let rest = rest.iter().map(|part| format!("{part:0>2}"));
        return format!("{year}{}", rest.collect::<String>()).parse().ok();
    }
    version.parse().ok()
}

/// Whether the version of a file is none of the tool's that it was imported from.
pub(crate) fn is_counted(file: &MigrationFile) -> bool {
    file.description.starts_with(RENUMBERED)
}

/// Whether a file was numbered anew when it was imported, and had this version.
pub(crate) fn is_renumbered(file: &MigrationFile, version: &str) -> bool {
    let rest = file.description.strip_prefix(&renumbered(version, ""));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// A text in which the comments of these lines, from 1, begin such that they are no directives.
pub fn with_asides(text: &str, lines: &[u32]) -> String {
    let mut result = String::new();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let comment = lines.contains(&number).then(|| opening(line)).flatten();
        let Some(end) = comment else {
            result.push_str(line);
            continue;
        };
        result.push_str(&line[..end]);
        result.push(' ');
        result.push_str(ASIDE);
        result.push_str(&line[end..]);
    }
    result
}

/// The text as it was before [`with_asides`].
pub(crate) fn without_asides(text: &str) -> String {
    let marks = ["--", "/*"].map(|mark| format!("{mark} {ASIDE}"));
    let [line, block] = &marks;
    text.replace(line, "--").replace(block, "/*")
}

/// Where the text begins of the comment in a line that reads `WORD:…`, as directives do.
fn opening(line: &str) -> Option<usize> {
    let marks = ["--", "/*"].map(|mark| line.match_indices(mark));
    let starts = marks.into_iter().flatten().map(|(start, _)| start + 2);
    let is_word = |text: &str| {
        let word = |character: char| character.is_alphanumeric() || "-_".contains(character);
        !text.is_empty() && text.chars().all(word)
    };
    let reads_so = |start: &usize| {
        let comment = line[*start..].trim_start().split_once(':');
        comment.is_some_and(|(prefix, _)| is_word(prefix))
    };
    starts.filter(reads_so).min()
}

#[cfg(test)]
mod tests {
    use super::{with_asides, without_asides};

    #[test]
    fn a_comment_that_was_set_aside_can_be_read_again() {
        let text = "-- migrate:up\r\nSELECT '--'; /* atlas:nix */\n-- migrate:down\n";
        let aside = with_asides(text, &[1, 2]);
        assert_eq!(
            aside,
            "-- imported: migrate:up\r\nSELECT '--'; /* imported: atlas:nix */\n-- migrate:down\n"
        );
        assert_eq!(without_asides(&aside), text);
    }
}
