//! refinery: `V1__name.sql` and `U1__name.sql`, by number, in folders too.

use super::flyway::Script;
use super::folder::{Folder, extension};
use super::refused::Refused;
use super::text::Text;
use super::{Format, Import, Migration};
use crate::failure::Failure;

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Refinery);
    for file in &folder.names {
        let base = file.rsplit('/').next().unwrap_or(file);
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let script = Script::of(base).filter(|it| {
            "VU".contains(it.prefix) && !it.name.is_empty() && it.name.chars().all(is_word)
        });
        let Some(script) = script else {
            if extension(base) == "sql" {
                import.leave_out("file that refinery does not run", file);
            }
            continue;
        };
        let Ok(version) = script.version.parse::<i64>() else {
            refused.malformed(
                file,
                1,
                format!("the version of `{file}` is no whole number, which refinery refuses"),
                "if the directory is one of Flyway: --format flyway",
            );
            continue;
        };
        match script.extension {
            "sql" => {
                let text = folder.read(file)?;
                let alone = text.lines().any(is_without_transaction);
                import.migrations.push(Migration {
                    alone,
                    ..Migration::new(file, version.to_string(), script.name, Text::whole(text))
                });
            }
            "rs" => refused.not_sql(file, "Rust"),
            _ => {}
        }
    }
    import
        .migrations
        .sort_by_key(|it| it.version.parse::<i64>().ok());
    Ok(import)
}

/// `-- +refinery NO TRANSACTION`.
fn is_without_transaction(line: &str) -> bool {
    let comment = line.trim().strip_prefix("--").unwrap_or_default();
    let words: Vec<_> = comment.split_whitespace().collect();
    words
        .join(" ")
        .eq_ignore_ascii_case("+refinery no transaction")
}
