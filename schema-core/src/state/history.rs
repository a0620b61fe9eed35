//! Which migration touched which table, and what of it: the directory is replayed file by file, and
//! the catalogs are looked at after each.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

use super::{StateError, current};
use crate::apply::{Observer, execute, replay};
use crate::dev_db::DevServer;
use crate::directory::Directory;
use crate::ident::QualifiedName;
use crate::render::{History, Touch};

/// Kind of the cache entries that hold histories.
const HISTORY: &str = "history";

/// The migrations that touched each table and view that is there after all of them.
///
/// A table is followed through its renames. Of what was done to rows PostgreSQL tells from version
/// 15 on. What files before a checkpoint did is not known: the checkpoint stands for them.
pub async fn history(
    dev: &DevServer,
    directory: &Directory,
    observer: &mut dyn Observer,
) -> Result<History, StateError> {
    let files = directory.from_checkpoint();
    if files.is_empty() {
        return Ok(History::new());
    }
    let key = current::key(directory);
    if let Some(history) = dev.cache().get::<History>(HISTORY, &key) {
        return Ok(history);
    }
    let scratch = dev.scratch().await?;
    let mut connection = scratch.connect().await?;
    let mut touches: BTreeMap<i64, Vec<Touch>> = BTreeMap::new();
    let mut before = look(&mut connection, dev.engine().major).await?;
    for file in files {
        replay(&mut connection, std::slice::from_ref(file), observer).await?;
        let after = look(&mut connection, dev.engine().major).await?;
        for (oid, relation) in &after {
            let what = match before.get(oid) {
                None => vec!["created".to_owned()],
                Some(was) => changed(was, relation),
            };
            if !what.is_empty() {
                let file = file.file_name.clone();
                touches.entry(*oid).or_default().push(Touch { file, what });
            }
        }
        before = after;
    }
    drop(connection);
    scratch.close().await?;
    let named = before.into_iter().filter_map(|(oid, relation)| {
        let touches = touches.remove(&oid)?;
        Some((relation.name, touches))
    });
    let history: History = named.collect();
    dev.cache().put(HISTORY, &key, &history)?;
    Ok(history)
}

/// A table or view at some moment.
#[derive(Debug)]
struct Relation {
    name: QualifiedName,
    /// What stands for each sort of its parts.
    parts: BTreeMap<String, serde_json::Value>,
}

/// In which sorts of parts two moments differ.
fn changed(was: &Relation, is: &Relation) -> Vec<String> {
    let parts = is.parts.iter();
    let differing = parts.filter(|(sort, part)| was.parts.get(*sort) != Some(part));
    differing
        .map(|(sort, _)| match sort.as_str() {
            "name" => format!("renamed from {}", was.name),
            sort => sort.to_owned(),
        })
        .collect()
}

async fn look(
    connection: &mut PgConnection,
    major: u32,
) -> Result<BTreeMap<i64, Relation>, StateError> {
    if major >= 15 {
        // What this session counted is told to others, and to itself, with its next end of a transaction.
        execute(connection, "SELECT pg_stat_force_next_flush()")
            .await
            .map_err(StateError::Connection)?;
    }
    let rows = sqlx::query(include_str!("history.sql"))
        .fetch_all(connection)
        .await
        .map_err(StateError::Connection)?;
    let mut relations = BTreeMap::new();
    for row in rows {
        let text: String = row.get("parts");
        let relation = Relation {
            name: QualifiedName::new(row.get::<String, _>("schema"), row.get::<String, _>("name")),
            parts: serde_json::from_str(&text).unwrap_or_default(),
        };
        relations.insert(row.get("oid"), relation);
    }
    Ok(relations)
}
