//! Drizzle: `0000_name.sql` in the order of `meta/_journal.json`; in newer releases folders with `migration.sql`.

use serde::Deserialize;

use super::folder::Folder;
use super::refused::Refused;
use super::text::Text;
use super::{Format, Import, Migration};
use crate::failure::Failure;

const JOURNAL: &str = "meta/_journal.json";

#[derive(Deserialize)]
struct Journal {
    #[serde(default)]
    dialect: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    tag: String,
}

pub(super) fn read(folder: &Folder, refused: &mut Refused) -> Result<Import, Failure> {
    let mut import = Import::new(Format::Drizzle);
    if !folder.has(JOURNAL) {
        for name in folder.folders_with("migration.sql") {
            push(&mut import, folder, name, &format!("{name}/migration.sql"))?;
        }
        return Ok(import);
    }
    let journal: Journal = match serde_json::from_str(&folder.read(JOURNAL)?) {
        Ok(journal) => journal,
        Err(error) => {
            refused.malformed(
                JOURNAL,
                u32::try_from(error.line()).unwrap_or(1).max(1),
                format!("`{JOURNAL}` cannot be read: {error}"),
                "put it back as drizzle-kit wrote it: it says in which order the files run",
            );
            return Ok(import);
        }
    };
    if !matches!(journal.dialect.as_str(), "" | "pg" | "postgresql") {
        refused.other_database(JOURNAL, &journal.dialect);
    }
    for Entry { tag } in &journal.entries {
        let file = format!("{tag}.sql");
        if folder.has(&file) {
            push(&mut import, folder, tag, &file)?;
        } else {
            refused.malformed(
                JOURNAL,
                1,
                format!("`{JOURNAL}` names `{tag}`, and there is no `{file}`"),
                "Drizzle would refuse it, too: put the file back, or take the entry out if it has never run",
            );
        }
    }
    let is_known = |file: &&str| {
        let tag = file.strip_suffix(".sql");
        tag.is_none_or(|tag| journal.entries.iter().any(|it| it.tag == tag))
    };
    for file in folder.top().filter(|file| !is_known(file)) {
        import.leave_out("file that the journal does not name", file);
    }
    Ok(import)
}

fn push(import: &mut Import, folder: &Folder, tag: &str, file: &str) -> Result<(), Failure> {
    let text = Text::whole(folder.read(file)?);
    let parts = tag
        .split_once('_')
        .filter(|(version, _)| version.parse::<u64>().is_ok());
    let (version, name) = parts.unwrap_or((tag, ""));
    import
        .migrations
        .push(Migration::new(file, version, name, text));
    Ok(())
}
