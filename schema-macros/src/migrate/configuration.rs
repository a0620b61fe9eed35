//! The prefixes of directives that the project's configuration adds.
//!
//! Only this key is read, and only as people write it: the whole of TOML would be a dependency of
//! every app. What is written in another way is refused, not passed over.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

const FILE: &str = "migrate.toml";
const MANIFEST: &str = "Cargo.toml";
const IN_MANIFEST: &str = "metadata.migrate";
const KEY: &str = "directive-prefixes";

/// The configuration that holds for a crate.
pub(super) struct Configuration {
    /// Its file.
    pub(super) file: PathBuf,
    /// The prefixes that it adds; `None` if it does not say.
    pub(super) prefixes: Option<Vec<String>>,
}

/// Finds it as `cargo migrate` does: in the folder of the crate, or in the nearest one above.
pub(super) fn find(manifest_dir: &Path) -> Result<Option<Configuration>, String> {
    for folder in manifest_dir.ancestors() {
        let own = read(folder.join(FILE))?;
        let found = match own {
            Some(found) => Some(found),
            None => read(folder.join(MANIFEST))?.filter(|(_, text)| text.contains(IN_MANIFEST)),
        };
        if let Some((file, text)) = found {
            let prefixes = prefixes(&text).map_err(|Unclear| {
                let name = file.file_name().unwrap_or_default().display();
                format!(
                    "cannot make out `{KEY}` of {name}\nhelp: write it as `{KEY} = [\"word\"]` on a line of its own"
                )
            })?;
            return Ok(Some(Configuration { file, prefixes }));
        }
    }
    Ok(None)
}

/// It may say something that is not understood here.
#[derive(Debug, PartialEq, Eq)]
struct Unclear;

fn prefixes(text: &str) -> Result<Option<Vec<String>>, Unclear> {
    let code = without_comments(text);
    let Some((before, rest)) = code.split_once(KEY) else {
        return Ok(None);
    };
    let on_its_own_line = before
        .rsplit('\n')
        .next()
        .is_none_or(|start| start.trim().is_empty());
    let list = rest
        .trim_start()
        .strip_prefix('=')
        .and_then(|rest| rest.trim_start().strip_prefix('['))
        .and_then(|rest| rest.split_once(']'))
        .filter(|(_, after)| on_its_own_line && !after.contains(KEY))
        .ok_or(Unclear)?
        .0;
    let mut prefixes = Vec::new();
    let mut items = list.split(',').map(str::trim).peekable();
    while let Some(item) = items.next() {
        if item.is_empty() && items.peek().is_none() {
            break;
        }
        let quoted = ['"', '\'']
            .into_iter()
            .find_map(|quote| item.strip_prefix(quote)?.strip_suffix(quote));
        let word = quoted.filter(|word| !word.contains(['"', '\'', '\\']));
        prefixes.push(word.ok_or(Unclear)?.to_owned());
    }
    Ok(Some(prefixes))
}

/// The text without what follows `#`; one in a string cuts that off, which is then unclear.
fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn read(path: PathBuf) -> Result<Option<(PathBuf, String)>, String> {
    let mut text = String::new();
    let read = std::fs::File::open(&path).and_then(|mut file| file.read_to_string(&mut text));
    match read {
        Ok(_) => Ok(Some((path, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read `{}`: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Unclear, prefixes};

    #[test]
    fn the_key_is_read_as_people_write_it_and_otherwise_refused() {
        let check = |text: &str, expected: Result<Option<&[&str]>, Unclear>| {
            let expected = expected
                .map(|list| list.map(|list| list.iter().map(ToString::to_string).collect()));
            assert_eq!(prefixes(text), expected, "{text}");
        };
        check("dir = \"migrations\"\n", Ok(None));
        check("# directive-prefixes = [\"a\"]\n", Ok(None));
        check("directive-prefixes = []", Ok(Some(&[])));
        check(
            "a = 1\n directive-prefixes=[ \"a\", 'b-c', ] # x\n",
            Ok(Some(&["a", "b-c"])),
        );
        check(
            "directive-prefixes = [\n  \"a\", # the first\n  \"b\",\n]\n",
            Ok(Some(&["a", "b"])),
        );
        for unclear in [
            "\"directive-prefixes\" = [\"a\"]",
            "migrate = { directive-prefixes = [\"a\"] }",
            "directive-prefixes = \"a\"",
            "directive-prefixes = [\"a\\u0062\"]",
            "directive-prefixes = [a]",
            "directive-prefixes = [\"a#b\"]",
            "directive-prefixes = [\"a\", , \"b\"]",
            "directive-prefixes = [\"a\"]\ndirective-prefixes = [\"b\"]",
        ] {
            check(unclear, Err(Unclear));
        }
    }
}
