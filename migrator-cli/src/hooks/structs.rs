//! Which sources may hold structs of the schema.

use std::sync::LazyLock;

use regex::Regex;

use crate::git::{Change, Entry, GitError, Repository};

/// What makes a struct or an enum part of the schema.
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    let marker = r"#\s*\[\s*(?:schema_core\s*::\s*(?:prelude\s*::\s*)?)?table\b|\bPg(?:Enum|Domain|Composite|Newtype)\b|\bEmbed\b|\b(?:pg_schema|extension)\s*!";
    Regex::new(marker).expect("a fixed pattern")
});

/// The sources among staged files that hold such a marker, before or after the change.
pub(crate) fn sources<'a>(
    repository: &Repository,
    changes: &'a [Change],
) -> Result<Vec<&'a str>, GitError> {
    let sources: Vec<(&str, &Change)> = changes
        .iter()
        .filter_map(|change| Some((std::str::from_utf8(&change.path).ok()?, change)))
        .filter(|(path, _)| path.strip_suffix(".rs").is_some())
        .collect();
    let entries: Vec<Entry> = sources.iter().flat_map(|(_, it)| it.entries()).collect();
    let contents = repository.contents(&entries.iter().collect::<Vec<_>>())?;
    let holds = |path: &str| {
        let mut both = entries.iter().zip(&contents);
        both.any(|(entry, content)| {
            entry.text() == Some(path) && MARKER.is_match(&String::from_utf8_lossy(content))
        })
    };
    Ok(sources
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| holds(path))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_as_they_are_written() {
        for text in [
            "#[table(name = \"a\")]",
            "#[ schema_core::table ]",
            "#[schema_core::prelude::table]",
            "#[derive(Clone, PgEnum)]",
            "pg_schema! { x }",
            "#[cfg_attr(feature = \"db\", derive(PgNewtype))]",
        ] {
            assert!(MARKER.is_match(text), "{text}");
        }
        for text in ["let table = 1;", "#[tablet]", "embed(x)", "extensions!()"] {
            assert!(!MARKER.is_match(text), "{text}");
        }
    }
}
