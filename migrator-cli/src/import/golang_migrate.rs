//! golang-migrate: `1_name.up.sql`, by number.

use super::folder::{Folder, extension};
use super::refused::Refused;
use super::text::Text;
use super::{Format, Import, Migration};
use crate::failure::Failure;

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::GolangMigrate);
    for file in folder.top() {
        let Some((version, name, direction, extension)) = parts(file) else {
            if extension(file) == "sql" {
                import.leave_out("file that golang-migrate does not run", file);
            }
            continue;
        };
        match direction {
            "down" => import.leave_out("down part", file),
            _ if extension != "sql" => refused.not_sql(file, extension),
            _ => {
                let text = Text::whole(folder.read(file)?);
                import
                    .migrations
                    .push(Migration::new(file, version.to_string(), name, text));
            }
        }
    }
    import
        .migrations
        .sort_by_key(|it| it.version.parse::<u64>().ok());
    Ok(import)
}

/// Version, name, direction and what comes behind that.
fn parts(file: &str) -> Option<(u64, &str, &str, &str)> {
    let (version, rest) = file.split_once('_')?;
    let version = version.parse().ok()?;
    // The last one that fits, as golang-migrate looks for it.
    let marks = [".up.", ".down."].map(|mark| Some((rest.rfind(mark)?, mark)));
    let (place, mark) = marks.into_iter().flatten().max()?;
    let (name, behind) = rest.split_at(place);
    Some((version, name, mark.trim_matches('.'), &behind[mark.len()..]))
}
