//! `.gitattributes` of the migration directory: files as they are, and who merges them.

/// Name of the file.
pub(crate) const FILE_NAME: &str = ".gitattributes";

/// What is hashed keeps its line ends; sums are merged by us, and records line by line.
const LINES: [&str; 3] = [
    "*.sql -text",
    "atlas.sum -text merge=cargo-migrate",
    "migrate.* -text merge=union",
];

/// The file with our lines in it; `None` where it has them. What is below wins in git.
pub(crate) fn merged(before: Option<&str>) -> Option<String> {
    let text = before.unwrap_or_default();
    let words =
        |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
    let there: Vec<Vec<String>> = text.lines().map(words).collect();
    let missing = LINES.iter().filter(|line| !there.contains(&words(line)));
    let missing: Vec<&str> = missing.copied().collect();
    if missing.is_empty() {
        return None;
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut merged = text.to_owned();
    if !merged.is_empty() && !merged.ends_with('\n') {
        merged.push_str(end);
    }
    for line in missing {
        merged.push_str(line);
        merged.push_str(end);
    }
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_once() {
        let new = merged(None).unwrap();
        assert_eq!(new, format!("{}\n", LINES.join("\n")));
        assert_eq!(merged(Some(&new)), None);
        let text = "# ours\n*.sql   -text\n*.csv binary";
        let both = merged(Some(text)).unwrap();
        let added = format!("{text}\n{}\n{}\n", LINES[1], LINES[2]);
        assert_eq!(both, added);
        assert_eq!(merged(Some(&both)), None);
    }
}
