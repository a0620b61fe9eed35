//! dbmate: the parts behind `-- migrate:up`, by file name.

use super::folder::Folder;
use super::refused::Refused;
use super::text::{Text, numbered};
use super::{Format, Import, Migration};
use crate::failure::Failure;

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Dbmate);
    // By name, byte by byte: so `10_…` runs before `9_…`.
    for file in folder.top() {
        let Some(stem) = file.strip_suffix(".sql") else {
            continue;
        };
        let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            import.leave_out("file that dbmate does not run", file);
            continue;
        }
        let (version, name) = stem.split_at(digits);
        let text = folder.read(file)?;
        let migration =
            Migration::new(file, version, name.trim_start_matches('_'), Text::default());
        let (migration, has_down) = parse(migration, &text, refused);
        if has_down {
            import.leave_out("down part", file);
        }
        import.migrations.push(migration);
    }
    Ok(import)
}

/// The up parts of a file, and whether there is anything in a down part.
fn parse(mut migration: Migration, text: &str, refused: &mut Refused) -> (Migration, bool) {
    let file = migration.original.clone();
    let mut is_up = None;
    let mut has_down = false;
    let mut up = Text::default();
    for (number, line) in numbered(text) {
        match (block(line), is_up) {
            (Some((true, options)), _) => {
                is_up = Some(true);
                migration.alone |= options.contains(&"transaction:false");
            }
            (Some((false, _)), None) => {
                refused.malformed(
                    &file,
                    number,
                    format!("`{file}` has `-- migrate:down` before `-- migrate:up`"),
                    HELP,
                );
                is_up = Some(false);
            }
            (Some((false, _)), _) => is_up = Some(false),
            (None, Some(true)) => up.push(line, number),
            (None, Some(false)) => has_down |= !line.trim().is_empty(),
            (None, None) if line.trim().is_empty() || line.trim_start().starts_with("--") => {
                up.push(line, number);
            }
            (None, None) => {
                refused.malformed(
                    &file,
                    number,
                    format!("`{file}` has SQL before `-- migrate:up`"),
                    HELP,
                );
                is_up = Some(false);
            }
        }
    }
    if is_up.is_none() {
        refused.malformed(&file, 1, format!("`{file}` has no `-- migrate:up`"), HELP);
    }
    migration.text = up.trimmed();
    (migration, has_down)
}

const HELP: &str =
    "dbmate would refuse it, too: correct the file, or move it elsewhere if it has never run";

/// Which block a line begins: whether the way up, and its options. Sections of a block only say where
/// statements end.
fn block(line: &str) -> Option<(bool, Vec<&str>)> {
    let comment = line.strip_prefix("--")?.trim_start();
    let mut words = comment.strip_prefix("migrate:")?.split_whitespace();
    let is_up = match words.next()? {
        "up" | "up-section" => true,
        "down" | "down-section" => false,
        _ => return None,
    };
    Some((is_up, words.collect()))
}
