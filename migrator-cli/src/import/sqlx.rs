//! sqlx: `1_name.sql` or `1_name.up.sql`, by number.

use super::folder::{Folder, extension};
use super::refused::Refused;
use super::text::Text;
use super::{Format, Import, Migration};
use crate::failure::Failure;

/// What a migration begins with that runs without a transaction.
pub(super) const NO_TRANSACTION: &str = "-- no-transaction";

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Sqlx);
    for file in folder.top() {
        let parts = file
            .strip_suffix(".sql")
            .and_then(|stem| stem.split_once('_'));
        let Some((version, name)) = parts else {
            if extension(file) == "sql" {
                import.leave_out("file that sqlx does not run", file);
            }
            continue;
        };
        let Ok(version) = version.parse::<i64>() else {
            refused.malformed(
                file,
                1,
                format!("`{file}` does not begin with a number, which sqlx refuses"),
                "rename it to `NUMBER_name.sql`, or move it elsewhere",
            );
            continue;
        };
        if extension(name) == "down" {
            import.leave_out("down part", file);
            continue;
        }
        let name = name.strip_suffix(".up").unwrap_or(name);
        let text = folder.read(file)?;
        let alone = text.starts_with(NO_TRANSACTION);
        import.migrations.push(Migration {
            alone,
            ..Migration::new(file, version.to_string(), name, Text::whole(text))
        });
    }
    import
        .migrations
        .sort_by_key(|it| it.version.parse::<i64>().ok());
    Ok(import)
}
