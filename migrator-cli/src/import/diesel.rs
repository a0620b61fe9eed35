//! Diesel: `2024-01-02-030405_name/up.sql`, by version without its dashes.

use serde::Deserialize;

use super::folder::Folder;
use super::refused::Refused;
use super::text::Text;
use super::{Format, Import, Migration};
use crate::failure::Failure;

/// `metadata.toml` of a migration.
#[derive(Deserialize)]
struct Metadata {
    #[serde(default = "yes")]
    run_in_transaction: bool,
}

fn yes() -> bool {
    true
}

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Diesel);
    let mut with_down: Vec<_> = folder.folders_with("down.sql").collect();
    for name in folder
        .folders_with("up.sql")
        .filter(|name| !name.starts_with('.'))
    {
        let (version, rest) = name.split_once('_').unwrap_or((name, ""));
        let file = format!("{name}/up.sql");
        let text = Text::whole(folder.read(&file)?);
        let settings = format!("{name}/metadata.toml");
        let mut migration = Migration::new(&file, version.replace('-', ""), rest, text);
        if folder.has(&settings) {
            match toml::from_str::<Metadata>(&folder.read(&settings)?) {
                Ok(metadata) => migration.alone = !metadata.run_in_transaction,
                Err(error) => refused.malformed(
                    &settings,
                    1,
                    format!("`{settings}` cannot be read: {}", error.message()),
                    "correct it: `run_in_transaction = false` is what can be in it",
                ),
            }
        }
        if with_down.contains(&name) {
            import.leave_out("down part", &format!("{name}/down.sql"));
            with_down.retain(|it| *it != name);
        }
        import.migrations.push(migration);
    }
    for name in with_down {
        refused.malformed(
            &format!("{name}/down.sql"),
            1,
            format!("`{name}` has a way down, and no up.sql"),
            "Diesel would refuse it, too: put the folder right, or remove it",
        );
    }
    import
        .migrations
        .sort_by(|left, right| left.version.cmp(&right.version));
    Ok(import)
}
