//! Which sources may hold structs of the schema.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::bytes::Regex;

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
) -> Result<Vec<Cow<'a, str>>, GitError> {
    let sources: Vec<&Change> = changes
        .iter()
        .filter(|change| change.path.ends_with(b".rs"))
        .collect();
    let entries: Vec<Entry> = sources.iter().flat_map(|it| it.entries()).collect();
    let contents = repository.contents(&entries.iter().collect::<Vec<_>>())?;
    let holding: BTreeSet<&[u8]> = entries
        .iter()
        .zip(&contents)
        .filter(|(_, content)| MARKER.is_match(content))
        .map(|(entry, _)| entry.path.as_slice())
        .collect();
    let paths = sources.iter().map(|change| change.path.as_slice());
    Ok(paths
        .filter(|path| holding.contains(path))
        .map(String::from_utf8_lossy)
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
            assert!(MARKER.is_match(text.as_bytes()), "{text}");
        }
        for text in ["let table = 1;", "#[tablet]", "embed(x)", "extensions!()"] {
            assert!(!MARKER.is_match(text.as_bytes()), "{text}");
        }
    }
}
