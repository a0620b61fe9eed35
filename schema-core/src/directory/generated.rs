//! Files that `generate` wrote, as long as nobody has edited them.
//!
//! Their head says so, with a fingerprint of the rest: `-- migrate:generated 0123456789abcdef`. A file
//! of which that is true can be planned anew from the structs without losing anything. Any other was
//! written, or changed, by a person.

use sha2::{Digest as _, Sha256};

use super::directive::DirectiveKind;
use super::file::MigrationFile;

/// How many hexadecimal digits tell an edited text from one that was not. It is no protection.
const DIGITS: usize = 16;

/// The text of a file that was planned, with the line that says so at its head.
///
/// ```
/// # use schema_core::directory::generated;
/// let text = generated("-- Create schema app\nCREATE SCHEMA app;\n");
/// assert!(text.starts_with("-- migrate:generated "));
/// assert!(text.ends_with("\n\n-- Create schema app\nCREATE SCHEMA app;\n"));
/// ```
pub fn generated(planned: &str) -> String {
    let mark = DirectiveKind::Generated(fingerprint(planned));
    // Directives are one block, which a blank line ends.
    let is_head = ["-- atlas:", "-- migrate:"].map(|mark| planned.starts_with(mark));
    let gap = if is_head.contains(&true) { "" } else { "\n" };
    format!("-- {mark}\n{gap}{planned}")
}

impl MigrationFile {
    /// Whether `generate` wrote it, and nobody has edited it since.
    pub fn is_generated(&self) -> bool {
        let Some((first, rest)) = self.text.split_once('\n') else {
            return false;
        };
        let said = self.directives.iter().find_map(|it| match &it.kind {
            DirectiveKind::Generated(fingerprint) if it.line == 1 => Some(fingerprint),
            _ => None,
        });
        said.is_some_and(|said| {
            let rest = rest.strip_prefix('\n').unwrap_or(rest);
            !first.ends_with('\r') && *said == fingerprint(rest)
        })
    }
}

fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text);
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    digits.take(DIGITS / 2).collect()
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::generated;
    use crate::directory::{Directory, Prefixes};

    #[track_caller]
    fn is_generated(text: &str) -> bool {
        let texts = vec![("1_a.sql".to_owned(), text.to_owned())];
        let directory =
            Directory::from_texts(Utf8Path::new("m"), texts, None, &Prefixes::default());
        let errors = &directory.files[0].directive_errors;
        assert!(errors.is_empty(), "{errors:?}");
        directory.files[0].is_generated()
    }

    #[test]
    fn an_edit_anywhere_is_noticed() {
        for planned in [
            "-- Create schema app\nCREATE SCHEMA app;\n",
            "-- atlas:txmode none\n\n-- Drop it\nDROP INDEX CONCURRENTLY a;\n",
        ] {
            let text = generated(planned);
            assert!(is_generated(&text), "{text}");
            assert!(!is_generated(planned));
            assert!(!is_generated(&format!("{text}SELECT 1;\n")));
            assert!(!is_generated(&text.replace(';', " ;")));
            assert!(!is_generated(
                &text
                    .replace("-- atlas:txmode none\n", "")
                    .replace("it", "at")
                    .replace("app", "opp")
            ));
            assert!(!is_generated(&text.replace('\n', "\r\n")));
        }
    }
}
