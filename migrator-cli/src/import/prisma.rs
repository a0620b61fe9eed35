//! Prisma Migrate: `20240102030405_name/migration.sql`, by the name of the folder.

use serde::Deserialize;

use super::folder::Folder;
use super::refused::Refused;
use super::text::Text;
use super::{Format, Import, Migration};
use crate::failure::Failure;

const LOCK: &str = "migration_lock.toml";

#[derive(Deserialize)]
struct Lock {
    provider: String,
}

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Prisma);
    if folder.has(LOCK) {
        match toml::from_str::<Lock>(&folder.read(LOCK)?) {
            Ok(lock) if matches!(lock.provider.as_str(), "postgresql" | "postgres") => {}
            Ok(lock) => refused.other_database(LOCK, &lock.provider),
            Err(error) => refused.malformed(
                LOCK,
                1,
                format!("`{LOCK}` cannot be read: {}", error.message()),
                "put it back as Prisma wrote it: `provider = \"postgresql\"`",
            ),
        }
    }
    for folder_name in folder.folders_with("migration.sql") {
        let file = format!("{folder_name}/migration.sql");
        let text = Text::whole(folder.read(&file)?);
        let parts = folder_name.split_once('_');
        let parts = parts.filter(|(version, _)| version.parse::<u64>().is_ok());
        let (version, name) = parts.unwrap_or((folder_name, ""));
        import
            .migrations
            .push(Migration::new(&file, version, name, text));
        if folder.has(&format!("{folder_name}/down.sql")) {
            import.leave_out("down part", &format!("{folder_name}/down.sql"));
        }
    }
    Ok(import)
}
