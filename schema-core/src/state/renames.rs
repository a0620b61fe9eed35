//! Which renames files do: what was there before them goes by another name after them.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

use super::{StateError, restore};
use crate::apply::{Observer, replay};
use crate::dev_db::DevServer;
use crate::diff::Rename;
use crate::directory::{Directory, MigrationFile};
use crate::ident::QualifiedName;
use crate::schema::Renames;

/// What everything is called: kind and identity, then schema, table or type, and name.
type Names = BTreeMap<(String, String), (QualifiedName, String)>;

/// The renames that `files` do on the state after `before`, however they are spelled.
///
/// PostgreSQL knows an object by its OID and a column by its number, which no rename changes. Parts
/// of tables and types go by the new names of those.
pub async fn renames_of(
    dev: &DevServer,
    before: &Directory,
    files: &[MigrationFile],
    observer: &mut dyn Observer,
) -> Result<Renames, StateError> {
    let scratch = restore(dev, before, observer).await?;
    let mut connection = scratch.connect().await?;
    let was = names(&mut connection).await?;
    replay(&mut connection, files, observer).await?;
    let mut is = names(&mut connection).await?;
    drop(connection);
    scratch.close().await?;
    let mut renames = Renames::default();
    for ((kind, id), (old_parent, from)) in was {
        let Some((parent, to)) = is.remove(&(kind.clone(), id)) else {
            continue;
        };
        let is_whole = matches!(kind.as_str(), "table" | "enum" | "domain");
        if (is_whole && old_parent == parent) || (!is_whole && from == to) {
            continue;
        }
        renames.insert(match kind.as_str() {
            "table" => Rename::Table {
                from: old_parent,
                to: parent,
            },
            "enum" | "domain" => Rename::Type {
                from: old_parent,
                to: parent,
                domain: kind == "domain",
            },
            "label" => Rename::Label {
                r#enum: parent,
                from,
                to,
            },
            "column" => Rename::Column {
                table: parent,
                from: from.into(),
                to: to.into(),
            },
            "constraint" => Rename::Constraint {
                table: parent,
                from: from.into(),
                to: to.into(),
            },
            _ => Rename::Index {
                table: parent,
                from: from.into(),
                to: to.into(),
            },
        });
    }
    Ok(renames)
}

async fn names(connection: &mut PgConnection) -> Result<Names, StateError> {
    let rows = sqlx::query(include_str!("names.sql"))
        .fetch_all(connection)
        .await;
    let rows = rows.map_err(StateError::Connection)?;
    let named = rows.iter().map(|row| {
        let text = |at: usize| row.try_get::<String, _>(at);
        let parent = QualifiedName::new(text(2)?.as_str(), text(3)?.as_str());
        Ok(((text(0)?, text(1)?), (parent, text(4)?)))
    });
    named
        .collect::<Result<_, sqlx::Error>>()
        .map_err(StateError::Connection)
}
